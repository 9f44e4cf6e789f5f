package query

import (
	"bytes"
	"fmt"
	"net/http"
)

// An Error is an error that the caller is told of in a document of its own.
type Error struct {
	// Code is what clients branch on, such as ValidationError.
	Code string
	// Message is for people.
	Message string
	// Status is the HTTP status. If zero, 400.
	Status int
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// HTTPStatus is the status to answer with.
func (e *Error) HTTPStatus() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

// XML returns the document. The fault is the sender's below status 500, else the receiver's.
func (e *Error) XML(namespace, requestID string) []byte {
	var b bytes.Buffer
	b.WriteString(`<ErrorResponse xmlns="`)
	escape(&b, namespace)
	fmt.Fprintf(&b, `"><Error><Type>%s</Type>`, e.fault())
	textElement(&b, "Code", e.Code)
	textElement(&b, "Message", e.Message)
	b.WriteString("</Error>")
	textElement(&b, "RequestId", requestID)
	b.WriteString("</ErrorResponse>")
	return b.Bytes()
}

// EC2XML returns the document in the dialect of EC2, which has no namespace and no kind of fault.
func (e *Error) EC2XML(requestID string) []byte {
	var b bytes.Buffer
	b.WriteString("<Response><Errors><Error>")
	textElement(&b, "Code", e.Code)
	textElement(&b, "Message", e.Message)
	b.WriteString("</Error></Errors>")
	textElement(&b, "RequestID", requestID)
	b.WriteString("</Response>")
	return b.Bytes()
}
