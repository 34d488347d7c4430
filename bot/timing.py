"""How long the stages of a turn take: told to browsers as Server-Timing (W3C), and counted in bot/metrics.py."""

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar

from participation import tracing

_measured: ContextVar[tuple[dict[str, float], ...]] = ContextVar("measured", default=())

INBOX, WAITING, STORING, RASA, TURN = "postvak", "wachten", "opslaan", "rasa", "beurt"
"""Stages: waiting in the inbox of a channel that has one, which comes before the turn; waiting for a place; keeping
what was said and what was answered; what Rasa and its action did; and the whole turn.
"""


@contextlib.contextmanager
def turn() -> Iterator[dict[str, float]]:
    """Measure a turn; gives the seconds of each stage by its name, whole when the block has ended.

    Who measures around it as well gets the same stages, and a whole of their own.
    """
    stages: dict[str, float] = {}
    kept = _measured.set((*_measured.get(), stages))
    began = time.perf_counter()
    try:
        yield stages
    finally:
        stages[TURN] = time.perf_counter() - began
        _measured.reset(kept)


@contextlib.contextmanager
def stage(name: str) -> Iterator[None]:
    """Add the time of a block to a stage of the turn that is being measured, if any is."""
    began = time.perf_counter()
    try:
        with tracing.part(name):
            yield
    finally:
        took = time.perf_counter() - began
        for stages in _measured.get():
            stages[name] = stages.get(name, 0.0) + took


def header(stages: dict[str, float]) -> str:
    """Write the stages as the value of a Server-Timing header, in milliseconds."""
    return ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in stages.items())


def read(value: str) -> dict[str, float]:
    """Read the milliseconds of each stage from such a header."""
    entries = (entry.strip().partition(";dur=") for entry in value.split(",") if entry.strip())
    return {name: float(duration) for name, _, duration in entries}
