"""The company's login: an OpenID Connect provider that lets in whoever comes, as one person with some groups.

Source: OpenID Connect Core 1.0, "Authentication using the Authorization Code Flow"; RFC 7636, whose challenge it
checks.
"""

import base64
import hashlib
import secrets
import time
from typing import Any
from urllib.parse import urlencode

from tests.open_id import Provider

CLIENT, CLIENT_SECRET = "spark-ui", "secret-of-the-client"


class CompanyLogin(Provider):
    """The provider.

    Args:
        groups: of the person who logs in; may be changed in between.
    """

    def __init__(self, groups: list[str]) -> None:
        super().__init__()
        self.groups = groups
        self._codes: dict[str, dict[str, str]] = {}

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
            "aud": CLIENT,
            "sub": "person",
            "email": "person@company.test",
            "email_verified": True,
            "groups": self.groups,
            "iat": now,
            "exp": now + 3600,
            **({"nonce": asked["nonce"]} if "nonce" in asked else {}),
        }
        return {
            "access_token": "access",
            "token_type": "Bearer",
            "expires_in": 3600,
            "id_token": self.signed(claims),
        }
