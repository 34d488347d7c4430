"""One turn is one trace: gateway, Rasa and action, without anything that was said or anybody's id."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace as opentelemetry
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import ActionMens
from actions.guarded import Surroundings
from bot.gateway import Gateway
from bot.turn import Turn
from bot.visits import Opened
from nlu.components import trace
from participation import tracing
from participation.database import Database
from participation.settings import Settings
from tests.integration.bot.conftest import RasaDouble, always, said

WORDS = "Mijn buurman Jansen is boos."


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """What a collector would get."""
    exporter = InMemorySpanExporter()
    with tracing.made(SimpleSpanProcessor(exporter), "proef"):
        yield exporter


def tree(spans: InMemorySpanExporter) -> list[str]:
    """Each span with those above it, in the order of their beginnings."""
    found = {span.context.span_id: span for span in spans.get_finished_spans()}

    def path(span: ReadableSpan) -> str:
        above = found.get(span.parent.span_id) if span.parent else None
        return f"{path(above)} > {span.name}" if above else span.name

    return [path(span) for span in sorted(found.values(), key=lambda one: one.start_time)]


@pytest.fixture
def with_action(rasa: RasaDouble, database: Database, settings: Settings, now: Any) -> list[dict[str, Any]]:
    """Let the double pass a trace on as the channel does, and have a real action answer; gives what it was told."""
    told: list[dict[str, Any]] = []

    async def behave(turn: dict[str, Any]) -> tuple[int, bytes]:
        passed = trace.read(rasa.traces[-1], now=time.time_ns)
        metadata = {**turn["metadata"], **({trace.KEY: passed.carried} if passed else {})}
        latest = {"intent": {"name": "mens"}, "metadata": metadata}
        told.append(metadata)
        dispatcher = CollectingDispatcher()
        tracker = Tracker(turn["gesprek"], {}, latest, [], False, None, {}, "action_listen")
        await ActionMens(Surroundings(database, settings, lambda: now)).run(dispatcher, tracker, {})
        answer = {"berichten": [message["custom"] for message in dispatcher.messages]}
        return 200, json.dumps({**answer, trace.TOLD: passed.told()} if passed else answer).encode()

    rasa.behaviour = behave
    return told


@pytest.mark.usefixtures("with_action")
async def test_a_turn_is_one_trace_through_all_parts(
    gateway: Gateway, opened: Opened, spans: InMemorySpanExporter
) -> None:
    answer = await gateway.handle(Turn(opened.conversation_id, "een", text=WORDS))
    assert answer[0].body["soort"] != "fout"
    assert tree(spans) == [
        "beurt",
        "beurt > wachten",
        "beurt > opslaan",
        "beurt > opslaan",
        "beurt > rasa",
        "beurt > rasa > vraag aan rasa",
        "beurt > rasa > vraag aan rasa > rasa",
        "beurt > rasa > vraag aan rasa > rasa > action_mens",
        "beurt > opslaan",
    ]
    found = spans.get_finished_spans()
    assert len({span.context.trace_id for span in found}) == 1
    services = {span.name: span.resource.attributes["service.name"] for span in found if span.name != "rasa"}
    assert set(services.values()) == {"samenspel-proef"}
    assert "samenspel-rasa" in {span.resource.attributes["service.name"] for span in found}
    [turn] = [span for span in found if span.name == "beurt"]
    assert dict(turn.attributes or {}) == {"samenspel.kanaal": "web", "samenspel.uitkomst": "antwoord"}


@pytest.mark.usefixtures("with_action")
async def test_nothing_that_was_said_and_nobodys_id_is_in_a_trace(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, spans: InMemorySpanExporter
) -> None:
    await gateway.handle(Turn(opened.conversation_id, "een", text=WORDS))
    rasa.behaviour = always(500, b"")
    await gateway.handle(Turn(opened.conversation_id, "twee", text=WORDS))
    told = " ".join(span.to_json() for span in spans.get_finished_spans())
    resident = rasa.turns[0]["metadata"]["inwoner"]
    assert [private for private in ("Jansen", str(opened.conversation_id), resident) if private in told] == []
    failed = [span for span in spans.get_finished_spans() if not span.status.is_ok and "error.type" in span.attributes]
    assert [(span.name, dict(span.attributes)["error.type"], span.events) for span in failed] == [
        ("vraag aan rasa", "HTTPStatusError", ()),
        ("rasa", "RasaUnavailable", ()),
    ]


async def test_without_a_collector_nothing_is_sent_along_or_made(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, with_action: list[dict[str, Any]]
) -> None:
    await gateway.handle(Turn(opened.conversation_id, "een", text=WORDS))
    assert (rasa.traces, [trace.KEY in one for one in with_action]) == ([None], [False])
    with tracing.part("x") as part, tracing.part_of(f"00-{'1' * 32}-{'2' * 16}-01", "y") as other:
        assert part is other, "neither is anything"
    assert isinstance(opentelemetry.get_tracer_provider(), opentelemetry.ProxyTracerProvider), "it is ours alone"


@pytest.mark.parametrize("told", [{"deel": "zz"}, {"deel": "0" * 16}, [], "x", {"deel": 1, "begin": "x", "eind": 2}])
async def test_what_rasa_says_wrongly_of_its_part_costs_nobody_an_answer(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, spans: InMemorySpanExporter, told: Any
) -> None:
    rasa.behaviour = always(200, json.dumps({**json.loads(said("Ja.")), trace.TOLD: told}).encode())
    [answer] = await gateway.handle(Turn(opened.conversation_id, "een", text=WORDS))
    assert answer.body["tekst"] == "Ja."
    assert [span.name for span in spans.get_finished_spans()].count("rasa") == 1
