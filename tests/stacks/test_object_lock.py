"""Object Lock in an environment that exists: it is turned on in place, and there is no way back."""

from pathlib import Path

import pytest

from offline.errors import OfflineError
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.deployment import type_of
from tests.stacks.project_copy import copy_of_project, set_settings

LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"


def test_a_lock_that_comes_later_changes_buckets_in_place_and_stays(stacks: StacksThatAreUp, tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project")
    engine = stacks.copied("dev", tmp_path / "home", project)
    set_settings(project, "dev", {"log_buckets/versioned": True, "log_buckets/object_lock_days": 14})
    locked = engine.up("dev")
    assert {(each.operation, type_of(each.urn)) for each in locked.changed} == {
        ("create", LOCK),
        ("update", VERSIONING),
    }
    assert not engine.preview("dev").has_changes

    set_settings(project, "dev", {"log_buckets/object_lock_days": None})
    with pytest.raises(OfflineError, match="Amazon S3 does not turn Object Lock off"):
        engine.preview("dev")
