package main

import (
	"fmt"

	configapi "sigs.k8s.io/kueue/apis/config/v1beta2"
	qcache "sigs.k8s.io/kueue/pkg/cache/queue"
	schdcache "sigs.k8s.io/kueue/pkg/cache/scheduler"
	"sigs.k8s.io/kueue/pkg/dra"
	"sigs.k8s.io/kueue/pkg/features"
	"sigs.k8s.io/kueue/pkg/metrics"
	"sigs.k8s.io/kueue/pkg/scheduler/preemption/fairsharing"
	"sigs.k8s.io/kueue/pkg/util/waitforpodsready"
)

// cacheOptions turns the configuration into the options of the scheduler's cache and of the queues.
func cacheOptions(cfg *configapi.Configuration, labels *metrics.CustomLabels) ([]schdcache.Option, []qcache.Option, error) {
	localQueues := metrics.NewLocalQueueMetricsConfig(cfg.Metrics.LocalQueueMetrics)
	cache := []schdcache.Option{
		schdcache.WithPodsReadyTracking(blockForPodsReady(cfg)),
		schdcache.WithResourceMetrics(cfg.Metrics.EnableClusterQueueResources),
		schdcache.WithCustomLabels(labels),
		schdcache.WithLocalQueueMetrics(localQueues),
	}
	queue := []qcache.Option{
		qcache.WithPodsReadyRequeuingTimestamp(requeuingTimestamp(cfg)),
		qcache.WithCustomLabels(labels),
		qcache.WithLocalQueueMetrics(localQueues),
	}
	if r := cfg.Resources; r != nil {
		if len(r.ExcludeResourcePrefixes) > 0 {
			cache = append(cache, schdcache.WithExcludedResourcePrefixes(r.ExcludeResourcePrefixes))
			queue = append(queue, qcache.WithExcludedResourcePrefixes(r.ExcludeResourcePrefixes))
		}
		if len(r.Transformations) > 0 {
			cache = append(cache, schdcache.WithResourceTransformations(r.Transformations))
			queue = append(queue, qcache.WithResourceTransformations(r.Transformations))
		}
		if features.Enabled(features.DynamicResourceAllocation) && len(r.DeviceClassMappings) > 0 {
			if err := dra.CreateMapperFromConfiguration(r.DeviceClassMappings); err != nil {
				return nil, nil, fmt.Errorf("map the device classes: %w", err)
			}
		}
	}
	if cfg.FairSharing != nil {
		cache = append(cache, schdcache.WithFairSharing(fairsharing.Enabled(cfg.FairSharing)))
	}
	if cfg.AdmissionFairSharing != nil {
		cache = append(cache, schdcache.WithAdmissionFairSharing(cfg.AdmissionFairSharing))
		queue = append(queue, qcache.WithAdmissionFairSharing(cfg.AdmissionFairSharing))
	}
	return cache, queue, nil
}

func blockForPodsReady(cfg *configapi.Configuration) bool {
	wait := cfg.WaitForPodsReady
	return waitforpodsready.Enabled(wait) && wait.BlockAdmission != nil && *wait.BlockAdmission
}

func requeuingTimestamp(cfg *configapi.Configuration) configapi.RequeuingTimestamp {
	wait := cfg.WaitForPodsReady
	if wait != nil && wait.RequeuingStrategy != nil && wait.RequeuingStrategy.Timestamp != nil {
		return *wait.RequeuingStrategy.Timestamp
	}
	return configapi.EvictionTimestamp
}
