package waiter

import "github.com/updraft-go/updraft/stack"

// Rows returns the statuses that the table has.
func Rows() map[stack.Status]bool {
	rows := map[stack.Status]bool{}
	for s := range outcomes {
		rows[s] = true
	}
	return rows
}
