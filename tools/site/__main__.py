"""`python -m tools.site build [DIR]` writes the site; `python -m tools.site serve` shows it on this machine."""

import argparse
import functools
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from offline.errors import MissingToolError
from offline.progress import say
from tools.site.build import ROOT, build
from tools.site.pages import SiteError

_ADDRESS = "127.0.0.1"


def main() -> None:
    """Run one verb; exit with 1 and a message where the site can't be built."""
    options = _parser().parse_args()
    try:
        build(options.out, say)
    except (SiteError, MissingToolError) as error:
        sys.exit(str(error))
    say(f"{options.out.resolve()} has the site")
    if options.verb == "serve":
        _serve(options.out, options.port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.site", description="The documentation's site.")
    parser.add_argument("verb", choices=("build", "serve"), help="write it, or write it and show it on this machine")
    parser.add_argument("out", nargs="?", type=Path, default=ROOT / "build" / "site", help="directory (build/site)")
    parser.add_argument("--port", type=int, default=8000, help="that shows it (%(default)s)")
    return parser


def _serve(directory: Path, port: int) -> None:
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(directory))
    with ThreadingHTTPServer((_ADDRESS, port), handler) as server:
        say(f"http://{_ADDRESS}:{port} shows it; end it with Ctrl-C")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("Stopped.")


if __name__ == "__main__":
    main()
