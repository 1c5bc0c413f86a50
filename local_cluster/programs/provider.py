"""Pulumi's Kubernetes provider, by its releases on GitHub (pulumi/pulumi-kubernetes).

The release is that of the installed Python package. What is built is older, and says so by its version.
"""

from collections.abc import Mapping
from importlib.metadata import version as installed_version
from pathlib import Path

from local_cluster.programs.build import Build, SourceChange
from local_cluster.programs.project import Project, released
from offline.go_build import MODULES, GoProgram, module_source
from offline.progress import Say
from offline.release_download import GITHUB, Release, download, this_platform

# The newest whose sources the module proxy has: a commit after 4.24, from the middle of January 2026.
_BUILT_VERSION = "4.25.0"
_MODULE = "github.com/pulumi/pulumi-kubernetes/provider/v4"
_PROGRAM = "pulumi-resource-kubernetes"
_YAML = "pkg/provider/yaml/v2/yaml.go"
_FILES = ("schema.json", "terraform-mapping.json")
_CHANGES = (
    # It waits for a bound claim to become pending again, five minutes and in vain, whenever one is changed.
    # Mended in 4.26: https://github.com/pulumi/pulumi-kubernetes/pull/4181
    SourceChange(
        "pkg/await/awaiters.go",
        "return phase == string(corev1.ClaimPending)",
        "return phase == string(corev1.ClaimPending) || phase == string(corev1.ClaimBound)",
    ),
    # Components of YAML and charts register an object as the type that Pulumi's Go SDK has for its kind. Nothing looks
    # at that type afterwards, and compiling all of them is most of what a build takes.
    SourceChange(
        _YAML,
        '\tyamlv2 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/yaml/v2"\n',
        "",
    ),
    SourceChange(
        _YAML,
        "res, err := yamlv2.RegisterResource(ctx, apiVersion, kind, resourceName, "
        "kubernetes.UntypedArgs(obj.Object), resourceOpts...)",
        "res := &struct{ pulumi.CustomResourceState }{}\n"
        '\terr := ctx.RegisterResource(fmt.Sprintf("kubernetes:%s:%s", apiVersion, kind), resourceName, '
        "kubernetes.UntypedArgs(obj.Object), res, resourceOpts...)",
    ),
)


def _provider_release(place: Path, report: Say) -> None:
    system, architecture = this_platform()
    release = installed_version("pulumi-kubernetes")
    address = f"{GITHUB}/pulumi/pulumi-kubernetes/releases/download/v{release}"
    archive = f"{_PROGRAM}-v{release}-{system}-{architecture}.tar.gz"
    download(Release(address, archive, f"pulumi-kubernetes_{release}_checksums.txt"), place, report)


def _provider_files(cache: Path, report: Say) -> Mapping[str, Path]:
    """Files that the provider reads, which its module carries and its own build embeds."""
    source = module_source(MODULES / "pulumi_kubernetes", _MODULE, cache, report)
    return {name: source / "cmd" / _PROGRAM / name for name in _FILES}


PROVIDER = Project(
    "pulumi-kubernetes",
    (_PROGRAM,),
    [
        released(installed_version("pulumi-kubernetes"), _provider_release),
        Build(
            _BUILT_VERSION,
            [
                GoProgram(
                    _PROGRAM,
                    MODULES / "pulumi_kubernetes",
                    link_flags=f"-X main.version={_BUILT_VERSION}",
                    duration="about 2 minutes after the control plane",
                )
            ],
            _provider_files,
            _MODULE,
            _CHANGES,
        ).way(),
    ],
)
