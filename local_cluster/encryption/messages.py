"""The messages that an API server and a plugin for its encryption exchange.

Source: k8s.io/kms, apis/v2/api.proto (v2.KeyManagementService).
"""

from local_cluster.rpc_messages import BYTES, ONE, TEXT, message_classes

SERVICE = "v2.KeyManagementService"
VERSION = "v2"

_CLASSES = message_classes(
    "moka.kms",
    {
        "StatusRequest": (),
        "StatusResponse": (("version", 1, TEXT, ONE), ("healthz", 2, TEXT, ONE), ("key_id", 3, TEXT, ONE)),
        "EncryptRequest": (("plaintext", 1, BYTES, ONE), ("uid", 2, TEXT, ONE)),
        "EncryptResponse": (("ciphertext", 1, BYTES, ONE), ("key_id", 2, TEXT, ONE)),
        "DecryptRequest": (("ciphertext", 1, BYTES, ONE), ("uid", 2, TEXT, ONE), ("key_id", 3, TEXT, ONE)),
        "DecryptResponse": (("plaintext", 1, BYTES, ONE),),
    },
)

STATUS_ASKED, STATUS = _CLASSES["StatusRequest"], _CLASSES["StatusResponse"]
ENCRYPT, ENCRYPTED = _CLASSES["EncryptRequest"], _CLASSES["EncryptResponse"]
DECRYPT, DECRYPTED = _CLASSES["DecryptRequest"], _CLASSES["DecryptResponse"]
