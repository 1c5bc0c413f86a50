"""Credentials where settings and configuration should be: they are refused, and no message shows one.

Stack files are committed, a state remembers settings, and messages end in the logs of pipelines. So none of them holds
a credential: settings name the Secret that does (docs/secrets.md). What is recognised is what issuers give a form of
its own, and what stands under a name that says so. Leaves out keys without any form, such as 32 hexadecimal digits,
which identifiers of services have as well.

Sources, by kind: RFC 3986 (userinfo), RFC 7468, RFC 7519; AWS IAM user guide, "Understanding unique ID prefixes";
GitHub documentation, "About authentication to GitHub", token formats; GitLab documentation, "Token overview", token
prefixes; Slack API documentation, "Token types" and "Sending messages using incoming webhooks".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from components.model import Violation
from components.settings_tree import texts

HIDDEN = "[hidden]"
ENCRYPTED = "secure"
_FORMS = {
    "an access key of AWS": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----[^-]*(?:-----END [A-Z0-9 ]+-----)?"),
    "a URL with a password": re.compile(r"//[^/\s:@]*:[^/\s@]+@"),
    "a URL with a credential in its query": re.compile(
        r"[?&][\w-]*(?:token|secret|password|signature|sig|key)=[^&\s]+", re.IGNORECASE
    ),
    "a JSON Web Token": re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"),
    "a token of GitHub": re.compile(r"\b(?:gh[opsur]_|github_pat_)\w{22,}"),
    "a token of GitLab": re.compile(r"\bglpat-[\w-]{20,}"),
    "a token of Slack": re.compile(r"\bx(?:ox[a-z]|app|wfp)-[\w-]{10,}"),
    "the address of an incoming webhook": re.compile(r"\b(?:hooks\.slack\.com|[\w.-]+\.webhook\.office\.com)/[\w/@-]+"),
}
_NAMES = re.compile(
    r"secret|passw|passphrase|token|credential|cookie|webhook|(?:api|access|private|routing|auth)[._-]?key",
    re.IGNORECASE,
)


def forms_of(text: str) -> list[str]:
    """What in a text looks like a credential, by kind."""
    return [kind for kind, form in _FORMS.items() if form.search(text)]


def without_credentials(text: str) -> str:
    """The text with a mark for everything in it that looks like a credential."""
    for form in _FORMS.values():
        text = form.sub(HIDDEN, text)
    return text


def is_for_a_secret(name: str) -> bool:
    """Whether one expects a secret under a name, or the name of one."""
    return _NAMES.search(name) is not None


def _may_be_one(path: Sequence[str], text: str) -> bool:
    # Whoever knows where a secret lies does not know it.
    return any(map(is_for_a_secret, path)) and not text.startswith("arn:aws")


def redacted(path: Sequence[str], value: object) -> Any:
    """A value as a message may show it: texts under names of secrets, and what looks like a credential, are hidden.

    Args:
        path: keys above the value.
        value: any JSON.
    """
    if isinstance(value, Mapping):
        return {key: redacted([*path, key], item) for key, item in cast(Mapping[str, Any], value).items()}
    if isinstance(value, (list, tuple)):
        return [redacted(path, item) for item in cast(Sequence[Any], value)]
    if not isinstance(value, str):
        return value
    return HIDDEN if _may_be_one(path, value) else without_credentials(value)


def rules_of_credentials(tree: object) -> Iterable[Violation]:
    """Nothing in a settings tree looks like a credential.

    Args:
        tree: the settings as JSON holds them.
    """
    for path, text in texts(tree):
        for kind in forms_of(text):
            yield _refused(path, f"must not be {kind}")


def rules_of_configuration(
    configuration: Mapping[str, Any], settings: str, *, is_encrypted: bool = False
) -> Iterable[Violation]:
    """No settings are encrypted, and no other configuration of a stack holds a secret in plain text.

    Args:
        configuration: `config` of the stack's file.
        settings: the key of the settings, whose texts have rules of their own.
        is_encrypted: whether the run was given settings of which some were, whatever the file says.
    """
    encrypted = [path[:-1] for path, _ in texts(configuration) if path[-1] == ENCRYPTED]
    in_settings = [path[1:] for path in encrypted if path[0] == settings]
    for path in in_settings or ([()] if is_encrypted else []):
        yield _refused(path or (settings,), "must not be encrypted")
    for path, text in texts(configuration):
        is_plain = path[0] != settings and path[:-1] not in encrypted
        if is_plain and (_may_be_one(path, text) or forms_of(text)):
            yield _refused(path, "must not be a secret in plain text")


def _refused(path: Sequence[str], rule: str) -> Violation:
    return Violation(
        ".".join(path),
        HIDDEN,
        rule,
        "stack files are committed and the state remembers settings, which then hold it in objects and logs as well",
        "name a Secret of Kubernetes or AWS Secrets Manager that holds it, as docs/secrets.md says; "
        "replace a credential that was committed",
    )
