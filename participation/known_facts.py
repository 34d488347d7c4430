"""The facts that answers ask a municipality for: what each is called, and what makes a value of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import yaml

from participation import content
from participation.council.records import web_address

LONGEST_VALUE = 600
"""Characters: the names of 45 members of a council fit in."""

_MAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d\s()-]{3,20}")
_NUMBER = re.compile(r"\d{1,3}(\.\d{3})*|\d+")
_KINDS: dict[str, Callable[[str], bool]] = {
    "tekst": lambda value: True,
    "adres": lambda value: web_address(value) is not None,
    "mail": lambda value: _MAIL.fullmatch(value) is not None,
    "telefoon": lambda value: _PHONE.fullmatch(value) is not None,
    "getal": lambda value: _NUMBER.fullmatch(value) is not None,
}


@dataclass(frozen=True)
class KnownFact:
    """A fact as griffiers meet it. `questions` are those whose answers use it."""

    name: str
    label: str
    hint: str
    kind: str
    example: str
    questions: tuple[str, ...]

    def accepts(self, value: str) -> bool:
        """Whether this can be shown in an answer."""
        return 0 < len(value) <= LONGEST_VALUE and _KINDS[self.kind](value)


@lru_cache
def known_facts() -> Mapping[str, KnownFact]:
    """All facts by name, in the order in which they are shown.

    Raises:
        KeyError: the table lacks a column, or has a kind that does not exist.
    """
    loaded = yaml.safe_load((content.FOLDER / "feiten.yml").read_text(encoding="utf-8"))
    found = {}
    for name, row in loaded.items():
        _KINDS[row["soort"]]
        questions = tuple(answer.question for answer in content.answers().values() if name in used_by(answer))
        found[name] = KnownFact(name, row["label"], row["uitleg"], row["soort"], row["voorbeeld"], questions)
    return found


def used_by(answer: content.Answer) -> set[str]:
    """The facts that an answer can show."""
    return {name for part in answer.local for name in part.facts}
