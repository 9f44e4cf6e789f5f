package broker_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/broker"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/policy"
	"github.com/updraft-go/updraft/resources/sns"
	"github.com/updraft-go/updraft/stack"
)

// A service in Go: the parameters of its template are what users can set, its outputs the credentials.
func news() *broker.Service {
	return &broker.Service{
		Name: "news", Description: "A topic",
		Plans: []broker.Plan{{Name: "plain"}, {Name: "named", Defaults: map[string]string{"Title": "News"}}},
		Template: func(string) (*stack.Template, error) {
			t := &stack.Template{}
			title := t.Parameter("Title", stack.Parameter{Description: "What mails are from", Default: fn.Empty, MaxLength: fn.Int(100)})
			topic := stack.Add(t, "Topic", &sns.Topic{DisplayName: title.Ref()})
			t.Output("TopicARN", stack.Output{Value: topic.Ref()})
			return t, nil
		},
		Bindings: broker.Bindings{Keypair: true, Policies: []broker.Policy{{Document: policy.Document{
			Version:   policy.Version,
			Statement: []policy.Statement{{Action: []fn.String{"sns:Publish"}, Resource: []fn.String{fn.Ref("Topic")}}},
		}}}},
	}
}

func Example() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	b := &broker.Broker{
		Home:    &broker.Place{Account: local.DefaultAccount, Region: local.DefaultRegion, API: cloudformation.NewFromConfig(cloud.Config())},
		Sources: []broker.Source{broker.Static{news()}},
		Auth:    &broker.Auth{Tokens: []string{"secret"}},
	}
	server := httptest.NewServer(b)
	defer server.Close()

	request, err := http.NewRequest("GET", server.URL+"/v2/catalog", nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("X-Broker-API-Version", "2.17")
	fmt.Println(status(request))
	request.Header.Set("Authorization", "Bearer secret")
	fmt.Println(status(request))
	// Output:
	// 401 Unauthorized
	// 200 OK
}

func status(r *http.Request) string {
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	return response.Status
}

func ExampleParseService() {
	s, err := broker.ParseService([]byte(`
Description: A topic
Metadata:
  AWS::ServiceBroker::Specification:
    Name: news
    ServicePlans:
      plain: {Description: A plain topic}
      named: {Description: A topic with a title, ParameterValues: {Title: News}}
Parameters:
  Title: {Type: String, Default: ""}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Title}}
`))
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range s.Plans {
		fmt.Println(s.Name, p.Name, p.Fixed)
	}
	// Output:
	// news plain map[]
	// news named map[Title:News]
}

func ExampleParseOverrides() {
	environment := []string{"PARAM_OVERRIDE_awsservicebroker_all_shop_sqs_VisibilityTimeout=60", "HOME=/root"}
	for _, o := range broker.ParseOverrides(environment, "awsservicebroker") {
		fmt.Printf("in the namespace %s, %s of %s is %s\n", o.Namespace, o.Parameter, o.Service, o.Value)
	}
	// Output:
	// in the namespace shop, VisibilityTimeout of sqs is 60
}

func ExampleCredentials_KubernetesSecret() {
	c := broker.Credentials{"QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"}
	manifest, err := c.KubernetesSecret("jobs", "shop")
	if err != nil {
		log.Fatal(err)
	}
	os.Stdout.Write(manifest)
	// Output:
	// apiVersion: v1
	// kind: Secret
	// metadata:
	//   name: jobs
	//   namespace: shop
	// type: Opaque
	// stringData:
	//   QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"
}

func ExampleCredentials_BindingFiles() {
	c := broker.Credentials{"QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"}
	files, err := c.BindingFiles("sqs", "aws")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s %s %s\n", files["type"], files["provider"], files["QUEUE_URL"])
	// Output:
	// sqs aws https://sqs.us-east-1.amazonaws.com/123456789012/jobs
}
