package stack

import fn "github.com/updraft-go/updraft/intrinsics"

// Transform adds a macro that takes parameters to the template's Transforms.
//
//	t.Transform("AWS::Include", map[string]any{"Location": "s3://bucket/part.yaml"})
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-section-structure.html
func (t *Template) Transform(name string, parameters map[string]any) {
	macro := struct {
		Name       fn.String
		Parameters map[string]any
	}{fn.String(name), parameters}
	body, err := fn.Append(nil, macro)
	text := fn.FromJSON[fn.String](body)
	if err != nil {
		text = fn.Fail[fn.String](err)
	}
	t.Transforms = append(t.Transforms, string(text))
}
