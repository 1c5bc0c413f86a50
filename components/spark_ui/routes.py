"""Which request goes where: the configuration files of both kinds of nginx, as pure functions of teams' names.

A team's applications lie under `/spark-<team>/<application>/`. An application of the Spark Operator has a Service
`<application>-ui-svc`; one of spark-submit has `<name>-driver-svc`, and is named with that ending. Spark puts the path
before every link when a header tells it, and not before the targets of redirects, which are rewritten here.

Source: apache/spark, UIUtils.scala, uiRoot, and SparkUI.scala (tried with Spark 4.1.2); kubeflow/spark-operator v2.5,
pkg/util/sparkapplication.go, GetDefaultUIServiceName; nginx documentation, ngx_http_proxy_module.
"""

from collections.abc import Iterable

from components.teams.names import namespace_of

NAMESPACE = "spark-ui"
FRONT = "spark-ui"
FRONT_PORT = 8080
LOGIN_PORT = 4180
# Of the router beside each login, on the pod's loopback address.
ROUTER_PORT = 8081
HEALTH = "/healthz"
UI_PORT = 4040
FILE = "nginx.conf"
CLUSTER_DNS = "kube-dns.kube-system.svc.cluster.local"

_COMMON = """pid /tmp/nginx.pid;
error_log /dev/stderr warn;
events {}
http {
  access_log /dev/stdout;
  server_tokens off;
  # The browser knows the host and that it speaks TLS; this server does not.
  absolute_redirect off;
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  proxy_http_version 1.1;
"""


def proxy_name(team: str) -> str:
    """Name of a team's proxy."""
    return f"{FRONT}-{team}"


def front_configuration(teams: Iterable[str]) -> str:
    """The first nginx: a team's path goes to the team's own proxy, and nothing else anywhere.

    Args:
        teams: names of teams.
    """
    locations = "".join(
        f"    location /{namespace_of(team)}/ {{\n"
        f"      proxy_pass http://{proxy_name(team)}.{NAMESPACE}.svc.cluster.local:{LOGIN_PORT};\n"
        "      proxy_set_header Host $host;\n"
        "    }\n"
        for team in sorted(teams)
    )
    return (
        f"{_COMMON}  server {{\n"
        f"    listen {FRONT_PORT};\n"
        f"    location = {HEALTH} {{ access_log off; return 200; }}\n"
        f"{locations}"
        "    location / { return 404; }\n"
        "  }\n"
        "}\n"
    )


def router_configuration(team: str, dns: str = CLUSTER_DNS) -> str:
    """The nginx behind a team's login: each application's page is its driver's, to read and not to act on.

    What people log in with stays here: an application is its author's code, and could use the cookies of others.

    Args:
        team: the team's name.
        dns: what resolves names of Services; nginx asks the pod's resolver for it when it starts.
    """
    space = namespace_of(team)
    application = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
    return (
        f"{_COMMON}  map $application $service {{\n"
        '    "~-driver-svc$" $application;\n'
        "    default $application-ui-svc;\n"
        "  }\n"
        "  server {\n"
        f"    listen 127.0.0.1:{ROUTER_PORT};\n"
        f"    resolver {dns} valid=10s ipv6=off;\n"
        f"    location = {HEALTH} {{ access_log off; return 200; }}\n"
        f'    location ~ "^/{space}/(?<application>{application})$" {{ return 302 /{space}/$application/; }}\n'
        # Spark ends jobs and stages on GET too.
        f'    location ~ "^/{space}/.*/kill/?$" {{ return 403; }}\n'
        f'    location ~ "^/{space}/(?<application>{application})(?<page>/.*)$" {{\n'
        "      limit_except GET { deny all; }\n"
        f"      proxy_pass http://$service.{space}.svc.cluster.local:{UI_PORT}$page$is_args$args;\n"
        f"      proxy_redirect ~^https?://[^/]+(/.*)$ /{space}/$application$1;\n"
        f"      proxy_set_header X-Forwarded-Context /{space}/$application;\n"
        '      proxy_set_header Cookie "";\n'
        '      proxy_set_header Authorization "";\n'
        "      proxy_hide_header Set-Cookie;\n"
        "    }\n"
        "    location / { return 404; }\n"
        "  }\n"
        "}\n"
    )
