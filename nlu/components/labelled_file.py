"""Files of labelled texts to measure with: columns with tabs between them, the text last, `#` before a remark."""

from pathlib import Path
from typing import Iterator, List, Tuple


class FileUnusable(Exception):
    """The file can not be read as labelled texts."""


def read(path: Path, *, fewest: int, most: int) -> Iterator[Tuple[int, List[str]]]:
    """Return the number and the columns of each line, with a mark of UTF-8 at the beginning or without.

    Raises:
        FileUnusable: missing, empty or with another number of columns; says which line.
    """
    try:
        # Not splitlines: a text may hold the line separators of Unicode, and is one text all the same.
        rows = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnusable(f"{path}: {type(error).__name__}") from error
    found = [(number, row.split("\t")) for number, row in enumerate(rows, 1) if row.strip() and not row.startswith("#")]
    if not found:
        raise FileUnusable(f"{path}: no lines")
    for number, columns in found:
        if not fewest <= len(columns) <= most:
            raise FileUnusable(f"{path}, line {number}: expected {fewest} to {most} columns, found {len(columns)}")
        yield number, columns
