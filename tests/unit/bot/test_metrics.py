"""What is counted of turns, and where it can be read."""

import socket
from typing import Any

import httpx
import pytest

from bot import metrics, timing
from bot.limits import OPENINGS, Limits, TooMuch
from bot.metrics import Metrics, outcome_of
from bot.replies import apology
from participation.errors import ConversationUnknown
from participation.measures import serving
from participation.reply import Button, Reply
from participation.settings import Settings


def shown(counts: Metrics, name: str, **labels: str) -> float | None:
    return counts.registry.get_sample_value(name, labels)


@pytest.mark.parametrize(
    ("reply", "crowded", "outcome"),
    [
        (Reply("Ja.", kind="antwoord"), False, metrics.ANSWERED),
        (Reply("Ja.", kind="antwoord"), True, metrics.ANSWERED),
        (Reply("Deze knop werkt niet meer.", kind="fout"), False, metrics.ANSWERED),
        (
            Reply("Bel 112", kind="nood", buttons=(Button("Doorgeven", {"intent": "inbreng_doen"}),)),
            False,
            metrics.DANGER,
        ),
        (Reply("Wat bedoelt u?", buttons=(Button("Iets anders", {"intent": "nlu_fallback"}),)), False, metrics.UNSURE),
        (apology(1, with_words=True), False, metrics.FAILED),
        (apology(1, with_words=False, crowded=True), True, metrics.CROWDED),
    ],
)
def test_how_a_turn_ended_is_seen_from_what_the_resident_gets(reply: Reply, crowded: bool, outcome: str) -> None:
    assert outcome_of([Reply("Eerst dit.").to_json(), reply.to_json()], crowded=crowded) == outcome


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [(ConversationUnknown("x"), metrics.UNKNOWN), (RuntimeError("x"), metrics.BROKEN)],
)
def test_a_turn_that_fails_is_counted_too(fault: Exception, outcome: str) -> None:
    counts = Metrics()
    with pytest.raises(type(fault)), counts.turn() as told:  # noqa: PT012
        told.channel = "telegram"
        raise fault
    assert shown(counts, "samenspel_turns_total", channel="telegram", outcome=outcome) == 1


def test_the_time_in_the_inbox_comes_before_the_turn() -> None:
    counts = Metrics()
    with counts.turn(waited=3.5), timing.stage(timing.STORING):
        pass
    with counts.turn():
        pass
    assert shown(counts, "samenspel_turn_seconds_sum", stage="postvak") == 3.5
    assert shown(counts, "samenspel_turn_seconds_sum", stage="beurt") < 3.5
    counted = {
        name: shown(counts, "samenspel_turn_seconds_count", stage=name) for name in ("postvak", "opslaan", "beurt")
    }
    assert counted == {"postvak": 1, "opslaan": 1, "beurt": 2}


def test_each_stage_is_timed_and_who_waits_is_counted() -> None:
    counts = Metrics()
    with counts.turn(), timing.stage(timing.RASA), counts.waits():
        assert shown(counts, "samenspel_turns_waiting") == 1
    assert shown(counts, "samenspel_turns_waiting") == 0
    assert [shown(counts, "samenspel_turn_seconds_count", stage=stage) for stage in ("rasa", "beurt", "wachten")] == [
        1,
        1,
        None,
    ]


def test_what_is_over_a_limit_is_counted_by_limit_and_not_by_address() -> None:
    counts = Metrics()
    limits = Limits(counts)
    for _ in range(OPENINGS.amount):
        limits.opening("192.0.2.1")
    with pytest.raises(TooMuch):
        limits.opening("192.0.2.1")
    assert shown(counts, "samenspel_refused_total", limit="gesprek") == 1


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def test_counts_are_told_at_an_address_of_their_own_as_long_as_the_process_runs() -> None:
    port = free_port()
    counts = Metrics()
    with counts.turn() as told:
        told.channel = "web"
    with counts.served(Settings(demo=True, metrics_port=port - 1), above=serving.TELEGRAM):
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)
    assert 'samenspel_turns_total{channel="web",outcome="antwoord"} 1.0' in answer.text.splitlines()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)


def test_without_a_port_nothing_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    def listen(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(serving, "start_http_server", listen)
    with Metrics().served(Settings(demo=True)):
        pass
