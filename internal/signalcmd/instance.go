package signalcmd

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
)

// How long the metadata service of an instance may take: somewhere else, nobody answers.
const (
	glance   = 3 * time.Second
	patience = 20 * time.Second
)

// identity is the ID of the instance or, elsewhere, the name of the host.
func identity(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, glance)
	defer cancel()
	if id, err := metadata(ctx, "instance-id"); err == nil {
		return id
	}
	return hostName(ctx)
}

// hostName is the name of the host, with its domain if that can be found out.
func hostName(ctx context.Context) string {
	name, err := os.Hostname()
	if err != nil || strings.Contains(name, ".") {
		return name
	}
	addresses, err := net.DefaultResolver.LookupHost(ctx, name)
	if err != nil {
		return name
	}
	for _, a := range addresses {
		names, _ := net.DefaultResolver.LookupAddr(ctx, a) // none will do
		for _, full := range names {
			if strings.HasPrefix(full, name+".") {
				return strings.TrimSuffix(full, ".")
			}
		}
	}
	return name
}

// metadata reads what the metadata service of the instance says.
func metadata(ctx context.Context, path string) (string, error) {
	out, err := imds.New(imds.Options{}).GetMetadata(ctx, &imds.GetMetadataInput{Path: path})
	if err != nil {
		return "", err
	}
	return readAll(out.Content)
}

func dynamic(ctx context.Context, path string) (string, error) {
	out, err := imds.New(imds.Options{}).GetDynamicData(ctx, &imds.GetDynamicDataInput{Path: path})
	if err != nil {
		return "", err
	}
	return readAll(out.Content)
}

func readAll(content io.ReadCloser) (string, error) {
	defer content.Close()
	text, err := io.ReadAll(io.LimitReader(content, 64<<10))
	return strings.TrimSpace(string(text)), err
}

// document is what an instance shows to CloudFormation in place of a signature: its identity document,
// which AWS has signed. It is how cfn-signal works on an instance that has no role.
func document(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, glance)
	defer cancel()
	text, err := dynamic(ctx, "instance-identity/document")
	if err != nil {
		return "", err
	}
	signature, err := dynamic(ctx, "instance-identity/signature")
	if err != nil {
		return "", err
	}
	return "CFN_V1 " + base64.StdEncoding.EncodeToString([]byte(text)) + ":" + strings.ReplaceAll(signature, "\n", ""), nil
}

// ofRole gives the credentials of the instance's role.
func ofRole(role string) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		text, err := metadata(ctx, "iam/security-credentials/"+role)
		if err != nil {
			return aws.Credentials{}, fmt.Errorf("the instance gives no credentials of role %s: %w", role, err)
		}
		var given struct{ AccessKeyId, SecretAccessKey, Token string }
		if json.Unmarshal([]byte(text), &given) != nil || given.AccessKeyId == "" {
			return aws.Credentials{}, fmt.Errorf("the instance gives no credentials of role %s", role)
		}
		return aws.Credentials{AccessKeyID: given.AccessKeyId, SecretAccessKey: given.SecretAccessKey, SessionToken: given.Token, Source: "cfn-signal"}, nil
	})
}
