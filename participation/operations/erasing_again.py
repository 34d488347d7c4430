"""Doing again, after a restore, what was erased or withdrawn since the back-up."""

import logging
import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import subscriptions
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import ContributionUnknown, DomainError, ResidentUnknown, TransitionNotAllowed
from participation.models import Consent, Contribution, ContributionIntake, DeskSession, Erasure, Mailing
from participation.models.consent import CAMPAIGN
from participation.operations.faults import Refused
from participation.operations.journal import Journal, Line
from participation.privacy import erasures, own_data, retention
from participation.services import audit, consents, own_contributions, statuses
from participation.services.lifecycle import INWONER

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Known:
    """The records in the database that the lines name, by their hashes."""

    residents: Mapping[bytes, uuid.UUID]
    contributions: Mapping[bytes, uuid.UUID]


async def known(session: AsyncSession, lines: Collection[Line]) -> Known:
    """Look for what is on the list: one look at all, since no index knows the hashes."""
    hashes = {line.record for line in lines} | {line.about for line in lines if line.about is not None}
    found = []
    for table in ("resident", "contribution"):
        query = text(
            f"SELECT id FROM {table} "  # noqa: S608  (a constant)
            "WHERE sha256(CAST(:first AS bytea) || uuid_send(id)) = ANY(CAST(:hashes AS bytea[]))"
        )
        ids = await session.scalars(query, {"first": erasures.HASHED_WITH, "hashes": list(hashes)})
        found.append({erasures.trace(record_id): record_id for record_id in ids})
    return Known(*found)


async def again(session: AsyncSession, line: Line, there: Known, *, now: datetime) -> bool:
    """Do one line again, and return whether there was anything to do.

    All lines, also those of before the back-up: they cost a look, and a clock that was wrong brings nobody back.
    """
    of_resident = line.kind in (erasures.RESIDENT, erasures.CONSENT)
    record_id = (there.residents if of_resident else there.contributions).get(line.record)
    if record_id is None:
        return False
    match line.kind:
        case erasures.RESIDENT:
            return await _resident(session, record_id, now=now)
        case erasures.CONTRIBUTION:
            gone = await session.execute(
                delete(Contribution).where(Contribution.id == record_id).returning(Contribution.id)
            )
            return bool(gone.all())
        case erasures.WITHDRAWN:
            return await _withdrawn(session, record_id, now=now)
        case _:
            return await _consent(session, line, record_id, there, now=now)


async def after_restore(
    url: str, made_at: datetime, journal: Journal | None, *, chat_days: int, now: datetime
) -> dict[str, int]:
    """Erase again what was, pause mailings that were being sent, and note that a back-up was put back.

    What has had its time since the back-up goes too, without waiting for the night. Everybody at the desk has to log in
    again: a session that was ended after the back-up would work again. Messages on campaigns that were being sent are
    paused, since part of them may have gone out after the back-up.

    Args:
        url: libpq URI of the owner.
        chat_days: how long chat texts are kept.

    Returns:
        What was erased again, by kind.

    Raises:
        Refused: something could not be erased again; the rest was.
    """
    lines = sorted(journal.lines.values(), key=lambda line: line.created_at) if journal else []
    owner, app = Database(url), Database(url, become_app_role=True)
    done: Counter[str] = Counter()
    failed: list[str] = []
    try:
        async with app.session(EVERY_MUNICIPALITY) as session:
            there = await known(session, lines)
        for line in lines:
            try:
                async with app.session(EVERY_MUNICIPALITY) as session:
                    done[line.kind] += await again(session, line, there, now=now)
            except (SQLAlchemyError, DomainError) as error:
                logger.exception("A line of kind %s could not be done again", line.kind)
                failed.append(f"{line.kind} ({type(error).__name__})")
        if failed:
            raise Refused(f"Not everything could be erased again: {'; '.join(failed[:5])}")
        async with app.session(EVERY_MUNICIPALITY) as session:
            await retention.erase_expired(session, days=chat_days, now=now)
        async with owner.session(EVERY_MUNICIPALITY) as session:
            for line in lines:  # so that the next list has them too
                await session.execute(insert(Erasure).values(vars(line)).on_conflict_do_nothing())
            await session.execute(delete(DeskSession))
            await session.execute(update(Mailing).where(Mailing.state == "bezig").values(state="pauze"))
            details = {"van": made_at.isoformat(), "opnieuw_gewist": done.total()}
            await audit.record(
                session, action="logboek.teruggezet", clerk=None, municipality_code=None, details=details, now=now
            )
    finally:
        await owner.close()
        await app.close()
    return {kind: count for kind, count in done.items() if count}


async def _resident(session: AsyncSession, resident_id: uuid.UUID, *, now: datetime) -> bool:
    try:
        await own_data.erase(session, resident_id=resident_id, now=now)
    except ResidentUnknown:
        return False
    return True


async def _withdrawn(session: AsyncSession, contribution_id: uuid.UUID, *, now: datetime) -> bool:
    try:
        found = await statuses.lock(session, contribution_id=contribution_id)
    except ContributionUnknown:
        return False
    if found.status == "geannuleerd":
        return False
    row = found.contribution
    await own_contributions.erase_words(session, row, now=now)
    if row.resident_id is not None:
        await consents.withdraw(
            session, resident_id=row.resident_id, channel=row.channel, now=now, contribution_id=row.id
        )
    intake = await session.get(ContributionIntake, row.id)
    if intake is not None:
        intake.contact = None
    try:
        statuses.allowed(found, "geannuleerd", by=INWONER)
    except TransitionNotAllowed:  # the words are gone, and that is what was asked
        return True
    reason, action = own_contributions.WITHDRAWN_REASON, "inbreng.ingetrokken"
    await statuses.advance(session, found, "geannuleerd", by=INWONER, reason=reason, now=now, action=action)
    return True


async def _consent(session: AsyncSession, line: Line, resident_id: uuid.UUID, there: Known, *, now: datetime) -> bool:
    """Withdraw it, unless it was given anew after it was withdrawn."""
    contribution_id = there.contributions.get(line.about) if line.about is not None else None
    if line.purpose is None or (line.about is not None and contribution_id is None):
        return False
    about = Consent.contribution_id == contribution_id if contribution_id else Consent.contribution_id.is_(None)
    last = await session.scalar(
        select(Consent)
        .where(Consent.resident_id == resident_id, Consent.purpose == line.purpose, about)
        .order_by(Consent.id.desc())
        .limit(1)
    )
    if last is None or not last.given or last.created_at > line.created_at:
        return False
    await consents.withdraw(
        session,
        resident_id=resident_id,
        channel=last.channel,
        now=now,
        purposes=(line.purpose,),
        contribution_id=contribution_id,
    )
    if line.purpose == CAMPAIGN:
        await subscriptions.forget(session, resident_id=resident_id)
    return True
