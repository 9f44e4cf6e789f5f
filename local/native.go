package local

// A native is how the cloud itself does a job, for a type that stands for more than its properties.
// It is called as a step of the deployment's loop. It gives a new resource its physical ID and tells
// of it, and calls o.finish, at once or later.
type native func(d *deployment, j *job, o *ongoing)

// nativeOf returns how the cloud itself handles a type, nil if the type is like any other.
func nativeOf(typ string) native {
	switch typ {
	case typeStack:
		return nest
	case typeWaitHandle:
		return handle
	case typeWaitCondition:
		return waitFor
	}
	if isCustom(typ) {
		return custom
	}
	return nil
}

// begun gives a new resource its physical ID, and tells of it.
func (d *deployment) begun(j *job, physicalID string) {
	j.resource.physicalID = physicalID
	d.tell(j.resource, j.born, initiated)
}

// await waits for a channel beside the loop, and then does something as a step of the loop. slow, if
// not nil, is closed when it is known to take time.
func (d *deployment) await(done, slow <-chan struct{}, then func()) {
	ctx := d.loop.ctx
	d.loop.call(func() func() {
		select {
		case <-done:
			return then
		case <-slow:
			d.isSlow()
		case <-ctx.Done():
			return then
		}
		select {
		case <-done:
		case <-ctx.Done():
		}
		return then
	})
}
