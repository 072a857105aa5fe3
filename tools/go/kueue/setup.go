package main

import (
	"context"
	"fmt"
	"net/http"

	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/healthz"

	configapi "sigs.k8s.io/kueue/apis/config/v1beta2"
	qcache "sigs.k8s.io/kueue/pkg/cache/queue"
	schdcache "sigs.k8s.io/kueue/pkg/cache/scheduler"
	"sigs.k8s.io/kueue/pkg/constants"
	"sigs.k8s.io/kueue/pkg/controller/admissionchecks/multikueue"
	"sigs.k8s.io/kueue/pkg/controller/admissionchecks/provisioning"
	"sigs.k8s.io/kueue/pkg/controller/core/indexer"
	"sigs.k8s.io/kueue/pkg/controller/jobframework"
	tasindexer "sigs.k8s.io/kueue/pkg/controller/tas/indexer"
	"sigs.k8s.io/kueue/pkg/debugger"
	"sigs.k8s.io/kueue/pkg/features"
	"sigs.k8s.io/kueue/pkg/metrics"
	"sigs.k8s.io/kueue/pkg/scheduler"
	preemptexpectations "sigs.k8s.io/kueue/pkg/scheduler/preemption/expectations"
	"sigs.k8s.io/kueue/pkg/util/expectations"
	"sigs.k8s.io/kueue/pkg/util/kubeversion"
	"sigs.k8s.io/kueue/pkg/webhooks"
)

// kueue is one manager and what its controllers share.
type kueue struct {
	mgr         ctrl.Manager
	connection  *rest.Config
	cfg         *configapi.Configuration
	cache       *schdcache.Cache
	queues      *qcache.Manager
	preemptions *expectations.Store
	labels      *metrics.CustomLabels
	server      *kubeversion.ServerVersionFetcher
}

func newKueue(ctx context.Context, options ctrl.Options, cfg *configapi.Configuration) (*kueue, error) {
	k := &kueue{cfg: cfg, preemptions: preemptexpectations.New()}
	if features.Enabled(features.CustomMetricLabels) {
		k.labels = metrics.NewCustomLabels(cfg.Metrics.CustomLabels)
	}
	metrics.Register()
	var err error
	if k.mgr, k.connection, err = newManager(ctx, options, cfg); err != nil {
		return nil, err
	}
	requeuer := qcache.NewRequeuer()
	if err := k.mgr.Add(requeuer); err != nil {
		return nil, fmt.Errorf("add the requeuer: %w", err)
	}
	cacheOptions, queueOptions, err := cacheOptions(cfg, k.labels)
	if err != nil {
		return nil, err
	}
	queueOptions = append(queueOptions, qcache.WithPreemptionExpectations(k.preemptions))
	k.cache = schdcache.New(k.mgr.GetClient(), cacheOptions...)
	k.queues = qcache.NewManager(k.mgr.GetClient(), k.cache, requeuer, queueOptions...)
	return k, nil
}

// setup follows the order of upstream's main: indexes before controllers, webhooks after them, the scheduler last.
func (k *kueue) setup(ctx context.Context) error {
	if err := k.setupIndexes(ctx); err != nil {
		return fmt.Errorf("set up the indexes: %w", err)
	}
	debugger.NewDumper(k.cache, k.queues).ListenForSignal(ctx)
	if err := k.fetchServerVersion(); err != nil {
		return err
	}
	if err := k.setupProbes(); err != nil {
		return fmt.Errorf("set up the probes: %w", err)
	}
	if err := k.setupControllers(ctx); err != nil {
		return err
	}
	if failed, err := webhooks.Setup(k.mgr, nil); err != nil {
		return fmt.Errorf("set up the webhook %s: %w", failed, err)
	}
	go k.queues.CleanUpOnContext(ctx)
	go k.cache.CleanUpOnContext(ctx)
	return k.setupScheduler()
}

func (k *kueue) setupIndexes(ctx context.Context) error {
	fields := k.mgr.GetFieldIndexer()
	if err := indexer.Setup(ctx, fields); err != nil {
		return err
	}
	if provisioning.ServerSupportsProvisioningRequest(k.mgr) == nil {
		if err := provisioning.SetupIndexer(ctx, fields); err != nil {
			return err
		}
	}
	if features.Enabled(features.TopologyAwareScheduling) {
		if err := tasindexer.SetupIndexes(ctx, fields); err != nil {
			return err
		}
	}
	if features.Enabled(features.MultiKueue) {
		if err := multikueue.SetupIndexer(ctx, fields, *k.cfg.Namespace); err != nil {
			return err
		}
	}
	return jobframework.SetupIndexes(ctx, fields, jobframework.WithEnabledFrameworks(k.cfg.Integrations.Frameworks))
}

func (k *kueue) fetchServerVersion() error {
	client, err := discovery.NewDiscoveryClientForConfig(k.connection)
	if err != nil {
		return fmt.Errorf("make the discovery client: %w", err)
	}
	k.server = kubeversion.NewServerVersionFetcher(client)
	if err := k.mgr.Add(k.server); err != nil {
		return fmt.Errorf("add the server version fetcher: %w", err)
	}
	if err := k.server.FetchServerVersion(); err != nil {
		return fmt.Errorf("fetch the API server's version: %w", err)
	}
	return nil
}

// setupProbes reports ready only once the webhooks listen, so that whoever waits for it has no queue refused.
func (k *kueue) setupProbes() error {
	if err := k.mgr.AddHealthzCheck("healthz", healthz.Ping); err != nil {
		return err
	}
	// Asked for late: the manager adds the server to what it starts when it is first asked for it.
	return k.mgr.AddReadyzCheck("readyz", func(request *http.Request) error {
		return k.mgr.GetWebhookServer().StartedChecker()(request)
	})
}

func (k *kueue) setupScheduler() error {
	sched := scheduler.New(k.queues, k.cache, k.mgr.GetClient(), k.mgr.GetEventRecorderFor(constants.AdmissionName),
		scheduler.WithPodsReadyRequeuingTimestamp(requeuingTimestamp(k.cfg)),
		scheduler.WithFairSharing(k.cfg.FairSharing),
		scheduler.WithAdmissionFairSharing(k.cfg.AdmissionFairSharing),
		scheduler.WithPreemptionExpectations(k.preemptions),
		scheduler.WithCustomLabels(k.labels),
	)
	if err := k.mgr.Add(sched); err != nil {
		return fmt.Errorf("add the scheduler: %w", err)
	}
	return nil
}
