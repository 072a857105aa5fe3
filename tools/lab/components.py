"""The table of the lab's components: which programs run, with which arguments, in which order.

Owns one row for each program; another controller is another row. It does not own how rows are brought up (`supervisor`)
nor what their configuration files say (`configs`). Every address here is loopback: a test looks at the sockets.
"""

from __future__ import annotations

from tools.lab import configs, requests
from tools.lab.layout import LOOPBACK, Layout
from tools.lab.records import Certificate, Component, Probe

ADMIN = Certificate(name="admin", user="lab-admin", groups=("system:masters",))


def _etcd(layout: Layout) -> list[str]:
    crt, key, ca = (str(path) for path in (layout.crt("etcd"), layout.key("etcd"), layout.crt("etcd-ca")))
    peer = layout.url("etcd-peer")
    return [
        "--name=lab",
        f"--data-dir={layout.data / 'data'}",
        f"--listen-client-urls={layout.url('etcd')}",
        f"--advertise-client-urls={layout.url('etcd')}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=lab={peer}",
        f"--listen-metrics-urls={layout.url('etcd-metrics', 'http')}",
        "--client-cert-auth",
        f"--cert-file={crt}",
        f"--key-file={key}",
        f"--trusted-ca-file={ca}",
        "--peer-client-cert-auth",
        f"--peer-cert-file={crt}",
        f"--peer-key-file={key}",
        f"--peer-trusted-ca-file={ca}",
        "--quota-backend-bytes=8589934592",
        "--log-level=warn",
    ]


def _apiserver(layout: Layout) -> list[str]:
    return [
        *_secure("kube-apiserver", layout),
        f"--advertise-address={LOOPBACK}",
        # Loopback addresses are refused as endpoints of the Service `kubernetes`; no simulated Pod ever dials it.
        "--endpoint-reconciler-type=none",
        f"--etcd-servers={layout.url('etcd')}",
        f"--etcd-cafile={layout.crt('etcd-ca')}",
        f"--etcd-certfile={layout.crt('kube-apiserver-etcd')}",
        f"--etcd-keyfile={layout.key('kube-apiserver-etcd')}",
        f"--client-ca-file={layout.crt('ca')}",
        "--anonymous-auth=false",
        "--authorization-mode=Node,RBAC",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        f"--service-account-key-file={layout.pki / 'service-accounts.pub'}",
        f"--service-account-signing-key-file={layout.key('service-accounts')}",
        # For aggregated API servers, which trust this certificate when it says who the user is.
        f"--requestheader-client-ca-file={layout.crt('front-proxy-ca')}",
        "--requestheader-allowed-names=front-proxy-client",
        "--requestheader-username-headers=X-Remote-User",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        f"--proxy-client-cert-file={layout.crt('front-proxy-client')}",
        f"--proxy-client-key-file={layout.key('front-proxy-client')}",
        "--service-cluster-ip-range=10.96.0.0/16",
        # As on clouds, where Pod Security and policies refuse privileged Pods, not the API server's own switch.
        "--allow-privileged=true",
        "--max-requests-inflight=2000",
        "--max-mutating-requests-inflight=1000",
        "--profiling=false",
    ]


def _controller_manager(layout: Layout) -> list[str]:
    return [
        *_secure("kube-controller-manager", layout),
        *_client("kube-controller-manager", layout),
        f"--kubeconfig={layout.kubeconfig_of('kube-controller-manager')}",
        "--leader-elect=false",
        "--use-service-account-credentials=true",
        f"--service-account-private-key-file={layout.key('service-accounts')}",
        f"--root-ca-file={layout.crt('ca')}",
        f"--cluster-signing-cert-file={layout.crt('ca')}",
        f"--cluster-signing-key-file={layout.key('ca')}",
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
        "--profiling=false",
    ]


def _scheduler(layout: Layout) -> list[str]:
    return [
        *_secure("kube-scheduler", layout),
        *_client("kube-scheduler", layout),
        f"--config={layout.config('kube-scheduler.yaml')}",
    ]


def _kwok(layout: Layout) -> list[str]:
    return [
        f"--kubeconfig={layout.kubeconfig_of('kwok')}",
        f"--config={layout.config('kwok.yaml')}",
        f"--server-address={LOOPBACK}:{layout.ports['kwok']}",
        # At INFO a line for each renewed lease: 3 GB a day with 1,000 nodes.
        "--v=WARN",
    ]


def _release_nodes(layout: Layout) -> None:
    """Delete the leases of the simulated nodes.

    Each run of kwok is another holder, and waits up to 40 s until the leases of the one before have expired; until then
    no Pod of theirs starts or ends.
    """
    requests.api(layout, "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", "DELETE")


def _kueue(layout: Layout) -> list[str]:
    return [
        f"--kubeconfig={layout.kubeconfig_of('kueue')}",
        f"--config={layout.config('kueue.yaml')}",
        f"--cert-dir={layout.pki / 'kueue-webhook'}",
        f"--webhook-port={layout.ports['kueue-webhook']}",
        f"--health-port={layout.ports['kueue-health']}",
        f"--metrics-port={layout.ports['kueue-metrics']}",
    ]


def _secure(name: str, layout: Layout) -> list[str]:
    """Return what the Kubernetes servers share: where they listen, and with which certificate."""
    return [
        f"--bind-address={LOOPBACK}",
        f"--secure-port={layout.ports[name]}",
        f"--tls-cert-file={layout.crt(name)}",
        f"--tls-private-key-file={layout.key(name)}",
    ]


def _client(name: str, layout: Layout) -> list[str]:
    """Return what makes a Kubernetes server ask the API server about those who call it."""
    path = layout.kubeconfig_of(name)
    return [f"--authentication-kubeconfig={path}", f"--authorization-kubeconfig={path}"]


def _serving(name: str) -> Certificate:
    return Certificate(name=name, user=name, serves=True)


COMPONENTS = (
    Component(
        name="etcd",
        ports=("etcd", "etcd-peer", "etcd-metrics"),
        # /health on the metrics address, since the client address wants a certificate of etcd's own authority.
        probe=Probe(port="etcd-metrics", path="/health", scheme="http"),
        arguments=_etcd,
        certificates=(Certificate(name="etcd", user="etcd", authority="etcd-ca", serves=True),),
    ),
    Component(
        name="kube-apiserver",
        needs=("etcd",),
        ports=("kube-apiserver",),
        probe=Probe(port="kube-apiserver", path="/readyz", client="admin"),
        arguments=_apiserver,
        certificates=(
            ADMIN,
            _serving("kube-apiserver"),
            Certificate(name="kube-apiserver-etcd", user="kube-apiserver", authority="etcd-ca"),
            Certificate(name="front-proxy-client", user="front-proxy-client", authority="front-proxy-ca"),
        ),
    ),
    Component(
        name="kube-controller-manager",
        needs=("kube-apiserver",),
        ports=("kube-controller-manager",),
        probe=Probe(port="kube-controller-manager", path="/healthz"),
        arguments=_controller_manager,
        certificates=(_serving("kube-controller-manager"),),
        identity=Certificate(name="kube-controller-manager-client", user="system:kube-controller-manager"),
    ),
    Component(
        name="kube-scheduler",
        needs=("kube-apiserver",),
        ports=("kube-scheduler",),
        probe=Probe(port="kube-scheduler", path="/readyz"),
        arguments=_scheduler,
        files=configs.scheduler,
        certificates=(_serving("kube-scheduler"),),
        identity=Certificate(name="kube-scheduler-client", user="system:kube-scheduler"),
    ),
    Component(
        name="kwok",
        needs=("access",),
        ports=("kwok",),
        probe=Probe(port="kwok", path="/healthz", scheme="http"),
        arguments=_kwok,
        files=configs.kwok,
        before=_release_nodes,
        identity=Certificate(name="kwok-client", user="lab:kwok"),
    ),
    Component(
        name="kueue",
        needs=("access", "crds"),
        ports=("kueue-webhook", "kueue-health", "kueue-metrics"),
        probe=Probe(port="kueue-health", path="/readyz", scheme="http"),
        arguments=_kueue,
        files=configs.kueue,
        # The names that controller-runtime looks for in --cert-dir.
        certificates=(Certificate(name="kueue-webhook/tls", user="kueue-webhook", serves=True),),
        identity=Certificate(name="kueue-client", user="lab:kueue"),
        environment={"POD_NAMESPACE": "kueue-system"},
    ),
)
