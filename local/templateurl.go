package local

// readURL reads a document that a request names by its URL.
func (r *region) readURL(parameter, url string) (string, error) {
	return "", notEmulated("documents by URL (" + parameter + ")")
}
