package local

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
)

// What is not needed any more does not stay in the file for good, and what is needed does.
func TestTheStateIsSweptNowAndThen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	s := openSaga(t, path, nil)
	api := cloudformation.NewFromConfig(s.cloud.Config())
	name, keep := "work", true
	for i := range 150 {
		template := fmt.Sprintf(`{"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q-%d"}}, "T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t-%[1]d"}}}}`, i)
		var err error
		if i == 0 {
			_, err = api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: &name, TemplateBody: &template})
		} else {
			_, err = api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: &name, TemplateBody: &template, DisableRollback: &keep})
		}
		if err != nil {
			t.Fatal(err)
		}
		s.rest()
	}
	want := s.census()
	if err := s.cloud.Close(); err != nil {
		t.Fatal(err)
	}
	s = openSaga(t, path, nil)
	if got := s.census(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	records, err := s.cloud.keeper.vault.Records()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) > 2000 {
		t.Errorf("%d records are in the file", len(records))
	}
	t.Log(len(records), "records")
}
