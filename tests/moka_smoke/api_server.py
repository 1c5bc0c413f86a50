"""An API server that knows a few kinds and remembers what it was asked, on a port of this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

_LISTS: dict[str, Any] = {
    "/version": {"major": "1", "minor": "35"},
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {
        "kind": "APIGroupList",
        "groups": [
            {
                "name": "sparkoperator.k8s.io",
                "versions": [{"groupVersion": "sparkoperator.k8s.io/v1beta2", "version": "v1beta2"}],
                "preferredVersion": {"groupVersion": "sparkoperator.k8s.io/v1beta2", "version": "v1beta2"},
            }
        ],
    },
}


def _resources(group: str, **kinds: str) -> dict[str, Any]:
    made = [
        {"name": name, "kind": kind, "namespaced": True, "verbs": ["create", "get", "list", "delete"]}
        for name, kind in kinds.items()
    ]
    return {"kind": "APIResourceList", "groupVersion": group, "resources": made}


_LISTS["/api/v1"] = _resources("v1", pods="Pod", services="Service", configmaps="ConfigMap")
_LISTS["/apis/sparkoperator.k8s.io/v1beta2"] = _resources(
    "sparkoperator.k8s.io/v1beta2", sparkapplications="SparkApplication"
)


class ApiServer:
    """A server with what tests put into `answers`: path to an object, or to a status and a message."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = dict(_LISTS)
        self.asked: list[tuple[str, str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(size).decode()
                outer.asked.append((self.command, self.path, self.headers.get("Authorization", "")))
                found = outer.answers.get(self.path.partition("?")[0], (404, "not found"))
                status, content = found if isinstance(found, tuple) else (200, found)
                if status != 200:
                    content = {"kind": "Status", "message": content, "code": status}
                if self.command == "POST":
                    content = json.loads(body)
                sent = content.encode() if isinstance(content, str) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - http.server has them so

            def log_message(self, format: str, *args: Any) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def kubeconfig(self, place: Path, *contexts: str) -> str:
        """A file with a context and a token for each name; the first is the current one."""
        content = {
            "current-context": contexts[0],
            "clusters": [{"name": "here", "cluster": {"server": self.url}}],
            "users": [{"name": each, "user": {"token": f"token-of-{each}"}} for each in contexts],
            "contexts": [{"name": each, "context": {"cluster": "here", "user": each}} for each in contexts],
        }
        file = place / "kubeconfig"
        file.write_text(yaml.safe_dump(content))
        return str(file)

    def stop(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
