"""Cutting a long text into messages that a channel takes."""

import re

_BREAKS = tuple(re.compile(pattern) for pattern in (r"\n\s*\n", r"\n", r"(?<=[.!?])\s", r"\s"))
"""Where a text may be cut, the best places first: between paragraphs, lines, sentences, words."""


def split(text: str, most: int) -> list[str]:
    """Cut a text where a reader would: never in a word, unless a word is longer than a whole message.

    Args:
        most: UTF-16 units in a part.
    """
    parts = []
    while length(text) > most:
        window = _first(text, most)
        cut = next((cut for pattern in _BREAKS if (cut := _last(pattern, window))), None)
        before, after = cut or (len(window), len(window))
        parts.append(text[:before].rstrip())
        text = text[after:].lstrip()
    return [*parts, text] if text or not parts else parts


def _last(pattern: re.Pattern[str], window: str) -> tuple[int, int] | None:
    """The last such place in the second half: an earlier one would make too many messages."""
    places = [found.span() for found in pattern.finditer(window, len(window) // 2)]
    return places[-1] if places else None


def _first(text: str, most: int) -> str:
    """As much of the start of a text as fits in so many UTF-16 units."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def length(text: str) -> int:
    """Count as channels do, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
