package executor

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// This file is the only one of the package that reads CloudFormation's error codes and texts.

// emptyChangeSet reports whether a change set failed because there is nothing to change.
func emptyChangeSet(reason string) bool {
	return strings.Contains(reason, "No updates are to be performed") ||
		strings.Contains(reason, "didn't contain changes")
}

// cancelled reports whether a resource failed only because another one had.
func cancelled(reason string) bool {
	return strings.Contains(reason, "cancelled") || strings.Contains(reason, "canceled")
}

// stopped reports whether an event tells that somebody cancelled an operation: with [Run.Cancel], or
// otherwise.
func stopped(e stack.Event) bool {
	if !e.OfStack() || e.Status.Rests() {
		return false
	}
	return strings.HasPrefix(e.Token, cancelToken) || strings.Contains(string(e.Status), "ROLLBACK") && e.Reason == "User Initiated"
}

// leaked reports whether an update left resources behind that it could not delete.
func leaked(reason string) bool { return strings.Contains(reason, "could not be deleted") }

// notReady reports whether a resource of an express deployment may become ready to be used only later.
func notReady(reason string) bool { return strings.Contains(reason, "may continue becoming available") }

// notValid reports whether a change set failed in CloudFormation's own validation, or in a hook.
func notValid(reason string) bool {
	return strings.Contains(reason, "EarlyValidation") || strings.Contains(reason, "hook(s)/validation failed") || strings.Contains(reason, "The following hook(s) failed")
}

// cure is what to do about a refusal that does not say so itself, with what separates the two; "" where
// nothing is to be added.
func cure(reason string) string {
	if strings.Contains(reason, "is invalid or cannot be assumed") {
		return "; give the ARN of a role that exists and trusts cloudformation.amazonaws.com"
	}
	return ""
}

// nestedFailed reports whether a change set failed for one that is nested in it, of which no more is told
// than its ARN.
func nestedFailed(reason string) bool {
	return strings.Contains(reason, "Nested change set") && strings.Contains(reason, "was not successfully created")
}

// invalidated reports whether CloudFormation's own validation stopped an operation without a change set
// before it began. What it found is told by DescribeEvents alone.
func invalidated(reason string) bool {
	return strings.Contains(reason, "Validation failed with") && strings.Contains(reason, "DescribeEvents")
}

// hookStopped reports whether a resource failed since hooks did not let it pass.
func hookStopped(reason string) bool { return strings.Contains(reason, "hook(s) failed") }

var exportInUse = regexp.MustCompile(`Export (\S+) cannot be (?:deleted|updated) as it is in use by ([^.]+)`)

// inUse returns the export that a refusal is about and the importers that it names.
func inUse(reason string) (export string, importers []string, ok bool) {
	m := exportInUse.FindStringSubmatch(reason)
	if m == nil {
		return "", nil, false
	}
	for name := range strings.SplitSeq(strings.ReplaceAll(m[2], " and ", ", "), ",") {
		if name = strings.TrimSpace(name); name != "" {
			importers = append(importers, name)
		}
	}
	return m[1], importers, true
}

// notImported reports whether ListImports says that nobody imports the export.
func notImported(err error) bool {
	return strings.Contains(err.Error(), "is not imported by any stack")
}

func changeSetExists(err error) bool {
	_, ok := errors.AsType[*types.AlreadyExistsException](err)
	return ok
}

// changeSetMissing reports whether a change set, of a stack that exists, does not.
func changeSetMissing(err error) bool {
	if _, ok := errors.AsType[*types.ChangeSetNotFoundException](err); ok {
		return true
	}
	reason, ok := refusal(err)
	return ok && strings.Contains(reason, "does not exist") // as other implementations say it
}

func changeSetNotExecutable(err error) bool {
	_, ok := errors.AsType[*types.InvalidChangeSetStatusException](err)
	return ok
}

// refusal returns what CloudFormation has against a request, if err says that it was understood and
// refused.
func refusal(err error) (reason string, ok bool) {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok || waiter.Transient(err) || waiter.Denied(err) {
		return "", false
	}
	return api.ErrorMessage(), true
}

// An explained is an error in our words. What the SDK says, at length, is behind it.
type explained struct {
	text  string
	cause error
}

func (e *explained) Error() string { return e.text }
func (e *explained) Unwrap() error { return e.cause }

// explain says in which call for which stack err came, and what to do about it where that is known.
func explain(stackName, call string, err error) error {
	where := ""
	if stackName != "" {
		where = "stack " + stackName + ": "
	}
	if call != "" {
		where += call + ": "
	}
	said := err.Error()
	api, answered := errors.AsType[smithy.APIError](err)
	if answered {
		said = api.ErrorCode() + ": " + api.ErrorMessage()
	}
	if cure := accessCure(err); cure != "" {
		return &explained{where + cure + ": " + said, err}
	}
	if host, why := unreachable(err); host != "" && !answered {
		said = fmt.Sprintf("cannot reach %s; check that the endpoint and the region are right, that it is running, and the network: %v", host, why)
	}
	return &explained{where + said, err}
}

// accessCure says what to do about an error of access, "" if it is none.
func accessCure(err error) string {
	if !waiter.Denied(err) {
		return ""
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return "no AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with \"aws sso login\""
	}
	switch code := api.ErrorCode(); code {
	case "ExpiredToken", "ExpiredTokenException", "RequestExpired":
		return "the AWS credentials have expired; renew them (a deployment that has started goes on)"
	case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized", "OptInRequired":
		return "the AWS credentials do not allow this call; grant the permission, or use others"
	}
	return "the AWS credentials are not valid in this account and region; check which are used with \"aws sts get-caller-identity\""
}

// unreachable returns the endpoint that could not be reached and why, "" if it was.
func unreachable(err error) (endpoint string, why error) {
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && response.HTTPStatusCode() != 0 {
		return "", nil
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		if parsed, e := url.Parse(u.URL); e == nil && parsed.Host != "" {
			return parsed.Scheme + "://" + parsed.Host, u.Err
		}
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.Name, dns
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Addr != nil {
		return op.Addr.String(), op
	}
	return "", nil
}
