"""Whose service account token it is, as the cluster's API server says.

Source: Kubernetes API reference, TokenReview v1.
"""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TIMEOUT_SECONDS = 10
_POD_NAME, _POD_UID = "authentication.kubernetes.io/pod-name", "authentication.kubernetes.io/pod-uid"


class TokenReviewError(Exception):
    """The API server does not answer, or not as it should."""


@dataclass(frozen=True)
class Pod:
    """Whom a service account token is of."""

    namespace: str
    service_account: str
    name: str = ""
    uid: str = ""


# Tells whose token it is for an audience; None where it is nobody's.
Reviewer = Callable[[str, str], Pod | None]


class ApiServerReviewer:
    """Asks the API server.

    Args:
        server: its address, such as https://127.0.0.1:6443.
        authority: file of the cluster's authority.
        token: gives a token of somebody who may review tokens.
    """

    def __init__(self, server: str, authority: Path, token: Callable[[], str]) -> None:
        self._url = f"{server.rstrip('/')}/apis/authentication.k8s.io/v1/tokenreviews"
        self._context = ssl.create_default_context(cafile=str(authority))
        self._token = token

    def __call__(self, token: str, audience: str) -> Pod | None:
        """Whose a token is."""
        body = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenReview",
            "spec": {"token": token, "audiences": [audience]},
        }
        headers = {"Authorization": f"Bearer {self._token()}", "Content-Type": "application/json"}
        request = urllib.request.Request(self._url, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS, context=self._context) as answer:
                return _pod(json.load(answer).get("status", {}), audience)
        except (urllib.error.URLError, ValueError, OSError) as problem:
            raise TokenReviewError(f"the API server at {self._url} reviewed no token: {problem}") from problem


def _pod(status: dict[str, Any], audience: str) -> Pod | None:
    user = status.get("user", {})
    kind, _, name = user.get("username", "").partition("system:serviceaccount:")
    if not status.get("authenticated") or audience not in status.get("audiences", []) or kind or not name:
        return None
    namespace, _, service_account = name.partition(":")
    extra = {key: values[0] for key, values in (user.get("extra") or {}).items() if values}
    return Pod(namespace, service_account, extra.get(_POD_NAME, ""), extra.get(_POD_UID, ""))
