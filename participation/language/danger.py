"""Acute danger and personal despair, recognised before and apart from the intent model.

The gateway answers these at once with the right numbers, also when everything behind it is down. So this is a fixed
table of wording and no trained model. Missing a cry for help is worse than a needless phone number, yet a number under
every complaint would teach people to ignore it: figurative wording, policy and past events are set apart first.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from participation.language import wording

_PATTERNS = Path(__file__).with_name("danger_patterns.txt")

Kind = Literal["noodgeval", "persoonlijke_nood"]


@dataclass(frozen=True)
class Danger:
    """What kind of danger, and the words (folded) that showed it: for tests and tuning, never for logs."""

    kind: Kind
    found: str


@lru_cache(maxsize=1)
def _tables() -> wording.Tables:
    """The patterns by section, compiled once."""
    return wording.read_tables(_PATTERNS)


def _first(table: str, text: str) -> str | None:
    return wording.first(_tables()[table], text)


@lru_cache(maxsize=64)  # a turn asks it at each place where somebody in danger goes first
def check_danger(tekst: str) -> Danger | None:
    """Tell whether a message asks for the emergency number or for someone to talk to; None when neither.

    What happens at this moment goes first; for the rest despair goes before emergency, for who writes of both needs
    a person, and that answer names 112 as well.
    """
    text = wording.without(_tables()["HARMLESS"], wording.fold(tekst))
    emergency, acute = _first("NOODGEVAL", text), _first("ACUTE", text) is not None
    if emergency and acute:
        return Danger("noodgeval", emergency)
    if _first("SUBJECT", text) is None:
        found = _first("PERSOONLIJKE_NOOD", wording.without(_tables()["NUISANCE"], text))
        if found:
            return Danger("persoonlijke_nood", found)
    if emergency and _first("CALM", text) is None:
        return Danger("noodgeval", emergency)
    return None
