package local

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// The account and region that a request goes to if neither it nor the Cloud names another.
const (
	DefaultAccount = "123456789012"
	DefaultRegion  = "us-east-1"
)

// localHost is where an SDK client with the configuration of [Cloud.Config] believes the cloud to be.
const localHost = "cloudformation.local"

// A Cloud is an embedded cloud. Its zero value is ready: an empty cloud in which all takes no time.
// It is safe for concurrent use; its fields must not be changed once it has been used. [Cloud.Close]
// ends what still runs in it.
//
// A request's account and region come from its signature: the region from the credential scope, the
// account from the access key, if that has the form of an account ID (12 digits), is that of a user
// whom a stack made, or was given out by STS. An access key that was deleted, or is inactive, is
// refused. What is in one account and region is not seen from another. Signatures are verified if there
// is a Secret; no policy is enforced.
type Cloud struct {
	// Account is where requests go whose access key is not an account ID. If empty,
	// [DefaultAccount].
	Account string
	// Region is where unsigned requests go, and what [Cloud.Config] says. If empty, [DefaultRegion].
	Region string
	// Endpoint is where the URLs lead that the cloud gives out: those of wait condition handles and of
	// the answers of custom resources. If empty, where the caller reached the cloud that set the
	// stack going; for callers with the configuration of [Cloud.Config] that is http://cloudformation.local,
	// which an HTTP client reaches whose Transport is the Cloud.
	Endpoint string
	// Delay is how long each creation, update and deletion of a resource takes. If zero, no time:
	// a stack in which no [Provider] and no delayed [Fault] has a part has then come to rest when
	// the call that set it going is answered. It is waited for with timers of package time only,
	// so testing/synctest makes it pass at once.
	Delay time.Duration
	// State is the file in which the cloud keeps all that it holds, so that it goes on after a restart where
	// it was: no change that was answered is lost, also if the process is killed, and deployments that
	// were under way are taken up again. What it writes is encrypted, with a key that is kept in a file
	// of the same name with .key at its end and that only its owner can read. One process can use it at
	// a time. If empty, all is kept in memory only. See [Cloud.Open].
	State string
	// TimeScale is how many times as fast as time itself delays and timeouts pass: Delay, those of faults,
	// wait conditions, creation policies, custom resources and stacks, what EC2 takes, and the warm-ups and
	// pauses of Auto Scaling groups. If zero, 1. Queues hide and delay their messages in real time, and what
	// clients are told of times is real.
	TimeScale float64
	// Secret is the secret access key that every request must be signed with, whatever its access key
	// ID, unless that is one that the cloud gave out and that has a secret of its own: in its header or,
	// presigned, in its query, by AWS's Signature Version 4. Others are refused as AWS refuses them. The
	// chunks of a body that is signed chunk by chunk are not verified. If empty, no signature is verified.
	Secret string
	// EarlyValidation makes CreateChangeSet and, since AWS does so too, CreateStack and UpdateStack look for
	// what cannot go well before anything is done: properties that the schema does not allow, names that
	// are taken, for change sets also buckets that are not empty. DescribeEvents tells what was found. If
	// false, it fails when it is its turn.
	EarlyValidation bool
	// Seed makes the identifiers that the cloud invents the same in each run, if calls come in the
	// same order. If zero, they differ.
	Seed uint64

	mu         sync.Mutex
	started    bool
	closed     bool
	life       context.Context // of the cloud: deployments outlive the requests that begin them
	end        context.CancelFunc
	running    sync.WaitGroup
	random     *rand.Rand
	providers  map[string]Provider
	functions  map[string]Function  // by service token
	responders map[string]Responder // by service token
	faults     []*Fault
	clock      time.Time        // the time that what is due happens at; zero if that is now
	answers    map[string]*slot // for what custom resources answer, by bucket and key
	keeper     *keeper          // nil without State
	broken     error            // why the State cannot be used
	saved      func()           // called when something was written to the State; nil outside of tests
	*world                      // nil until it has started
}

// A place is an account and a region.
type place struct{ account, region string }

// start makes a zero value ready. The lock is held.
func (c *Cloud) start() {
	if !c.started {
		c.startWith(c.State)
	}
}

// startWith is start with a state file, if it is not "".
func (c *Cloud) startWith(state string) {
	c.started = true
	// A deployment goes on when the request that began it is over, so its context cannot be the
	// request's: this one is the server's own, and Close ends it.
	c.life, c.end = context.WithCancel(context.Background())
	c.answers = map[string]*slot{}
	c.random = c.newRandom(0)
	if state != "" {
		c.broken = c.openState()
	}
	if c.world == nil {
		c.world = newWorld()
	}
	// A seed makes a cloud that goes on invent other things than it has.
	c.random = c.newRandom(c.openings)
	if c.secret == "" {
		c.secret = c.pick(letters, 40)
	}
}

// newRandom returns what things are invented with.
func (c *Cloud) newRandom(openings uint64) *rand.Rand {
	seed := [2]uint64{c.Seed, c.Seed + max(openings, 1) - 1}
	if c.Seed == 0 {
		seed = [2]uint64{rand.Uint64(), rand.Uint64()}
	}
	return rand.New(rand.NewPCG(seed[0], seed[1]))
}

// Open reads the State now; without it, the first request does. Deployments that were under way go on
// from here.
//
// # Errors
//
// A State that is damaged, is used by another process, cannot be read or written, or whose key is not
// there. It is left as it is, and all requests are refused.
func (c *Cloud) Open() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.start()
	return c.broken
}

// Close stops the deployments that run, without any rolling back, and waits for them. Requests that
// come later are refused. With a State, the deployments go on when it is opened again. Closing a Cloud
// again does nothing.
//
// # Errors
//
// Those of writing the State.
func (c *Cloud) Close() error {
	c.mu.Lock()
	if !c.started {
		c.startWith("") // a state that nobody asked for stays as it is
	}
	c.closed = true
	c.end()
	c.mu.Unlock()
	c.running.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closeState()
}

// Config returns the configuration of an SDK client that talks to the cloud, without a network. Set
// its Region to talk to another region, and its Credentials to an access key of 12 digits to talk to
// another account. Waiters and retries keep to the SDK's own times.
func (c *Cloud) Config() aws.Config {
	region, account := c.defaults()
	secret := c.Secret
	if secret == "" {
		secret = "local"
	}
	return aws.Config{
		Region: region,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: account, SecretAccessKey: secret, Source: "updraft/local"}, nil
		}),
		HTTPClient:   &http.Client{Transport: c},
		BaseEndpoint: aws.String("http://" + localHost),
	}
}

func (c *Cloud) defaults() (region, account string) {
	region, account = c.Region, c.Account
	if region == "" {
		region = DefaultRegion
	}
	if account == "" {
		account = DefaultAccount
	}
	return region, account
}

// at returns the state of an account and region. The lock is held.
func (c *Cloud) at(p place) *region {
	r := c.regions[p]
	if r == nil {
		r = newRegion(c, p)
		c.regions[p] = r
	}
	c.touch(r)
	return r
}
