package query_test

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/updraft-go/updraft/internal/query"
)

type input struct {
	StackName  string
	Parameters []struct {
		ParameterKey     string
		ParameterValue   *string
		UsePreviousValue bool
	}
	Capabilities []string
	Disable      *bool `query:"DisableRollback"`
	Timeout      int
	Since        time.Time
	Labels       map[string]string
	Config       *struct{ Mode string }
}

func decode(t *testing.T, form string) (input, error) {
	t.Helper()
	values, err := url.ParseQuery(form)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := query.Tree(values)
	if err != nil {
		return input{}, err
	}
	var in input
	return in, tree.Decode(&in)
}

func TestDecode(t *testing.T) {
	got, err := decode(t, "Action=CreateStack&StackName=jobs&Parameters.member.10.ParameterKey=b&Parameters.member.2.ParameterKey=a"+
		"&Parameters.member.2.ParameterValue=&Parameters.member.10.UsePreviousValue=true&Capabilities=&DisableRollback=false&Timeout=5"+
		"&Since=2026-01-02T03:04:05Z&Labels.entry.1.key=k&Labels.entry.1.value=v&Config.Mode=EXPRESS&Unknown.x=1")
	if err != nil {
		t.Fatal(err)
	}
	var want input
	want.StackName = "jobs"
	want.Parameters = append(want.Parameters, struct {
		ParameterKey     string
		ParameterValue   *string
		UsePreviousValue bool
	}{"a", new(""), false}, struct {
		ParameterKey     string
		ParameterValue   *string
		UsePreviousValue bool
	}{"b", nil, true})
	want.Capabilities = []string{}
	want.Disable, want.Timeout = new(false), 5
	want.Since = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	want.Labels = map[string]string{"k": "v"}
	want.Config = &struct{ Mode string }{"EXPRESS"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, tt := range []struct{ form, want string }{
		{"StackName=a&StackName=b", "StackName: given more than once"},
		{"StackName.x=a", "StackName: a structure where a text belongs"},
		{"StackName=a&StackName.x=b", "StackName: both a text and a structure"},
		{"Timeout=five", `Timeout: "five" is no integer that fits`},
		{"DisableRollback=perhaps", `DisableRollback: "perhaps" is neither true nor false`},
		{"Capabilities=x", "Capabilities: a text where a list belongs"},
		{"Capabilities.member.x=y", `Capabilities: "x" is no position in a list; the first is 1`},
		{"Parameters.member.1=x", ""},
		{"Since=now", `Since: "now" is no time such as 2006-01-02T15:04:05Z`},
		{"Labels.entry.1.key=a", "Labels.entry.1: an entry without a key or a value"},
		{"a..b=1", "a..b: a name with an empty part"},
		{strings.Repeat("a.", 16) + "a=1", strings.Repeat("a.", 16) + "a: 17 levels deep; 16 are allowed"},
	} {
		_, err := decode(t, tt.form)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.form, got, tt.want)
		}
	}
}

func TestReadRefusesOtherBodies(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("{}"))
	r.Header.Set("Content-Type", "application/json")
	_, err := query.Read(r)
	if want := (&query.DecodeError{}); !errors.As(err, &want) {
		t.Errorf("JSON: got %v", err)
	}
	r = httptest.NewRequest(http.MethodPost, "/", io.LimitReader(zeros{}, query.MaxBody+1))
	if _, err := query.Read(r); !errors.Is(err, query.ErrTooLarge) {
		t.Errorf("a large body: got %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestEncode(t *testing.T) {
	type inner struct{ Key, Value string }
	type result struct {
		Name    string
		Nothing string
		Empty   *string
		Flag    bool
		Maybe   *bool
		Tags    []inner
		None    []string
		Zero    []string
		At      time.Time
		Never   time.Time
		Labels  map[string]string
		Rename  int `query:"Count"`
		Nested  *inner
	}
	r := query.Response{Action: "Describe", Namespace: "urn:x", RequestID: "1", Result: &result{
		Name: "a<b", Empty: new(""), Tags: []inner{{"k", "v"}}, Zero: []string{}, At: time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC),
		Labels: map[string]string{"b": "2", "a": "1"}, Rename: 3, Nested: &inner{Key: "n"},
	}}
	got, err := r.XML()
	if err != nil {
		t.Fatal(err)
	}
	want := `<DescribeResponse xmlns="urn:x"><DescribeResult><Name>a&lt;b</Name><Empty></Empty><Flag>false</Flag>` +
		`<Tags><member><Key>k</Key><Value>v</Value></member></Tags><Zero></Zero><At>2026-01-02T03:04:05.006Z</At>` +
		`<Labels><entry><key>a</key><value>1</value></entry><entry><key>b</key><value>2</value></entry></Labels>` +
		`<Count>3</Count><Nested><Key>n</Key></Nested></DescribeResult>` +
		`<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></DescribeResponse>`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestErrorDocument(t *testing.T) {
	e := query.Error{Code: "ValidationError", Message: "a < b"}
	want := `<ErrorResponse xmlns="urn:x"><Error><Type>Sender</Type><Code>ValidationError</Code><Message>a &lt; b</Message></Error><RequestId>1</RequestId></ErrorResponse>`
	if got := string(e.XML("urn:x", "1")); got != want || e.HTTPStatus() != 400 {
		t.Errorf("got %d %s", e.HTTPStatus(), got)
	}
	e.Status = 500
	if got := string(e.XML("", "1")); !strings.Contains(got, "<Type>Receiver</Type>") {
		t.Errorf("got %s", got)
	}
}

// Whatever is accepted is bounded, and the same after a round trip; the decoder never panics and
// its answer can be written as XML.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		"Action=CreateStack&StackName=x", "Parameters.member.1.ParameterKey=a&Parameters.member.1.ParameterValue=b",
		"Labels.entry.1.key=a&Labels.entry.1.value=b", "Capabilities=", "a.b=1&a=2", "Capabilities.1=x", "Timeout=99999999999999999999",
		"Since=2026-01-02T03:04:05Z", "%zz=1", "a=1;b=2", "Parameters.member.-1.x=1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		tree, err := query.Tree(form)
		if err != nil {
			if tree != nil {
				t.Fatal("an error and a value")
			}
			return
		}
		again, err := query.Tree(tree.Form())
		if err != nil {
			t.Fatalf("does not read what it wrote: %v", err)
		}
		var a, b input
		if err := tree.Decode(&a); err != nil {
			return
		}
		if err := again.Decode(&b); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a, b); diff != "" {
			t.Fatalf("changed by a round trip\n%s", diff)
		}
		r := query.Response{Action: "X", Result: &a}
		doc, err := r.XML()
		if err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(doc, new(struct{ XMLName xml.Name })); err != nil {
			t.Fatalf("%v: %s", err, doc)
		}
	})
}

func TestAnswersInJSON(t *testing.T) {
	type inner struct {
		Time time.Time
		Tags []struct{ Key string }
		None []string
	}
	r := &query.Response{Action: "Describe", RequestID: "1", Result: &struct {
		inner
		Text, Empty string
		Number      int
		Maybe       *bool
		Lists       [][]int
	}{inner{time.UnixMilli(1500), []struct{ Key string }{{"k"}}, nil}, "a\"b", "", 3, nil, [][]int{{1}, {}}}}
	got, err := r.JSON()
	want := `{"DescribeResponse":{"DescribeResult":{"Lists":[[1],[]],"Number":3,"Tags":[{"Key":"k"}],"Text":"a\"b","Time":1.5},"ResponseMetadata":{"RequestId":"1"}}}`
	if string(got) != want || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := (&query.Response{Result: &struct{ F func() }{func() {}}}).JSON(); err == nil {
		t.Error("a function was encoded")
	}
	e := &query.Error{Code: "ValidationError", Message: "no <stack>"}
	if got := string(e.JSON("1")); got != `{"Error":{"Code":"ValidationError","Message":"no \u003cstack\u003e","Type":"Sender"},"RequestId":"1"}` {
		t.Errorf("got %s", got)
	}
}
