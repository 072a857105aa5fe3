package main

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/utils/ptr"

	configapi "sigs.k8s.io/kueue/apis/config/v1beta2"
	"sigs.k8s.io/kueue/pkg/constants"
	"sigs.k8s.io/kueue/pkg/controller/admissionchecks/multikueue"
	"sigs.k8s.io/kueue/pkg/controller/admissionchecks/multikueue/externalframeworks"
	"sigs.k8s.io/kueue/pkg/controller/admissionchecks/provisioning"
	"sigs.k8s.io/kueue/pkg/controller/core"
	"sigs.k8s.io/kueue/pkg/controller/failurerecovery"
	"sigs.k8s.io/kueue/pkg/controller/jobframework"
	"sigs.k8s.io/kueue/pkg/controller/tas"
	dispatcher "sigs.k8s.io/kueue/pkg/controller/workloaddispatcher"
	"sigs.k8s.io/kueue/pkg/features"
)

func (k *kueue) setupControllers(ctx context.Context) error {
	if failed, err := core.SetupControllers(k.mgr, k.queues, k.cache, k.cfg, nil, k.preemptions, k.labels); err != nil {
		return fmt.Errorf("set up the controller %s: %w", failed, err)
	}
	if features.Enabled(features.FailureRecoveryPolicy) {
		if failed, err := failurerecovery.SetupControllers(k.mgr, k.cfg, nil); err != nil {
			return fmt.Errorf("set up the failure recovery controller %s: %w", failed, err)
		}
	}
	if err := k.setupProvisioning(); err != nil {
		return fmt.Errorf("set up the provisioning controller: %w", err)
	}
	if features.Enabled(features.MultiKueue) {
		if err := k.setupMultiKueue(); err != nil {
			return fmt.Errorf("set up MultiKueue: %w", err)
		}
	}
	if features.Enabled(features.TopologyAwareScheduling) {
		if failed, err := tas.SetupControllers(k.mgr, k.queues, k.cache, k.cfg, nil); err != nil {
			return fmt.Errorf("set up the topology controller %s: %w", failed, err)
		}
	}
	return k.setupIntegrations(ctx)
}

// setupProvisioning does nothing where the cluster serves no ProvisioningRequest: only a cluster autoscaler does.
func (k *kueue) setupProvisioning() error {
	if err := provisioning.ServerSupportsProvisioningRequest(k.mgr); err != nil {
		setupLog.Info("Skipping the provisioning controller: no ProvisioningRequest is served here")
		return nil
	}
	recorder := k.mgr.GetEventRecorderFor("kueue-provisioning-request-controller")
	controller, err := provisioning.NewController(k.mgr.GetClient(), recorder, nil)
	if err != nil {
		return err
	}
	return controller.SetupWithManager(k.mgr)
}

func (k *kueue) setupMultiKueue() error {
	adapters, err := jobframework.GetMultiKueueAdapters(sets.New(k.cfg.Integrations.Frameworks...))
	if err != nil {
		return err
	}
	mk := k.cfg.MultiKueue
	if features.Enabled(features.MultiKueueAdaptersForCustomJobs) && mk != nil && len(mk.ExternalFrameworks) > 0 {
		external, err := externalframeworks.NewAdapters(mk.ExternalFrameworks)
		if err != nil {
			return err
		}
		for _, adapter := range external {
			adapters[adapter.GVK().String()] = adapter
		}
	}
	if err := multikueue.SetupControllers(k.mgr, *k.cfg.Namespace,
		multikueue.WithGCInterval(mk.GCInterval.Duration),
		multikueue.WithOrigin(ptr.Deref(mk.Origin, configapi.DefaultMultiKueueOrigin)),
		multikueue.WithWorkerLostTimeout(mk.WorkerLostTimeout.Duration),
		multikueue.WithAdapters(adapters),
		multikueue.WithDispatcherName(ptr.Deref(mk.DispatcherName, configapi.MultiKueueDispatcherModeAllAtOnce)),
		multikueue.WithClusterProfiles(mk.ClusterProfile),
	); err != nil {
		return err
	}
	if failed, err := dispatcher.SetupControllers(k.mgr, k.cfg, nil); err != nil {
		return fmt.Errorf("dispatcher %s: %w", failed, err)
	}
	return nil
}

// setupIntegrations starts a controller for each job kind of the configuration; for a kind whose CRD is not served yet,
// upstream's code registers the webhook now and waits for the CRD.
func (k *kueue) setupIntegrations(ctx context.Context) error {
	namespaces, err := metav1.LabelSelectorAsSelector(k.cfg.ManagedJobsNamespaceSelector)
	if err != nil {
		return fmt.Errorf("parse managedJobsNamespaceSelector: %w", err)
	}
	if err := jobframework.SetupControllers(ctx, k.mgr, setupLog,
		jobframework.WithManageJobsWithoutQueueName(k.cfg.ManageJobsWithoutQueueName),
		jobframework.WithWaitForPodsReady(k.cfg.WaitForPodsReady),
		jobframework.WithKubeServerVersion(k.server),
		jobframework.WithEnabledFrameworks(k.cfg.Integrations.Frameworks),
		jobframework.WithEnabledExternalFrameworks(k.cfg.Integrations.ExternalFrameworks),
		jobframework.WithManagerName(constants.KueueName),
		jobframework.WithLabelKeysToCopy(k.cfg.Integrations.LabelKeysToCopy),
		jobframework.WithCache(k.cache),
		jobframework.WithQueues(k.queues),
		jobframework.WithObjectRetentionPolicies(k.cfg.ObjectRetentionPolicies),
		jobframework.WithCustomLabels(k.labels),
		jobframework.WithManagedJobsNamespaceSelector(namespaces),
	); err != nil {
		return fmt.Errorf("set up the job integrations: %w", err)
	}
	return nil
}
