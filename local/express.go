package local

// A deploymentConfig says how an operation goes.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-express-mode.html
type deploymentConfig struct {
	Mode            string
	DisableRollback *bool
}

// The modes of a deployment.
const (
	modeStandard = "STANDARD"
	modeExpress  = "EXPRESS"
)

// check refuses modes that there are not. It takes nil, which is the standard.
func (c *deploymentConfig) check() error {
	if c != nil && c.Mode != "" && c.Mode != modeStandard && c.Mode != modeExpress {
		return invalid("1 validation error detected: Value '%s' at 'deploymentConfig.mode' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]", c.Mode)
	}
	return nil
}

// express reports whether resources need not be ready for an operation to be over. It takes nil.
func (c *deploymentConfig) express() bool { return c != nil && c.Mode == modeExpress }

// disablesRollback is whether what failed stays, where asked is what the request says beside the
// configuration; nil if it says nothing. An express deployment does not roll back unless it is told to.
func (c *deploymentConfig) disablesRollback(asked *bool) bool {
	switch {
	case asked != nil:
		return *asked
	case c != nil && c.DisableRollback != nil:
		return *c.DisableRollback
	}
	return c.express()
}

// checkWith refuses two answers to whether what failed stays.
func (c *deploymentConfig) checkWith(asked *bool, onFailure string) error {
	if c == nil || c.DisableRollback == nil || asked == nil && onFailure == "" {
		return nil
	}
	return invalid("You can specify DisableRollback in DeploymentConfig only if DisableRollback and OnFailure are not specified")
}
