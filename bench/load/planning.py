"""Who comes when and says what: fixed before the first turn, so that a slow answer delays nobody who comes after it."""

import itertools
import random
from dataclasses import dataclass

from bench.chat import QUESTIONS

BEGIN = "Ik wil iets doorgeven"
MUNICIPALITIES = ("GM0344", "GM0307")
"""Of the demonstration, by turns: what is said of one must never be told in the other."""
TURNS = 4
"""Of a visit: two questions, the button of a contribution, and words that nobody else has."""
LEAST_PAUSE, MORE_PAUSE = 2.0, 6.0
"""Seconds between the turns of a visit: at least, and on average on top of that."""
RAMP_SECONDS = 30.0
"""So long before the measurement people come already, or it would begin with first turns only."""


@dataclass(frozen=True)
class Planned:
    """One turn: when it is meant to be sent, in seconds from the beginning of the measurement."""

    at: float
    position: int
    text: str
    presses: bool = False
    mark: str = ""


@dataclass(frozen=True)
class Visit:
    """One conversation, of somebody with an address of their own."""

    number: int
    municipality: str
    turns: tuple[Planned, ...]

    @property
    def address(self) -> str:
        """Out of the range for examples (RFC 3849); each /64 counts as one connection."""
        return f"2001:db8:{self.number >> 16:x}:{self.number & 0xFFFF:x}::1"


def asked(number: int) -> list[str]:
    """Return what a visitor says before words of their own; the tenth next says the same, of the same place."""
    return [*(QUESTIONS[(number + shift) % len(QUESTIONS)] for shift in (0, 3)), BEGIN]


def place_of(number: int) -> str:
    """Return the municipality that a visitor comes to."""
    return MUNICIPALITIES[number % len(MUNICIPALITIES)]


def planned(*, rate: float, seconds: float, seed: int, ramp: float = RAMP_SECONDS) -> list[Visit]:
    """Return the visits: they arrive as a Poisson process, so that there are on average `rate` turns a second.

    The same seed gives the same visits. A visit that would go on after the end is cut off.
    """
    chance = random.Random(seed)  # noqa: S311  repeatable, not secret
    visits: list[Visit] = []
    at = -ramp
    for number in itertools.count():
        at += chance.expovariate(rate / TURNS)
        if at >= seconds:
            return visits
        pauses = [0.0, *(LEAST_PAUSE + chance.expovariate(1 / MORE_PAUSE) for _ in range(TURNS - 1))]
        times = [at + passed for passed in itertools.accumulate(pauses)]
        mark = f"kenmerk{chance.getrandbits(40):010x}"
        words = f"Bij de {mark} is het fietspad kapot en dat is gevaarlijk voor kinderen."
        said = [*asked(number), words]
        turns = [
            Planned(time, position, text, presses=text == BEGIN, mark=mark if text == words else "")
            for position, (time, text) in enumerate(zip(times, said, strict=True))
            if time < seconds
        ]
        visits.append(Visit(number, place_of(number), tuple(turns)))
    raise AssertionError("people never stop coming")
