"""Alertmanager with amtool: the official release of the deployed version, or built from its own sources.

Debian's package is no way: its server reads its templates from a fixed place outside the package's directory.
Source: https://github.com/prometheus/alertmanager/releases
"""

from functools import partial

from components.images.table import ALERTMANAGER as IMAGE
from local_cluster.images.programs.prometheus import release
from local_cluster.programs.build import Build, SourceChange
from local_cluster.programs.project import Project, released
from offline.go_build import MODULES, GoProgram

MODULE = MODULES / "alertmanager"
PROGRAMS = ("alertmanager", "amtool")
VERSION = IMAGE.tag.removeprefix("v")

_IMPORT_PATH = "github.com/prometheus/alertmanager"
_LINKED = f"-X github.com/prometheus/common/version.Version={VERSION}"
# The server embeds a web page that its module lacks, because it is built with tools of another language.
_PAGE = SourceChange(
    "ui/app/dist/index.html",
    "",
    "<!doctype html><title>Alertmanager</title><p>Built without its web page; the API is there.</p>",
)

_BUILD = Build(
    VERSION,
    [GoProgram(name, MODULE, f"{_IMPORT_PATH}/cmd/{name}", _LINKED, "about a minute on 2 cores") for name in PROGRAMS],
    changed=_IMPORT_PATH,
    changes=[_PAGE],
)

ALERTMANAGER = Project(
    "alertmanager", PROGRAMS, [released(VERSION, partial(release, "alertmanager", VERSION)), _BUILD.way()]
)
