"""Tables that people fill in with a spreadsheet (CSV): reading all the usual dialects, and writing safely."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date

from participation.answer_faults import LineFault, TableFaulty

BYTE_ORDER_MARK = "\ufeff"
"""At the beginning it tells spreadsheets that a table is UTF-8."""
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet compute a cell (OWASP, CSV Injection)."""
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


def rows(
    content: bytes, *, columns: Sequence[str], needed: Sequence[str], most_lines: int
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line that has anything, with its number in the file, as cells by column; others are left out.

    Raises:
        TableFaulty: it can not be read as a table with these columns.
    """
    text = decoded(content)
    header = text.partition("\n")[0]
    # Not cut into lines first: a cell may hold more than one.
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=header.count))
    count = 0
    try:
        names = [name.strip().lower() for name in reader.fieldnames or []]
        if not set(needed) <= set(names):
            raise TableFaulty([LineFault(1, "tabel", "kolommen")])
        reader.fieldnames = names
        for row in reader:
            if None in row:
                raise TableFaulty([LineFault(reader.line_num, "tabel", "te_veel_kolommen")])
            cells = {name: restored((row.get(name) or "").strip()) for name in columns}
            if any(cells.values()):
                count += 1
                if count > most_lines:
                    raise TableFaulty([LineFault(reader.line_num, "tabel", "te_groot")])
                yield reader.line_num, cells
    except csv.Error:
        raise TableFaulty([LineFault(reader.line_num, "tabel", "onleesbaar")]) from None


def write(lines: Sequence[Sequence[object]]) -> str:
    """Write a table for spreadsheets in Dutch: semicolons, and no cell that a spreadsheet would compute."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    # A number computes nothing, also one below zero.
    table.writerows([[cell if isinstance(cell, int) else harmless(str(cell)) for cell in line] for line in lines])
    return out.getvalue()


def decoded(content: bytes) -> str:
    """The text of a table; older spreadsheets write Windows' own encoding."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return text.replace("\0", "")


def read_day(text: str) -> date | None:
    """Read 2027-01-31 or 31-1-2027; none when it is no day."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def harmless(cell: str) -> str:
    """Put a mark before what a spreadsheet would compute."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell


def restored(cell: str) -> str:
    """Take that mark away again."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY) else cell
