"""Whether a server answers yet."""

import http.client
import ssl
import urllib.error
import urllib.request
from pathlib import Path

_SECONDS = 2.0


def answers(url: str, authority: Path | None = None, client: tuple[Path, Path] | None = None) -> bool:
    """Whether a URL is answered with success.

    Args:
        url: of a health check.
        authority: file of the authority that signed the server's certificate.
        client: files of a client's certificate and key.
    """
    context = None
    if authority is not None:
        context = ssl.create_default_context(cafile=str(authority))
        if client is not None:
            context.load_cert_chain(*client)
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS, context=context):
            return True
    except (urllib.error.URLError, http.client.HTTPException, OSError):
        return False
