// Package rollout brings golden images out: it bakes an image of an instance, waits until it can be
// used, makes a launch template version of it, and lets an Auto Scaling group use that version, so
// that every new instance comes up with the newest build.
//
//	c := &rollout.Client{EC2: ec2.NewFromConfig(cfg), AutoScaling: autoscaling.NewFromConfig(cfg)}
//	result, err := c.Roll(ctx, &rollout.Release{ID: "v7", Name: "web", InstanceID: "i-0abc", Group: "web"}, nil)
//
// # Steps
//
// A rollout has seven [Step]s, of which some may have nothing to do: the image is found or created;
// it becomes available; it is checked; the launch template version is found or created; the pointer,
// which says what new instances are made of, is moved to it; the group's instances are replaced; old
// images are removed. A version is never made of an image that is not available.
//
// # Starting again
//
// The package keeps no state. The image's name is made of the release's Name and ID, the version's
// description names the release, and tags on the image hold what else must be known. Each step first
// looks for its result, so the same call after a crash, a cancelled context or a broken connection
// goes on with what is there: one image, one version, one instance refresh, however often it is called
// and by however many at once.
//
// # Two releases at once
//
// A release remembers what the pointer was when it began. If it is something else when its turn to
// move it comes, another release was faster, and moving it would undo that one: this is an
// [OvertakenError].
package rollout
