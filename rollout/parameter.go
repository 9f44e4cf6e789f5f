package rollout

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// A parameterPointer is a parameter of Systems Manager that holds the ID of an image.
//
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html
type parameterPointer struct {
	client  *Client
	name    string
	kind    string // its data type, "" before there is one; Systems Manager does not change it
	changed time.Time
}

func (p *parameterPointer) String() string { return "the parameter " + p.name }

// none is what a parameter is that is not there yet.
const none = "none"

func (p *parameterPointer) read(ctx context.Context) (string, error) {
	out, err := p.client.SSM.GetParameter(ctx, &ssm.GetParameterInput{Name: &p.name})
	if parameterMissing(err) {
		return none, nil
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", p, err)
	}
	if out.Parameter.Type != types.ParameterTypeString {
		return "", fmt.Errorf("%s: it is a %s, and an image's ID must be a String", p, out.Parameter.Type)
	}
	p.kind = aws.ToString(out.Parameter.DataType)
	p.changed = aws.ToTime(out.Parameter.LastModifiedDate)
	return aws.ToString(out.Parameter.Value), nil
}

// move has Systems Manager check, where the parameter is of that kind, that the image exists.
func (p *parameterPointer) move(ctx context.Context, to string) error {
	kind := cmp.Or(p.kind, "aws:ec2:image")
	in := &ssm.PutParameterInput{Name: &p.name, Value: &to, Type: types.ParameterTypeString, DataType: &kind, Overwrite: new(true)}
	if _, err := p.client.SSM.PutParameter(ctx, in); err != nil {
		return fmt.Errorf("%s: %w", p, err)
	}
	return nil
}

func (p *parameterPointer) pins() bool       { return false }
func (p *parameterPointer) since() time.Time { return p.changed }
