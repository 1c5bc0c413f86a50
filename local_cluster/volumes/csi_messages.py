"""The messages that a kubelet and a CSI driver exchange, with the fields in use; others are read over.

Sources: container-storage-interface/spec, csi.proto (csi.v1); k8s.io/kubelet, pkg/apis/pluginregistration/v1/api.proto.
"""

from collections.abc import Mapping
from typing import Any

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

_TEXT, _FLAG = FieldDescriptorProto.TYPE_STRING, FieldDescriptorProto.TYPE_BOOL
_ONE, _MANY = FieldDescriptorProto.LABEL_OPTIONAL, FieldDescriptorProto.LABEL_REPEATED

_PACKAGE = "moka.csi"
# Name, number, type and label of each field.
_MESSAGES: Mapping[str, tuple[tuple[str, int, Any, Any], ...]] = {
    "Empty": (),
    "PluginInfo": (
        ("type", 1, _TEXT, _ONE),
        ("name", 2, _TEXT, _ONE),
        ("endpoint", 3, _TEXT, _ONE),
        ("supported_versions", 4, _TEXT, _MANY),
    ),
    "NodeGetInfoResponse": (("node_id", 1, _TEXT, _ONE),),
    "NodePublishVolumeRequest": (
        ("volume_id", 1, _TEXT, _ONE),
        ("target_path", 4, _TEXT, _ONE),
        ("readonly", 6, _FLAG, _ONE),
    ),
    "NodeUnpublishVolumeRequest": (("volume_id", 1, _TEXT, _ONE), ("target_path", 2, _TEXT, _ONE)),
}


def _pool() -> DescriptorPool:
    file = FileDescriptorProto(name="csi.proto", package=_PACKAGE, syntax="proto3")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind, label in fields:
            message.field.add(name=field, number=number, type=kind, label=label)
    pool = DescriptorPool()
    pool.Add(file)
    return pool


_POOL = _pool()


def _class(name: str) -> type[Any]:
    return GetMessageClass(_POOL.FindMessageTypeByName(f"{_PACKAGE}.{name}"))


EMPTY = _class("Empty")
PLUGIN = _class("PluginInfo")
NODE_INFO = _class("NodeGetInfoResponse")
PUBLISH = _class("NodePublishVolumeRequest")
UNPUBLISH = _class("NodeUnpublishVolumeRequest")
