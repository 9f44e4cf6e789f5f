package ros_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"

	"github.com/updraft-go/updraft/local/ros"
)

// The embedded cloud on a port of this machine, asked as any client of ROS does.
func ExampleCloud() {
	cloud := &ros.Cloud{}
	defer cloud.Close()
	server := httptest.NewServer(cloud)
	defer server.Close()

	answer, err := http.PostForm(server.URL, url.Values{
		"Action": {"PreviewStack"}, "Version": {"2019-09-10"}, "StackName": {"demo"},
		"TemplateBody": {`{"ROSTemplateFormatVersion": "2015-09-01"}`},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.StatusCode, answer.Header.Get("Server"))
	// Output: 200 updraft-local
}
