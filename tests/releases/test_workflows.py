"""The workflows ask for fragments, and publish no release without its notes."""

from typing import Any

import yaml

from tests.releases.repository import PROJECT


def jobs(workflow: str) -> dict[str, Any]:
    return yaml.safe_load((PROJECT / ".github" / "workflows" / f"{workflow}.yaml").read_text())["jobs"]


def scripts(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


def test_a_pull_request_is_asked_for_a_fragment_since_it_branched_off() -> None:
    job = jobs("pull-request")["changelog"]
    assert job["if"] == "github.event_name == 'pull_request'"
    assert '-m releases check "$BASE"' in scripts(job)
    assert job["steps"][-1]["env"]["BASE"] == "${{ github.event.pull_request.base.sha }}"
    # Where it branched off is part of its history.
    assert job["steps"][0]["with"]["fetch-depth"] == 0


def test_a_release_is_published_with_the_notes_that_a_job_without_rights_has_written() -> None:
    release = jobs("release")
    assert release["notes"]["permissions"] == {"contents": "read"}
    assert '-m releases notes "$GITHUB_REF_NAME" --out build/notes' in scripts(release["notes"])
    assert set(release["publish"]["needs"]) == {"archive", "notes"}
    published = scripts(release["publish"])
    assert "notes/upgrade-notes.md" in published
    assert "--notes-file notes/notes.md" in published


def test_a_release_takes_nothing_from_a_cache() -> None:
    """Who could write into one could write into the release."""
    text = (PROJECT / ".github" / "workflows" / "release.yaml").read_text()
    assert "actions/cache" not in text
    assert "cache:" not in text
