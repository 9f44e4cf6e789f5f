package local

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/query"
)

// sqsOperations are those of SQS in the Query protocol, which older clients speak. They are the same
// as in the JSON protocol; lists stand flat in requests and answers.
var sqsOperations = map[string]operation{
	"GetQueueUrl":                  flat(getQueueURL),
	"GetQueueAttributes":           flat(getQueueAttributes),
	"ListQueues":                   flat(listQueues),
	"ListQueueTags":                flat(listQueueTags),
	"SendMessage":                  flat(sendMessage),
	"SendMessageBatch":             flat(sendMessageBatch),
	"ReceiveMessage":               flat(receiveMessage),
	"DeleteMessage":                flat(deleteMessage),
	"DeleteMessageBatch":           flat(deleteMessageBatch),
	"ChangeMessageVisibility":      flat(changeVisibility),
	"ChangeMessageVisibilityBatch": flat(changeVisibilityBatch),
	"PurgeQueue":                   flat(purgeQueue),
}

// flat makes an operation of the Query protocol. The queue is a parameter, or the path of the request.
func flat[In any](f func(*region, *In) (any, error)) operation {
	return func(c *call) (any, error) {
		var in In
		if err := c.request.Parameters.Decode(&in); err != nil {
			return nil, malformed(err)
		}
		if url := reflect.ValueOf(&in).Elem().FieldByName("QueueUrl"); url.IsValid() && url.String() == "" {
			url.SetString(c.path)
		}
		result, err := f(c.region, &in)
		if known, ok := errors.AsType[*query.Error](err); ok {
			return nil, &query.Error{Code: olderCode(known.Code), Message: known.Message, Status: known.Status}
		}
		return result, err
	}
}

// olderCode is the code that an error has in the Query protocol.
func olderCode(code string) string {
	name, ours := strings.CutPrefix(code, "com.amazonaws.sqs#")
	if !ours {
		return code
	}
	switch name {
	case "QueueDoesNotExist":
		return "AWS.SimpleQueueService.NonExistentQueue"
	case "EmptyBatchRequest", "TooManyEntriesInBatchRequest", "BatchEntryIdsNotDistinct", "MessageNotInflight":
		return "AWS.SimpleQueueService." + name
	}
	return name
}

// A textMap is a map of texts, which XML has as elements with a name and a value.
type textMap map[string]string

// MarshalXML writes one element for each entry.
func (m textMap) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	type entry struct{ Name, Value string }
	type tag struct{ Key, Value string }
	for _, name := range slices.Sorted(maps.Keys(m)) {
		var v any = entry{name, m[name]}
		if start.Name.Local == "Tag" {
			v = tag{name, m[name]}
		}
		if err := e.EncodeElement(v, start); err != nil {
			return err
		}
	}
	return nil
}

// A namedAttribute is how the Query protocol writes an attribute of a message.
type namedAttribute struct {
	Name  string
	Value struct {
		DataType    string
		StringValue string `xml:",omitempty"`
		BinaryValue string `xml:",omitempty"` // in base64
	}
}

func (n namedAttribute) plain() (messageAttribute, error) {
	data, err := base64.StdEncoding.DecodeString(n.Value.BinaryValue)
	if err != nil {
		return messageAttribute{}, sqsParameter("MessageAttribute", "The binary value of %s is not in base64.", n.Name)
	}
	return messageAttribute{DataType: n.Value.DataType, StringValue: n.Value.StringValue, BinaryValue: data}, nil
}

// An attributeMap is the attributes of a message.
type attributeMap map[string]messageAttribute

// MarshalXML writes one element for each entry.
func (m attributeMap) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		named := namedAttribute{Name: name}
		named.Value.DataType, named.Value.StringValue = m[name].DataType, m[name].StringValue
		named.Value.BinaryValue = base64.StdEncoding.EncodeToString(m[name].BinaryValue)
		if err := e.EncodeElement(named, start); err != nil {
			return err
		}
	}
	return nil
}

// batchXML are the names of the entries in the answers of batches.
var batchXML = map[string]string{
	"SendMessageBatch": "SendMessageBatchResultEntry", "DeleteMessageBatch": "DeleteMessageBatchResultEntry",
	"ChangeMessageVisibilityBatch": "ChangeMessageVisibilityBatchResultEntry",
}

// sqsReply writes an answer of SQS in the Query protocol.
func sqsReply(action string, result any, id string) *reply {
	var b bytes.Buffer
	e := xml.NewEncoder(&b)
	b.WriteString("<" + action + `Response xmlns="` + namespaces[versionSQS] + `">`)
	if result != nil {
		if err := e.EncodeElement(result, xml.StartElement{Name: xml.Name{Local: action + "Result"}}); err != nil {
			return &reply{status: http.StatusInternalServerError}
		}
	}
	b.WriteString("<ResponseMetadata><RequestId>" + id + "</RequestId></ResponseMetadata></" + action + "Response>")
	return &reply{status: http.StatusOK, body: renamed(b.Bytes(), batchXML[action])}
}

// renamed gives the entries of a batch the name that they have for its operation.
func renamed(document []byte, name string) []byte {
	if name == "" {
		return document
	}
	text := strings.NewReplacer("<Successful>", "<"+name+">", "</Successful>", "</"+name+">",
		"<Failed>", "<BatchResultErrorEntry>", "</Failed>", "</BatchResultErrorEntry>").Replace(string(document))
	return []byte(text)
}
