// Command kueue is Kueue's controller manager for a simulated cluster on this machine.
//
// It owns what upstream's main hard-wires for a Pod: where certificates lie, which addresses are bound, and leader
// election. Every server here listens on loopback only and takes its port from a flag. It does not own what Kueue
// does: controllers, webhooks and scheduler are upstream's packages, set up in upstream's order (setup.go), so that
// a queue which this manager refuses is refused on a real cluster too.
// Those parts follow upstream's cmd/kueue/main.go (Apache License 2.0): compare them when the pin moves.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	zaplog "go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"sigs.k8s.io/kueue/pkg/config"
	"sigs.k8s.io/kueue/pkg/features"
	utillogging "sigs.k8s.io/kueue/pkg/util/logging"
	"sigs.k8s.io/kueue/pkg/version"

	// Needed for kubeconfigs whose user is an exec plugin.
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	// Registers the integrations with batch/job, JobSet, LeaderWorkerSet, Pods and the others.
	_ "sigs.k8s.io/kueue/pkg/controller/jobs"
)

var setupLog = ctrl.Log.WithName("setup")

func main() {
	if err := run(ctrl.SetupSignalHandler()); err != nil {
		setupLog.Error(err, "Kueue cannot run")
		os.Exit(1)
	}
}

// settings are the flags; --kubeconfig is registered by controller-runtime.
type settings struct {
	config       string
	featureGates string
	certDir      string
	webhookPort  int
	healthPort   int
	metricsPort  int
}

func parse() (settings, error) {
	var s settings
	flag.StringVar(&s.config, "config", "", "Kueue's Configuration; without it Kueue's defaults hold")
	flag.StringVar(&s.featureGates, "feature-gates", "", "key=value pairs; not together with featureGates in the file")
	flag.StringVar(&s.certDir, "cert-dir", "", "folder of the webhooks' certificate: tls.crt and tls.key")
	flag.IntVar(&s.webhookPort, "webhook-port", 9443, "loopback port of the webhooks")
	flag.IntVar(&s.healthPort, "health-port", 8081, "loopback port of /healthz and /readyz")
	flag.IntVar(&s.metricsPort, "metrics-port", 0, "loopback port of /metrics in plain HTTP; 0 serves none")
	logging := zap.Options{
		TimeEncoder: zapcore.RFC3339NanoTimeEncoder,
		ZapOpts:     []zaplog.Option{zaplog.AddCaller(), zaplog.WrapCore(utillogging.NewCustomLogProcessor)},
	}
	logging.BindFlags(flag.CommandLine)
	flag.Parse()
	ctrl.SetLogger(zap.New(zap.UseFlagOptions(&logging), zap.WriteTo(os.Stderr)))

	if flag.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", flag.Arg(0))
	}
	if s.certDir == "" {
		return s, errors.New("--cert-dir is missing: the webhooks serve TLS only")
	}
	// Without the flag controller-runtime would take $KUBECONFIG or ~/.kube/config: perhaps a cluster in production.
	if flag.Lookup("kubeconfig").Value.String() == "" {
		return s, errors.New("--kubeconfig is missing: this manager never guesses its cluster")
	}
	return s, nil
}

func run(ctx context.Context) error {
	s, err := parse()
	if err != nil {
		return err
	}
	options, cfg, err := config.Load(scheme, s.config)
	if err != nil {
		return fmt.Errorf("load the configuration: %w", err)
	}
	if err := setFeatureGates(s.featureGates, cfg.FeatureGates); err != nil {
		return err
	}
	bindLoopback(&options, &cfg, s)
	if text, err := config.Encode(scheme, &cfg); err == nil {
		setupLog.Info("Initializing", "gitVersion", version.GitVersion, "config", text)
	}
	features.LogFeatureGates(setupLog)

	k, err := newKueue(ctx, options, &cfg)
	if err != nil {
		return err
	}
	if err := k.setup(ctx); err != nil {
		return err
	}
	setupLog.Info("Starting manager")
	return k.mgr.Start(ctx)
}

func setFeatureGates(flags string, file map[string]bool) error {
	if err := config.ValidateFeatureGates(flags, file).ToAggregate(); err != nil {
		return fmt.Errorf("feature gates: %w", err)
	}
	gates := utilfeature.DefaultMutableFeatureGate
	if flags != "" {
		if err := gates.Set(flags); err != nil {
			return fmt.Errorf("feature gates: %w", err)
		}
	} else if err := gates.SetFromMap(file); err != nil {
		return fmt.Errorf("feature gates: %w", err)
	}
	// Its server reads certificates from the fixed folder /visibility, and it answers only through an APIService.
	return gates.Set(string(features.VisibilityOnDemand) + "=false")
}
