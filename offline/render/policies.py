"""Policy documents as JSON objects, by the kind of policy they are.

identity: what a role may do; trust: who may take a role; bucket, vpce, key, repository, queue, topic: who may use a
resource. Those of the organisation, scp and rcp, belong to no resource and stand in `offline.isolation.environment`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from offline.checks.policy_document import DOCUMENTS


def policy_documents(resources: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    """File name and document for each policy of a deployment; the name is the resource's logical name."""
    for resource in resources:
        property_name, kind = DOCUMENTS.get(resource["type"], ("", ""))
        document = resource.get("inputs", {}).get(property_name)
        name = resource["urn"].rsplit("::", 1)[-1].replace("/", "-")
        if document:
            yield f"iam/{kind}/{name}.json", as_document(document)
        for inline in resource.get("inputs", {}).get("inlinePolicies") or []:
            yield f"iam/identity/{name}-{inline['name']}.json", as_document(inline["policy"])


def as_document(document: Any) -> Any:
    """The document as an object; resources hold it as JSON text."""
    return json.loads(document) if isinstance(document, str) else document
