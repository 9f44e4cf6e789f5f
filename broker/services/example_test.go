package services_test

import (
	"context"
	"fmt"
	"log"

	"github.com/updraft-go/updraft/broker/services"
)

func ExampleAll() {
	all, err := services.All().Services(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range all[:3] {
		fmt.Printf("%s: %s or %s\n", s.Name, s.Plans[0].Name, s.Plans[1].Name)
	}
	// Output:
	// cognito: open or invited
	// dynamodb: ondemand or provisioned
	// ecr: mutable or immutable
}
