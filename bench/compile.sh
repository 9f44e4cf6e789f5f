#!/usr/bin/env bash
# Measures, side by side, what it costs to compile a program of six services, and how large it is.
# Each build begins with a cache that holds the standard library only. Prints CPU seconds: the least of
# three builds of each, in turns.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
TIMEFORMAT='%U %S'
GOCACHE="$work/std" go build std

build() { # name
	rm -rf "$work/cache" "$work/$1"
	cp -r "$work/std" "$work/cache"
	{ time GOCACHE="$work/cache" go build -o "$work/$1" "./six/$1"; } 2>&1 | awk '{print $1 + $2}' >>"$work/$1.cpu"
}

least() { sort -n "$work/$1.cpu" | head -1; }

tell() { printf '%-12s %6s CPU s   %9s bytes\n' "$1" "$(least "$1")" "$(stat -c %s "$work/$1")"; }

for _ in 1 2 3; do
	build updraft
	build goformation
done
tell updraft
tell goformation
awk -v a="$(least updraft)" -v b="$(least goformation)" 'BEGIN {printf "goformation takes %.1f times as long\n", b / a}'
