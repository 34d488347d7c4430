"""Contributions in a table (CSV): a day at a street stall, or a pile of paper forms, taken in at once.

A wrong line refuses the whole table: half a table that was taken in is worse than one that still has to be mended.
A line is known by its content (see `_id_of`), so that the same table twice changes nothing.
"""

import asyncio
import hmac
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation import tables
from participation.answer_faults import LineFault, TableFaulty
from participation.database import Database
from participation.dates import AMSTERDAM
from participation.models import (
    Clerk,
    Contribution,
    ContributionIntake,
    ContributionSorting,
    ContributionStatus,
    DestructionItem,
)
from participation.models.contribution import NOT_YET_READABLE
from participation.privacy.sealing import Sealer
from participation.services import audit, on_behalf
from participation.services.on_behalf import Told
from participation.services.references import reserve_references

COLUMNS = ("kanaal", "ontvangen_op", "tekst", "plek", "soort", "thema", "antwoord_via", "contact")
NEEDED = ("kanaal", "ontvangen_op", "tekst")
FIELDS = {
    "channel": "kanaal",
    "received_on": "ontvangen_op",
    "text": "tekst",
    "place": "plek",
    "kind": "soort",
    "theme": "thema",
    "answer_by": "antwoord_via",
    "contact": "contact",
}
"""The column of each field."""
MOST_LINES = 10_000
_AT_ONCE = 1_000


@dataclass(frozen=True)
class Names:
    """What people write in the table for the codes that we keep: code to name."""

    channels: Mapping[str, str]
    kinds: Mapping[str, str]
    themes: Mapping[str, str]
    answers: Mapping[str, str]


@dataclass(frozen=True)
class TakenIn:
    """What a table did. `known` are lines that were there already, or were destroyed since."""

    batch: uuid.UUID
    added: int
    known: int


def template(names: Names) -> str:
    """An empty table with one line as an example, which says that it is one."""
    example = (
        names.channels["kraam"],
        "31-12-2026",
        "Voorbeeld, haal deze regel weg: het is hier te donker op straat.",
        "bij het station",
        names.kinds["zorg"],
        "",
        "",
        "",
    )
    return tables.write([COLUMNS, example])


def read(content: bytes, *, names: Names, today: date) -> list[Told]:
    """Return what stands in a table.

    Raises:
        TableFaulty: with a fault for every wrong line.
    """
    channels, kinds = on_behalf.codes_by_name(names.channels), on_behalf.codes_by_name(names.kinds)
    themes, answers = on_behalf.codes_by_name(names.themes), on_behalf.codes_by_name(names.answers)
    found: list[Told] = []
    faults: list[LineFault] = []
    for line, row in tables.rows(content, columns=COLUMNS, needed=NEEDED, most_lines=MOST_LINES):
        told = Told(
            text=row["tekst"],
            channel=_code(channels, row["kanaal"]),
            received_on=tables.read_day(row["ontvangen_op"]),
            place=row["plek"],
            kind=_code(kinds, row["soort"]),
            theme=_code(themes, row["thema"]),
            answer_by=_code(answers, row["antwoord_via"]),
            contact=row["contact"],
        )
        found.append(told)
        faults += [
            LineFault(line, field, code, row[FIELDS[field]][:60] if code in {"onbekend", "datum"} else "")
            for field, code in on_behalf.faults_of(told, today=today).items()
        ]
    if not found and not faults:
        faults.append(LineFault(1, "tabel", "leeg"))
    if faults:
        raise TableFaulty(faults)
    return found


async def take_in(
    database: Database,
    *,
    municipality_code: str,
    told: Sequence[Told],
    key: str,
    clerk: Clerk,
    now: datetime,
) -> TakenIn:
    """Log all that is new, in one transaction: everything or nothing. The worker masks and sorts it afterwards.

    The numbers are taken beforehand, in a transaction of their own: who holds the counter keeps every resident waiting.
    When taking in fails, they are skipped.

    Args:
        key: the setting `pseudonym_key`, by which lines are known and contact data is encrypted.
    """
    by_id = await asyncio.to_thread(_by_id, told, key, municipality_code)
    batch = uuid.uuid4()
    async with database.session(municipality_code) as session:
        known = await _known(session, set(by_id))
    new = {line_id: one for line_id, one in by_id.items() if line_id not in known}
    if not new:
        return TakenIn(batch, 0, len(by_id))
    async with database.session(municipality_code) as session:
        references = await reserve_references(session, year=now.astimezone(AMSTERDAM).year, count=len(new))
    async with database.session(municipality_code) as session:
        # Who hands the same table over twice at once: the second waits, and finds all lines.
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"invoer {municipality_code}"))))
        known |= await _known(session, set(new))
        lines = [
            (line_id, one, reference)
            for (line_id, one), reference in zip(new.items(), references, strict=True)
            if line_id not in known
        ]
        sealer = Sealer(key, purpose=on_behalf.SEALED_FOR)
        for start in range(0, len(lines), _AT_ONCE):
            await _insert(
                session,
                lines[start : start + _AT_ONCE],
                municipality_code,
                clerk=clerk,
                sealer=sealer,
                batch=batch,
                now=now,
            )
        await audit.record(
            session,
            action="inbreng.ingelezen",
            clerk=clerk,
            municipality_code=municipality_code,
            record=str(batch),
            details={"regels": len(told), "nieuw": len(lines)},
            now=now,
        )
    return TakenIn(batch, len(lines), len(by_id) - len(lines))


async def numbers_of(session: AsyncSession, *, municipality_code: str, batch: uuid.UUID) -> str | None:
    """Return what one table brought, as a table: numbers in the order of its lines, texts as the desk may read them."""
    rows = await session.execute(
        select(Contribution, ContributionIntake.received_on)
        .join(ContributionIntake, ContributionIntake.contribution_id == Contribution.id)
        .where(ContributionIntake.batch == batch, ContributionIntake.municipality_code == municipality_code)
        .order_by(Contribution.reference)
    )
    lines = [(row.reference, row.channel, received_on, row.readable_text) for row, received_on in rows]
    return tables.write([("nummer", "kanaal", "ontvangen_op", "tekst"), *lines]) if lines else None


async def _known(session: AsyncSession, ids: set[uuid.UUID]) -> set[uuid.UUID]:
    there = await session.scalars(select(Contribution.draft).where(Contribution.draft.in_(ids)))
    gone = await session.scalars(
        select(DestructionItem.record_id).where(
            DestructionItem.record_id.in_(ids), DestructionItem.outcome == "vernietigd"
        )
    )
    return {*there, *gone}


async def _insert(
    session: AsyncSession,
    lines: Sequence[tuple[uuid.UUID, Told, str]],
    code: str,
    *,
    clerk: Clerk,
    sealer: Sealer,
    batch: uuid.UUID,
    now: datetime,
) -> None:
    await session.execute(
        insert(Contribution),
        [
            {
                "id": line_id,
                "draft": line_id,
                "reference": reference,
                "municipality_code": code,
                "text": told.whole,
                "masked_text": NOT_YET_READABLE,
                "kind": told.kind or None,
                "theme": told.theme or None,
                "channel": told.channel,
                "created_at": now,
            }
            for line_id, told, reference in lines
        ],
    )
    await session.execute(
        insert(ContributionStatus),
        [
            {
                "id": uuid.uuid4(),
                "contribution_id": line_id,
                "municipality_code": code,
                "number": 1,
                "status": "ontvangen",
                "created_at": now,
            }
            for line_id, _, _ in lines
        ],
    )
    session.add_all(
        on_behalf.intake_of(told, line_id, code, clerk=clerk, sealer=sealer, batch=batch, now=now)
        for line_id, told, _ in lines
    )
    sorted_by_clerk: list[ContributionSorting] = [
        on_behalf.sorting_of(told, line_id, code, clerk=clerk, now=now)
        for line_id, told, _ in lines
        if told.kind and told.theme
    ]
    session.add_all(sorted_by_clerk)
    await session.flush()


def _code(codes: Mapping[str, str], written: str) -> str:
    """The code for what was written; what is not known stays as it is, and is found to be faulty."""
    return codes.get(written.casefold(), written)


def _by_id(told: Sequence[Told], key: str, municipality_code: str) -> dict[uuid.UUID, Told]:
    return {_id_of(one, key, municipality_code, seen): one for one, seen in _counted(told)}


def _counted(told: Sequence[Told]) -> list[tuple[Told, int]]:
    """Each line with how many lines before it say the same: two people may say the same on the same day."""
    seen: Counter[str] = Counter()
    counted = []
    for one in told:
        counted.append((one, seen[_content(one)]))
        seen[_content(one)] += 1
    return counted


def _content(told: Told) -> str:
    return "\0".join((told.channel, str(told.received_on), told.whole, told.answer_by, told.contact))


def _id_of(told: Told, key: str, municipality_code: str, seen: int) -> uuid.UUID:
    """Keyed, so that nobody can find out from an id that outlives its contribution what was said."""
    content = f"{municipality_code}\0{_content(told)}\0{seen}"
    return uuid.UUID(bytes=hmac.digest(key.encode(), content.encode(), "sha256")[:16], version=4)
