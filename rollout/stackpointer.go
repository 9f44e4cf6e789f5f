package rollout

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

// A stackPointer is a parameter of a stack.
type stackPointer struct {
	*run
	target  StackTarget
	name    string // the stack's, once it was read
	updated time.Time
}

func (p *stackPointer) parameter() string { return p.target.ImageParameter + p.target.VersionParameter }

func (p *stackPointer) String() string {
	return "the parameter " + p.parameter() + " of stack " + p.target.Name
}

func (p *stackPointer) read(ctx context.Context) (string, error) {
	s, err := p.describe(ctx)
	if err != nil {
		return "", err
	}
	p.name, p.updated = aws.ToString(s.StackName), aws.ToTime(s.LastUpdatedTime)
	for _, param := range s.Parameters {
		if aws.ToString(param.ParameterKey) == p.parameter() {
			return p.value(param)
		}
	}
	return "", fmt.Errorf("stack %s: it has no parameter %s; add it to its template first", p.target.Name, p.parameter())
}

func (p *stackPointer) describe(ctx context.Context) (*types.Stack, error) {
	out, err := p.CloudFormation.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &p.target.Name})
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", p.target.Name, err)
	}
	if len(out.Stacks) != 1 {
		return nil, fmt.Errorf("stack %s: there is none in this account and region; check its name", p.target.Name)
	}
	return &out.Stacks[0], nil
}

func (p *stackPointer) value(param types.Parameter) (string, error) {
	v := aws.ToString(param.ParameterValue)
	switch {
	case param.ResolvedValue != nil:
		return "", fmt.Errorf("stack %s: its parameter %s is a reference to the Systems Manager parameter %s; roll out to that one, with Parameter", p.target.Name, p.parameter(), v)
	case v != "" && strings.Trim(v, "*") == "":
		return "", fmt.Errorf("stack %s: its parameter %s is NoEcho, so its value cannot be read; take that away", p.target.Name, p.parameter())
	case p.target.VersionParameter != "" && !isNumber(v):
		return "", fmt.Errorf("stack %s: its parameter %s is %q; give it the number of a version first, so that there is something to go back to", p.target.Name, p.parameter(), v)
	case strings.ContainsAny(v, " \t\r\n="):
		return "", fmt.Errorf("stack %s: its parameter %s is neither an image nor a version", p.target.Name, p.parameter())
	}
	return v, nil
}

// move deploys the stack's own template with another value of the parameter.
func (p *stackPointer) move(ctx context.Context, to string) error {
	out, err := p.CloudFormation.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: &p.target.Name, TemplateStage: types.TemplateStageOriginal})
	if err != nil {
		return fmt.Errorf("stack %s: its template: %w", p.target.Name, err)
	}
	s := &stack.Stack{Name: p.name, Parameters: map[string]string{p.parameter(): to}}
	_, err = p.Stacks.Deploy(ctx, s, &executor.Options{
		DeploymentID: "rollout-" + digest(32, p.release.Name, p.release.ID, p.from), TemplateBody: []byte(aws.ToString(out.TemplateBody)), Busy: executor.BusyWait, SkipValidation: true,
	})
	return err
}

func (p *stackPointer) pins() bool       { return false }
func (p *stackPointer) since() time.Time { return p.updated }
