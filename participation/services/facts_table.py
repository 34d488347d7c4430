"""Facts as a table (CSV) to fill in elsewhere, and what a table that comes back would change.

One wrong line refuses the whole table: whoever hands it over is there to mend it, and half a table helps nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from participation import tables
from participation.answer_faults import LineFault, TableFaulty
from participation.known_facts import known_facts
from participation.models import Clerk
from participation.services import facts
from participation.services.facts import FactValue

COLUMNS = ("feit", "naam", "waarde", "bron", "bron_adres", "geldig_tot")
NEEDED = ("feit", "waarde", "bron")
MOST_LINES = 500


@dataclass(frozen=True)
class Change:
    """A fact that the table fills in anew or otherwise."""

    name: str
    before: FactValue | None
    after: FactValue


def write(values: Mapping[str, FactValue]) -> str:
    """All facts that answers ask for, also those without a value, for spreadsheets in Dutch: semicolons."""
    lines: list[list[str]] = [list(COLUMNS)]
    for name, fact in known_facts().items():
        given = values.get(name)
        cells = [name, fact.label]
        if given:
            until = given.valid_until.isoformat() if given.valid_until else ""
            cells += [given.value, given.source, given.source_url or "", until]
        lines.append(cells + [""] * (len(COLUMNS) - len(cells)))
    return tables.write(lines)


def changes(content: bytes, values: Mapping[str, FactValue], *, today: date) -> list[Change]:
    """Return what a table would change. A line without a value changes nothing; a fact is cleared at the desk.

    Raises:
        TableFaulty: with a fault for every wrong line.
    """
    found: dict[str, Change] = {}
    faults: list[LineFault] = []
    for line, row in tables.rows(content, columns=COLUMNS, needed=NEEDED, most_lines=MOST_LINES):
        name = row["feit"]
        if name not in known_facts():
            faults.append(LineFault(line, "feit", "onbekend", name[:60]))
            continue
        if name in found:
            faults.append(LineFault(line, "feit", "dubbel", name))
            continue
        if not row["waarde"]:
            continue
        until = tables.read_day(row["geldig_tot"])
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
