"""Names and identifiers that the emulated clouds make up.

They are derived by hash from the resource's URN, so a repeated run gives the same ones; `salt` is the identifier of
the resource that is being replaced, so that a replacement never looks like what it replaces.
"""

import hashlib


def digest(urn: str, salt: str = "") -> str:
    """128 lower-case hexadecimal characters for one resource and purpose."""
    return hashlib.sha512(f"{urn}\n{salt}".encode()).hexdigest()


def automatic_name(logical_name: str, urn: str, salt: str, length: int) -> str:
    """The logical name, a hyphen and `length` hexadecimal characters, as Pulumi's providers name resources.

    Source: https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
    """
    return f"{logical_name}-{digest(urn, 'name' + salt)[:length]}"


def urn_name(urn: str) -> str:
    """The logical name at the end of a URN."""
    return urn.rsplit("::", 1)[-1]


def urn_type(urn: str) -> str:
    """The resource's own type token, without its parents' types."""
    return urn.split("::")[2].rsplit("$", 1)[-1]
