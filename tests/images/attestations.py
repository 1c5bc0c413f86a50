"""What BuildKit says of an image beside it: how it was made, and what is in it.

Source: BuildKit documentation, "Image attestation storage".
"""

import json
import subprocess
from typing import Any

from components.images.image import repository_of
from local_cluster.programs.project import Programs

PROVENANCE, CONTENTS = "https://slsa.dev/provenance/v1", "https://spdx.dev/Document"


def attested(programs: Programs, reference: str, architecture: str) -> dict[str, Any]:
    """Predicates of an image's attestations, by their type.

    Args:
        programs: crane among them.
        reference: of the index.
        architecture: amd64 or arm64.

    Raises:
        AssertionError: when one is about something else than that image.
    """
    repository = repository_of(reference)

    def crane(verb: str, name: str) -> Any:
        command = [str(programs["crane"]), verb, name]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

    listed = crane("manifest", reference)["manifests"]
    (image,) = [each["digest"] for each in listed if each["platform"]["architecture"] == architecture]
    (beside,) = [
        each["digest"] for each in listed if (each.get("annotations") or {}).get("vnd.docker.reference.digest") == image
    ]
    found = {}
    for layer in crane("manifest", f"{repository}@{beside}")["layers"]:
        statement = crane("blob", f"{repository}@{layer['digest']}")
        assert {f"sha256:{each['digest']['sha256']}" for each in statement["subject"]} == {image}
        found[statement["predicateType"]] = statement["predicate"]
    return found
