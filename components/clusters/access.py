"""The Kubernetes provider of a cluster that is reached by kubeconfig. Owns its settings; not the cluster."""

import pulumi
import pulumi_kubernetes as k8s


def kubernetes_provider(
    name: str, *, stack: str, kubeconfig: pulumi.Input[str], context: str | None, opts: pulumi.ResourceOptions
) -> k8s.Provider:
    """Return an explicit provider, so that nothing is ever applied to whatever cluster a shell points at.

    ``clusterIdentifier`` makes a changed address an update: without it, a moved port replaces every object on the
    cluster. The kubeconfig is a secret.
    """
    return k8s.Provider(
        name,
        k8s.ProviderArgs(
            kubeconfig=pulumi.Output.secret(kubeconfig),
            context=context,
            cluster_identifier=f"gpu-platform/{stack}",
            enable_server_side_apply=True,
        ),
        opts,
    )
