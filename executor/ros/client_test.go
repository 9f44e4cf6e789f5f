package ros_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	openapiutil "github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/tea"

	"github.com/updraft-go/updraft/executor/ros"
	fn "github.com/updraft-go/updraft/intrinsics"
	dialect "github.com/updraft-go/updraft/intrinsics/ros"
	local "github.com/updraft-go/updraft/local/ros"
	"github.com/updraft-go/updraft/resources/ros/ecs"
	"github.com/updraft-go/updraft/resources/ros/oss"
	"github.com/updraft-go/updraft/stack"
)

// clientOf returns a client of an embedded cloud, without a network.
func clientOf(t *testing.T, cloud http.RoundTripper) *ros.Client {
	t.Helper()
	api, err := ros.NewAPI(&openapiutil.Config{
		AccessKeyId: tea.String("key"), AccessKeySecret: tea.String("secret"), Endpoint: tea.String("ros.local"), Protocol: tea.String("http"),
	}, cloud)
	if err != nil {
		t.Fatal(err)
	}
	return &ros.Client{API: api}
}

func network(name fn.String) *stack.Stack {
	t := &stack.Template{Extra: dialect.Format()}
	size := t.Parameter("Zones", stack.Parameter{Type: "Number", Default: "2"})
	vpc := stack.Add(t, "Vpc", &ecs.VPC{VpcName: name, CidrBlock: "10.0.0.0/8"})
	stack.Add(t, "Switches", &ecs.VSwitch{
		VpcId: vpc.Ref(), ZoneId: fn.SelectAt(dialect.Index, fn.GetAZs(dialect.Region)), CidrBlock: fn.SelectAt(dialect.Index, fn.Cidr("10.0.0.0/16", 4, 8)),
	}, stack.Attributes{Extra: fn.Extra{"Count": size.Ref()}})
	t.Output("Name", stack.Output{Value: vpc.AttrVpcName()})
	return &stack.Stack{Name: "demo", Template: t, Tags: map[string]string{"team": "a"}}
}

func TestDeploy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Minute}
		defer cloud.Close()
		client := clientOf(t, cloud)
		deploy := func(s *stack.Stack, changed bool, status, name string) {
			t.Helper()
			result, err := client.Deploy(t.Context(), s, nil)
			if err != nil {
				t.Fatal(err)
			}
			if result.Changed != changed || result.Status != status || result.Outputs["Name"] != name {
				t.Errorf("got %+v, want changed %v, %s, Name %s", result, changed, status, name)
			}
		}
		deploy(network("a"), true, "CREATE_COMPLETE", "a")
		deploy(network("a"), false, "CREATE_COMPLETE", "a")
		deploy(network("b"), true, "UPDATE_COMPLETE", "b")
		for range 2 { // the second finds nothing to delete
			if err := client.Delete(t.Context(), "demo"); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func bucket(name fn.String, more bool) *stack.Stack {
	t := &stack.Template{Extra: dialect.Format()}
	vpc := stack.Add(t, "Vpc", &ecs.VPC{})
	stack.Add(t, "Bucket", &oss.Bucket{BucketName: name}, stack.Attributes{DependsOn: []string{vpc.LogicalID()}})
	if more {
		stack.Add(t, "Other", &oss.Bucket{BucketName: name}, stack.Attributes{DependsOn: []string{"Bucket"}})
	}
	return &stack.Stack{Name: "demo", Template: t}
}

func TestFailuresAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Second}
		defer cloud.Close()
		client := clientOf(t, cloud)
		_, err := client.Deploy(t.Context(), bucket("x", true), nil)
		failed, ok := errors.AsType[*ros.FailedError](err)
		if !ok || failed.Status != "CREATE_ROLLBACK_COMPLETE" || len(failed.Failures) != 1 || failed.Failures[0].LogicalID != "Other" {
			t.Fatalf("got %v, want that Other failed", err)
		}
		if text := err.Error(); text != "stack demo: CREATE_ROLLBACK_COMPLETE: Other: ALIYUN::OSS::Bucket x already exists" {
			t.Errorf("got %q", text)
		}
		if _, err = client.Deploy(t.Context(), bucket("x", false), nil); err == nil || !strings.Contains(err.Error(), "delete it with Client.Delete") {
			t.Errorf("got %v, want what to do next", err)
		}
	})
}

func TestTheEndOfTheContextEndsTheWaitOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Hour}
		defer cloud.Close()
		client := clientOf(t, cloud)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := client.Deploy(ctx, bucket("x", false), nil); !errors.Is(err, ros.ErrDetached) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		result, err := client.Deploy(t.Context(), bucket("x", false), nil)
		if err != nil || result.Status != "CREATE_COMPLETE" {
			t.Errorf("got %+v, %v; the same call goes on", result, err)
		}
	})
}

// A wait outlives what passes: here every other question is answered with an error of the server.
func TestAWaitOutlivesErrorsThatPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Minute}
		defer cloud.Close()
		flaky := &everyOther{cloud: cloud}
		result, err := clientOf(t, flaky).Deploy(t.Context(), bucket("x", false), nil)
		if err != nil || result.Status != "CREATE_COMPLETE" || flaky.failed == 0 {
			t.Errorf("got %+v, %v after %d errors", result, err, flaky.failed)
		}
	})
}

type everyOther struct {
	cloud         http.RoundTripper
	asked, failed int
}

func (e *everyOther) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("x-acs-action") == "GetStack" {
		if e.asked++; e.asked%2 == 1 && e.asked < 20 {
			e.failed++
			w := httptest.NewRecorder()
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.WriteString(`{"Code":"ServiceUnavailable","Message":"later"}`)
			return w.Result(), nil
		}
	}
	return e.cloud.RoundTrip(r)
}

func TestErrorsOfTheAPI(t *testing.T) {
	cloud := &local.Cloud{}
	defer cloud.Close()
	tpl := &stack.Template{Extra: dialect.Format()}
	stack.Add(tpl, "A", &stack.Untyped{Type: "ALIYUN::No::Such"})
	_, err := clientOf(t, cloud).Deploy(t.Context(), &stack.Stack{Name: "demo", Template: tpl}, nil)
	api, ok := errors.AsType[*ros.APIError](err)
	if !ok || api.StatusCode != 400 || api.Code != "StackValidationFailed" || !strings.HasPrefix(api.Message, "The Resource Type (ALIYUN::No::Such) could not be found") {
		t.Errorf("got %#v, %v", api, err)
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error tells the key: %v", err)
	}
}
