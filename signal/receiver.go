package signal

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
)

// A Receiver is an [http.Handler] that takes the signals that are put to it: for tests, and for programs
// that wait for others without CloudFormation. It does not know who sends; what is in front of it says
// who may.
//
// It answers as S3 does: 200 when Record has taken the signal; 405 to another method than PUT; 400 to
// what is no signal, 413 if it is too large, 500 if Record fails. Nothing of a refused request is
// recorded.
type Receiver struct {
	// Rule is what is asked of a signal. If zero, [Lenient].
	Rule Rule
	// Record keeps a signal; the sender is answered afterwards. It is called by several goroutines at the
	// same time, and more than once for a sender who tries again. It is required.
	Record func(context.Context, Signal) error
}

// ServeHTTP takes one signal.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if request.Method != http.MethodPut {
		w.Header().Set("Allow", http.MethodPut)
		refuse(w, http.StatusMethodNotAllowed, "MethodNotAllowed", "a signal is put")
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, request.Body, MaxBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		refuse(w, http.StatusRequestEntityTooLarge, "EntityTooLarge", "a signal has at most 65536 bytes")
		return
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, "IncompleteBody", "the signal did not arrive whole")
		return
	}
	s, err := Decode(text, r.Rule)
	if err != nil {
		refuse(w, http.StatusBadRequest, "InvalidSignal", err.Error())
		return
	}
	if r.Record(request.Context(), s) != nil {
		refuse(w, http.StatusInternalServerError, "InternalError", "the signal could not be recorded; send it again")
		return
	}
	w.WriteHeader(http.StatusOK)
}

// refusal is an error document of S3's.
type refusal struct {
	XMLName xml.Name `xml:"Error"`
	Code    string
	Message string
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_ = xml.NewEncoder(w).Encode(refusal{Code: code, Message: message}) // the sender may be gone
}
