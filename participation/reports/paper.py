"""A paper as a row of blocks: what all files and the page at the desk are made from, and what is frozen when issued.

The words are in it, so that a later version of the program does not change what the council got.
"""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from participation.dates import AMSTERDAM, dutch_date
from participation.language.themes import OTHER, themes
from participation.reports.scope import Scope

Block = dict[str, Any]

NOT_SHOWN = "niet getoond"
TITLES = {"stukken": "Lijst van ingekomen stukken", "signalen": "Signalen van inwoners"}
FOR_WHOM = {"raad": "Alleen voor de gemeenteraad", "openbaar": "Openbaar"}
CONCEPT = "Concept, nog niet vastgesteld"


@dataclass(frozen=True)
class Source:
    """What a number in the paper stands for. Not part of the paper."""

    number: int
    role: str
    contribution_id: uuid.UUID


@dataclass(frozen=True)
class Heading:
    """What stands at the head of a paper. Without `number` it is a draft."""

    municipality: str
    scope: Scope
    meeting: str = ""
    number: str = ""
    issued_on: date | None = None
    replaces: str = ""
    counted_at: datetime | None = None


@dataclass
class Paper:
    """A paper in the making."""

    heading: Heading
    blocks: list[Block] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Its title."""
        return TITLES[self.heading.scope.kind]

    def head(self, text: str, level: int = 2) -> None:
        """Begin a part."""
        self.blocks.append({"soort": "kop", "niveau": level, "tekst": text})

    def say(self, text: str) -> None:
        """Add a paragraph."""
        self.blocks.append({"soort": "alinea", "tekst": text})

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], numbers: Sequence[int]) -> None:
        """Add a table; `numbers` are the columns that hold numbers."""
        self.blocks.append(
            {
                "soort": "tabel",
                "titel": title,
                "kolommen": list(columns),
                "regels": [list(row) for row in rows],
                "getallen": list(numbers),
            }
        )

    def quote(self, text: str, contribution_id: uuid.UUID) -> None:
        """Add a quote under the next number."""
        number = len(self.sources) + 1
        self.sources.append(Source(number, "citaat", contribution_id))
        self.blocks.append({"soort": "citaat", "nummer": number, "tekst": text})

    def facts(self) -> list[list[str]]:
        """What the paper is, in a few lines."""
        head, scope = self.heading, self.heading.scope
        names = theme_names()
        facts = [
            ["Nummer", head.number or CONCEPT],
            ["Vastgesteld op", dutch_date(head.issued_on) if head.issued_on else ""],
            ["Geteld op", _moment(head.counted_at) if head.counted_at else ""],
            ["Komt in plaats van", head.replaces],
            ["Periode", scope.period.words],
            ["Vergeleken met", scope.period.before.words if scope.compares else ""],
            ["Thema’s", ", ".join(names[theme] for theme in scope.themes)],
            ["Voor", head.meeting],
            ["Keuze", "Alleen wat daarvoor is ingepland" if scope.planned else ""],
            ["Lezers", FOR_WHOM[scope.audience]],
        ]
        return [fact for fact in facts if fact[1]]

    @property
    def seal(self) -> str:
        """What tells whether a paper says the same as one that somebody looked at; its number and date are left out."""
        return digest({"blokken": self.blocks}).hex()

    def content(self) -> dict[str, Any]:
        """The whole paper (JSON)."""
        return {
            "titel": self.title,
            "gemeente": self.heading.municipality,
            "nummer": self.heading.number,
            "datum": self.heading.issued_on.isoformat() if self.heading.issued_on else "",
            "feiten": self.facts(),
            "blokken": self.blocks,
        }


def digest(content: dict[str, Any]) -> bytes:
    """SHA-256 of a paper, whatever the order in which its keys are kept."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).digest()


def _moment(moment: datetime) -> str:
    local = moment.astimezone(AMSTERDAM)
    return f"{dutch_date(local.date())} om {local:%H.%M} uur"


def theme_names() -> dict[str, str]:
    """Names of all themes by id."""
    return {theme.id: theme.name for theme in themes().values()} | {OTHER: "Overig"}


def one_line(text: str, characters: int) -> str:
    """A text on one line, cut between words where it is too long."""
    line = " ".join(text.split())
    if len(line) <= characters:
        return line
    cut = line[:characters]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut else cut} […]"
