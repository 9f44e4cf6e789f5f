package local

// A wave is the regions that an operation on a stack set goes through at the same time.
type wave []*regionRun

// A regionRun is an operation in one region: some accounts at a time, until too many have failed.
type regionRun struct {
	run     *setRun
	results []*setResult
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

func (r *regionRun) count(status string) int {
	n := 0
	for _, one := range r.results {
		if one.status == status {
			n++
		}
	}
	return n
}

func (r *regionRun) exceeded() bool {
	return r.count(opFailed) > r.run.preferences.tolerance(len(r.results))
}

// advance begins in as many accounts as it may.
func (r *regionRun) advance() {
	for _, one := range r.results {
		if r.run.status != runRunning || r.exceeded() {
			return
		}
		if one.status == runPending && r.count(runRunning) < r.run.preferences.atOnce(len(r.results), r.count(opFailed)) {
			r.begin(one)
		}
	}
}

func (r *regionRun) begin(one *setResult) {
	one.status, one.instance.detailed = runRunning, runRunning
	r.run.do(one, func(err error) {
		one.status, one.reason = opSucceeded, ""
		if err != nil {
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
			halted := run.status != runRunning || r.exceeded()
			if r.count(runRunning) > 0 || !halted && r.count(runPending) > 0 {
				return false
			}
		}
		return true
	})
}
