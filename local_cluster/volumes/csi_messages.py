"""The messages that a kubelet and a CSI driver exchange.

Sources: container-storage-interface/spec, csi.proto (csi.v1); k8s.io/kubelet, pkg/apis/pluginregistration/v1/api.proto.
"""

from local_cluster.rpc_messages import FLAG, MANY, ONE, TEXT, message_classes

_CLASSES = message_classes(
    "moka.csi",
    {
        "Empty": (),
        "PluginInfo": (
            ("type", 1, TEXT, ONE),
            ("name", 2, TEXT, ONE),
            ("endpoint", 3, TEXT, ONE),
            ("supported_versions", 4, TEXT, MANY),
        ),
        "NodeGetInfoResponse": (("node_id", 1, TEXT, ONE),),
        "NodePublishVolumeRequest": (
            ("volume_id", 1, TEXT, ONE),
            ("target_path", 4, TEXT, ONE),
            ("readonly", 6, FLAG, ONE),
        ),
        "NodeUnpublishVolumeRequest": (("volume_id", 1, TEXT, ONE), ("target_path", 2, TEXT, ONE)),
    },
)

EMPTY = _CLASSES["Empty"]
PLUGIN = _CLASSES["PluginInfo"]
NODE_INFO = _CLASSES["NodeGetInfoResponse"]
PUBLISH = _CLASSES["NodePublishVolumeRequest"]
UNPUBLISH = _CLASSES["NodeUnpublishVolumeRequest"]
