"""KWOK, by its releases on GitHub (kubernetes-sigs/kwok)."""

from pathlib import Path

from local_cluster.programs.build import Build, SourceChange
from local_cluster.programs.project import Project, released
from offline.go_build import MODULES, GoProgram
from offline.progress import Say
from offline.release_download import GITHUB, download_program, this_platform

# renovate: datasource=go depName=sigs.k8s.io/kwok
_VERSION = "0.7.0"
_MODULE = "sigs.k8s.io/kwok"


def _kwok_release(place: Path, report: Say) -> None:
    system, architecture = this_platform()
    address = f"{GITHUB}/kubernetes-sigs/kwok/releases/download/v{_VERSION}/kwok-{system}-{architecture}"
    download_program(address, f"{address}.sha256", place / "bin" / "kwok", report)


# KWOK is built with the control plane's version of Kubernetes' libraries, which most of both is. That version, like its
# API server, has dropped an annotation that KWOK looks for at the end of a list that it streams.
_BLUEPRINT = "metav1.InitialEventsListBlueprintAnnotationKey"
_CHANGE = SourceChange(
    "pkg/utils/informer/informer.go",
    f"""\
					base64EncodedInitialEventsListBlueprint := meta.GetAnnotations()[{_BLUEPRINT}]
					if len(base64EncodedInitialEventsListBlueprint) == 0 {{
						return fmt.Errorf("%q annotation is missing content", {_BLUEPRINT})
					}}
""",
    "",
)
_PROGRAM = GoProgram(
    "kwok",
    MODULES / "kwok",
    f"{_MODULE}/cmd/kwok",
    f"-X {_MODULE}/pkg/consts.Version=v{_VERSION}",
    "about half a minute after the control plane",
)
_BUILD = Build(_VERSION, [_PROGRAM], changed=_MODULE, changes=[_CHANGE])

KWOK = Project("kwok", ("kwok",), [released(_VERSION, _kwok_release), _BUILD.way()])
