"""The mail with counts: who wants it, for whom it is time, what is in it, and that each goes once at most."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation import content, roles
from participation.dates import AMSTERDAM
from participation.models import Clerk, ClerkRole, Digest, DigestChoice, WorklistItem
from participation.models.digest import RHYTHMS
from participation.services import municipality_settings, signals
from participation.services.worklist_views import WAITING_VIEWS, Asker, is_waiting

FIRST_HOUR, LAST_HOUR = 7, 18
"""By Dutch clocks, on workdays. A mail that could not go at seven is tried again until the last hour."""

FIRST_WAIT = timedelta(minutes=10)
"""Before the second attempt; twice as long before each next one."""

OFF = "uit"
SIGNALS = "signalen"
"""What the mail counts besides the views of the work list: signs of danger and threats that nobody has looked at."""
OPEN_STATES = ("mislukt",)


class RhythmUnknown(Exception):
    """A mail can come daily, weekly or never."""


@dataclass(frozen=True)
class Due:
    """Somebody for whom it is time, with the municipalities for which they handle contributions."""

    clerk: Clerk
    period: str
    codes: Sequence[str]


async def rhythm_of(session: AsyncSession, *, clerk_id: uuid.UUID) -> str:
    """Return how often a clerk wants the mail."""
    found = await session.scalar(select(DigestChoice.rhythm).where(DigestChoice.clerk_id == clerk_id))
    return found or OFF


async def choose(session: AsyncSession, *, clerk: Clerk, rhythm: str, now: datetime) -> None:
    """Set how often a clerk wants the mail. To choose again what holds already changes nothing.

    Raises:
        RhythmUnknown: neither daily, weekly nor never.
    """
    if rhythm == OFF:
        await session.execute(delete(DigestChoice).where(DigestChoice.clerk_id == clerk.id))
    elif rhythm in RHYTHMS:
        values = {"rhythm": rhythm, "changed_at": now}
        statement = insert(DigestChoice).values(clerk_id=clerk.id, **values)
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["clerk_id"], set_=values, where=DigestChoice.rhythm != rhythm
            )
        )
    else:
        raise RhythmUnknown(rhythm)


def period_of(rhythm: str, day: date) -> str:
    """Return the period that a mail of this day is for: the day, or its week (ISO 8601)."""
    return f"{day:%G-W%V}" if rhythm == "week" else day.isoformat()


def starts_at(rhythm: str, day: date) -> datetime:
    """Return from when the mail of this day's period may go: who chooses after that waits for the next one."""
    first = day - timedelta(days=day.weekday()) if rhythm == "week" else day
    return datetime.combine(first, time(FIRST_HOUR), AMSTERDAM)


def is_time(now: datetime) -> bool:
    """Whether mail may go: on a workday, between seven in the morning and six in the evening in the Netherlands."""
    local = now.astimezone(AMSTERDAM)
    return local.weekday() < 5 and FIRST_HOUR <= local.hour < LAST_HOUR


async def due(session: AsyncSession, *, now: datetime) -> Sequence[Due]:
    """Return for whom it is time, who chose it before this period began, and whose mail of it has not gone."""
    if not is_time(now):
        return []
    today = now.astimezone(AMSTERDAM).date()
    found = []
    for rhythm in RHYTHMS:
        period = period_of(rhythm, today)
        again_at = Digest.changed_at + FIRST_WAIT * func.pow(2, Digest.attempts - 1)
        rows = await session.execute(
            select(Clerk, func.array_agg(ClerkRole.municipality_code))
            .join(DigestChoice, DigestChoice.clerk_id == Clerk.id)
            .join(ClerkRole, and_(ClerkRole.clerk_id == Clerk.id, ClerkRole.role.in_(roles.with_right(roles.HANDLE))))
            .outerjoin(Digest, and_(Digest.clerk_id == Clerk.id, Digest.period == period))
            .where(
                DigestChoice.rhythm == rhythm,
                DigestChoice.changed_at <= starts_at(rhythm, today),
                or_(Digest.state.is_(None), and_(Digest.state.in_(OPEN_STATES), again_at <= now)),
            )
            .group_by(Clerk.id)
            .order_by(Clerk.id)
        )
        found += [Due(clerk, period, sorted(codes)) for clerk, codes in rows]
    return found


async def claim(session: AsyncSession, *, clerk_id: uuid.UUID, period: str, now: datetime) -> bool:
    """Take on the mail of a period, before it goes; false when another process has it, or it went.

    Commit this before sending: a process that dies in between leaves it taken, and nobody sends it twice.
    """
    statement = (
        insert(Digest)
        .values(clerk_id=clerk_id, period=period, state="bezig", attempts=1, changed_at=now)
        .on_conflict_do_update(
            index_elements=["clerk_id", "period"],
            set_={"state": "bezig", "attempts": Digest.attempts + 1, "changed_at": now},
            where=Digest.state.in_(OPEN_STATES),
        )
        .returning(Digest.attempts)
    )
    return await session.scalar(statement) is not None


async def finish(
    session: AsyncSession, *, clerk_id: uuid.UUID, period: str, state: str, now: datetime, error: str | None = None
) -> None:
    """Say what became of a mail that was taken on."""
    row = await session.get_one(Digest, (clerk_id, period))
    row.state, row.error, row.changed_at = state, error, now


async def latest(session: AsyncSession, *, clerk_id: uuid.UUID) -> Digest | None:
    """Return the last mail of a clerk that was begun."""
    return await session.scalar(
        select(Digest).where(Digest.clerk_id == clerk_id).order_by(Digest.changed_at.desc()).limit(1)
    )


async def counts(
    session: AsyncSession, *, municipality_code: str, clerk_id: uuid.UUID, now: datetime
) -> dict[str, int]:
    """Count the signals that nobody has looked at, and what waits in each view of the work list of this clerk."""
    choices = await municipality_settings.of(session, municipality_code)
    asker = Asker(municipality_code, clerk_id, now, may_handle=True, patience=choices.patience)
    columns = [func.count().filter(view(WorklistItem, asker)).label(name) for name, view in WAITING_VIEWS.items()]
    of_it = WorklistItem.municipality_code == municipality_code
    row = (await session.execute(select(*columns).where(of_it, is_waiting()))).one()
    return {SIGNALS: await signals.open_count(session, municipality_code=municipality_code), **row._mapping}


def written(
    clerk: Clerk, found: Mapping[str, tuple[str, Mapping[str, int]]], *, sender: str, public_url: str, now: datetime
) -> EmailMessage | None:
    """Write the mail: numbers and links, never a word of a resident. None when nothing waits anywhere.

    Args:
        found: by the code of each municipality its name and what `counts` found there.
    """
    if not any(count for _, views in found.values() for count in views.values()):
        return None
    desk = f"{public_url.rstrip('/')}/griffie"
    parts = [content.text("mail_aanhef", naam=clerk.name)]
    for code, (name, views) in found.items():
        lines = [content.text("mail_gemeente", gemeente=name)]
        for view, count in views.items():
            label = content.texts()["mail_weergaven"][view]
            page = "signalen" if view == SIGNALS else f"inbreng?weergave={view}"
            lines.append(f"- {label}: {count}\n  {desk}/{code}/{page}")
        parts.append("\n".join(lines))
    parts.append(content.text("mail_slot", adres=f"{desk}/mail"))
    message = EmailMessage()
    message["Subject"] = content.text("mail_onderwerp", aantal=str(sum(views["nieuw"] for _, views in found.values())))
    message["From"], message["To"] = sender, clerk.email
    message["Date"] = format_datetime(now.astimezone(AMSTERDAM))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(parts) + "\n", cte="quoted-printable")
    return message
