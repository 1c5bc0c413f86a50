"""Versions that follow the control plane's are refused when they don't."""

import pytest
from pydantic import ValidationError

from components.cluster.addon_versions import AddonVersions


@pytest.mark.parametrize("version", ["latest", "v1.22.4", "1.22.4-eksbuild.3"])
def test_an_add_on_version_is_exact(version: str) -> None:
    with pytest.raises(ValidationError):
        AddonVersions(vpc_cni=version)
