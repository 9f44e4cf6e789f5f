package local

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/query"
)

// stsOperations are those of STS that are answered.
var stsOperations = map[string]operation{
	"GetCallerIdentity": getCallerIdentity,
	"AssumeRole":        typed(assumeRole),
}

// A session is what STS gave out credentials for.
type session struct{ account, arn, id, secret string }

// callerIdentity is the answer of STS.
type callerIdentity struct{ Arn, UserId, Account string }

func getCallerIdentity(c *call) (any, error) {
	account := c.region.account
	if s, ok := c.cloud.sessions[c.key]; ok {
		return &callerIdentity{Arn: s.arn, UserId: s.id, Account: account}, nil
	}
	if key := c.sender(); key != nil {
		if user := c.cloud.global(account, typeUser, key.text("UserName")); user != nil {
			d := describeUser(user)
			return &callerIdentity{Arn: d.Arn, UserId: d.UserId, Account: account}, nil
		}
	}
	return &callerIdentity{Arn: fmt.Sprintf("arn:%s:iam::%s:root", c.region.partition, account), UserId: account, Account: account}, nil
}

type assumeRoleInput struct {
	RoleArn, RoleSessionName string
	DurationSeconds          int
}

type stsCredentials struct {
	AccessKeyId, SecretAccessKey, SessionToken string
	Expiration                                 time.Time
}

// assumeRole gives out credentials for the account of a role that is there. Who may assume it is not
// checked.
func assumeRole(c *call, in *assumeRoleInput) (any, error) {
	parts := strings.SplitN(in.RoleArn, ":", 6)
	switch {
	case in.RoleSessionName == "":
		return nil, &query.Error{Code: "ValidationError", Message: "1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null"}
	case len(parts) != 6 || !isAccount(parts[4]) || !strings.HasPrefix(parts[5], "role/"):
		return nil, &query.Error{Code: "ValidationError", Message: in.RoleArn + " is invalid"}
	}
	name := arnName(parts[5])
	role := c.cloud.global(parts[4], typeRole, name)
	if role == nil {
		return nil, &query.Error{Code: "AccessDenied", Status: http.StatusForbidden,
			Message: fmt.Sprintf("User: arn:%s:iam::%s:root is not authorized to perform: sts:AssumeRole on resource: %s", c.region.partition, c.region.account, in.RoleArn)}
	}
	if in.DurationSeconds == 0 {
		in.DurationSeconds = 3600
	}
	key := "ASIA" + c.cloud.pick(letters[:26]+digits, 16)
	s := session{
		secret: c.cloud.pick(letters+digits, 40), account: parts[4], id: role.text("RoleId") + ":" + in.RoleSessionName,
		arn: fmt.Sprintf("arn:%s:sts::%s:assumed-role/%s/%s", c.region.partition, parts[4], name, in.RoleSessionName),
	}
	c.cloud.sessions[key] = s
	return &struct {
		AssumedRoleUser struct{ AssumedRoleId, Arn string }
		Credentials     stsCredentials
	}{
		struct{ AssumedRoleId, Arn string }{s.id, s.arn},
		stsCredentials{key, s.secret, c.cloud.pick(letters+digits, 120), time.Now().Add(time.Duration(in.DurationSeconds) * time.Second)},
	}, nil
}
