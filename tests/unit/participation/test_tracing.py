"""Traces leave for the collector that is set, and a collector that is away holds nobody up."""

import gzip
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from participation import tracing
from participation.settings import Settings
from tests.mail_server import free_port


class Collector(BaseHTTPRequestHandler):
    """Takes what is sent."""

    taken: list[tuple[str, ExportTraceServiceRequest]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.taken.append((self.path, ExportTraceServiceRequest.FromString(body)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[tuple[str, list[tuple[str, ExportTraceServiceRequest]]]]:
    """The address of one, and what it took."""
    Collector.taken = []
    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1/traces", Collector.taken
        server.shutdown()
        thread.join()


def test_what_was_traced_is_with_the_collector_when_the_process_has_stopped(
    collector: tuple[str, list[tuple[str, ExportTraceServiceRequest]]],
) -> None:
    address, taken = collector
    with tracing.kept(Settings(demo=True, traces_url=address), "web"):
        with tracing.part("beurt") as turn, tracing.part("rasa"):
            turn.say(uitkomst="antwoord")
            tracing.of_rasa({"deel": "b7ad6b7169203331", "begin": 1, "eind": 2})
        assert tracing.headers() == {}, "no part runs any more"
    found = {
        span.name: (resource.resource.attributes[0].value.string_value, span)
        for path, request in taken
        if path == "/v1/traces"
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
        if span.start_time_unix_nano > 1
    }
    assert {name: service for name, (service, _) in found.items()} == {
        "beurt": "samenspel-web",
        "rasa": "samenspel-web",
    }
    assert found["rasa"][1].parent_span_id == found["beurt"][1].span_id
    services = {one.resource.attributes[0].value.string_value for _, request in taken for one in request.resource_spans}
    assert services == {"samenspel-web", "samenspel-rasa"}
    with tracing.part("later") as later:
        assert later is tracing._NO_PART


def test_a_collector_that_is_away_holds_up_no_turn_and_no_stop() -> None:
    address = f"http://127.0.0.1:{free_port()}/v1/traces"
    began = time.monotonic()
    with tracing.kept(Settings(demo=True, traces_url=address), "web"):
        for _ in range(3000):  # more than wait for it
            with tracing.part("beurt"):
                pass
    assert time.monotonic() - began < 10, "Compose and Kubernetes give a process thirty seconds to stop"
