"""Downloads Pulumi's official release for this machine and checks it against the published checksums.

Source: https://github.com/pulumi/pulumi/releases; each release holds one archive a platform and a checksum file.
"""

from pathlib import Path

from offline.progress import Say
from offline.release_download import Release, download, this_platform

RELEASES = "https://github.com/pulumi/pulumi/releases/download"

_ARCHITECTURES = {"amd64": "x64", "arm64": "arm64"}


def download_pulumi(place: Path, version: str, report: Say, releases: str = RELEASES) -> None:
    """Put the release's programs into `place/bin`.

    Raises:
        MissingToolError: when the release can't be reached, has no archive for this machine, or does not match its
            checksum.
    """
    checksums = f"pulumi-{version}-checksums.txt"
    download(Release(f"{releases}/v{version}", archive_name(version), checksums, "pulumi"), place, report)


def archive_name(version: str) -> str:
    """The release's archive for this machine."""
    system, architecture = this_platform()
    return f"pulumi-v{version}-{system}-{_ARCHITECTURES[architecture]}.tar.gz"
