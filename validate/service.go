package validate

// serviceChecks returns the rules about the resources of certain types.
func serviceChecks() [][]check {
	return [][]check{
		ec2Checks(), networkChecks(), autoScalingChecks(), ecsChecks(), loadBalancingChecks(), iamChecks(), s3Checks(),
		messagingChecks(), lambdaChecks(), dynamoDBChecks(), rdsChecks(), observabilityChecks(), securityChecks(),
		apiChecks(), webChecks(), stepFunctionsChecks(), codeChecks(), customChecks(),
	}
}
