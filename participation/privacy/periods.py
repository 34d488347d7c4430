"""How long each kind of data is kept: a table with what the law leaves room for, and what municipalities chose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Interval, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import DateTime

from participation.errors import DomainError
from participation.models import Clerk, RetentionPeriod
from participation.services import audit

CHAT, UNSURE, VERDICTS, CONTACT = "gesprek", "onduidelijk", "oordelen", "contact"
CLOSED, WITHDRAWN = "inbreng_klaar", "inbreng_ingetrokken"

Municipality = ColumnElement[str | None] | InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


class PeriodOutOfBounds(DomainError):
    """A period is shorter or longer than this kind allows, or there is no such kind."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of data with its period in days: the one in force unless a municipality chooses, and the bounds.

    Args:
        counts_from: from when the days count, as griffiers read it.
        law: what sets the bounds, as griffiers read it.
        approved: a person approves before it is destroyed. Chat texts are no records of the council, and the promise
            to residents is that they go by themselves; contributions that the council handled are records.
    """

    name: str
    title: str
    counts_from: str
    days: int
    least: int
    most: int
    law: str
    approved: bool = False


_SHORT = (
    "Niet langer dan nodig is (AVG, artikel 5, lid 1, onder e). De wet noemt geen aantal dagen. "
    "Hooguit {most} dagen: dat is wat Samenspel inwoners belooft."
)
_RECORDS = (
    "Inbreng is een archiefstuk (Archiefwet 1995, artikel 3). Neem de termijn uit de selectielijst van uw gemeente "
    "(Archiefwet 1995, artikel 5) en vraag het uw archivaris."
)


def kinds(chat_days: int) -> Mapping[str, Kind]:
    """All kinds by name.

    Args:
        chat_days: what this installation promises residents (`SAMENSPEL_CHAT_RETENTION_DAYS`); a municipality may
            keep chats shorter, never longer.
    """
    verdict_days = max(90, chat_days)
    table = (
        Kind(
            name=CHAT,
            title="Gesprekken in de chat",
            counts_from="het bericht",
            days=chat_days,
            least=1,
            most=chat_days,
            law=_SHORT.format(most=chat_days),
        ),
        Kind(
            name=UNSURE,
            title="Vragen die de chat niet of niet goed beantwoordde",
            counts_from="de vraag",
            days=chat_days,
            least=1,
            most=chat_days,
            law=_SHORT.format(most=chat_days),
        ),
        Kind(
            name=VERDICTS,
            title="Oordelen over antwoorden",
            counts_from="het oordeel",
            days=90,
            least=1,
            most=verdict_days,
            law=_SHORT.format(most=verdict_days),
        ),
        Kind(
            name=CONTACT,
            title="Naam, telefoonnummer of adres bij inbreng",
            counts_from="de dag dat de inbreng klaar of ingetrokken is",
            days=30,
            least=1,
            most=365,
            law="Alleen zolang u het nodig heeft om te antwoorden (AVG, artikel 5, lid 1, onder e). Hooguit 365 dagen.",
        ),
        Kind(
            name=CLOSED,
            title="Afgehandelde inbreng",
            counts_from="de dag dat de inbreng klaar is",
            days=5 * 365,
            least=365,
            most=20 * 365,
            law=f"{_RECORDS} Tussen 365 en {20 * 365} dagen.",
            approved=True,
        ),
        Kind(
            name=WITHDRAWN,
            title="Ingetrokken inbreng, zonder de tekst",
            counts_from="de dag van het intrekken",
            days=365,
            least=30,
            most=5 * 365,
            law=f"{_RECORDS} Tussen 30 en {5 * 365} dagen.",
            approved=True,
        ),
    )
    return {kind.name: kind for kind in table}


async def chosen(session: AsyncSession, *, municipality_code: str) -> dict[str, int]:
    """Return the periods that a municipality chose itself, in days by kind."""
    rows = await session.execute(
        select(RetentionPeriod.kind, RetentionPeriod.days).where(RetentionPeriod.municipality_code == municipality_code)
    )
    return dict(rows.all())


async def in_force(session: AsyncSession, *, municipality_code: str | None, chat_days: int) -> dict[str, int]:
    """Return the period of every kind for a municipality, in days.

    What was chosen when the installation promised more is cut to what it promises now.
    """
    own = await chosen(session, municipality_code=municipality_code) if municipality_code else {}
    return {name: min(own.get(name, kind.days), kind.most) for name, kind in kinds(chat_days).items()}


async def chat_days(session: AsyncSession, *, municipality_code: str | None, promised: int) -> int:
    """Return for how many days a municipality keeps chats: what its residents are told.

    Args:
        promised: the days of the installation.
    """
    in_force_here = await in_force(session, municipality_code=municipality_code, chat_days=promised)
    return in_force_here[CHAT]


async def choose(
    session: AsyncSession, *, municipality_code: str, kind: str, days: int, chat_days: int, clerk: Clerk, now: datetime
) -> bool:
    """Set a municipality's period; returns whether that changed anything.

    Raises:
        PeriodOutOfBounds: nothing is changed.
    """
    known = kinds(chat_days).get(kind)
    if known is None or not known.least <= days <= known.most:
        raise PeriodOutOfBounds
    before = (await in_force(session, municipality_code=municipality_code, chat_days=chat_days))[kind]
    if before == days:
        return False
    values = {"days": days, "changed_by": clerk.id, "changed_at": now}
    await session.execute(
        insert(RetentionPeriod)
        .values(municipality_code=municipality_code, kind=kind, **values)
        .on_conflict_do_update(index_elements=["municipality_code", "kind"], set_=values)
    )
    await audit.record(
        session,
        action="bewaren.termijn",
        clerk=clerk,
        municipality_code=municipality_code,
        record=kind,
        details={"van": before, "naar": days},
        now=now,
    )
    return True


def kept_since(kind: Kind, municipality: Municipality, *, now: datetime) -> ColumnElement[datetime]:
    """SQL: the moment before which this kind of a municipality's data has had its time."""
    own = (
        select(RetentionPeriod.days)
        .where(RetentionPeriod.municipality_code == municipality, RetentionPeriod.kind == kind.name)
        .scalar_subquery()
    )
    days = func.least(func.coalesce(own, kind.days), kind.most)
    return literal(now, DateTime(timezone=True)) - func.make_interval(0, 0, 0, days, type_=Interval())


async def shortest(session: AsyncSession, kind: Kind, *, now: datetime) -> datetime:
    """The moment after which this kind is kept everywhere; by it an index can be used."""
    days = await session.scalar(select(func.min(RetentionPeriod.days)).where(RetentionPeriod.kind == kind.name))
    return now - timedelta(days=min(kind.days, days or kind.days))
