"""The programs of the live Spark UI's proxies, as tests have them.

nginx is Debian's, whose version is older than the image's; oauth2-proxy is built from its module.
"""

from functools import partial

from components.images.table import OAUTH2_PROXY as IMAGE
from local_cluster.programs.build import Build
from local_cluster.programs.project import Project, Way
from offline.debian_package import unpack_package
from offline.go_build import MODULES, GoProgram

# Debian 12's; every directive of the files is older.
_OLDEST_NGINX = "1.22.1"
_MODULE = "github.com/oauth2-proxy/oauth2-proxy/v7"
_VERSION = IMAGE.tag.removeprefix("v")
_LINKED = f"-X {_MODULE}/pkg/version.VERSION={IMAGE.tag}"

NGINX = Project(
    "nginx",
    ("nginx",),
    [Way("debian", _OLDEST_NGINX, partial(unpack_package, "nginx", {"nginx": "usr/sbin/nginx"}, _OLDEST_NGINX))],
)
OAUTH2_PROXY = Project(
    "oauth2-proxy",
    ("oauth2-proxy",),
    [
        Build(
            _VERSION,
            [GoProgram("oauth2-proxy", MODULES / "oauth2_proxy", _MODULE, _LINKED, "about a minute on 2 cores")],
        ).way()
    ],
)
