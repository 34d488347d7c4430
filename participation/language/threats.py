"""Wording that may be a threat to persons or unlawful, so that a person at the desk looks at it soon.

A fixed table with its reasons and no trained model: a griffier has to see why something was noticed, and what
is noticed costs nobody anything but a look. Nothing is refused, hidden or judged by it.
"""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from participation.language import wording

Sign = Literal["bedreiging", "strafbaar"]
SIGNS: tuple[Sign, ...] = ("bedreiging", "strafbaar")

_PATTERNS = Path(__file__).with_name("threat_patterns.txt")


@lru_cache(maxsize=1)
def _tables() -> wording.Tables:
    return wording.read_tables(_PATTERNS)


def check_threats(text: str) -> dict[Sign, str]:
    """Return which signs stand in a text, with the words (folded) that showed each: for tests, never for logs."""
    folded = wording.without(_tables()["HARMLESS"], wording.fold(text))
    found = {sign: wording.first(_tables()[sign.upper()], folded) for sign in SIGNS}
    return {sign: words for sign, words in found.items() if words}
