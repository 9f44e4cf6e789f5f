package local_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// Of many updates of one stack at the same time one is accepted. The others get AWS's refusal.
func TestOneOfAHundredUpdatesWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Hour}
		defer cloud.Close()
		api := client(cloud)
		id := *create(t, api, "work", topic1).StackId
		time.Sleep(2 * time.Hour)
		var all sync.WaitGroup
		var mu sync.Mutex
		won, refused := 0, map[string]int{}
		for i := range 100 {
			all.Go(func() {
				_, err := api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("work"),
					TemplateBody: aws.String(fmt.Sprintf(`{"Resources": {"Jobs": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "%d"}}}}`, i))})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
					return
				}
				refused[err.Error()[strings.LastIndex(err.Error(), "ValidationError"):]]++
			})
		}
		all.Wait()
		equal(t, 1, won)
		equal(t, map[string]int{"ValidationError: Stack:" + id + " is in UPDATE_IN_PROGRESS state and can not be updated.": 99}, refused)
		time.Sleep(2 * time.Hour)
		equal(t, types.StackStatusUpdateComplete, describe(t, api, "work").StackStatus)
	})
}

func TestTimeCanBeScaled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Hour, TimeScale: 60}
		defer cloud.Close()
		api := client(cloud)
		create(t, api, "work", topic1)
		time.Sleep(59 * time.Second)
		equal(t, types.StackStatusCreateInProgress, describe(t, api, "work").StackStatus)
		time.Sleep(2 * time.Second)
		equal(t, types.StackStatusCreateComplete, describe(t, api, "work").StackStatus)
	})
}

func TestBodiesThatAreTooLargeAreRefused(t *testing.T) {
	cloud := localtest.New(t)
	huge := strings.Repeat("x", query.MaxBody+1)
	for _, test := range []struct {
		name, body, target, want string
	}{
		{"a form", "Action=ListStacks&Version=2010-05-15&X=" + huge, "", "<Code>RequestEntityTooLarge</Code>"},
		{"JSON", `{"Name": "` + huge + `"}`, "AmazonSSM.GetParameter", "RequestEntityTooLargeException"},
	} {
		t.Run(test.name, func(t *testing.T) {
			header := []string{"Content-Type", "application/x-www-form-urlencoded"}
			if test.target != "" {
				header = []string{"X-Amz-Target", test.target}
			}
			status, text := send(t, cloud, http.MethodPost, "http://cloudformation.local/", test.body, header...)
			equal(t, http.StatusRequestEntityTooLarge, status)
			wantIn(t, text, test.want)
		})
	}
}
