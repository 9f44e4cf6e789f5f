package customresourcetest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/customresource/customresourcetest"
)

// sent is what is wrong with what is sent in a test; the zero value is right.
type sent struct {
	method, media, date, body, url string
	chunked                        bool
	late                           time.Duration
}

// A reader hides how long a body is.
type reader struct{ *strings.Reader }

func TestTheReceiverIsStrict(t *testing.T) {
	const good, failed = `{"Status": "SUCCESS", "PhysicalResourceId": "p", "StackId": "s", "RequestId": "r", "LogicalResourceId": "l"}`,
		`{"Status": "FAILED", "Reason": "no", "StackId": "s", "RequestId": "r", "LogicalResourceId": "l"}`
	date := time.Unix(0, 0).UTC().Format(http.TimeFormat)
	for _, tt := range []struct {
		name    string
		dialect customresource.Dialect
		typ     customresource.RequestType
		sent    sent
		status  int
		want    string
	}{
		{"right", customresource.AWS, "Create", sent{}, 200, ""},
		{"right", customresource.ROS, "Create", sent{media: "application/json", date: date}, 200, ""},
		{"a replacement", customresource.AWS, "Update", sent{body: strings.Replace(good, `"p"`, `"q"`, 1)}, 200, ""},
		{"a replacement", customresource.ROS, "Update", sent{media: "application/json", date: date, body: strings.Replace(good, `"p"`, `"q"`, 1)}, 400, "must be that of the request"},
		{"a deletion of another", customresource.AWS, "Delete", sent{body: strings.Replace(good, `"p"`, `"q"`, 1)}, 400, "must be that of the request"},
		{"a failure with another ID", customresource.AWS, "Update", sent{body: strings.Replace(failed, `{`, `{"PhysicalResourceId": "q", `, 1)}, 400, "must be that of the request"},
		{"a failure without an ID", customresource.AWS, "Update", sent{body: failed}, 400, "the physical ID is missing"},
		{"a failure without an ID", customresource.ROS, "Update", sent{media: "application/json", date: date, body: failed}, 200, ""},
		{"another method", customresource.AWS, "Create", sent{method: http.MethodPost}, 403, "the method is POST, and must be PUT"},
		{"another method", customresource.ROS, "Create", sent{method: http.MethodPut, media: "application/json", date: date}, 403, "the method is PUT, and must be POST"},
		{"a Content-Type", customresource.AWS, "Create", sent{media: "application/json"}, 403, "SignatureDoesNotMatch"},
		{"no Content-Type", customresource.ROS, "Create", sent{date: date}, 403, `the Content-Type is "", and must be`},
		{"no Date", customresource.ROS, "Create", sent{media: "application/json"}, 403, `the Date is ""`},
		{"a Date as others write it", customresource.ROS, "Create", sent{media: "application/json", date: "2026-01-02T03:04:05Z"}, 403, `the Date is "2026`},
		{"no length", customresource.AWS, "Create", sent{chunked: true}, 411, "Content-Length"},
		{"too late", customresource.AWS, "Create", sent{late: time.Hour + time.Second}, 403, "Request has expired"},
		{"another URL", customresource.AWS, "Create", sent{url: "http://responses.local/none"}, 404, "no such URL"},
		{"another signature", customresource.AWS, "Create", sent{url: "+x"}, 403, "SignatureDoesNotMatch"},
		{"no JSON", customresource.AWS, "Create", sent{body: "SUCCESS"}, 400, "no JSON object"},
		{"too large", customresource.AWS, "Create", sent{body: good + strings.Repeat(" ", 4096)}, 400, "too large"},
		{"another request", customresource.AWS, "Create", sent{body: strings.Replace(good, `"r"`, `"r2"`, 1)}, 400, "must be those of the request"},
		{"another status", customresource.AWS, "Create", sent{body: strings.Replace(good, "SUCCESS", "OK", 1)}, 400, "Status must be SUCCESS or FAILED"},
		{"NoEcho", customresource.ROS, "Create", sent{media: "application/json", date: date, body: strings.Replace(good, `{`, `{"NoEcho": true, `, 1)}, 400, "ROS knows no NoEcho"},
	} {
		t.Run(tt.dialect.String()+" "+tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &customresourcetest.Receiver{}
				e := r.Open(&customresource.Event{Dialect: tt.dialect, RequestType: tt.typ, StackID: "s", RequestID: "r", LogicalResourceID: "l", PhysicalResourceID: id(tt.typ)}, time.Hour)
				if tt.sent.body == "" {
					tt.sent.body = good
				}
				time.Sleep(tt.sent.late) // of the bubble
				status := send(t, r, e, tt.sent)
				got := r.Received()
				if status != tt.status || len(got) != 1 || !strings.Contains(got[0].Refusal, tt.want) || (got[0].Refusal == "") != (tt.want == "") {
					t.Errorf("%d %+v", status, got)
				}
			})
		})
	}
}

func id(typ customresource.RequestType) string {
	if typ == customresource.Create {
		return ""
	}
	return "p"
}

func send(t *testing.T, r *customresourcetest.Receiver, e *customresource.Event, s sent) int {
	t.Helper()
	method, url := s.method, e.ResponseURL.Reveal()
	if method == "" {
		method = e.Dialect.Method()
	}
	if strings.HasPrefix(s.url, "+") {
		url += s.url[1:]
	} else if s.url != "" {
		url = s.url
	}
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(s.body))
	if err != nil {
		t.Fatal(err)
	}
	if s.chunked {
		request.Body, request.ContentLength = body{reader{strings.NewReader(s.body)}}, -1
	}
	for name, value := range map[string]string{"Content-Type": s.media, "Date": s.date} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := (&http.Client{Transport: r}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

type body struct{ reader }

func (body) Close() error { return nil }

// A response that is right, and one that is not.
func ExampleReceiver() {
	r := &customresourcetest.Receiver{}
	client := &http.Client{Transport: r}
	e := r.Open(&customresource.Event{RequestType: customresource.Create, StackID: "s", RequestID: "1", LogicalResourceID: "l"}, time.Hour)
	for _, text := range []string{
		`{"Status": "SUCCESS", "PhysicalResourceId": "p", "StackId": "s", "RequestId": "1", "LogicalResourceId": "l"}`,
		`{"Status": "SUCCESS", "StackId": "s", "RequestId": "1", "LogicalResourceId": "l"}`,
	} {
		request, err := http.NewRequest(http.MethodPut, e.ResponseURL.Reveal(), strings.NewReader(text))
		if err != nil {
			fmt.Println(err)
			return
		}
		response, err := client.Do(request)
		if err != nil {
			fmt.Println(err)
			return
		}
		_ = response.Body.Close()
	}
	for _, got := range r.Received() {
		fmt.Printf("%s %q\n", got.Response.Status, got.Refusal)
	}
	// Output:
	// SUCCESS ""
	// SUCCESS "the physical ID is missing or too long: it has 0 bytes, and AWS takes 1 to 1024"
}
