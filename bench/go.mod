module github.com/updraft-go/updraft/bench

go 1.26.0

require (
	github.com/awslabs/goformation/v7 v7.14.9
	github.com/updraft-go/updraft v0.0.0
)

require (
	go.yaml.in/yaml/v3 v3.0.6 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)

replace github.com/updraft-go/updraft => ../
