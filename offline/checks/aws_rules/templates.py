"""What a node makes of its launch template's user data: MIME parts, and NodeConfig documents for nodeadm.

Field names are those of nodeadm's v1alpha1 API and of KubeletConfiguration v1beta1 in Kubernetes 1.35; both are decoded
strictly, so a misspelt field stops the node from joining. Leaves out the values of fields, and Bottlerocket's TOML.

Source: awslabs/amazon-eks-ami, nodeadm/api/v1alpha1; kubernetes/kubelet, config/v1beta1/types.go.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from email import message_from_string
from typing import Any

import yaml

from offline.checks.aws_rules.known import known_names
from offline.checks.aws_rules.node_groups import TEMPLATE
from offline.checks.aws_rules.subject import Subject
from offline.checks.finding import Finding

USER_DATA = "userData"
MOST_BYTES = 16 * 1024
_NODE_CONFIG = "application/node.eks.aws"
_VERSION = "node.eks.aws/v1alpha1"
_EC2 = "Amazon EC2 user guide, Instance user data"
_NODEADM = "awslabs/amazon-eks-ami, nodeadm API v1alpha1"
_MULTIPART = "Amazon EKS user guide, Customize managed nodes with launch templates"

# What nodeadm knows, by path; a path that is missing here takes any keys.
_FIELDS: dict[str, frozenset[str]] = {
    "": frozenset({"apiVersion", "kind", "metadata", "spec"}),
    "spec": frozenset({"cluster", "containerd", "featureGates", "instance", "kubelet"}),
    "spec.cluster": frozenset({"apiServerEndpoint", "certificateAuthority", "cidr", "enableOutpost", "id", "name"}),
    "spec.containerd": frozenset({"baseRuntimeSpec", "config"}),
    "spec.instance": frozenset({"environment", "localStorage", "network"}),
    "spec.instance.localStorage": frozenset({"disabledMounts", "mountPath", "strategy"}),
    "spec.kubelet": frozenset({"config", "flags"}),
    "spec.kubelet.config": known_names("kubelet_fields"),
}
_STRATEGIES = ("Mount", "RAID0", "RAID10")


def user_data_boots_a_node(template: Subject) -> Iterator[Finding]:
    """Base64, small enough, and MIME where it holds NodeConfig documents."""
    encoded = template.get(USER_DATA)
    if encoded is None:
        return
    try:
        raw = base64.b64decode(encoded, validate=True)
        text = raw.decode()
    except (binascii.Error, UnicodeDecodeError):
        yield template.finding(USER_DATA, "must be base64", "Amazon EC2 API, RequestLaunchTemplateData", "Encode it")
        return
    if len(raw) > MOST_BYTES:
        rule = f"has {len(raw)} bytes, more than {MOST_BYTES}"
        yield template.finding(USER_DATA, rule, _EC2, "Shorten it, or fetch a file at boot", text)
    if "multipart/" in text.split("\n\n")[0]:
        yield from _parts(template, text)
    elif text.lstrip().startswith("apiVersion") or _VERSION in text:
        yield from _node_config(template, text)


def node_configs(template: Subject) -> Iterator[Mapping[str, Any]]:
    """The NodeConfig documents of a template whose user data is right; one that is wrong has findings of its own."""
    encoded = template.get(USER_DATA)
    if encoded is None or any(user_data_boots_a_node(template)):
        return
    for part in message_from_string(base64.b64decode(encoded).decode()).walk():
        content = part.get_payload(decode=True)
        if part.get_content_type() == _NODE_CONFIG and isinstance(content, bytes):
            yield yaml.safe_load(content)


def _parts(template: Subject, text: str) -> Iterator[Finding]:
    parts = message_from_string(text)
    if not parts.is_multipart() or parts.defects:
        rule = "is no MIME message whose boundary parts it"
        yield template.finding(
            USER_DATA, rule, _MULTIPART, "Open each part with --boundary, end with --boundary--", text
        )
        return
    for part in parts.walk():
        kind, content = part.get_content_type(), part.get_payload(decode=True)
        if part.is_multipart() or not isinstance(content, bytes):
            continue
        if kind == _NODE_CONFIG:
            yield from _node_config(template, content.decode())
        elif not kind.startswith("text/"):
            rule = f"holds a part of type {kind}, which neither nodeadm nor cloud-init reads"
            yield template.finding(USER_DATA, rule, _MULTIPART, f"Write {_NODE_CONFIG} or text/x-shellscript", kind)


def _node_config(template: Subject, text: str) -> Iterator[Finding]:
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        yield template.finding(USER_DATA, f"holds no YAML: {error}", _NODEADM, "Correct the NodeConfig", text)
        return
    if not isinstance(document, Mapping):
        yield template.finding(USER_DATA, "holds no NodeConfig object", _NODEADM, "Correct the NodeConfig", text)
        return
    for key, expected in (("apiVersion", _VERSION), ("kind", "NodeConfig")):
        if document.get(key) != expected:
            rule = f"must have {key} {expected} in its NodeConfig"
            yield template.finding(
                USER_DATA, rule, _NODEADM, f"Write {key}: {expected}", document.get(key) or "nothing"
            )
    for path, key in _unknown_fields("", document):
        rule = f"has a field {key!r} in {path or 'its NodeConfig'} that is not known there"
        yield template.finding(USER_DATA, rule, _NODEADM, "Correct the field's name or place", key)
    strategy = _at(document, "spec.instance.localStorage.strategy")
    if strategy is not None and strategy not in _STRATEGIES:
        rule = f"must have one of {', '.join(_STRATEGIES)} as localStorage.strategy"
        yield template.finding(USER_DATA, rule, _NODEADM, "Choose one of them", strategy)


def _unknown_fields(path: str, value: Any) -> Iterator[tuple[str, str]]:
    known = _FIELDS.get(path)
    if known is None or not isinstance(value, Mapping):
        return
    for key, item in value.items():
        if key not in known:
            yield path, str(key)
        yield from _unknown_fields(f"{path}.{key}" if path else str(key), item)


def _at(value: Any, path: str) -> Any:
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


RULES = {TEMPLATE: (user_data_boots_a_node,)}
