"""Tenants: teams with a namespace, limits, a network and roles of their own."""

from components.tenancy.roles import TenantRoles
from components.tenancy.tenant import Tenant, TenantArgs

__all__ = ["Tenant", "TenantArgs", "TenantRoles"]
