"""What the fonts of the PDF can show: a PDF that everybody can read may hold no character without a shape."""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

COVERAGE = Path(__file__).parents[1] / "fonts" / "coverage.txt"
BOX = "□"
"""Stands for a character that the fonts do not have."""

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"})
"""Categories of what has no shape of its own: left out where the fonts do not have it."""


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    found: set[int] = set()
    for line in COVERAGE.read_text(encoding="ascii").splitlines():
        if line and not line.startswith("#"):
            first, _, last = line.partition("-")
            found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


def printable(text: str) -> str:
    """The text with only characters that the fonts have."""
    return "".join(_shown(letter) for letter in unicodedata.normalize("NFC", text.replace("\r\n", "\n")))


def _shown(letter: str) -> str:
    if letter in "\n\t":
        return " "
    if ord(letter) in _covered():
        return letter
    return "" if unicodedata.category(letter) in _DROPPED else BOX


def printable_all(value: Any) -> Any:
    """The same for all texts in a structure."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [printable_all(one) for one in value]
    if isinstance(value, dict):
        return {key: printable_all(one) for key, one in value.items()}
    return value
