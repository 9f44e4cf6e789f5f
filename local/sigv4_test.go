package local_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/updraft-go/updraft/local"
)

// A parcel is a request that is signed and then changed.
type parcel struct {
	service, method, url, body, target string
	secret                             string
	at                                 time.Time
	presign                            bool
	change                             func(*http.Request)
}

func (p *parcel) send(t *testing.T, cloud *local.Cloud) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), p.method, p.url, strings.NewReader(p.body))
	if err != nil {
		t.Fatal(err)
	}
	if p.target != "" {
		r.Header.Set("X-Amz-Target", p.target)
	} else if p.service != "s3" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if p.at.IsZero() {
		p.at = time.Now()
	}
	sum := sha256.Sum256([]byte(p.body))
	hash, creds := hex.EncodeToString(sum[:]), aws.Credentials{AccessKeyID: "123456789012", SecretAccessKey: p.secret}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = p.service == "s3" })
	switch {
	case p.secret == "":
	case p.presign:
		q := r.URL.Query()
		q.Set("X-Amz-Expires", "60")
		r.URL.RawQuery = q.Encode()
		url, _, err := signer.PresignHTTP(t.Context(), creds, r, "UNSIGNED-PAYLOAD", p.service, "us-east-1", p.at)
		if err != nil {
			t.Fatal(err)
		}
		if r, err = http.NewRequestWithContext(t.Context(), p.method, url, strings.NewReader(p.body)); err != nil {
			t.Fatal(err)
		}
	default:
		if err := signer.SignHTTP(t.Context(), creds, r, hash, p.service, "us-east-1", p.at); err != nil {
			t.Fatal(err)
		}
	}
	if p.change != nil {
		p.change(r)
	}
	response, err := cloud.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestSignaturesAreVerified(t *testing.T) {
	cloud := &local.Cloud{Secret: "s3cret"}
	defer cloud.Close()
	const home = "http://cloudformation.local/"
	list := parcel{service: "cloudformation", method: "POST", url: home, body: "Action=ListStacks&Version=2010-05-15", secret: "s3cret"}
	get := parcel{service: "ssm", method: "POST", url: home, body: `{"Name": "x"}`, target: "AmazonSSM.GetParameter", secret: "s3cret"}
	bucket := parcel{service: "s3", method: "PUT", url: home + "bucket", secret: "s3cret"}
	object := parcel{service: "s3", method: "PUT", url: home + "bucket/a%20b+c/%2Fd?x=1&a=%2F", body: "text", secret: "s3cret"}
	for _, test := range []struct {
		name   string
		parcel parcel
		change func(*parcel)
		status int
		want   string
	}{
		{"a request", list, nil, 200, "<StackSummaries"},
		{"with a query", list, func(p *parcel) {
			p.url, p.body, p.method = home+"?Action=ListStacks&Version=2010-05-15&z=%20+~", "", "GET"
		}, 200, "<StackSummaries"},
		{"of JSON", get, nil, 400, "ParameterNotFound"},
		{"a bucket", bucket, nil, 200, ""},
		{"an object", object, nil, 200, ""},
		{"presigned", object, func(p *parcel) { p.presign = true }, 200, ""},
		{"4 minutes ago", list, func(p *parcel) { p.at = time.Now().Add(-4 * time.Minute) }, 200, "<StackSummaries"},
		{"another secret", list, func(p *parcel) { p.secret = "guess" }, 403, "<Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.</Message>"},
		{"another secret, JSON", get, func(p *parcel) { p.secret = "guess" }, 400, `{"__type":"InvalidSignatureException","message":"The request signature we calculated`},
		{"another secret, S3", object, func(p *parcel) { p.secret = "guess" }, 403, "<Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided. Check your key and signing method.</Message>"},
		{"another secret, presigned", object, func(p *parcel) { p.secret, p.presign = "guess", true }, 403, "<Code>SignatureDoesNotMatch</Code>"},
		{"another secret, EC2", list, func(p *parcel) { p.secret, p.service = "guess", "ec2" }, 401, "<Response><Errors><Error><Code>AuthFailure</Code><Message>AWS was not able to validate the provided access credentials</Message>"},
		{"no signature", list, func(p *parcel) { p.secret = "" }, 403, "<Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message>"},
		{"no signature, JSON", get, func(p *parcel) { p.secret = "" }, 400, `"MissingAuthenticationTokenException"`},
		{"no signature, S3", object, func(p *parcel) { p.secret = "" }, 403, "<Code>AccessDenied</Code><Message>Access Denied</Message>"},
		{"another body", list, func(p *parcel) {
			p.change = func(r *http.Request) {
				r.Body = io.NopCloser(strings.NewReader("Action=ListExports&Version=2010-05-15"))
			}
		}, 403, "SignatureDoesNotMatch"},
		{"another path", object, func(p *parcel) { p.change = func(r *http.Request) { r.URL.Path, r.URL.RawPath = "/bucket/other", "" } }, 403, "SignatureDoesNotMatch"},
		{"another region", list, func(p *parcel) {
			p.change = func(r *http.Request) {
				r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "us-east-1", "eu-west-1", 1))
			}
		}, 403, "SignatureDoesNotMatch"},
		{"half a header", list, func(p *parcel) {
			p.change = func(r *http.Request) {
				r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Signature=ab, SignedHeaders=host")
			}
		}, 400, "<Code>IncompleteSignature</Code><Message>Authorization header requires &#39;Credential&#39; parameter.</Message>"},
		{"a torn scope", list, func(p *parcel) {
			p.change = func(r *http.Request) {
				r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=a/b, Signature=ab, SignedHeaders=host")
			}
		}, 400, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term"},
		{"version 2", list, func(p *parcel) { p.change = func(r *http.Request) { r.Header.Set("Authorization", "AWS a:b") } }, 400, "<Code>IncompleteSignature</Code>"},
		{"no date", list, func(p *parcel) { p.change = func(r *http.Request) { r.Header.Del("X-Amz-Date") } }, 400, "requires existence of either a &#39;X-Amz-Date&#39; or a &#39;Date&#39; header."},
		{"too old", list, func(p *parcel) { p.at = time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC) }, 403, "<Code>SignatureDoesNotMatch</Code><Message>Signature expired: 20200102T030405Z is now earlier than "},
		{"too new", list, func(p *parcel) { p.at = time.Now().Add(time.Hour) }, 403, "<Message>Signature not yet current: "},
		{"too old, S3", object, func(p *parcel) { p.at = time.Now().Add(-time.Hour) }, 403, "<Code>RequestTimeTooSkewed</Code>"},
		{"too old, presigned", object, func(p *parcel) { p.at, p.presign = time.Now().Add(-2*time.Minute), true }, 403, "<Code>AccessDenied</Code><Message>Request has expired</Message>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := test.parcel
			if test.change != nil {
				test.change(&p)
			}
			status, text := p.send(t, cloud)
			if status != test.status {
				t.Errorf("status %d, want %d", status, test.status)
			}
			wantIn(t, text, test.want)
		})
	}
}

// The SDK signs bodies, streams and queries in ways of its own.
func TestTheSDKsSignaturesAreVerified(t *testing.T) {
	cloud := &local.Cloud{Secret: "s3cret"}
	defer cloud.Close()
	create(t, client(cloud), "work", topic)
	store := s3.NewFromConfig(cloud.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	name, key := "bucket", "a b/ü+~"
	if _, err := store.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &name, Key: &key, Body: bytes.NewReader([]byte("text"))}); err != nil {
		t.Fatal(err)
	}
	url, err := s3.NewPresignClient(store).PresignGetObject(t.Context(), &s3.GetObjectInput{Bucket: &name, Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	status, text := send(t, cloud, url.Method, url.URL, "")
	equal(t, 200, status)
	equal(t, "text", text)
	other := cloud.Config()
	other.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "123456789012", SecretAccessKey: "guess"}, nil
	})
	_, err = s3.NewFromConfig(other, func(o *s3.Options) { o.UsePathStyle = true }).GetObject(t.Context(), &s3.GetObjectInput{Bucket: &name, Key: &key})
	if err == nil || !strings.Contains(err.Error(), "SignatureDoesNotMatch") {
		t.Errorf("got %v", err)
	}
}

// Keys that the cloud gave out have secrets of their own.
func TestAssumedRolesSignWithTheirOwnSecret(t *testing.T) {
	cloud := &local.Cloud{Secret: "s3cret"}
	defer cloud.Close()
	create(t, client(cloud), "work", `{"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "deployer", "AssumeRolePolicyDocument": {}}}}}`)
	out, err := sts.NewFromConfig(cloud.Config()).AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::123456789012:role/deployer"), RoleSessionName: aws.String("me"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for secret, want := range map[string]string{*out.Credentials.SecretAccessKey: "", "s3cret": "SignatureDoesNotMatch"} {
		config := cloud.Config()
		config.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: *out.Credentials.AccessKeyId, SecretAccessKey: secret, SessionToken: *out.Credentials.SessionToken}, nil
		})
		who, err := sts.NewFromConfig(config).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		switch {
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("got %v, want %q", err, want)
		case want == "":
			equal(t, "arn:aws:sts::123456789012:assumed-role/deployer/me", *who.Arn)
		}
	}
}
