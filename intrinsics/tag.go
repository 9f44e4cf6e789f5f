package intrinsics

// A Tag is a key with a value that is put on a resource.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
type Tag struct {
	Extra

	// Key is the tag's name: 1 to 128 characters, not beginning with aws:.
	Key String
	// Value is the tag's value: 0 to 256 characters. Use [Empty] for an empty one.
	Value String
}
