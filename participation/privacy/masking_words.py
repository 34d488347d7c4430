"""The words of a text with their places, and the tables of names, streets, places and ordinary words.

The lists of names and streets are those of the package `deduce` (names of Dutch people, the national register of
streets). Everything is read at first use, once a process: about 0.3 s and 40 MB.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from participation.privacy.masking_cues import RATHER_NAMES, RATHER_WORDS

_REFERENCE = Path(__file__).parents[1] / "reference"
_WORD = re.compile(r"[^\W\d_]+(?:['’`\-][^\W\d_]+)*")


class Word(NamedTuple):
    """A word of letters, with hyphens and apostrophes inside it; `low` is its lower case."""

    start: int
    end: int
    text: str
    low: str

    @property
    def capital(self) -> bool:
        """Whether it starts as a name does."""
        return self.text[0].isupper()


def words_of(text: str) -> list[Word]:
    """Cut a text into words."""
    return [Word(match.start(), match.end(), match[0], match[0].lower()) for match in _WORD.finditer(text)]


@dataclass(frozen=True)
class Tables:
    """Look-up tables in lower case, except where said."""

    first_names: frozenset[str]
    surnames: frozenset[str]
    """Also those that always follow a tussenvoegsel, such as `vries`."""
    streets: frozenset[str]
    places: frozenset[str]
    """Places, nicknames of places, and the first words of names such as `Capelle aan den IJssel`."""
    ordinary: frozenset[str]
    """Words of running Dutch text that say nothing about a person."""


def deduce_lists() -> Path:
    """Return the folder of word lists that the package `deduce` brings.

    Raises:
        LookupError: the package is not installed.
    """
    spec = find_spec("deduce")
    if spec is None or spec.origin is None:
        raise LookupError("the package deduce is not installed")
    return Path(spec.origin).parent / "data" / "lookup" / "src"


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Return the tables, read at the first call."""
    lists = deduce_lists()
    ordinary = _lines(_REFERENCE / "woorden.txt") - RATHER_NAMES | RATHER_WORDS
    first_names = _lines(lists / "names" / "lst_first_name" / "items.txt")
    surnames = _lines(lists / "names" / "lst_surname" / "items.txt")
    after_interfix = _lines(lists / "names" / "lst_interfix_surname" / "items.txt")
    return Tables(
        first_names=frozenset(first_names | RATHER_NAMES),
        surnames=frozenset(surnames | after_interfix),
        streets=frozenset(_lines(lists / "locations" / "lst_street" / "items.txt")),
        places=frozenset(_places(first_names)),
        ordinary=frozenset(ordinary),
    )


def _places(first_names: set[str]) -> set[str]:
    named = _column("plaatsen.csv", "plaats") | _column("gemeenten.csv", "naam") | _column("voormalig.csv", "naam")
    named |= {name for name in _column("bijnamen.csv", "naam") if name not in first_names}
    openings = {name.split()[0].split("-")[0] for name in named if " " in name or "-" in name}
    return named | {name for name in openings if len(name) > 4} - first_names


def _lines(path: Path) -> set[str]:
    return {line for line in _stripped(path.read_text(encoding="utf-8").splitlines()) if line}


def _column(file: str, column: str) -> set[str]:
    with (_REFERENCE / file).open(encoding="utf-8", newline="") as rows:
        return set(_stripped(row[column] for row in csv.DictReader(rows, delimiter=";")))


def _stripped(lines: Iterable[str]) -> Iterable[str]:
    return (line.strip().lower() for line in lines)
