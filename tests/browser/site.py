"""A site that is not ours, on an origin of its own, with the widget in it."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Site:
    """What a municipality serves: one page with a style sheet, under a Content-Security-Policy if it has one."""

    script: str
    body: str = "<h1>Site</h1>"
    css: str = ""
    policy: str = ""


@contextlib.contextmanager
def served(site: Site) -> Iterator[str]:
    """Serve it; gives the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, site: Site, *arguments: object) -> None:
        self.site = site
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        is_style = self.path == "/site.css"
        page = (
            "<!doctype html><html lang=nl><title>Gemeente</title><link rel=icon href=data:,>"
            f"<link rel=stylesheet href=/site.css>{self.site.body}{self.site.script}"
        )
        self.send_response(200)
        self.send_header("Content-Type", f"text/{'css' if is_style else 'html'}; charset=utf-8")
        if self.site.policy:
            self.send_header("Content-Security-Policy", self.site.policy)
        self.end_headers()
        self.wfile.write((self.site.css if is_style else page).encode())

    def log_message(self, *_: object) -> None:
        """Stay quiet."""
