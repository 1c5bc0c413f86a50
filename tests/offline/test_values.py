"""Values of the protocol as Python has them."""

import random

from google.protobuf import struct_pb2

from offline.providers.values import from_struct


def test_properties_come_in_one_order_whatever_protobufs_is() -> None:
    names = [f"property-{number}" for number in range(50)]
    found = []
    for seed in range(3):
        shuffled = random.Random(seed).sample(names, len(names))
        struct = struct_pb2.Struct()
        struct.update({"tags": dict.fromkeys(shuffled, "x")})
        found.append(list(from_struct(struct)["tags"]))
    assert found == [sorted(names)] * 3
