"""What one text says and another does not, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "gelijk", "weg", "nieuw"

_PIECE = re.compile(r"\s+|\S+")


@dataclass(frozen=True)
class Part:
    """Some words that stand in both texts, only in the first or only in the second."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Part]:
    """Return both texts as one, in the order in which they read."""
    first, second = _PIECE.findall(before), _PIECE.findall(after)
    parts = []
    for _, start, end, new_start, new_end in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        gone, new = "".join(first[start:end]), "".join(second[new_start:new_end])
        if gone == new:
            parts.append(Part(SAME, gone))
            continue
        parts += [Part(kind, text) for kind, text in ((GONE, gone), (NEW, new)) if text]
    return parts
