package executor_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/executor/bucket"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
)

// shelf is an Uploader that keeps what it is given.
type shelf map[string][]byte

func (s shelf) Upload(_ context.Context, key string, content []byte) (string, error) {
	s[key] = content
	return "https://s3.eu-west-1.amazonaws.com/ours/" + key + "?versionId=v1", nil
}

// files writes files, by their paths, and returns their folder.
func files(t *testing.T, of map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range of {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var application = map[string]string{
	"app.yaml": `
Resources:
  F: {Type: AWS::Lambda::Function, Properties: {Code: src, Handler: main.handler, Runtime: python3.13, Role: "arn:aws:iam::111122223333:role/r"}}
  G: {Type: AWS::Lambda::Function, Properties: {Code: {S3Bucket: theirs, S3Key: k}, Handler: a.b, Runtime: python3.13, Role: "arn:aws:iam::111122223333:role/r"}}
  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested/inner.yaml}}
  Theirs: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://s3.amazonaws.com/theirs/t.json}}
  Job: {Type: AWS::Glue::Job, Properties: {Role: r, Command: {ScriptLocation: ./job.py}}}
  M: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: "arn:aws:iam::111122223333:role/r", DefinitionS3Location: machine.json}}
`,
	"src/main.py":       "def handler(e, c): return 1\n",
	"src/lib/util.py":   "x = 1\n",
	"job.py":            "print(1)\n",
	"machine.json":      `{"States": {}}`,
	"nested/inner.yaml": "Resources:\n  L: {Type: AWS::Lambda::LayerVersion, Properties: {Content: one.py}}\n  T: {Type: AWS::SNS::Topic}\n",
	"nested/one.py":     "y = 2\n",
}

func TestPackageStoresWhatATemplateNames(t *testing.T) {
	dir := files(t, application)
	stored := shelf{}
	c := &executor.Client{Uploader: stored}
	text, _ := os.ReadFile(filepath.Join(dir, "app.yaml"))
	body, assets, err := c.Package(t.Context(), text, dir)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Resources map[string]struct{ Properties map[string]any }
	}
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	key := func(name string) string {
		for _, a := range assets {
			if strings.HasSuffix(filepath.ToSlash(a.Path), name) {
				return a.Key
			}
		}
		t.Errorf("%s is not among the assets %v", name, assets)
		return ""
	}
	for id, want := range map[string]map[string]any{
		"F":      {"Code": map[string]any{"S3Bucket": "ours", "S3Key": key("/src"), "S3ObjectVersion": "v1"}},
		"G":      {"Code": map[string]any{"S3Bucket": "theirs", "S3Key": "k"}},
		"Inner":  {"TemplateURL": "https://s3.eu-west-1.amazonaws.com/ours/" + key("inner.yaml") + "?versionId=v1"},
		"Theirs": {"TemplateURL": "https://s3.amazonaws.com/theirs/t.json"},
		"Job":    {"Command": map[string]any{"ScriptLocation": "s3://ours/" + key("job.py")}},
		"M":      {"DefinitionS3Location": map[string]any{"Bucket": "ours", "Key": key("machine.json"), "Version": "v1"}},
	} {
		for name, value := range want {
			if d := cmp.Diff(value, got.Resources[id].Properties[name]); d != "" {
				t.Errorf("%s.%s (-want +got)\n%s", id, name, d)
			}
		}
	}
	if d := cmp.Diff([]string{"lib/util.py", "main.py"}, namesIn(t, stored[key("/src")])); d != "" {
		t.Errorf("the archive (-want +got)\n%s", d)
	}
	if inner := string(stored[key("inner.yaml")]); !strings.Contains(inner, `"S3Key":"`+key("one.py")+`"`) {
		t.Errorf("the nested template: %s", inner)
	}
	if d := cmp.Diff([]string{"one.py"}, namesIn(t, stored[key("one.py")])); d != "" {
		t.Errorf("a file that is packed alone (-want +got)\n%s", d)
	}
}

func namesIn(t *testing.T, archive []byte) []string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(r); err != nil {
			t.Error(err)
		}
	}
	return names
}

// What has not changed is not another asset, whenever it was written; what has changed is.
func TestKeysOfAssetsAreMadeOfTheirContent(t *testing.T) {
	keys := func(change func(dir string)) []string {
		dir := files(t, application)
		change(dir)
		stored := shelf{}
		c := &executor.Client{Uploader: stored}
		text, _ := os.ReadFile(filepath.Join(dir, "app.yaml"))
		if _, _, err := c.Package(t.Context(), text, dir); err != nil {
			t.Fatal(err)
		}
		return slices.Sorted(maps.Keys(stored))
	}
	first := keys(func(string) {})
	if d := cmp.Diff(first, keys(func(string) {})); d != "" {
		t.Errorf("the same files (-first +second)\n%s", d)
	}
	for name, change := range map[string]func(string){
		"content": func(dir string) { os.WriteFile(filepath.Join(dir, "src", "main.py"), []byte("x"), 0o600) },
		"name":    func(dir string) { os.Rename(filepath.Join(dir, "src", "main.py"), filepath.Join(dir, "src", "x.py")) },
		"mode":    func(dir string) { os.Chmod(filepath.Join(dir, "src", "main.py"), 0o700) },
		"nested":  func(dir string) { os.WriteFile(filepath.Join(dir, "nested", "one.py"), []byte("x"), 0o600) },
	} {
		if cmp.Equal(first, keys(change)) {
			t.Errorf("another %s, and the same keys", name)
		}
	}
}

// All paths that lead nowhere are told at once, before anything is stored.
func TestAssetsThatAreNotThere(t *testing.T) {
	dir := files(t, map[string]string{"loop.yaml": "Resources:\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: loop.yaml}}\n", "empty/x/.keep": "", "full/x.py": "x", "torn.yaml": "Resources: ["})
	os.Remove(filepath.Join(dir, "empty", "x", ".keep"))
	template := `{"Resources": {
		"A": {"Type": "AWS::Lambda::Function", "Properties": {"Code": "nowhere"}},
		"B": {"Type": "AWS::Lambda::Function", "Properties": {"Code": "empty"}},
		"C": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "loop.yaml"}},
		"D": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "torn.yaml"}},
		"E": {"Type": "AWS::Glue::Job", "Properties": {"Command": {"ScriptLocation": "full"}}},
		"I": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "gone.yaml"}}}}}`
	stored := shelf{}
	c := &executor.Client{API: newFake(), Uploader: stored}
	_, _, err := c.Package(t.Context(), []byte(template), dir)
	for _, want := range []string{
		"Resources.A.Properties.Code: nowhere (", "there is no such file or folder", "Resources.B.Properties.Code: empty (", "the folder has no files",
		"loop.yaml is nested in itself", "torn.yaml: the template cannot be read", "Resources.E.Properties.Command.ScriptLocation: full (", "it is a folder, and a file is needed here",
		"Resources.I.Fn::Transform.Parameters.Location: gone.yaml",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in: %v", want, err)
		}
	}
	if len(stored) > 0 {
		t.Errorf("something was stored: %v", stored)
	}
	dir = files(t, application)
	c = newFake().client()
	_, err = c.Deploy(t.Context(), &stack.Stack{Name: "app"}, &executor.Options{TemplateBody: []byte(application["app.yaml"]), AssetDir: dir})
	if err == nil || !strings.Contains(err.Error(), "there is nowhere to store them; set Client.Uploader") {
		t.Errorf("without an Uploader: %v", err)
	}
}

func TestATemplateWithoutLocalPathsIsLeftAsItIs(t *testing.T) {
	const text = "# a comment\nResources: {T: {Type: AWS::SNS::Topic}}\n"
	c := &executor.Client{}
	body, assets, err := c.Package(t.Context(), []byte(text), t.TempDir())
	if err != nil || string(body) != text || assets != nil {
		t.Errorf("got %q, %v, %v", body, assets, err)
	}
}

// A nested stack from a file beside the template, through a bucket of the embedded cloud.
func TestANestedTemplateInAFileOnTheEmbeddedCloud(t *testing.T) {
	cloud := localtest.New(t)
	c := clientOf(cloud)
	if _, err := c.Deploy(t.Context(), &stack.Stack{Name: "bucket"}, &executor.Options{TemplateBody: []byte(`{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "ours"}}}}`)}); err != nil {
		t.Fatal(err)
	}
	cfg := cloud.Config()
	api := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	c.Uploader = &bucket.Uploader{API: api, Bucket: "ours", BaseURL: aws.ToString(cfg.BaseEndpoint)}
	dir := files(t, map[string]string{"inner.yaml": "Resources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: within}}}\nOutputs: {Arn: {Value: !Ref T}}\n"})
	const outer = "Resources:\n  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./inner.yaml}}\nOutputs: {Arn: {Value: !GetAtt Inner.Outputs.Arn}}\n"
	opts := &executor.Options{TemplateBody: []byte(outer), AssetDir: dir, DeploymentID: "build-7"}
	for i := range 2 {
		r, err := c.Deploy(t.Context(), &stack.Stack{Name: "outer"}, opts)
		if err != nil || !strings.HasSuffix(r.Outputs["Arn"], ":within") {
			t.Fatalf("%d: got %+v, %v", i, r, err)
		}
	}
	asset, err := c.StoreAsset(t.Context(), filepath.Join(dir, "inner.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &asset.Bucket, Key: &asset.Key}); err != nil || !strings.HasPrefix(asset.Key, "assets/") {
		t.Errorf("the asset %+v is not there: %v", asset, err)
	}
	if _, err := c.StoreAsset(t.Context(), filepath.Join(dir, "none")); err == nil || !strings.Contains(err.Error(), "there is no such file or folder") {
		t.Errorf("got %v", err)
	}
}
