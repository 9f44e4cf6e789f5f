package customresource

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
)

// maxWraps is in how many wraps an event may come: a notification in Base64 in a message, say.
const maxWraps = 4

// unwrap takes an event out of what it was delivered in.
func unwrap(data []byte) ([]byte, error) {
	for range maxWraps {
		data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
		inner, err := unwrapOnce(data)
		if err != nil {
			return nil, err
		}
		if inner == nil {
			return data, nil
		}
		data = inner
	}
	return nil, errors.New("the custom resource event is wrapped too often")
}

// unwrapOnce takes one wrap off; nil if there is none.
func unwrapOnce(data []byte) ([]byte, error) {
	switch {
	case len(data) == 0:
		return nil, errors.New("there is no custom resource event: the body is empty")
	case data[0] == '{':
		return unwrapJSON(data)
	case data[0] == '<':
		return unwrapXML(data)
	}
	if inner, err := base64.StdEncoding.DecodeString(string(data)); err == nil {
		return inner, nil
	}
	return nil, errors.New("this is no custom resource event: it is neither a JSON object nor a notification")
}

// An envelope is what a notification says around its message: of SNS as Lambda gets it, in Records,
// and as HTTP endpoints do; of MNS in the format JSON.
type envelope struct {
	RequestType *json.RawMessage
	Type        json.RawMessage
	Message     *string
	Records     []struct{ Sns *struct{ Message string } }
}

func unwrapJSON(data []byte) ([]byte, error) {
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return nil, fmt.Errorf("the custom resource event cannot be read: %w", syntaxOnly(err))
	}
	switch {
	case e.RequestType != nil:
		return nil, nil
	case string(e.Type) == `"SubscriptionConfirmation"`:
		return nil, errors.New("SNS asks to confirm the subscription of this endpoint; confirm it with the token in the message (aws sns confirm-subscription)")
	case e.Records != nil && (len(e.Records) != 1 || e.Records[0].Sns == nil):
		return nil, fmt.Errorf("a notification of SNS with one record is expected, not %d records", len(e.Records))
	case e.Records != nil:
		return []byte(e.Records[0].Sns.Message), nil
	case e.Message != nil:
		return []byte(*e.Message), nil
	}
	return nil, nil // the event will be found to lack what it needs
}

// unwrapXML reads the message of a notification of MNS in the format XML.
func unwrapXML(data []byte) ([]byte, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = false
	for {
		token, err := d.Token()
		if err != nil {
			return nil, errors.New("the notification has no Message that can be read")
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "Message" {
			continue
		}
		var message string
		if err := d.DecodeElement(&message, &start); err != nil {
			return nil, fmt.Errorf("the Message of the notification cannot be read: %w", err)
		}
		return []byte(message), nil
	}
}
