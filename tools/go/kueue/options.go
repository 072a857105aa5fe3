package main

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/flowcontrol"
	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	configapi "sigs.k8s.io/kueue/apis/config/v1beta2"
	"sigs.k8s.io/kueue/pkg/config"
	"sigs.k8s.io/kueue/pkg/features"
	"sigs.k8s.io/kueue/pkg/util/useragent"
)

const loopback = "127.0.0.1"

// bindLoopback overrides what a configuration written for a Pod says about addresses, certificates and replicas.
func bindLoopback(options *ctrl.Options, cfg *configapi.Configuration, s settings) {
	cfg.InternalCertManagement = &configapi.InternalCertManagement{Enable: ptr.To(false)}
	cfg.Webhook.Host, cfg.Webhook.Port, cfg.Webhook.CertDir = loopback, ptr.To(s.webhookPort), s.certDir
	config.AddWebhookSettingsTo(options, cfg)

	cfg.Health.HealthProbeBindAddress = net.JoinHostPort(loopback, strconv.Itoa(s.healthPort))
	options.HealthProbeBindAddress = cfg.Health.HealthProbeBindAddress

	cfg.Metrics.BindAddress = "0" // controller-runtime's word for none
	if s.metricsPort != 0 {
		cfg.Metrics.BindAddress = net.JoinHostPort(loopback, strconv.Itoa(s.metricsPort))
	}
	options.Metrics = metricsserver.Options{BindAddress: cfg.Metrics.BindAddress}

	cfg.PprofBindAddress, options.PprofBindAddress = "", ""
	if cfg.LeaderElection != nil {
		cfg.LeaderElection.LeaderElect = ptr.To(false)
	}
	options.LeaderElection = false
}

// newManager returns the manager and the connection it uses.
func newManager(ctx context.Context, options ctrl.Options, cfg *configapi.Configuration) (ctrl.Manager, *rest.Config, error) {
	connection, err := ctrl.GetConfig()
	if err != nil {
		return nil, nil, fmt.Errorf("read the kubeconfig: %w", err)
	}
	if connection.UserAgent == "" {
		connection.UserAgent = useragent.Default()
	}
	// One limiter for all: controller-runtime would otherwise make one for each API type.
	if qps := *cfg.ClientConnection.QPS; qps >= 0 {
		connection.RateLimiter = flowcontrol.NewTokenBucketRateLimiter(qps, int(*cfg.ClientConnection.Burst))
	}
	if features.Enabled(features.MultiKueueClusterProfile) {
		if err := config.ConfigureClusterProfileCache(ctx, setupLog, &options, connection, *cfg); err != nil {
			return nil, nil, fmt.Errorf("configure the cluster profiles: %w", err)
		}
	}
	mgr, err := ctrl.NewManager(connection, options)
	if err != nil {
		return nil, nil, fmt.Errorf("make the manager: %w", err)
	}
	return mgr, connection, nil
}
