"""The company's login: an OpenID Connect provider that lets in whoever comes, as one person with some groups.

Source: OpenID Connect Core 1.0, "Authentication using the Authorization Code Flow"; OpenID Connect Discovery 1.0;
RFC 7636, whose challenge it checks.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, CLIENT_SECRET = "spark-ui", "secret-of-the-client"


class CompanyLogin:
    """The provider.

    Args:
        groups: of the person who logs in; may be changed in between.
    """

    def __init__(self, groups: list[str]) -> None:
        self.groups = groups
        self.issuer = ""
        self._key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self._codes: dict[str, dict[str, str]] = {}

    def document(self) -> dict[str, Any]:
        """What discovery says."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> dict[str, Any]:
        """Its public key."""
        return {"keys": [self._key.as_dict(private=False)]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes with a code."""
        code = secrets.token_urlsafe()
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, given: dict[str, str]) -> dict[str, Any]:
        """Tokens for a code, once, for whoever asked for it."""
        asked = self._codes.pop(given["code"])
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "person",
            "email": "person@company.test",
            "email_verified": True,
            "groups": self.groups,
            "iat": now,
            "exp": now + 3600,
            **({"nonce": asked["nonce"]} if "nonce" in asked else {}),
        }
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self._key)
        return {"access_token": "access", "token_type": "Bearer", "expires_in": 3600, "id_token": token}


@contextmanager
def serving(login: CompanyLogin) -> Iterator[CompanyLogin]:
    """The provider on a port of its own while the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, asked = urlsplit(self.path), parse_qs(urlsplit(self.path).query)
            if path.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", login.authorize({key: value[0] for key, value in asked.items()}))
                self.end_headers()
            elif path.path == "/keys":
                self._answer(login.keys())
            else:
                self._answer(login.document())

        def do_POST(self) -> None:
            given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._answer(login.token({key: value[0] for key, value in given.items()}))

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
        login.issuer = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield login
        finally:
            server.shutdown()
