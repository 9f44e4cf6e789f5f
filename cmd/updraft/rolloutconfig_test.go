package main

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	autoscaling "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/internal/yaml"
	"github.com/updraft-go/updraft/rollout"
)

const mapYAML = `
defaults:
  keep: 5
  minAge: 2h
  refresh: {minHealthyPercentage: 90, alarms: [errors]}
regions:
  eu-central-1:
    shop:
      web:
        production:
          web-1: {instance: i-1, launchTemplate: lt-1}
          web-2:
            instance: i-1
            name: shop-web
            pin: true
            refresh: {wait: true, checkpointPercentages: [50, 100], timeout: 30m, autoRollback: true}
            check: [./boot-test, -fast]
        staging:
          web: {instance: i-2, stack: {name: web, imageParameter: Image}, refresh: false, keep: 0}
  us-east-1: {shop: {web: {production: {web: {instance: i-3, parameter: /shop/image, noReboot: true, imageTimeout: 3h, rollBack: true}}}}}
`

func TestARolloutMapIsReadWithItsDefaults(t *testing.T) {
	doc, err := yaml.Parse([]byte(mapYAML))
	if err != nil {
		t.Fatal(err)
	}
	got, err := readPlaces(&source{name: "map.yaml", doc: doc})
	if err != nil {
		t.Fatal(err)
	}
	alarms := &autoscaling.AlarmSpecification{Alarms: []string{"errors"}}
	plain := func() *rollout.Refresh {
		return &rollout.Refresh{Preferences: &autoscaling.RefreshPreferences{MinHealthyPercentage: aws.Int32(90), AlarmSpecification: alarms}}
	}
	five := &rollout.PruneOptions{Keep: 5, MinAge: 2 * time.Hour}
	want := []place{{
		region: "eu-central-1", app: "shop", layer: "web", env: "production", group: "web-1",
		release: rollout.Release{Name: "shop-web-production-web-1", InstanceID: "i-1", LaunchTemplate: "lt-1", Group: "web-1"},
		options: rollout.Options{Refresh: plain(), Prune: five},
	}, {
		region: "eu-central-1", app: "shop", layer: "web", env: "production", group: "web-2",
		release: rollout.Release{Name: "shop-web", InstanceID: "i-1", Group: "web-2", Pin: true},
		options: rollout.Options{Prune: five, Refresh: &rollout.Refresh{
			Timeout: 30 * time.Minute, Busy: executor.BusyWait,
			Preferences: &autoscaling.RefreshPreferences{
				MinHealthyPercentage: aws.Int32(90), AlarmSpecification: alarms, CheckpointPercentages: []int32{50, 100}, AutoRollback: aws.Bool(true),
			},
		}},
		check: []string{"./boot-test", "-fast"},
	}, {
		region: "eu-central-1", app: "shop", layer: "web", env: "staging", group: "web",
		release: rollout.Release{Name: "shop-web-staging-web", InstanceID: "i-2", Group: "web", Stack: &rollout.StackTarget{Name: "web", ImageParameter: "Image"}},
	}, {
		region: "us-east-1", app: "shop", layer: "web", env: "production", group: "web",
		release: rollout.Release{Name: "shop-web-production-web", InstanceID: "i-3", Group: "web", Parameter: "/shop/image"},
		options: rollout.Options{NoReboot: true, ImageTimeout: 3 * time.Hour, RollBack: true, Refresh: plain(), Prune: five},
	}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(place{}), cmpopts.IgnoreUnexported(autoscaling.RefreshPreferences{}, autoscaling.AlarmSpecification{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAllThatIsWrongWithARolloutMapIsTold(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"nothing in it", "regions: {}", []string{"map.yaml:1: there is no group"}},
		{"a list", "[1]", []string{"want a map of regions"}},
		{"levels that are missing", "regions:\n  eu: i-1\n", []string{"map.yaml:2: want a map of apps"}},
		{"unknown words", "nope: 1\nregions: {a: {b: {c: {d: {e: {instanse: i-1}}}}}}", []string{"map.yaml:1: nope is not known", "map.yaml:2: instanse is not known; there are check, imageTimeout, instance,"}},
		{"wrong kinds", "regions: {a: {b: {c: {d: {e: {instance: [], pin: perhaps, keep: many, minAge: 5, check: run, stack: x, refresh: {alarms: 1, bakeTime: 1.5}}}}}}}",
			[]string{"instance: want text", "pin: want true or false", "keep: want a whole number", "minAge: want a duration", "check: want a list of texts", "stack: want a map of imageParameter", "alarms: want a list", "bakeTime: want a whole number"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := yaml.Parse([]byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			_, err = readPlaces(&source{name: "map.yaml", doc: doc})
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v\nwant %q in it", err, want)
				}
			}
		})
	}
}

func FuzzReadPlaces(f *testing.F) {
	for _, seed := range []string{mapYAML, "regions: {}", "a", "regions: {a: {b: {c: {d: {e: {refresh: true, keep: -1}}}}}}", "defaults: []"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := yaml.Parse([]byte(text))
		if err != nil {
			return
		}
		places, err := readPlaces(&source{name: "map.yaml", doc: doc})
		if err == nil && len(places) == 0 {
			t.Error("no groups, and no error")
		}
	})
}
