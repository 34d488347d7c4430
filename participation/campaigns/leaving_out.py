"""Taking what is of one municipality out of a set-up: its name, its areas and days become [fields] to fill elsewhere.

A program finds what it knows. Names of streets and of people it does not: whoever offers looks at what is left.
"""

import itertools
import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from participation.campaigns.making import LONGEST
from participation.campaigns.part_writing import Typed
from participation.campaigns.parts import MAX_END, MAX_OPTION, MAX_TEXT
from participation.campaigns.setups import Part, Setup
from participation.models.campaign import LONGEST_STATEMENT
from participation.own_areas import Areas
from participation.shortening import shortened

_MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_SHORT = r"(?:jan|feb|mrt|apr|jun|jul|aug|sept?|okt|nov|dec)\.?"
_DAY = "|".join(
    (
        rf"(?i:(?:\d{{1,2}} )?(?:{_MONTHS}) \d{{4}})",
        rf"\d{{1,2}} (?:(?i:{_MONTHS})|{_SHORT})(?: \d{{4}})?",
        r"\d{1,2}([-/])\d{1,2}\1\d{4}",
        r"\d{4}-\d{2}-\d{2}",
    )
)
"""A month alone is no day: it may be said of every year."""

_NUMBER = len(" (12)")
MUNICIPALITY, AREA, DAY = "gemeente", "wijk", "datum"


def left_out(setup: Setup, *, municipality: Collection[str], areas: Areas) -> Setup:
    """Return a set-up with fields in place of a municipality's names, its areas and days.

    The same words become the same field everywhere, and other words another: a condition still names its options, and
    no two options become one.
    """
    blanks = _Blanks(municipality, areas)
    filled: dict[str, Any] = {name: blanks.fill(getattr(setup.texts, name), most) for name, most in LONGEST.items()}
    texts = replace(setup.texts, **filled)
    return Setup(texts, tuple(_part(part, blanks) for part in setup.parts))


class _Blanks:
    """What was found so far, each with its field. Names count with their capitals: Best is a place, best is a word."""

    def __init__(self, municipality: Collection[str], areas: Areas) -> None:
        self._kinds: dict[str, str] = {one: AREA for name, others in areas.items() for one in (name, *others)}
        self._kinds |= dict.fromkeys(municipality, MUNICIPALITY)
        names = "|".join(re.escape(one) for one in sorted(self._kinds, key=lambda one: -len(one)))
        self._pattern = re.compile(rf"(?<!\w)(?:{names}|{_DAY})(?!\w)")
        self._fields: dict[str, str] = {}
        self._options: dict[str, str] = {}

    def fill(self, text: str, most: int) -> str:
        """Return a text with fields, of at most so many characters."""
        found = self._pattern.sub(lambda match: self._field(match[0]), text)
        return found if len(found) <= most else shortened(found, most - 2)

    def option(self, text: str) -> str:
        """The same of an option. Two that differ only at the end, which is cut off, stay two."""
        if text not in self._options:
            taken = self._options.values()
            numbered = (f"{self.fill(text, MAX_OPTION - _NUMBER)} ({number})" for number in itertools.count(2))
            found = itertools.chain([self.fill(text, MAX_OPTION)], numbered)
            self._options[text] = next(one for one in found if one not in taken)
        return self._options[text]

    def _field(self, words: str) -> str:
        kind = self._kinds.get(words, DAY)
        before = sum(one.startswith(f"[{kind}") for one in self._fields.values())
        return self._fields.setdefault(words, f"[{kind} {before + 1}]" if before else f"[{kind}]")


def _part(part: Part, blanks: _Blanks) -> Part:
    rules = dict(part.typed.rules or {})
    rules |= {end: blanks.fill(rules[end], MAX_END) for end in ("low_text", "high_text") if rules.get(end)}
    lines = "\n".join(blanks.option(line) for line in part.typed.lines.splitlines())
    return Part(
        Typed(part.typed.kind, blanks.fill(part.typed.text, MAX_TEXT), lines, rules),
        tuple(blanks.fill(one, LONGEST_STATEMENT) for one in part.statements),
        (part.condition[0], tuple(blanks.option(one) for one in part.condition[1])) if part.condition else None,
    )
