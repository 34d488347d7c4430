"""Acute danger and personal despair, recognised before and apart from the intent model.

The gateway answers these at once with the right numbers, also when everything behind it is down. So this is a fixed
table of wording and no trained model. Missing a cry for help is worse than a needless phone number, yet a number under
every complaint would teach people to ignore it: figurative wording, policy and past events are set apart first.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

_PATTERNS = Path(__file__).with_name("danger_patterns.txt")

Kind = Literal["noodgeval", "persoonlijke_nood"]

# A cry for help stands at the beginning or the end; the middle of a very long text is not read.
_HEAD = _TAIL = 4_000
_WORD = re.compile(r"[^\W_]{1,40}|[.!?;\n]")
_GAP = re.compile(r"\s*~(\d+)\s*")
_REPEATED = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True)
class Danger:
    """What kind of danger, and the words (folded) that showed it: for tests and tuning, never for logs."""

    kind: Kind
    found: str


def _fold(text: str) -> str:
    """Lower-case words with single spaces and ` | ` between sentences; ij is y, letters repeat at most twice."""
    if len(text) > _HEAD + _TAIL:
        text = f"{text[:_HEAD]} . {text[-_TAIL:]}"
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    plain = _REPEATED.sub(r"\1\1", plain.replace("ij", "y"))
    words = ("|" if not word[0].isalnum() else word for word in _WORD.findall(plain))
    return " ".join(words)


def _compile(line: str) -> "re.Pattern[str]":
    """Gaps are bounded and stay within a sentence, so matching is linear in the text."""
    line = _GAP.sub(lambda found: rf"(?: [^ |]+){{0,{found[1]}}} ", line).strip().replace("ij", "y")
    return re.compile(rf"(?<![^ ])(?:{line})(?![^ ])")


@lru_cache(maxsize=1)
def _tables() -> dict[str, list["re.Pattern[str]"]]:
    """The patterns by section, compiled once."""
    sections: dict[str, list[re.Pattern[str]]] = {}
    name = ""
    for line in _PATTERNS.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            name = line[1:-1]
        elif line and not line.startswith("#"):
            sections.setdefault(name, []).append(_compile(line))
    return sections


def _first(table: str, text: str) -> str | None:
    for pattern in _tables()[table]:
        found = pattern.search(text)
        if found:
            return found[0]
    return None


def _without(table: str, text: str) -> str:
    for pattern in _tables()[table]:
        text = pattern.sub(" | ", text)
    return text


def check_danger(tekst: str) -> Danger | None:
    """Tell whether a message asks for the emergency number or for someone to talk to; None when neither.

    What happens at this moment goes first; for the rest despair goes before emergency, for who writes of both needs
    a person, and that answer names 112 as well.
    """
    text = _without("HARMLESS", _fold(tekst))
    emergency, acute = _first("NOODGEVAL", text), _first("ACUTE", text) is not None
    if emergency and acute:
        return Danger("noodgeval", emergency)
    if _first("SUBJECT", text) is None:
        found = _first("PERSOONLIJKE_NOOD", _without("NUISANCE", text))
        if found:
            return Danger("persoonlijke_nood", found)
    if emergency and _first("CALM", text) is None:
        return Danger("noodgeval", emergency)
    return None
