"""The live Spark UI as it runs: real nginx and real oauth2-proxy with the files and arguments of the program.

What differs from a cluster is where each listens, since all of them share this machine's addresses, the issuer's URL,
which has no TLS here, and the name server.
"""

import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import reduce
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from ipaddress import IPv4Network
from pathlib import Path
from urllib.parse import urlsplit

from components.spark_ui import routes
from components.spark_ui.settings import LiveUiSettings
from components.spark_ui.team_proxy import login_arguments
from local_cluster.ports import free_port, free_ports
from tests.live_ui.cluster_services import Driver, driver
from tests.live_ui.company_login import CLIENT, CLIENT_SECRET, CompanyLogin
from tests.open_id import serving
from tests.telemetry.process import wait_until

HOST = "spark-ui.company.test"
TEAMS = {"sales": "data-sales", "search": "data-search"}
SETTINGS = LiveUiSettings(
    host=HOST,
    certificate_arn="arn:aws:acm:us-east-1:222222222222:certificate/0a1b",
    allowed_cidrs=(IPv4Network("10.0.0.0/8"),),
    issuer_url="https://login.company.test",
    client_id=CLIENT,
    groups=TEAMS,
)
_SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    """What a browser got in the end.

    Args:
        status: of the last answer.
        path: that it was asked for.
        text: of the page.
        cookies: names of the cookies that were set on the way.
    """

    status: int
    path: str
    text: str
    cookies: tuple[str, ...]


class Browser:
    """A person's browser: follows redirects, keeps cookies by host and path, and hands none to others."""

    def __init__(self, front: int, login: CompanyLogin) -> None:
        self._front, self._login = front, urlsplit(login.issuer).port
        self._jar: dict[str, tuple[str, str]] = {}

    def open(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a page of the host, and go wherever it leads."""
        url, seen = f"https://{HOST}{path}", []
        for _ in range(10):
            parts = urlsplit(url)
            is_page = parts.hostname == HOST
            answer = self._ask(parts.path, parts.query, method, is_page, headers)
            for text in answer.headers.get_all("Set-Cookie", []) if is_page else ():
                (morsel,) = SimpleCookie(text).values()
                self._jar[morsel.key] = (morsel["path"] or "/", morsel.value)
                seen.append(morsel.key)
            target = answer.headers.get("Location")
            if target is None:
                return Answer(answer.status, parts.path, answer.read().decode(), tuple(seen))
            url = target if "//" in target else f"https://{HOST}{target}"
        raise AssertionError(f"{path} leads nowhere, at last to {url}")

    def _ask(self, path: str, query: str, method: str, is_page: bool, headers: Mapping[str, str]) -> HTTPResponse:
        connection = HTTPConnection("127.0.0.1", self._front if is_page else self._login, timeout=_SECONDS)
        own = {"Host": HOST, **headers} if is_page else {}
        cookies = [f"{name}={value}" for name, (below, value) in self._jar.items() if path.startswith(below)]
        if is_page and cookies:
            own["Cookie"] = "; ".join(cookies)
        connection.request(method, f"{path}?{query}" if query else path, headers=own)
        return connection.getresponse()


@dataclass(frozen=True)
class Scene:
    """Everything that runs.

    Args:
        login: the company's.
        driver: of every application that there is.
        front: port of the first nginx.
    """

    login: CompanyLogin
    driver: Driver
    front: int

    def person(self, *groups: str) -> Browser:
        """A browser in which nobody is logged in yet, of a person with some groups."""
        self.login.groups = list(groups)
        return Browser(self.front, self.login)


@contextmanager
def scene(programs: Mapping[str, Path], applications: set[str]) -> Iterator[Scene]:
    """The pages of all teams.

    Args:
        programs: coredns, nginx and oauth2-proxy.
        applications: names of the Services of applications that run, each with its namespace behind a dot.
    """
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="moka-")))
        login = stack.enter_context(serving(CompanyLogin([])))
        driven = stack.enter_context(driver())
        dns, front, *logins = free_ports(2 + len(TEAMS))
        stack.enter_context(_name_server(programs["coredns"], home / "dns", applications, dns))
        text = routes.front_configuration(TEAMS).replace(f"listen {routes.FRONT_PORT}", f"listen {front}")
        for (team, group), port in zip(TEAMS.items(), logins, strict=True):
            router = free_port()
            own = routes.router_configuration(team, f"127.0.0.1:{dns}")
            own = own.replace(f"127.0.0.1:{routes.ROUTER_PORT}", f"127.0.0.1:{router}")
            own = own.replace(f":{routes.UI_PORT}$page", f":{driven.port}$page")
            stack.enter_context(_nginx(programs["nginx"], home / team, own, router))
            moved = {
                SETTINGS.issuer_url: login.issuer,
                f"0.0.0.0:{routes.LOGIN_PORT}": f"127.0.0.1:{port}",
                f"127.0.0.1:{routes.ROUTER_PORT}": f"127.0.0.1:{router}",
            }
            arguments = login_arguments(SETTINGS, team, group)
            stack.enter_context(_login(programs["oauth2-proxy"], home / team, arguments, moved, port))
            name = f"{routes.proxy_name(team)}.{routes.NAMESPACE}.svc.cluster.local:{routes.LOGIN_PORT}"
            assert name in text
            text = text.replace(name, f"127.0.0.1:{port}")
        stack.enter_context(_nginx(programs["nginx"], home / "front", text, front))
        yield Scene(login, driven, front)


@contextmanager
def _name_server(program: Path, home: Path, applications: set[str], port: int) -> Iterator[None]:
    """Answers that Services of applications are on this machine, and that there are no others."""
    home.mkdir()
    hosts = "".join(f"127.0.0.1 {each}.svc.cluster.local\n" for each in sorted(applications))
    (home / "hosts").write_text(hosts)
    ready = free_port()
    file = home / "Corefile"
    file.write_text(f".:{port} {{\n bind 127.0.0.1\n hosts {home}/hosts\n ready 127.0.0.1:{ready}\n}}\n")
    with _running([str(program), "-conf", str(file)], home / "dns.log", ready, "/ready"):
        yield


@contextmanager
def _nginx(program: Path, home: Path, text: str, port: int) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    file = home / "nginx.conf"
    # Several of them share the scratch directory that each has for itself in its pod.
    file.write_text(text.replace(" /tmp/", f" {home}/"))
    with _running([str(program), "-c", str(file), "-g", "daemon off;"], home / "nginx.log", port, routes.HEALTH):
        yield


@contextmanager
def _login(program: Path, home: Path, arguments: Sequence[str], moved: Mapping[str, str], port: int) -> Iterator[None]:
    """oauth2-proxy with its arguments, in which addresses are others here."""
    secrets = {"OAUTH2_PROXY_CLIENT_SECRET": CLIENT_SECRET, "OAUTH2_PROXY_COOKIE_SECRET": "0123456789abcdef"}
    here = [reduce(lambda word, each: word.replace(*each), moved.items(), argument) for argument in arguments]
    with _running([str(program), *here], home / "login.log", port, "/ready", secrets):
        yield


@contextmanager
def _running(
    command: list[str], log: Path, port: int, path: str, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=dict(environment or {}))
    try:
        wait_until(command[0], _SECONDS, lambda: _is_well(port, path), lambda: f"{process.poll()}: {log.read_text()}")
        yield
    finally:
        process.terminate()
        process.wait()


def _is_well(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
