"""Makes the tables of EC2 instance types that settings are judged by, from the answers of AWS that moto carries.

`python -m tools.instance_types` writes them; `make facts` runs it. moto's maintainers record Amazon EC2's answers to
DescribeInstanceTypes and DescribeInstanceTypeOfferings in each Region. cfn-lint's lists of types are the same for every
Region, and botocore's has names alone. Leaves out types with accelerators, for which the standard AMI has no drivers,
and Macs.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from components.cluster.instance_type import COLUMNS, OFFERINGS, TABLE, Architecture, InstanceType, family_of
from components.regions import SERVED
from offline.providers.aws.recorded import offered_in, recorded

ARCHITECTURES: tuple[Architecture, ...] = ("x86_64", "arm64")
ACCELERATORS = ("FpgaInfo", "GpuInfo", "InferenceAcceleratorInfo", "MediaAcceleratorInfo", "NeuronInfo")
# Trainium, although EC2's answer for it lacks NeuronInfo.
ALSO_ACCELERATED = ("trn2u.",)


def instance_type(described: Mapping[str, Any]) -> InstanceType | None:
    """A row of the table; None for a type that is left out.

    Args:
        described: one of DescribeInstanceTypes' answers.
    """
    name, network = described["InstanceType"], described["NetworkInfo"]
    storage = described.get("InstanceStorageInfo", {})
    has_nvme = storage.get("NvmeSupport", "unsupported") != "unsupported"
    supported = described["ProcessorInfo"]["SupportedArchitectures"]
    architecture: Architecture | None = next((each for each in ARCHITECTURES if each in supported), None)
    if architecture is None or name.startswith(ALSO_ACCELERATED) or any(each in described for each in ACCELERATORS):
        return None
    card = network["NetworkCards"][network["DefaultNetworkCardIndex"]]
    return InstanceType(
        name=name,
        architecture=architecture,
        vcpus=described["VCpuInfo"]["DefaultVCpus"],
        memory_mib=described["MemoryInfo"]["SizeInMiB"],
        # The VPC CNI uses the first network card alone.
        interfaces=card["MaximumNetworkInterfaces"],
        addresses=network["Ipv4AddressesPerInterface"],
        # Bare metal has no hypervisor, and its network interfaces are Nitro cards.
        is_nitro=described["BareMetal"] or described.get("Hypervisor") == "nitro",
        has_nvme=has_nvme,
        nvme_gb=storage["TotalSizeInGB"] if has_nvme else 0,
    )


def all_types() -> dict[str, InstanceType]:
    """Every row of the table by its type's name."""
    rows = map(instance_type, recorded("instance_types.json.gz").values())
    return {row.name: row for row in sorted((row for row in rows if row), key=lambda row: row.name)}


def offerings(types: Iterable[str], regions: Iterable[str]) -> dict[str, list[str]]:
    """What each Region offers: a family's name where it offers all of it, else the types by name.

    Args:
        types: names of the table's types.
        regions: names of Regions.
    """
    families: dict[str, set[str]] = {}
    for name in types:
        families.setdefault(family_of(name), set()).add(name)
    found: dict[str, list[str]] = {}
    for region in regions:
        answer = offered_in(region)
        if answer is None:
            raise ValueError(f"moto has no record of what {region} offers: it can't be served")
        found[region] = [
            name
            for family, sizes in sorted(families.items())
            for name in ([family] if sizes <= answer else sorted(sizes & answer))
        ]
    return found


def written(types: Mapping[str, InstanceType]) -> str:
    """The table as its file holds it."""
    text = io.StringIO()
    text.write(f"# Amazon EC2's DescribeInstanceTypes, as moto {version('moto')} records it. Made by make facts.\n")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows([getattr(row, column) for column in COLUMNS] for row in types.values())
    return text.getvalue()


def main() -> None:
    """Write both files."""
    types = all_types()
    TABLE.write_text(written(types))
    OFFERINGS.write_text(json.dumps(offerings(types, SERVED), indent=1) + "\n")


if __name__ == "__main__":
    main()
