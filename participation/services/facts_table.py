"""Facts as a table (CSV) to fill in elsewhere, and what a table that comes back would change.

One wrong line refuses the whole table: whoever hands it over is there to mend it, and half a table helps nobody.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from participation.answer_faults import LineFault, TableFaulty
from participation.known_facts import known_facts
from participation.models import Clerk
from participation.services import facts
from participation.services.facts import FactValue

COLUMNS = ("feit", "naam", "waarde", "bron", "bron_adres", "geldig_tot")
NEEDED = ("feit", "waarde", "bron")
MOST_LINES = 500
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet compute a cell (OWASP, CSV Injection)."""
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


@dataclass(frozen=True)
class Change:
    """A fact that the table fills in anew or otherwise."""

    name: str
    before: FactValue | None
    after: FactValue


def write(values: Mapping[str, FactValue]) -> str:
    """All facts that answers ask for, also those without a value, for spreadsheets in Dutch: semicolons."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(COLUMNS)
    for name, fact in known_facts().items():
        given = values.get(name)
        cells = [name, fact.label]
        if given:
            until = given.valid_until.isoformat() if given.valid_until else ""
            cells += [given.value, given.source, given.source_url or "", until]
        table.writerow([_harmless(cell) for cell in cells] + [""] * (len(COLUMNS) - len(cells)))
    return out.getvalue()


def changes(content: bytes, values: Mapping[str, FactValue], *, today: date) -> list[Change]:
    """Return what a table would change. A line without a value changes nothing; a fact is cleared at the desk.

    Raises:
        TableFaulty: with a fault for every wrong line.
    """
    found: dict[str, Change] = {}
    faults: list[LineFault] = []
    for line, row in _rows(content):
        name = row["feit"]
        if name not in known_facts():
            faults.append(LineFault(line, "feit", "onbekend", name[:60]))
            continue
        if name in found:
            faults.append(LineFault(line, "feit", "dubbel", name))
            continue
        if not row["waarde"]:
            continue
        until = read_day(row["geldig_tot"])
        if row["geldig_tot"] and until is None:
            faults.append(LineFault(line, "valid_until", "datum", row["geldig_tot"][:60]))
            continue
        after = facts.tidy(row["waarde"], row["bron"], row["bron_adres"], until)
        found[name] = Change(name, values.get(name), after)
        if found[name].before != after:
            wrong = facts.faults_of(known_facts()[name], after, today=today)
            faults += [LineFault(line, field, code) for field, code in wrong.items()]
    if faults:
        raise TableFaulty(faults)
    return [change for change in found.values() if change.before != change.after]


async def take_over(
    session: AsyncSession, *, municipality_code: str, content: bytes, clerk: Clerk, today: date, now: datetime
) -> int:
    """Put what a table changes in force; returns how many facts that were.

    Raises:
        TableFaulty: nothing is changed.
    """
    values = await facts.values(session, municipality_code=municipality_code)
    found = changes(content, values, today=today)
    for change in found:
        await facts.put(
            session, municipality_code=municipality_code, name=change.name, given=change.after, clerk=clerk, now=now
        )
    return len(found)


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


def decoded(content: bytes) -> str:
    """The text of a table; older spreadsheets write Windows' own encoding."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return text.replace("\0", "")


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    text = decoded(content)
    header = text.partition("\n")[0]
    # Not cut into lines first: a cell may hold more than one.
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=header.count))
    names = [name.strip().lower() for name in rows.fieldnames or []]
    if not set(NEEDED) <= set(names):
        raise TableFaulty([LineFault(1, "tabel", "kolommen")])
    if text.count("\n") > MOST_LINES:
        raise TableFaulty([LineFault(MOST_LINES + 1, "tabel", "te_groot")])
    rows.fieldnames = names
    try:
        for row in rows:
            if None in row:
                raise TableFaulty([LineFault(rows.line_num, "tabel", "te_veel_kolommen")])
            cells = {name: _restored((row.get(name) or "").strip()) for name in COLUMNS}
            if any(cells.values()):
                yield rows.line_num, cells
    except csv.Error:
        raise TableFaulty([LineFault(rows.line_num, "tabel", "onleesbaar")]) from None


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RISKY) else cell


def _restored(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY) else cell
