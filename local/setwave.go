package local

// A wave is the regions that an operation on a stack set goes through at the same time.
type wave []*regionRun

// A regionRun is an operation in one region: some accounts at a time, until too many have failed.
type regionRun struct {
	run     *setRun
	results []*setResult
	next    int // the first that has not begun
	running int
	failed  int
}

// waves are the regions of an operation in order: all at once, or each by itself.
func (run *setRun) waves() []wave {
	var order []string
	byRegion := map[string]*regionRun{}
	add := func(name string) {
		if byRegion[name] == nil {
			byRegion[name] = &regionRun{run: run}
			order = append(order, name)
		}
	}
	if run.preferences != nil {
		for _, name := range run.preferences.RegionOrder {
			add(name)
		}
	}
	for _, r := range run.results {
		add(r.instance.region)
		one := byRegion[r.instance.region]
		one.results = append(one.results, r)
	}
	var all []wave
	for _, name := range order {
		switch {
		case len(byRegion[name].results) == 0:
		case len(all) > 0 && run.preferences != nil && run.preferences.RegionConcurrencyType == parallelRegions:
			all[0] = append(all[0], byRegion[name])
		default:
			all = append(all, wave{byRegion[name]})
		}
	}
	return all
}

// failed reports whether more failed in one of the regions than may.
func (g wave) failed() bool {
	for _, r := range g {
		if r.exceeded() {
			return true
		}
	}
	return false
}

// exceeded reports whether more failed than may.
func (r *regionRun) exceeded() bool {
	return r.failed > r.run.preferences.tolerance(len(r.results))
}

// halted reports whether nothing more may begin.
func (r *regionRun) halted() bool { return r.run.status != runRunning || r.exceeded() }

// advance begins in as many accounts as it may.
func (r *regionRun) advance() {
	for r.next < len(r.results) && !r.halted() && r.running < r.run.preferences.atOnce(len(r.results), r.failed) {
		r.next++
		r.begin(r.results[r.next-1])
	}
}

func (r *regionRun) begin(one *setResult) {
	r.running++
	one.status, one.instance.detailed = runRunning, runRunning
	r.run.do(one, func(err error) {
		r.running--
		one.status, one.reason = opSucceeded, ""
		if err != nil {
			r.failed++
			one.status, one.reason = opFailed, textOf(err)
		}
		one.instance.detailed, one.instance.reason = one.status, one.reason
		r.run.loop.after(0, r.advance)
	})
}

// through goes through the regions of a wave. It returns false if the cloud was closed.
func (run *setRun) through(g wave) (alive bool) {
	for _, r := range g {
		r.advance()
	}
	return run.loop.until(func() bool {
		for _, r := range g {
			if r.running > 0 || !r.halted() && r.next < len(r.results) {
				return false
			}
		}
		return true
	})
}
