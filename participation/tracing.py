"""Traces of turns, for an OpenTelemetry collector: which part took how long. Never what was said, nor by whom.

Off, and costing next to nothing, unless an address is set. OpenTelemetry's provider is kept to ourselves and not made
that of the whole process: rasa-sdk would write the ids of conversations into spans of its own.
"""

import contextlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from participation.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Span, Tracer

HEADER = "traceparent"
SERVICE = "samenspel"
RASA = "rasa"
SEND_SECONDS, LAST_SECONDS = 5.0, 2.0
"""How long is tried to send some spans, and how long the last ones when the process stops."""


@dataclass
class _Tracing:
    """What a process makes spans with."""

    tracer: "Tracer"
    rasa: "Tracer"
    """In the name of Rasa, which can not make its own."""
    next_id: "_GivenId"


class _GivenId:
    """Gives the next span of Rasa the id that Rasa has told already to the actions."""

    def __init__(self) -> None:
        self.span = 0

    def generate_span_id(self) -> int:
        return self.span

    def generate_trace_id(self) -> int:
        raise AssertionError("a span of Rasa is always part of a turn")

    def is_trace_id_random(self) -> bool:
        return True


class Part:
    """A part of a turn, while it lasts."""

    def __init__(self, span: "Span | None" = None) -> None:
        self._span = span
        self._has_failed = False

    def say(self, **facts: str) -> None:
        """Add facts about it: names of our own, never anything of a resident."""
        if self._span is not None:
            self._span.set_attributes({f"{SERVICE}.{name}": fact for name, fact in facts.items()})

    def failed(self, kind: str) -> None:
        """Say that it failed, by the name of the kind of fault: its text may hold what a resident wrote.

        What was said first holds.
        """
        if self._span is not None and not self._has_failed:
            from opentelemetry.trace import Status, StatusCode

            self._has_failed = True
            self._span.set_status(Status(StatusCode.ERROR))
            self._span.set_attribute("error.type", kind)


_NO_PART = Part()
_tracing: _Tracing | None = None


@contextlib.contextmanager
def kept(settings: Settings, part: str) -> Iterator[None]:
    """Send the traces of this process to the collector that is set, if any, for as long as the block lasts.

    A collector that is away does not keep this process from stopping: what it did not take then is lost.
    """
    if not settings.traces_url:
        yield
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    exporter = OTLPSpanExporter(settings.traces_url, timeout=SEND_SECONDS)
    hurry = threading.Timer(LAST_SECONDS, exporter.shutdown)  # the library itself would try for half a minute
    with contextlib.ExitStack() as stack:
        stack.callback(hurry.cancel)
        stack.enter_context(made(BatchSpanProcessor(exporter), part))
        stack.callback(hurry.start)
        yield


@contextlib.contextmanager
def made(processor: "SpanProcessor", part: str) -> Iterator[None]:
    """Hand all spans of this process to a processor for as long as the block lasts."""
    global _tracing
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider

    def tracer(name: str, ids: "_GivenId | None" = None) -> "Tracer":
        resource = Resource({SERVICE_NAME: f"{SERVICE}-{name}"})
        provider = TracerProvider(resource=resource, id_generator=ids, shutdown_on_exit=False)  # type: ignore[arg-type]
        provider.add_span_processor(processor)
        return provider.get_tracer(SERVICE)

    next_id = _GivenId()
    _tracing = _Tracing(tracer(part), tracer(RASA, next_id), next_id)
    try:
        yield
    finally:
        _tracing = None
        processor.shutdown()


def part(name: str) -> contextlib.AbstractContextManager[Part]:
    """Make a span of a block, below the one that runs."""
    return _span(name, None) if _tracing is not None else contextlib.nullcontext(_NO_PART)


def part_of(carried: str | None, name: str) -> contextlib.AbstractContextManager[Part]:
    """Make a span of a block below one that runs elsewhere, by the header that came from there; without it, none."""
    return _span(name, carried) if _tracing is not None and carried else contextlib.nullcontext(_NO_PART)


@contextlib.contextmanager
def _span(name: str, carried: str | None) -> Iterator[Part]:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    assert _tracing is not None  # noqa: S101  (both callers looked)
    context = TraceContextTextMapPropagator().extract({HEADER: carried}) if carried else None
    with _tracing.tracer.start_as_current_span(
        name, context=context, record_exception=False, set_status_on_exception=False
    ) as span:
        running = Part(span)
        try:
            yield running
        except BaseException as error:
            running.failed(type(error).__name__)
            raise


def headers() -> dict[str, str]:
    """What to send along so that others go on with the trace; nothing when there is none."""
    carrier: dict[str, str] = {}
    if _tracing is not None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        TraceContextTextMapPropagator().inject(carrier)
    return {HEADER: carrier[HEADER]} if HEADER in carrier else {}


def of_rasa(told: Mapping[str, Any] | None) -> None:
    """Make the span of what Rasa said it did, below the one that runs. What is not understood is left out."""
    if _tracing is None or not told:
        return
    try:
        own, began, ended = int(told["deel"], 16), int(told["begin"]), int(told["eind"])
    except (KeyError, TypeError, ValueError):
        return
    if not (0 < own < 2**64 and 0 < began <= ended < 2**64):
        return
    _tracing.next_id.span = own
    _tracing.rasa.start_span(RASA, start_time=began).end(ended)
