"""The log of what desk users did: reading it, by who, what, when and about what."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, Uuid, and_, any_, cast, exists, false, not_, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from participation.dates import AMSTERDAM
from participation.errors import DomainError
from participation.models import AuditEvent, AuditLink, AuditWords, Clerk, ClerkRole, Contribution
from participation.services import audit

PAGE = 50
MOST_EXPORTED = 50_000

KINDS: dict[str, tuple[str, ...]] = {
    "aanmelden": ("desk.",),
    "hele_tekst": ("inbreng.origineel",),
    "inbreng": ("inbreng.", "bundel."),
    "medewerkers": ("medewerker.",),
    "uitvoer": ("uitvoer.",),
    "teksten": ("antwoord.", "feit.", "eigen_vraag.", "bibliotheek.", "standaardtekst."),
    "instellingen": ("afdoening.", "afhandeling.", "bewaren.", "council.", "filter.", "instelling.", "masker."),
    "raad": ("raad.",),
    "campagnes": ("campagne.",),
    "vernietigen": ("vernietigingslijst.", "logboek."),
}
"""What one can ask for: actions by name, or, with a dot at the end, by how they start."""
OTHER = "overig"


class TooMuchToExport(DomainError):
    """More events than fit in one table."""


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see of the log; empty fields ask for everything. Days are those in the Netherlands."""

    person: uuid.UUID | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None
    reference: str = ""


@dataclass(frozen=True)
class Line:
    """One event, with what is needed to read it.

    Attributes:
        who: the name of who did it.
        reference: of the contribution that it is about, when there still is one.
        about: the name of the person that it is about.
        words: what was typed with it, as long as that is kept.
        number: its place in the chain; `hash` the link there.
    """

    event: AuditEvent
    who: str | None
    reference: str | None
    about: str | None
    words: str
    number: int | None
    hash: bytes | None


@dataclass(frozen=True)
class Page:
    """Events, newest first, and the id from which older ones go on."""

    lines: Sequence[Line]
    older: int | None


async def page(session: AsyncSession, *, municipality_code: str, asked: Asked, before: int | None = None) -> Page:
    """Return a page of the log. Asks the database the same number of questions for one event as for fifty."""
    query = _matching(municipality_code, asked, await _contribution(session, municipality_code, asked.reference))
    if before is not None:
        query = query.where(AuditEvent.id < before)
    lines = await _lines(session, query, limit=PAGE + 1)
    return Page(lines[:PAGE], lines[PAGE - 1].event.id if len(lines) > PAGE else None)


async def export(
    session: AsyncSession, *, municipality_code: str, asked: Asked, clerk: Clerk, now: datetime
) -> Sequence[Line]:
    """Return all that was asked for, newest first, and record that it was taken out.

    Raises:
        TooMuchToExport: nothing was taken out.
    """
    query = _matching(municipality_code, asked, await _contribution(session, municipality_code, asked.reference))
    lines = await _lines(session, query, limit=MOST_EXPORTED + 1)
    if len(lines) > MOST_EXPORTED:
        raise TooMuchToExport
    await audit.record(
        session,
        action="uitvoer.logboek",
        clerk=clerk,
        municipality_code=municipality_code,
        details={
            "regels": len(lines),
            "soort": asked.kind,
            "van": str(asked.since or ""),
            "tot_en_met": str(asked.until or ""),
        },
        now=now,
    )
    await session.flush()
    return lines


async def people(session: AsyncSession, *, municipality_code: str) -> list[tuple[uuid.UUID, str]]:
    """Return who can be asked for: who works here, and who ever did something here; in the order of the alphabet."""
    works_here = exists().where(ClerkRole.clerk_id == Clerk.id, ClerkRole.municipality_code == municipality_code)
    did_something = exists().where(AuditEvent.clerk_id == Clerk.id, AuditEvent.municipality_code == municipality_code)
    rows = await session.execute(
        select(Clerk.id, Clerk.name).where(or_(works_here, did_something)).order_by(Clerk.name, Clerk.id)
    )
    return [(clerk_id, name) for clerk_id, name in rows]


def _matching(municipality_code: str, asked: Asked, contribution_id: uuid.UUID | None) -> Select[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.municipality_code == municipality_code)
    if asked.person is not None:
        query = query.where(or_(AuditEvent.clerk_id == asked.person, AuditEvent.record == str(asked.person)))
    if asked.kind:
        query = query.where(_of_kind(asked.kind))
    if asked.since is not None:
        query = query.where(AuditEvent.created_at >= datetime.combine(asked.since, time(), AMSTERDAM))
    if asked.until is not None:
        day_after = asked.until + timedelta(days=1)
        query = query.where(AuditEvent.created_at < datetime.combine(day_after, time(), AMSTERDAM))
    if asked.reference:
        query = query.where(AuditEvent.record == str(contribution_id) if contribution_id else false())
    return query.order_by(AuditEvent.id.desc())


def _of_kind(kind: str) -> ColumnElement[bool]:
    if kind == OTHER:
        return and_(*(not_(_of_kind(one)) for one in KINDS))
    return or_(
        *(
            AuditEvent.action.startswith(pattern, autoescape=True)
            if pattern.endswith(".")
            else AuditEvent.action == pattern
            for pattern in KINDS[kind]
        )
    )


async def _contribution(session: AsyncSession, municipality_code: str, reference: str) -> uuid.UUID | None:
    if not reference:
        return None
    return await session.scalar(
        select(Contribution.id).where(
            Contribution.reference == reference, Contribution.municipality_code == municipality_code
        )
    )


async def _lines(session: AsyncSession, query: Select[AuditEvent], *, limit: int) -> list[Line]:
    rows = await session.execute(
        query.add_columns(Clerk.name, AuditWords.text, AuditLink.number, AuditLink.hash)
        .outerjoin(Clerk, Clerk.id == AuditEvent.clerk_id)
        .outerjoin(AuditWords, AuditWords.event_id == AuditEvent.id)
        .outerjoin(AuditLink, AuditLink.event_id == AuditEvent.id)
        .limit(limit)
    )
    found = rows.all()
    ids = {known for event, *_ in found if (known := _as_id(event.record)) is not None}
    references = await _by_id(session, select(Contribution.id, Contribution.reference), Contribution.id, ids)
    names = await _by_id(session, select(Clerk.id, Clerk.name), Clerk.id, ids)
    return [
        Line(
            event=event,
            who=who,
            reference=references.get(event.record),
            about=names.get(event.record),
            words=words or "",
            number=number,
            hash=digest,
        )
        for event, who, words, number, digest in found
    ]


async def _by_id(
    session: AsyncSession,
    query: Select[uuid.UUID, str],
    column: InstrumentedAttribute[uuid.UUID],
    ids: set[uuid.UUID],
) -> dict[str | None, str]:
    """Ask with one parameter, however many ids there are: PostgreSQL takes no more than 65,535."""
    rows = await session.execute(query.where(column == any_(cast(list(ids), ARRAY(Uuid)))))
    return {str(found): text for found, text in rows}


def _as_id(record: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(record) if record else None
    except ValueError:
        return None
