#!/usr/bin/env bash
# Measures, side by side, what it costs to compile a program of six services, and how large it is.
# Each build begins with a cache that holds the standard library only. Prints CPU seconds.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
TIMEFORMAT='%U %S'

build() { # name
	export GOCACHE="$work/cache-$1"
	go build std
	local cpu
	cpu=$({ time go build -o "$work/$1" "./six/$1"; } 2>&1 | awk '{print $1 + $2}')
	printf '%-12s %6s CPU s   %9s bytes\n' "$1" "$cpu" "$(stat -c %s "$work/$1")"
	echo "$cpu" >"$work/$1.cpu"
}

build updraft
build goformation
awk -v a="$(cat "$work/updraft.cpu")" -v b="$(cat "$work/goformation.cpu")" 'BEGIN {printf "goformation takes %.1f times as long\n", b / a}'
