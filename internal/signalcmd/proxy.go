package signalcmd

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// transport is how requests are sent: through the proxies of the flags, else those of the environment.
// It is of the SDK's own kind, which takes in AWS_CA_BUNDLE.
func (c *Command) transport() (*awshttp.BuildableClient, error) {
	through := map[string]*url.URL{}
	for scheme, text := range map[string]string{"http": c.httpProxy, "https": c.httpsProxy} {
		if text == "" {
			continue
		}
		if !strings.Contains(text, "://") {
			text = "http://" + text
		}
		u, err := url.Parse(text)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("--%s-proxy is no [scheme://][user:password@]host:port", scheme)
		}
		through[scheme] = u
	}
	return awshttp.NewBuildableClient().WithTimeout(30 * time.Second).WithTransportOptions(func(t *http.Transport) {
		t.Proxy = func(r *http.Request) (*url.URL, error) {
			if u := through[r.URL.Scheme]; u != nil {
				return u, nil
			}
			return http.ProxyFromEnvironment(r)
		}
	}), nil
}
