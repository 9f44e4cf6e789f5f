package validate

import (
	"strings"
)

func securityChecks() []check {
	secret, alias := on("SecretsManager::Secret"), on("KMS::Alias")
	return []check{
		{Rule{"kms-alias", fails, "the name of an alias begins with alias/"}, alias, textual("", "AliasName", "write it as in alias/jobs", func(text string) string {
			if strings.HasPrefix(text, "alias/") {
				return ""
			}
			return "the name is " + shown(text)
		})},
		{Rule{"kms-alias-reserved", fails, "the name of an alias does not begin with alias/aws"}, alias, textual("", "AliasName", "use another name", func(text string) string {
			if strings.HasPrefix(text, "alias/aws/") {
				return "the name is " + shown(text) + ", which is AWS's own"
			}
			return ""
		})},
		{Rule{"kms-rotation", fails, "only a symmetric key with its material from KMS is rotated"}, on("KMS::Key"), func(s *subject) {
			v := s.props.get("EnableKeyRotation")
			spec, _ := s.props.get("KeySpec").text()
			if v.isTrue() && (strings.HasPrefix(spec, "RSA") || strings.HasPrefix(spec, "ECC") || strings.HasPrefix(spec, "HMAC")) {
				s.flag(v, "EnableKeyRotation is true for a key of "+spec, "leave it out")
			}
		}},
		{Rule{"kms-usage", fails, "an asymmetric key says for what it is used"}, on("KMS::Key"), func(s *subject) {
			if spec, _ := s.props.get("KeySpec").text(); strings.HasPrefix(spec, "ECC_NIST") || strings.HasPrefix(spec, "HMAC") {
				demand(s, s.props, []string{"KeyUsage"}, "KeySpec is "+spec)
			}
		}},
		{Rule{"secretsmanager-value", fails, "a secret is given or generated"}, secret, exclusive("", "GenerateSecretString", "SecretString")},
		{Rule{"secretsmanager-template", fails, "a template of a secret and the key of what is generated go together"}, secret, all(together("GenerateSecretString", "SecretStringTemplate", "GenerateStringKey"), together("GenerateSecretString", "GenerateStringKey", "SecretStringTemplate"))},
		{Rule{"secretsmanager-template-json", fails, "the template of a secret is JSON"}, secret, textual("GenerateSecretString", "SecretStringTemplate", "correct the JSON", brokenJSON)},
		{Rule{"secretsmanager-rotation", fails, "a rotation has a function"}, on("SecretsManager::RotationSchedule"), exclusive("", "HostedRotationLambda", "RotationLambdaARN")},
		{Rule{"secretsmanager-rotation-rule", fails, "a rotation is after days or by a schedule"}, on("SecretsManager::RotationSchedule"), exclusive("RotationRules", "AutomaticallyAfterDays", "ScheduleExpression")},
		{Rule{"acm-domain", fails, "a certificate is validated for domains that it names"}, on("CertificateManager::Certificate"), func(s *subject) {
			s.each("DomainValidationOptions[]", func(v value) {
				if s.props.get("ValidationMethod").is("DNS") {
					atMostOne(s, v, []string{"HostedZoneId", "ValidationDomain"})
				}
			})
		}},
	}
}
