package local_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local/localtest"
)

// book is where the sample's templates are, if they are there.
const book = "../../shared/golden/book"

func template(t testing.TB, name string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(book, name+"-cf-template.json"))
	if os.IsNotExist(err) {
		t.Skip("the sample's templates are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// The six stacks of a small ECS service: exports found by names that are made of the stack's own.
func TestTheBooksStacksDeploy(t *testing.T) {
	api := client(localtest.New(t))
	want := map[string]map[string]string{
		"helloworld-ecr":             {"helloworld-repo": "^helloworld$"},
		"staging-cluster":            {"staging-cluster-id": "^staging-cluster-ECSCluster-[A-Za-z0-9]{12}$", "staging-cluster-vpc-id": "^vpc-1$", "staging-cluster-public-subnets": "^subnet-1,subnet-2$"},
		"staging-alb":                {"staging-alb-target-group": "^arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/[-A-Za-z0-9]{1,32}/[0-9a-f]{16}$"},
		"staging-helloworld-service": {},
		"helloworld-codebuild":       {},
		"helloworld-codepipeline":    {},
	}
	for _, one := range []struct {
		stack, file string
		parameters  []string
	}{
		{"helloworld-ecr", "ecr-repository", []string{"RepoName", "helloworld"}},
		{"staging-cluster", "ecs-cluster", []string{"KeyPair", "staging", "VpcId", "vpc-1", "PublicSubnet", "subnet-1,subnet-2"}},
		{"staging-alb", "helloworld-ecs-alb", nil},
		{"staging-helloworld-service", "helloworld-ecs-service", nil},
		{"helloworld-codebuild", "helloworld-codebuild", nil},
		{"helloworld-codepipeline", "helloworld-codepipeline", nil},
	} {
		s := create(t, api, one.stack, template(t, one.file), one.parameters...)
		if s.StackStatus != types.StackStatusCreateComplete {
			t.Fatalf("%s: %s: %s\n%q", one.stack, s.StackStatus, aws.ToString(s.StackStatusReason), lines(t, api, one.stack))
		}
		for _, o := range s.Outputs {
			if o.ExportName == nil {
				continue
			}
			pattern, ok := want[one.stack][*o.ExportName]
			if !ok || !regexp.MustCompile(pattern).MatchString(*o.OutputValue) {
				t.Errorf("%s exports %s = %s, want %s", one.stack, *o.ExportName, *o.OutputValue, pattern)
			}
			delete(want[one.stack], *o.ExportName)
		}
		if len(want[one.stack]) > 0 {
			t.Errorf("%s does not export %v", one.stack, want[one.stack])
		}
	}
	imports, err := api.ListImports(t.Context(), &cloudformation.ListImportsInput{ExportName: aws.String("staging-cluster-id")})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, []string{"staging-helloworld-service"}, imports.Imports)
}
