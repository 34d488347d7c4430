"""Somebody else's web site: real HTTP on loopback, with calendars, tables and the search of Open Raadsinformatie.

The search answers by the records it is given, in the shape that Elasticsearch 7 has, and can be told what goes wrong.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PAYLOADS = Path(__file__).parent / "payloads" / "council"


def payload(name: str) -> list[dict[str, Any]]:
    """The records of one file in payloads/council/."""
    hits: list[dict[str, Any]] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))["hits"]
    return hits


@dataclass
class Page:
    """What an address answers. `promised` is a Content-Length longer than what is sent: the connection breaks off.
    `head_status` is for a site that answers HEAD otherwise than GET.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    promised: int | None = None
    head_status: int | None = None


@dataclass
class Site:
    """The pages, the records of Open Raadsinformatie by index, and what was asked."""

    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    spoil: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def put(self, path: str, text: str, **more: Any) -> str:
        """Put a text at an address, and return the address."""
        self.pages[path] = Page(text.encode(), **more)
        return f"{self.url}{path}"


def search(records: list[dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
    """Answer the two kinds of questions that we ask."""
    query, found = body["query"], records
    if "ids" in query:
        found = [hit for hit in records if hit["_id"] in query["ids"]["values"]]
    else:
        terms, between = (clause for clause in query["bool"]["filter"])
        ((moment, bounds),) = between["range"].items()
        found = [
            hit
            for hit in records
            if hit["_source"]["@type"] in terms["terms"]["@type"]
            and bounds["gte"] <= hit["_source"].get(moment, "") <= bounds["lte"] + "T99"
        ]
        found.sort(key=lambda hit: hit["_source"][moment], reverse=True)
    start = body.get("from", 0)
    shown = [
        {**hit, "_source": {name: hit["_source"][name] for name in body["_source"] if name in hit["_source"]}}
        for hit in found[start : start + body["size"]]
    ]
    return {
        "took": 3,
        "timed_out": False,
        "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
        "hits": {"total": {"value": len(found), "relation": "eq"}, "max_score": None, "hits": shown},
    }


@contextmanager
def serve() -> Iterator[Site]:
    """Run the site until the block ends."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            self._answer(site.pages.get(self.path, Page(b"not here", 404)))

        def do_HEAD(self) -> None:
            site.heads.append(self.path)
            page = site.pages.get(self.path, Page(b"not here", 404))
            self._answer(replace(page, status=page.head_status or page.status), body=False)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            site.asked.append(self.path)
            site.bodies.append(body)
            if self.path in site.pages:
                return self._answer(site.pages[self.path])
            index = self.path.strip("/").split("/")[-2]
            if index not in site.records:
                return self._answer(Page(b'{"error": {"type": "index_not_found_exception"}}', 404))
            answer = search(site.records[index], body) | site.spoil
            return self._answer(Page(json.dumps(answer).encode()))

        def _answer(self, page: Page, *, body: bool = True) -> None:
            time.sleep(page.delay)
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(page.promised or len(page.body)))
            self.end_headers()
            if body:
                self.wfile.write(page.body)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
