// Package bench compares updraft with its peers, side by side in one run. It is a module of its
// own, since its peers are heavy. See the README of this folder.
package bench
