package local

type exportDescription struct {
	ExportingStackId string
	Name             string
	Value            string
}

func listExports(c *call, in *struct{ NextToken string }) (any, error) {
	part, next, err := page(c.region.exports(), in.NextToken, func(e export) string { return e.name })
	if err != nil {
		return nil, err
	}
	result := &struct {
		Exports   []exportDescription
		NextToken string
	}{[]exportDescription{}, next}
	for _, e := range part {
		result.Exports = append(result.Exports, exportDescription{e.from.id, e.name, e.value})
	}
	return result, nil
}

func listImports(c *call, in *struct{ ExportName, NextToken string }) (any, error) {
	if err := required("exportName", in.ExportName); err != nil {
		return nil, err
	}
	users := c.region.importers(in.ExportName)
	if len(users) == 0 {
		return nil, invalid("Export '%s' is not imported by any stack.", in.ExportName)
	}
	part, next, err := page(users, in.NextToken, func(name string) string { return name })
	if err != nil {
		return nil, err
	}
	return &struct {
		Imports   []string
		NextToken string
	}{part, next}, nil
}
