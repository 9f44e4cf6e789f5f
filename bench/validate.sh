#!/usr/bin/env bash
# Measures, side by side, how long it takes to validate a template: the six of the ECS sample and the
# workload of 500 resources, warm, and the first of them as a whole process. The peer is npm's
# @aws/cloudformation-validate, with the faster of its two engines. Needs node 20 and npm.
set -euo pipefail
cd "$(dirname "$0")"
peer=@aws/cloudformation-validate@1.9.0-beta
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

go build -o "$work/measure" ./validate
(cd .. && go build -o "$work/updraft" ./cmd/updraft && go run ./examples/ecs -synth "$work/templates") >/dev/null
npm install --silent --prefix "$work/peer" "$peer"
cp validate/measure.mjs "$work/peer/"

"$work/measure" "$work/templates" >"$work/ours"
node "$work/peer/measure.mjs" "$work/templates" >"$work/theirs"
printf '%-24s %12s %12s %8s\n' template 'updraft ms' 'peer ms' times
join "$work/ours" "$work/theirs" | awk '{printf "%-24s %12.2f %12.2f %8.0f\n", $1, $2, $3, $3 / $2}'

process() { # milliseconds of a command, the mean of five runs
	local start
	start=$(date +%s%N)
	for _ in 1 2 3 4 5; do "$@" >/dev/null; done
	echo $((($(date +%s%N) - start) / 5000000))
}
file="$work/templates/ecs-cluster.json"
ours=$(process "$work/updraft" validate "$file")
theirs=$(process node "$work/peer/measure.mjs" --once "$file")
printf '%-24s %12d %12d %8d\n' 'a whole process' "$ours" "$theirs" $((theirs / ours))
