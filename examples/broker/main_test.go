package main

import (
	"regexp"
	"strings"
	"testing"
)

// TestTheArticle holds what is shown to what the article tells.
func TestTheArticle(t *testing.T) {
	var out strings.Builder
	if err := run(t.Context(), false, &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	text := out.String()
	for _, part := range []string{
		"sqs       A message queue of Amazon SQS: standard fifo",
		"PUT /v2/service_instances/orders: 202 Accepted",
		"osb-awsservicebroker-i-orders: CREATE_COMPLETE",
		"PUT /v2/service_instances/orders/service_bindings/shop: 201 Created",
		"QUEUE_URL=https://sqs.us-east-1.amazonaws.com/123456789012/",
		"SQS_AWS_SECRET_ACCESS_KEY=****************************************\n",
		"received: one pair of boots",
		"DELETE /v2/service_instances/orders/service_bindings/shop: 200 OK",
		"the key does not work any more",
		"DELETE /v2/service_instances/orders: 202 Accepted",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in\n%s", part, text)
		}
	}
	if !regexp.MustCompile(`(?s)stacks: 1.*stacks: 2.*stacks: 0\n$`).MatchString(text) {
		t.Errorf("the stacks are not one, two, none:\n%s", text)
	}
}
