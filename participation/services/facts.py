"""The facts of a municipality, as the griffie keeps them. What is committed here is in the next answer of the chat."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.answer_faults import FactUnknown, FieldsFaulty
from participation.council.records import web_address
from participation.dates import AMSTERDAM
from participation.known_facts import KnownFact, known_facts
from participation.models import Clerk, LocalFact
from participation.services import answers_overview, audit

MISSING, EXPIRED, OVERDUE, IN_FORCE = "ontbreekt", "verlopen", "nakijken", "geldig"
"""Overdue is what nobody read the source of for a year, when it has no end of its own; the chat still uses it."""

LONGEST_SOURCE = 120
"""Characters of the name of a source."""


@dataclass(frozen=True)
class FactValue:
    """What a griffier says about a fact."""

    value: str
    source: str
    source_url: str | None
    valid_until: date | None


@dataclass(frozen=True)
class FactState:
    """A fact that answers ask for, with what this municipality filled in."""

    known: KnownFact
    row: LocalFact | None
    state: str


def tidy(value: str, source: str, source_url: str, valid_until: date | None) -> FactValue:
    """Make one line of each text."""
    return FactValue(_one_line(value), _one_line(source), _one_line(source_url) or None, valid_until)


def faults_of(fact: KnownFact, given: FactValue, *, today: date) -> dict[str, str]:
    """Return a code for each field that can not be kept as it is.

    An end in the past is refused: it would take the fact out of the chat at once, which is what clearing is for.
    """
    faults = {}
    if not given.value:
        faults["value"] = "leeg"
    elif not fact.accepts(given.value):
        faults["value"] = fact.kind
    if not given.source:
        faults["source"] = "leeg"
    elif len(given.source) > LONGEST_SOURCE:
        faults["source"] = "te_lang"
    if given.source_url and web_address(given.source_url) is None:
        faults["source_url"] = "adres"
    if given.valid_until is not None and given.valid_until < today:
        faults["valid_until"] = "voorbij"
    return faults


async def overview(session: AsyncSession, *, municipality_code: str, today: date) -> list[FactState]:
    """All facts that answers ask for: what is missing, out of date or overdue first."""
    rows = await _rows(session, municipality_code)
    states = [FactState(fact, rows.get(name), _state(rows.get(name), today)) for name, fact in known_facts().items()]
    return sorted(states, key=lambda one: (MISSING, EXPIRED, OVERDUE, IN_FORCE).index(one.state))


async def get(session: AsyncSession, *, municipality_code: str, name: str, today: date) -> FactState:
    """Return one fact.

    Raises:
        FactUnknown: no answer asks for it.
    """
    fact = known_facts().get(name)
    if fact is None:
        raise FactUnknown(name)
    row = await session.get(LocalFact, (municipality_code, name))
    return FactState(fact, row, _state(row, today))


async def put(
    session: AsyncSession, *, municipality_code: str, name: str, given: FactValue, clerk: Clerk, now: datetime
) -> None:
    """Fill in or replace a fact, checked today.

    Raises:
        FactUnknown: no answer asks for it.
        FieldsFaulty: something is wrong with it; nothing is changed.
    """
    today = now.astimezone(AMSTERDAM).date()
    found = await get(session, municipality_code=municipality_code, name=name, today=today)
    faults = faults_of(found.known, given, today=today)
    if faults:
        raise FieldsFaulty(faults)
    before = _spoken(found.row)
    await session.merge(LocalFact(municipality_code=municipality_code, name=name, checked_on=today, **asdict(given)))
    await audit.record(
        session,
        action="feit.ingevuld",
        clerk=clerk,
        municipality_code=municipality_code,
        record=name,
        details={"was": before, "wordt": given.value},
        now=now,
    )


async def clear(session: AsyncSession, *, municipality_code: str, name: str, clerk: Clerk, now: datetime) -> None:
    """Take a fact away; answers then show their sentence for the unknown case. What is not there may be cleared too.

    Raises:
        FactUnknown: no answer asks for it.
    """
    found = await get(session, municipality_code=municipality_code, name=name, today=now.astimezone(AMSTERDAM).date())
    if found.row is None:
        return
    await session.delete(found.row)
    await audit.record(
        session,
        action="feit.gewist",
        clerk=clerk,
        municipality_code=municipality_code,
        record=name,
        details={"was": _spoken(found.row)},
        now=now,
    )


async def values(session: AsyncSession, *, municipality_code: str) -> Mapping[str, FactValue]:
    """What is filled in, by the names of facts that answers ask for."""
    rows = await _rows(session, municipality_code)
    return {
        name: FactValue(row.value, row.source, row.source_url, row.valid_until)
        for name, row in rows.items()
        if name in known_facts()
    }


def _one_line(text: str) -> str:
    """Cut nothing off: what is too long is refused, and told."""
    return " ".join(text.replace("\0", "").split())


async def _rows(session: AsyncSession, municipality_code: str) -> dict[str, LocalFact]:
    rows = await session.scalars(select(LocalFact).where(LocalFact.municipality_code == municipality_code))
    return {row.name: row for row in rows}


def _state(row: LocalFact | None, today: date) -> str:
    if row is None:
        return MISSING
    if row.valid_until is not None:
        return EXPIRED if row.valid_until < today else IN_FORCE
    return OVERDUE if answers_overview.overdue(row.checked_on, None, today) else IN_FORCE


def _spoken(row: LocalFact | None) -> str | None:
    return row.value if row else None
