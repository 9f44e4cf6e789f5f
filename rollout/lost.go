package rollout

import (
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// lost names what a launch template version says and the one that was made of it does not: nothing,
// where the two were merged.
func lost(source, made *types.ResponseLaunchTemplateData) []string {
	if source == nil {
		return nil
	}
	if made == nil {
		made = &types.ResponseLaunchTemplateData{}
	}
	var names []string
	from, to := reflect.ValueOf(*source), reflect.ValueOf(*made)
	for i := range from.NumField() {
		field := from.Type().Field(i)
		if field.IsExported() && !empty(from.Field(i)) && empty(to.Field(i)) {
			names = append(names, field.Name)
		}
	}
	return names
}

func empty(v reflect.Value) bool {
	return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0
}
