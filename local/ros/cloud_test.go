package ros_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/local/ros"
)

// A caller calls the cloud without a network, as a client of the older style does.
type caller struct {
	t     *testing.T
	cloud *ros.Cloud
}

func start(t *testing.T) caller {
	t.Helper()
	cloud := &ros.Cloud{}
	t.Cleanup(func() { _ = cloud.Close() })
	return caller{t, cloud}
}

// call returns the answer of an operation, and its HTTP status.
func (c caller) call(action string, pairs ...string) (map[string]any, int) {
	c.t.Helper()
	form := url.Values{"Action": {action}, "Version": {"2019-09-10"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	request, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, "http://ros.local/", strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := c.cloud.RoundTrip(request)
	if err != nil {
		c.t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(body, &out); err != nil {
		c.t.Fatalf("%s: %v: %s", action, err, body)
	}
	return out, answer.StatusCode
}

// ok is call for what must succeed.
func (c caller) ok(action string, pairs ...string) map[string]any {
	c.t.Helper()
	out, status := c.call(action, pairs...)
	if status != http.StatusOK {
		c.t.Fatalf("%s: HTTP status %d: %v", action, status, out)
	}
	return out
}

// rest waits in the time of a synctest bubble until nothing goes on, and returns the stack.
func (c caller) rest(id string) map[string]any {
	c.t.Helper()
	synctest.Wait()
	return c.ok("GetStack", "StackId", id)
}

// outputs returns a stack's outputs by their keys.
func outputs(stack map[string]any) map[string]any {
	found := map[string]any{}
	list, _ := stack["Outputs"].([]any)
	for _, item := range list {
		m := item.(map[string]any)
		found[m["OutputKey"].(string)] = m["OutputValue"]
	}
	return found
}

const network = `
ROSTemplateFormatVersion: '2015-09-01'
Parameters:
  Name: {Type: String, Default: web, AllowedValues: [web, api]}
  Zones: {Type: Number, Default: 2}
  Password: {Type: String, NoEcho: true, Default: secret1}
Conditions:
  Many: !Not [!Equals [!Ref Zones, 0]]
Resources:
  Vpc: {Type: 'ALIYUN::ECS::VPC', Properties: {VpcName: !Join ['-', [!Ref 'ALIYUN::StackName', !Ref Name]], CidrBlock: 10.0.0.0/8}}
  Switches:
    Type: ALIYUN::ECS::VSwitch
    Condition: Many
    Count: !Ref Zones
    Properties:
      VpcId: !Ref Vpc
      ZoneId: !Select [!Ref 'ALIYUN::Index', Fn::GetAZs: !Ref 'ALIYUN::Region']
      CidrBlock: !Select [!Ref 'ALIYUN::Index', !Cidr [10.0.0.0/16, 4, 8]]
Outputs:
  Name: {Value: !GetAtt Vpc.VpcName}
  Blocks: {Value: !GetAtt Switches.CidrBlock}
  Text: {Value: !Base64Encode [!Replace]}
`

var good = strings.Replace(network, "!Base64Encode [!Replace]", "!Base64Encode hi", 1)

func TestAStackLives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		id := c.ok("CreateStack", "StackName", "demo", "TemplateBody", good, "Parameters.1.ParameterKey", "Name", "Parameters.1.ParameterValue", "api")["StackId"].(string)
		stack := c.rest(id)
		want := `{"Blocks":["10.0.0.0/24","10.0.1.0/24"],"Name":"demo-api","Text":"aGk="}`
		if got, _ := json.Marshal(outputs(stack)); stack["Status"] != "CREATE_COMPLETE" || string(got) != want {
			t.Fatalf("got %v %s, want CREATE_COMPLETE %s", stack, got, want)
		}
		if text := fmt.Sprint(stack); strings.Contains(text, "secret1") {
			t.Errorf("the stack tells a parameter that is not to be echoed: %s", text)
		}
		if out, status := c.call("UpdateStack", "StackId", id, "TemplateBody", good, "UsePreviousParameters", "true"); status != 400 || out["Code"] != "NotSupported" {
			t.Errorf("got %d %v for an update without changes", status, out)
		}
		c.ok("UpdateStack", "StackId", id, "UsePreviousParameters", "true", "Parameters.1.ParameterKey", "Zones", "Parameters.1.ParameterValue", "1")
		if stack = c.rest(id); stack["Status"] != "UPDATE_COMPLETE" {
			t.Fatalf("got %v", stack)
		}
		if list := c.ok("ListStackResources", "StackId", id)["Resources"].([]any); len(list) != 2 {
			t.Errorf("got %d resources, want the network and one switch: %v", len(list), list)
		}
		c.ok("DeleteStack", "StackId", id)
		if stack = c.rest(id); stack["Status"] != "DELETE_COMPLETE" {
			t.Fatalf("got %v", stack)
		}
		if list := c.ok("ListStacks")["Stacks"].([]any); len(list) != 0 {
			t.Errorf("got %v, want no stack", list)
		}
		for _, number := range []string{"99999999999999999999", "3074457345618258603", "-1", "2"} { // pages that there are not
			if list := c.ok("ListStackEvents", "StackId", id, "PageSize", "50", "PageNumber", number)["Events"].([]any); len(list) > 0 != (number == "-1") {
				t.Errorf("page %s has %d events", number, len(list))
			}
		}
		if events := c.ok("ListStackEvents", "StackId", id, "PageSize", "50", "LogicalResourceId.1", "Vpc")["Events"].([]any); len(events) != 4 {
			t.Errorf("got %d events of the network, want its creation and deletion: %v", len(events), events)
		}
	})
}

func TestWhatFailsIsUndone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		bucket := func(more string) string {
			return `{"ROSTemplateFormatVersion":"2015-09-01","Resources":{"A":{"Type":"ALIYUN::ECS::VPC"},"B":{"Type":"ALIYUN::OSS::Bucket","DependsOn":"A","Properties":{"BucketName":"x"}}` + more + `}}`
		}
		first := c.ok("CreateStack", "StackName", "first", "TemplateBody", bucket(""))["StackId"].(string)
		c.rest(first)
		second := c.ok("CreateStack", "StackName", "second", "TemplateBody", bucket(""))["StackId"].(string)
		stack := c.rest(second)
		if reason := stack["StatusReason"].(string); stack["Status"] != "CREATE_ROLLBACK_COMPLETE" || !strings.Contains(reason, "resources.B: ALIYUN::OSS::Bucket x already exists") {
			t.Errorf("got %v", stack)
		}
		// A later update that fails leaves what was there.
		c.ok("UpdateStack", "StackId", first, "TemplateBody", strings.Replace(bucket(`,"C":{"Type":"Custom::Thing","Properties":{"ServiceToken":"nobody"}}`), `"DependsOn":"A"`, `"DependsOn":["A"]`, 1))
		stack = c.rest(first)
		if reason := stack["StatusReason"].(string); stack["Status"] != "ROLLBACK_COMPLETE" || !strings.Contains(reason, "nothing behind the ServiceToken nobody") {
			t.Errorf("got %v", stack)
		}
		if list := c.ok("ListStackResources", "StackId", first)["Resources"].([]any); len(list) != 2 {
			t.Errorf("got %v, want the two resources that were there", list)
		}
	})
}

type disk struct {
	Size int
}

// disks is a provider of custom resources.
type disks struct{ sizes map[string]int }

func (d disks) Create(_ context.Context, r *customresource.Request[disk]) (*customresource.Result, error) {
	if r.Properties.Size > 9 {
		return nil, errors.New("too large")
	}
	d.sizes["disk-1"] = r.Properties.Size
	return &customresource.Result{PhysicalID: "disk-1", Data: map[string]any{"Size": r.Properties.Size}}, nil
}

func (d disks) Update(_ context.Context, r *customresource.Request[disk]) (*customresource.Result, error) {
	if r.OldProperties.Size != d.sizes[r.PhysicalResourceID] {
		return nil, errors.New("it was not of that size")
	}
	d.sizes[r.PhysicalResourceID] = r.Properties.Size
	return &customresource.Result{Data: map[string]any{"Size": r.Properties.Size}}, nil
}

func (d disks) Delete(_ context.Context, r *customresource.Request[disk]) error {
	delete(d.sizes, r.PhysicalResourceID)
	return nil
}

func withDisk(size int) string {
	return fmt.Sprintf(`{"ROSTemplateFormatVersion":"2015-09-01","Resources":{"Disk":{"Type":"ALIYUN::ROS::CustomResource","Properties":{"ServiceToken":"acs:fc:cn-hangzhou:1:functions/disks","Timeout":30,"Parameters":{"Size":%d}}}},
		"Outputs":{"Size":{"Value":{"Fn::GetAtt":["Disk","Size"]}},"All":{"Value":{"Fn::GetAtt":["Disk","Outputs"]}}}}`, size)
}

func TestCustomResources(t *testing.T) {
	for name, bind := range map[string]func(*ros.Cloud, *customresource.Handler[disk]){
		"in this process": func(c *ros.Cloud, h *customresource.Handler[disk]) {
			c.HandleCustom("acs:fc:cn-hangzhou:1:functions/disks", h)
		},
		"over the wire": func(c *ros.Cloud, h *customresource.Handler[disk]) {
			c.Handle("acs:fc:cn-hangzhou:1:functions/disks", h.Invoke)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, provider := start(t), disks{map[string]int{}}
				bind(c.cloud, &customresource.Handler[disk]{Provider: provider, Client: &http.Client{Transport: c.cloud}})
				id := c.ok("CreateStack", "StackName", "demo", "TemplateBody", withDisk(5))["StackId"].(string)
				stack := c.rest(id)
				if got := fmt.Sprint(outputs(stack)); stack["Status"] != "CREATE_COMPLETE" || got != "map[All:map[Size:5] Size:5]" {
					t.Fatalf("got %v, %s", stack, got)
				}
				c.ok("UpdateStack", "StackId", id, "TemplateBody", withDisk(7))
				if stack = c.rest(id); stack["Status"] != "UPDATE_COMPLETE" || provider.sizes["disk-1"] != 7 {
					t.Errorf("got %v with %v", stack, provider.sizes)
				}
				c.ok("DeleteStack", "StackId", id)
				if stack = c.rest(id); stack["Status"] != "DELETE_COMPLETE" || len(provider.sizes) != 0 {
					t.Errorf("got %v with %v", stack, provider.sizes)
				}
				id = c.ok("CreateStack", "StackName", "demo", "TemplateBody", withDisk(10))["StackId"].(string)
				if stack = c.rest(id); stack["Status"] != "CREATE_ROLLBACK_COMPLETE" || !strings.Contains(stack["StatusReason"].(string), "resources.Disk: too large") {
					t.Errorf("got %v", stack)
				}
			})
		})
	}
}

// A function that never answers fails the resource when its Timeout is over.
func TestACustomResourceTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		c.cloud.Handle("acs:fc:cn-hangzhou:1:functions/disks", func(context.Context, []byte) ([]byte, error) { return nil, nil })
		id := c.ok("CreateStack", "StackName", "demo", "TemplateBody", withDisk(5))["StackId"].(string)
		if stack := c.rest(id); stack["Status"] != "CREATE_IN_PROGRESS" {
			t.Errorf("got %v before the time is over", stack)
		}
		for c.ok("GetStack", "StackId", id)["Status"] == "CREATE_IN_PROGRESS" {
			wait(t)
		}
		if stack := c.rest(id); stack["Status"] != "CREATE_ROLLBACK_COMPLETE" || !strings.Contains(stack["StatusReason"].(string), "Timed out") {
			t.Errorf("got %v", stack)
		}
	})
}

func TestRefusals(t *testing.T) {
	c := start(t)
	const head = `{"ROSTemplateFormatVersion":"2015-09-01"`
	create := func(body string) []string { return []string{"CreateStack", "StackName", "s", "TemplateBody", body} }
	for _, tt := range []struct {
		call   []string
		status int
		code   string
		text   string
	}{
		{[]string{"NoSuchThing"}, 501, "InvalidAction.NotFound", `"NoSuchThing"`},
		{[]string{"GetStack", "StackId", "x"}, 404, "StackNotFound", "The Stack (x) could not be found."},
		{[]string{"GetStack"}, 400, "MissingParameter", "StackId"},
		{[]string{"CreateStack", "TemplateBody", "{}"}, 400, "MissingParameter", "StackName"},
		{[]string{"CreateStack", "StackName", "1x", "TemplateBody", "{}"}, 400, "InvalidStackName", `"1x"`},
		{[]string{"CreateStack", "StackName", "s"}, 400, "MissingParameter", "TemplateBody"},
		{[]string{"CreateStack", "StackName", "s", "TemplateURL", "oss://x"}, 501, "NotSupported", "TemplateBody only"},
		{create("{"), 400, "StackValidationFailed", "not well-formed"},
		{create("[]"), 400, "StackValidationFailed", "ROSTemplateFormatVersion"},
		{create(`{"AWSTemplateFormatVersion":"2010-09-09"}`), 400, "StackValidationFailed", "ROSTemplateFormatVersion"},
		{create(head + `,"Locals":{}}`), 400, "StackValidationFailed", "Locals"},
		{create(head + `,"Resources":{"A":{}}}`), 400, "StackValidationFailed", "The resource A has no Type"},
		{create(head + `,"Resources":{"A":{"Type":"ALIYUN::No::Such"}}}`), 400, "StackValidationFailed", "The Resource Type (ALIYUN::No::Such) could not be found"},
		{create(head + `,"Resources":{"A":{"Type":"ALIYUN::ROS::WaitCondition","Properties":{"Handle":"x","Timeout":1}}}}`), 501, "NotSupported", "WaitCondition"},
		{create(head + `,"Resources":{"A":{"Type":"ALIYUN::ECS::VPC","Properties":{"Colour":1}}}}`), 400, "StackValidationFailed", "Unknown Property Colour"},
		{create(head + `,"Resources":{"A":{"Type":"ALIYUN::OSS::Bucket"}}}`), 400, "StackValidationFailed", "Property BucketName not assigned"},
		{create(head + `,"Resources":{"A":{"Type":"ALIYUN::ECS::VPC","Properties":{"VpcName":{"Ref":"B"}}}}}`), 400, "StackValidationFailed", "Resources.A refers to B"},
		{create(head + `,"Resources":{"A":{"Type":"ALIYUN::ECS::VPC","DependsOn":"A"}}}`), 400, "StackValidationFailed", "Circular Dependency Found"},
		{create(head + `,"Outputs":{"O":{}}}`), 400, "StackValidationFailed", "The output O has no Value"},
		{create(head + `,"Parameters":{"P":{"Type":"String"}}}`), 400, "StackValidationFailed", "The Parameter (P) was not provided."},
		{append(create(head+`}`), "Parameters.1.ParameterKey", "Q", "Parameters.1.ParameterValue", "x"), 400, "StackValidationFailed", "The Parameter (Q) was not defined in template."},
		{append(create(head+`,"Parameters":{"P":{"Type":"Number","NoEcho":true,"AllowedValues":[1]}}}`), "Parameters.1.ParameterKey", "P", "Parameters.1.ParameterValue", "77"), 400, "StackValidationFailed", `"******" is not an allowed value`},
		{append(create(head+`,"Parameters":{"P":{"Type":"Json"}}}`), "Parameters.1.ParameterKey", "P", "Parameters.1.ParameterValue", "{"), 400, "StackValidationFailed", "not JSON"},
	} {
		out, status := c.call(tt.call[0], tt.call[1:]...)
		if status != tt.status || out["Code"] != tt.code || !strings.Contains(fmt.Sprint(out["Message"]), tt.text) || out["RequestId"] == "" {
			t.Errorf("%v: got %d %v, want %d %s %s", tt.call, status, out, tt.status, tt.code, tt.text)
		}
	}
}

func TestPreviewAndValidate(t *testing.T) {
	c := start(t)
	preview := c.ok("PreviewStack", "StackName", "demo", "TemplateBody", good)["Stack"].(map[string]any)
	list := preview["Resources"].([]any)
	if first := list[0].(map[string]any); len(list) != 2 || fmt.Sprint(first["Properties"]) != "map[CidrBlock:10.0.0.0/8 VpcName:demo-web]" || fmt.Sprint(first["RequiredBy"]) != "[Switches]" {
		t.Errorf("got %v", preview)
	}
	valid := c.ok("ValidateTemplate", "TemplateBody", good)
	if got := fmt.Sprint(valid["ResourceTypes"]); got != "map[DataSources:[] Resources:[ALIYUN::ECS::VPC ALIYUN::ECS::VSwitch]]" {
		t.Errorf("got %s", got)
	}
	if list, ok := valid["Parameters"].([]any); !ok || len(list) != 3 || list[0].(map[string]any)["ParameterKey"] != "Name" || list[0].(map[string]any)["Default"] != "web" {
		t.Errorf("got %v, want the parameters as a list", valid["Parameters"])
	}
	if stacks := c.ok("ListStacks")["Stacks"].([]any); len(stacks) != 0 {
		t.Errorf("a preview made %v", stacks)
	}
}
