"""Finding words that somebody named, however a text writes them."""

import re

_WORD = re.compile(r"[^\W_]+")


def pattern_of(words: str) -> "re.Pattern[str] | None":
    """Return what finds these words in this order, whatever stands between them; none without a letter or a digit."""
    found = _WORD.findall(words)
    together = r"[\W_]{0,5}".join(map(re.escape, found))
    return re.compile(rf"(?<!\w){together}(?!\w)", re.IGNORECASE) if found else None


def key_of(words: str) -> str:
    """Return the words as they are compared with others: in small letters, with one space between them."""
    return " ".join(_WORD.findall(words.casefold()))
