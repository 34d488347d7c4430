"""How long the stages of a turn take, for who measures: told to browsers as Server-Timing (W3C), and kept nowhere."""

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar

_stages: ContextVar[dict[str, float] | None] = ContextVar("stages", default=None)

WAITING, RASA, TURN = "wachten", "rasa", "beurt"
"""Stages: waiting for a place, what Rasa and its action did, and the whole turn."""


@contextlib.contextmanager
def turn() -> Iterator[dict[str, float]]:
    """Measure a turn; gives the seconds of each stage by its name, whole when the block has ended."""
    stages: dict[str, float] = {}
    kept = _stages.set(stages)
    try:
        with stage(TURN):
            yield stages
    finally:
        _stages.reset(kept)


@contextlib.contextmanager
def stage(name: str) -> Iterator[None]:
    """Add the time of a block to a stage of the turn that is being measured, if any is."""
    began = time.perf_counter()
    try:
        yield
    finally:
        stages = _stages.get()
        if stages is not None:
            stages[name] = stages.get(name, 0.0) + time.perf_counter() - began


def header(stages: dict[str, float]) -> str:
    """Write the stages as the value of a Server-Timing header, in milliseconds."""
    return ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in stages.items())


def read(value: str) -> dict[str, float]:
    """Read the milliseconds of each stage from such a header."""
    entries = (entry.strip().partition(";dur=") for entry in value.split(",") if entry.strip())
    return {name: float(duration) for name, _, duration in entries}
