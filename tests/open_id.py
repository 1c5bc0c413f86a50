"""An OpenID Connect provider on this machine: what discovery says, its key, and tokens that it signs.

Source: OpenID Connect Discovery 1.0.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


class Provider:
    """The provider, whose `issuer` is its address while it is served; nobody can log in at this one."""

    def __init__(self) -> None:
        self.issuer = ""
        self._key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})

    def signed(self, claims: Mapping[str, Any]) -> str:
        """A token with some claims beside the issuer's."""
        return jwt.encode({"alg": "RS256", "kid": "one"}, {"iss": self.issuer, **claims}, self._key)

    def document(self) -> dict[str, Any]:
        """What discovery says."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code", "id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> dict[str, Any]:
        """Its public key."""
        return {"keys": [self._key.as_dict(private=False)]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes that asks for a login."""
        raise NotImplementedError(asked)

    def token(self, given: dict[str, str]) -> dict[str, Any]:
        """What is answered to whoever brings what the browser was given."""
        raise NotImplementedError(given)


Served = TypeVar("Served", bound=Provider)


@contextmanager
def serving(provider: Served) -> Iterator[Served]:
    """A provider on a port of its own while the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path)
            if path.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(dict(parse_qsl(path.query))))
                self.end_headers()
            else:
                self._answer(provider.keys() if path.path == "/keys" else provider.document())

        def do_POST(self) -> None:
            given = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(provider.token(dict(parse_qsl(given))))

        def _answer(self, document: dict[str, Any]) -> None:
            content = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield provider
        finally:
            server.shutdown()
