"""Requests to the lab's servers, without a client library.

Owns TLS towards the lab's own authority. It does not own what an answer means to whom.
"""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from tools.lab.layout import LOOPBACK, Layout
from tools.lab.records import Probe

TIMEOUT = 30


def healthy(layout: Layout, probe: Probe) -> bool:
    """Tell whether a health endpoint answers, and well."""
    return request(layout, probe)[0] == HTTPStatus.OK


def api(layout: Layout, path: str, method: str = "GET", body: Mapping[str, Any] | None = None) -> tuple[int, str]:
    """Ask the API server as the administrator; a PATCH is a server-side apply."""
    kind = "application/apply-patch+yaml" if method == "PATCH" else "application/json"
    return request(layout, Probe(port="kube-apiserver", path=path, client="admin"), method, kind, body)


def request(
    layout: Layout,
    target: Probe,
    method: str = "GET",
    kind: str = "application/json",
    body: Mapping[str, Any] | None = None,
) -> tuple[int, str]:
    """Return status and text of the answer; status 0 where there is none."""
    port = layout.ports[target.port]
    connection = (
        http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT)
        if target.scheme == "http"
        else http.client.HTTPSConnection(LOOPBACK, port, timeout=TIMEOUT, context=_context(layout, target.client))
    )
    try:
        connection.request(method, target.path, None if body is None else json.dumps(body), {"Content-Type": kind})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


def _context(layout: Layout, client: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(layout.crt("ca")))
    if client is not None:
        context.load_cert_chain(layout.crt(client), layout.key(client))
    return context
