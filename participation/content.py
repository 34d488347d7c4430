"""The national answer library and the fixed texts, read from content/ once per process."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "content"
_WRAPPED = re.compile(r"(?<!\n)\n(?!\n|- |\Z)")
GROUPS = ("raad", "bestuur", "verkiezingen", "meedoen", "rechten", "doorverwijzen")


@dataclass(frozen=True)
class Source:
    """Where an answer comes from."""

    name: str
    url: str
    article: str | None

    @property
    def title(self) -> str:
        """Name with the article, as shown to residents."""
        return f"{self.name}, artikel {self.article}" if self.article else self.name


@dataclass(frozen=True)
class LocalPart:
    """A sentence that holds when all named facts of the municipality are known, and one for when they are not."""

    facts: tuple[str, ...]
    text: str
    otherwise: str


@dataclass(frozen=True)
class Answer:
    """One topic of the national library. Texts may hold {gemeente}; local texts also {fact}."""

    topic: str
    group: str
    question: str
    short: str
    more: str | None
    local: tuple[LocalPart, ...]
    next_topics: tuple[str, ...]
    sources: tuple[Source, ...]
    checked_on: date
    valid_until: date | None
    to_check: str | None


@lru_cache
def answers() -> Mapping[str, Answer]:
    """All answers by topic id.

    Raises:
        KeyError, TypeError: a file in content/ lacks a field. Loud on purpose: nothing may start with half a library.
    """
    found: dict[str, Answer] = {}
    for group in GROUPS:
        entries = read(f"antwoorden/{group}.yml")
        for topic, entry in entries.items():
            found[topic] = _answer(topic, group, entry)
    return found


def _answer(topic: str, group: str, entry: dict[str, Any]) -> Answer:
    return Answer(
        topic=topic,
        group=group,
        question=entry["vraag"],
        short=entry["kort"].strip(),
        more=(entry.get("meer") or "").strip() or None,
        local=tuple(
            LocalPart(tuple(part["feiten"]), part["tekst"].strip(), part["anders"].strip())
            for part in entry.get("lokaal", ())
        ),
        next_topics=tuple(entry.get("vervolg", ())),
        sources=tuple(
            Source(source["naam"], source["url"], _text(source.get("artikel"))) for source in entry["bronnen"]
        ),
        checked_on=entry["gecontroleerd"],
        valid_until=entry.get("geldig_tot"),
        to_check=entry.get("nog_te_controleren"),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def read(name: str) -> Any:
    """Read a file of fixed texts. Lines are broken there for its own width: only paragraphs and items of a list stay.

    Whoever reads a text in a narrow chat would else see it broken twice. Not for what is laid out as a letter, with a
    line of its own for who greets (standaardteksten.yml).
    """
    return _unwrapped(yaml.safe_load((FOLDER / name).read_text(encoding="utf-8")))


def _unwrapped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unwrapped(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_unwrapped(one) for one in value]
    return _WRAPPED.sub(" ", value) if isinstance(value, str) else value


@lru_cache
def texts() -> Mapping[str, Any]:
    """The fixed texts of content/teksten.yml, by name."""
    loaded: dict[str, Any] = read("teksten.yml")
    return loaded


def text(name: str, **slots: str) -> str:
    """One fixed text with its {slots} filled.

    Raises:
        KeyError: no such text, or a slot is missing.
    """
    return str(texts()[name]).strip().format(**slots)


def choice(label: str) -> str | None:
    """What a button for a label of the intent model says; None where a choice makes no sense (such as a greeting)."""
    answer = answers().get(label.removeprefix("vraag/"))
    return answer.question if answer else texts()["keuze"].get(label)
