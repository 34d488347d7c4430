"""Counts and times of turns, for Prometheus: how many, how they ended, how long. Never what was said, nor by whom."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from bot import timing
from participation import tracing
from participation.errors import DomainError
from participation.measures import serving
from participation.settings import Settings

ANSWERED, UNSURE, DANGER, FAILED, CROWDED = "antwoord", "onzeker", "nood", "storing", "druk"
"""How a turn ended: an answer, topics to choose from, help in danger, the apology, "it is busy"."""
REPEATED, UNKNOWN, BROKEN = "herhaald", "onbekend", "afgebroken"
"""The answer was there already; no such conversation; an error of ours, or the process stopped."""

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.4, 0.6, 1.0, 2.0, 4.0, 8.0, 10.0)
"""Bounds of the histogram; among them are what we promise (0.15 and 0.4) and the time that Rasa gets (8)."""

_SEND_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)

PIECE, ANSWER = "stuk", "antwoord"
"""What sending is timed of."""


@dataclass
class Told:
    """What the gateway finds out about a turn on the way."""

    channel: str = UNKNOWN
    outcome: str = ANSWERED


class Metrics:
    """The counts of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._turns = Counter(
            "samenspel_turns", "Turns, by channel and how they ended", ("channel", "outcome"), registry=self.registry
        )
        self._seconds = Histogram(
            "samenspel_turn_seconds",
            "How long each stage of a turn took",
            ("stage",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._waiting = Gauge("samenspel_turns_waiting", "Turns that wait for a place", registry=self.registry)
        self._refused = Counter(
            "samenspel_refused", "Turns and requests over a limit", ("limit",), registry=self.registry
        )
        self._fallbacks = Counter(
            "samenspel_fallbacks", "Turns that Rasa or its action did not answer", ("reason",), registry=self.registry
        )
        self._rasa = Counter(
            "samenspel_rasa_replies",
            "What each replica of Rasa made of what it was asked",
            ("replica", "outcome"),
            registry=self.registry,
        )
        self._replicas = Gauge(
            "samenspel_rasa_replicas",
            "Replicas of Rasa that get turns (werkt), and that are left out for now (overgeslagen)",
            ("state",),
            registry=self.registry,
        )
        self._sends = Counter(
            "samenspel_sends",
            "Pieces of messages that were handed to a channel, by what it made of them",
            ("channel", "outcome"),
            registry=self.registry,
        )

        self._send_seconds = Histogram(
            "samenspel_send_seconds",
            "How long a channel took over a piece, and how long after it was said an answer was all taken",
            ("channel", "stage"),
            buckets=_SEND_SECONDS,
            registry=self.registry,
        )

    @contextlib.contextmanager
    def turn(self, *, waited: float = 0.0) -> Iterator[Told]:
        """Count and time a turn; the block says what it finds out.

        Args:
            waited: for how many seconds it stood in the inbox of its channel.
        """
        told = Told()
        with tracing.part(timing.TURN) as part:
            try:
                with timing.turn() as stages:
                    yield told
            except DomainError:
                told.outcome = UNKNOWN
                raise
            except BaseException:
                told.outcome = BROKEN
                raise
            finally:
                part.say(kanaal=told.channel, uitkomst=told.outcome)
                self._turns.labels(told.channel, told.outcome).inc()
                if waited:
                    stages[timing.INBOX] = waited
                for stage, seconds in stages.items():
                    self._seconds.labels(stage).observe(seconds)

    @contextlib.contextmanager
    def waits(self) -> Iterator[None]:
        """Count one more turn that waits, for as long as the block lasts."""
        with self._waiting.track_inprogress():
            yield

    def refused(self, limit: str) -> None:
        """Count a request over a limit."""
        self._refused.labels(limit).inc()

    def fell_back(self, reason: str) -> None:
        """Count a turn that Rasa did not answer; `reason` is the name of a kind of fault, never its text."""
        self._fallbacks.labels(reason).inc()

    def replied(self, replica: str, outcome: str) -> None:
        """Count what a replica of Rasa made of a turn: an answer, or the name of a kind of fault."""
        self._rasa.labels(replica, outcome).inc()

    def watch_replicas(self, counts: Callable[[], tuple[int, int]]) -> None:
        """Tell from now on how many replicas get turns, and how many are left out."""
        self._replicas.labels("werkt").set_function(lambda: counts()[0])
        self._replicas.labels("overgeslagen").set_function(lambda: counts()[1])

    def sent(self, channel: str, outcome: str, *, seconds: float) -> None:
        """Count a piece of a message that was handed to a channel, which took so long over it."""
        self._sends.labels(channel, outcome).inc()
        self._send_seconds.labels(channel, PIECE).observe(seconds)

    def arrived(self, channel: str, *, seconds: float) -> None:
        """Count an answer that was all taken, so long after it was said."""
        self._send_seconds.labels(channel, ANSWER).observe(max(seconds, 0.0))

    def served(self, settings: Settings, *, above: int = serving.WEB) -> contextlib.AbstractContextManager[None]:
        """Tell them at an address of their own, where one is set; see `serving.served`."""
        return serving.served(self.registry, settings, above=above)


def outcome_of(replies: list[dict[str, Any]], *, crowded: bool) -> str:
    """How a turn ended, by what the resident gets."""
    meanings = [button["betekenis"] for reply in replies for button in reply.get("knoppen", [])]
    if any(reply["soort"] == "nood" for reply in replies):
        return DANGER
    if any(meaning.get("poort") == "opnieuw" for meaning in meanings):
        return CROWDED if crowded else FAILED
    if any(meaning.get("intent") == "nlu_fallback" for meaning in meanings):
        return UNSURE
    return ANSWERED
