"""The API server's plugin over its socket: what one key encrypted no other decrypts, and the account names the key."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from moto.kms.models import kms_backends

from local_cluster.aws.deployment import Deployment
from local_cluster.aws.seed import Seed
from local_cluster.encryption import messages
from local_cluster.encryption.key_service import AWS_OWNED_KEY, KeyService, encryption_key
from local_cluster.rpc_server import serve
from tests.local_cluster.aws.cluster import ACCOUNT, REGION, cluster, resource

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
OTHER = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/99999999-2222-3333-4444-555555555555"
SEED = b"what the API server derives its keys from"
# An API server takes no ciphertext of a kilobyte, and its seeds have 32 bytes.
MOST_BYTES = 1024


class Plugin:
    """A plugin on a socket, asked in bytes as an API server sends them."""

    def __init__(self, directory: Path) -> None:
        self.key = KEY
        self.root = directory / "aws"
        self._socket = directory / "kms.sock"
        self.server = serve(self._socket, messages.SERVICE, KeyService(self.root, lambda: self.key).handlers)

    def ask(self, method: str, request: bytes = b"") -> bytes:
        with grpc.insecure_channel(f"unix://{self._socket}") as channel:
            return channel.unary_unary(f"/v2.KeyManagementService/{method}")(request, timeout=10)

    def encrypt(self, plaintext: bytes = SEED) -> Any:
        return messages.ENCRYPTED.FromString(self.ask("Encrypt", _field(1, plaintext) + _field(2, b"uid")))

    def decrypt(self, ciphertext: bytes, key: str) -> bytes:
        # Field 4, annotations, is read over.
        asked = _field(1, ciphertext) + _field(2, b"uid") + _field(3, key.encode()) + _field(4, _field(1, b"a"))
        return messages.DECRYPTED.FromString(self.ask("Decrypt", asked)).plaintext


def _field(number: int, content: bytes) -> bytes:
    length = len(content)
    size = bytes([length]) if length < 128 else bytes([length & 127 | 128, length >> 7])
    return bytes([number << 3 | 2]) + size + content


@pytest.fixture
def plugin() -> Iterator[Plugin]:
    """A plugin, in a directory with a short name: names of sockets are short."""
    directory = Path(tempfile.mkdtemp(prefix="moka-"))
    made = Plugin(directory)
    yield made
    made.server.stop(grace=None).wait()
    shutil.rmtree(directory)


def account(key: str = "") -> Deployment:
    """An account with a cluster, which has a key of its own where one is given."""
    made = cluster()
    if key:
        made["inputs"]["encryptionConfig"] = {"provider": {"keyArn": key}, "resources": ["secrets"]}
    return Deployment({"resources": [made]})


def test_the_status_says_the_version_that_all_is_well_and_the_key_under_the_numbers_of_the_protocol(
    plugin: Plugin,
) -> None:
    assert plugin.ask("Status") == _field(1, b"v2") + _field(2, b"ok") + _field(3, KEY.encode())


def test_what_was_encrypted_is_decrypted_and_is_never_the_same_twice(plugin: Plugin) -> None:
    first, second = plugin.encrypt(), plugin.encrypt()
    assert first.key_id == second.key_id == KEY
    assert first.ciphertext != second.ciphertext
    assert SEED not in first.ciphertext
    assert len(plugin.encrypt(bytes(32)).ciphertext) < MOST_BYTES
    assert [plugin.decrypt(each.ciphertext, KEY) for each in (first, second)] == [SEED, SEED]


def test_data_of_an_earlier_key_is_read_when_another_encrypts(plugin: Plugin) -> None:
    plugin.key = AWS_OWNED_KEY
    before = plugin.encrypt()
    plugin.key = KEY
    assert plugin.ask("Status").endswith(KEY.encode())
    assert plugin.encrypt().key_id == KEY
    assert plugin.decrypt(before.ciphertext, before.key_id) == SEED


def test_a_plugin_that_is_started_again_reads_what_the_one_before_it_wrote(plugin: Plugin) -> None:
    written = plugin.encrypt()
    again = KeyService(plugin.root, lambda: OTHER)
    asked = messages.DECRYPT(ciphertext=written.ciphertext, key_id=written.key_id)
    assert again.decrypt(asked).plaintext == SEED


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (lambda written: written, OTHER),
        (lambda written: written, AWS_OWNED_KEY),
        # The same key's id in another account: the whole name counts.
        (lambda written: written, KEY.replace(ACCOUNT, "222222222222")),
        (lambda written: written[:-1] + bytes([written[-1] ^ 1]), KEY),
        (lambda written: bytes([written[0] ^ 1]) + written[1:], KEY),
        (lambda _: b"", KEY),
        (lambda _: SEED, KEY),
    ],
)
def test_another_key_and_data_that_was_changed_are_refused_with_what_to_do(
    plugin: Plugin, spoil: Any, key: str
) -> None:
    ciphertext = spoil(plugin.encrypt().ciphertext)
    with pytest.raises(grpc.RpcError) as refused:
        plugin.decrypt(ciphertext, key)
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    told = refused.value.details() or ""
    assert told.startswith(f"key {key!r} does not decrypt {len(ciphertext)} bytes: ")
    assert f"{plugin.root / 'keys.secret'} is not the file" in told
    assert "or delete the cluster" in told


def test_another_file_of_keys_reads_nothing(plugin: Plugin) -> None:
    written = plugin.encrypt()
    (plugin.root / "keys.secret").write_bytes(bytes(32))
    with pytest.raises(grpc.RpcError, match=r"keys\.secret is not the file that its material came from"):
        plugin.decrypt(written.ciphertext, KEY)


def test_a_file_of_keys_that_can_not_be_read_is_a_fault_of_the_plugin(plugin: Plugin) -> None:
    (plugin.root / "keys.secret").mkdir(parents=True)
    with pytest.raises(grpc.RpcError) as failed:
        plugin.encrypt()
    assert failed.value.code() == grpc.StatusCode.INTERNAL
    assert "keys.secret" in (failed.value.details() or "")


def test_the_key_is_the_one_that_the_accounts_cluster_names_and_awss_own_before_it_names_any() -> None:
    assert encryption_key(Deployment({})) == AWS_OWNED_KEY
    assert encryption_key(account()) == AWS_OWNED_KEY
    assert encryption_key(account(KEY)) == KEY


def test_the_stacks_key_is_the_same_to_the_api_server_and_to_pods(plugin: Plugin) -> None:
    made = resource("aws:kms/key:Key", KEY.rpartition("/")[2], {}, arn=KEY, keyId=KEY.rpartition("/")[2])
    Seed(plugin.root).follow(Deployment({"resources": [cluster(), made]}))
    material = kms_backends[ACCOUNT][REGION].keys[KEY.rpartition("/")[2]].key_material
    written = plugin.encrypt()
    assert AESGCM(material).decrypt(written.ciphertext[:12], written.ciphertext[12:], KEY.encode()) == SEED
