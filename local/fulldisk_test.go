//go:build linux

package local

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
)

const envFullDisk = "UPDRAFT_TEST_FULL_DISK"

// TestFullDiskChild is the process of TestAFullDiskLosesNothing: no file of its may grow any more once
// some stacks are there.
func TestFullDiskChild(t *testing.T) {
	path := os.Getenv(envFullDisk)
	if path == "" {
		t.Skip("it is run by TestAFullDiskLosesNothing")
	}
	signal.Ignore(syscall.SIGXFSZ)
	s := openSaga(t, path, nil)
	api := cloudformation.NewFromConfig(s.cloud.Config(), func(o *cloudformation.Options) { o.Retryer = aws.NopRetryer{} })
	deploy := func(n int) error {
		template := fmt.Sprintf(`{"Description": "%s", "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}`, strings.Repeat("x", 1000))
		_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String(fmt.Sprint("s", n)), TemplateBody: &template})
		return err
	}
	if err := deploy(0); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(info.Size()), Max: was.Max}); err != nil {
		t.Fatal(err)
	}
	n := 1
	for ; err == nil; n++ {
		err = deploy(n)
	}
	if !strings.Contains(err.Error(), "ServiceUnavailable: the embedded cloud cannot keep what it is told, and answers nothing until it can: state file") {
		t.Error(err)
	}
	if _, err := api.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{}); err == nil {
		t.Error("it told of what it could not keep")
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	out, err := api.ListStacks(t.Context(), &cloudformation.ListStacksInput{})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("told", len(out.StackSummaries), "of", n)
}

func TestAFullDiskLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFullDiskChild$")
	cmd.Env = append(os.Environ(), envFullDisk+"="+path)
	text, err := cmd.Output()
	var told, of int
	if _, scanErr := fmt.Sscanf(string(text), "told %d of %d", &told, &of); err != nil || scanErr != nil || told != of || of < 2 {
		t.Fatalf("%v\n%s", err, text)
	}
	s := openSaga(t, path, nil)
	if n := len(s.cloud.at(place{DefaultAccount, DefaultRegion}).stacks); n != told {
		t.Errorf("%d stacks are there after a restart, and %d were told of", n, told)
	}
}
