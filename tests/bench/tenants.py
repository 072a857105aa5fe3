"""Stack files with many tenants and little else. Owns what is in them; not what is measured with it."""

from typing import Any


def sections_with(tenants: int) -> dict[str, Any]:
    """Return a stack file's sections: one pool of one node, and tenants with a small part of it each."""
    return {
        "environment": {"purpose": "lab", "owner": "platform-team"},
        "cluster": {"backend": "simulated", "resembles": "aws", "region": "us-east-1", "zones": ["us-east-1a"]},
        "pools": {"cpu": {"vcpu": 8, "memory": "32Gi", "nodes": {"min": 1, "max": 1}}},
        "tenants": {
            f"team-{number}": {
                "groups": {"admins": [f"leads-{number}"], "users": [f"team-{number}"]},
                "quota": {"pools": {"cpu": {"cpu": 1, "memory": "2Gi"}}, "storage": "10Gi"},
            }
            for number in range(tenants)
        },
    }
