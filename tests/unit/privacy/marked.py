"""Reading texts in which `[kind|words]` has to be masked and `[blijft|words]` has to stay."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PIECE = re.compile(r"\[(\w+)\|([^\]]+)\]")
STAYS = "blijft"


@dataclass(frozen=True)
class Example:
    """A message with what has to be masked (start, end, kind) and what has to stay (start, end)."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    keep: tuple[tuple[int, int], ...]


def examples(path: Path) -> Iterator[Example]:
    """Read a file of marked messages, one a line."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield read(line.replace("\\n", "\n"))


def spans_and_pieces(path: Path) -> Iterator[Example]:
    """Read a file of JSON objects, one a line: `text`, `spans` by place, and the words to `keep` as they stand."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spans = tuple((span["start"], span["end"], span["kind"]) for span in row["spans"])
        keep = tuple((start, start + len(words)) for words in row["keep"] for start in [row["text"].index(words)])
        yield Example(row["text"], spans, keep)


def read(marked: str) -> Example:
    """Take the marks out of a message."""
    text, spans, keep, done = "", [], [], 0
    for piece in _PIECE.finditer(marked):
        text += marked[done : piece.start()]
        start = len(text)
        text += piece[2]
        done = piece.end()
        if piece[1] == STAYS:
            keep.append((start, len(text)))
        else:
            spans.append((start, len(text), piece[1]))
    return Example(text + marked[done:], tuple(spans), tuple(keep))
