"""The worker's part in campaigns: sending, telling writers of statements what was decided, masking what waits."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import procrastinate
from sqlalchemy import or_, select

from participation.campaigns import audience, foreseeing, own_statements, sending, taking_part
from participation.campaigns.pacing import QuietHours
from participation.campaigns.sending import Cap
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Mailing
from participation.settings import Settings, settings

logger = logging.getLogger(__name__)

SEND = "samenspel:campaign_send"
ROUND_SECONDS = 9.0
"""One job works almost until the clock starts the next one. Nothing is held in between, so two at once do no harm."""

LATE = timedelta(minutes=10)
"""After it is done or stopped a mailing is still counted: what had left already may get its answer after that."""

PAUSE = 0.3
"""Seconds to wait for the outbox, which sends some thirty a second."""


def register(app: procrastinate.App) -> None:
    """Add the tasks to the queue. None is retried: the clock comes again within a minute."""
    app.periodic(cron="* * * * * */10")(app.task(name=SEND, pass_context=True)(send))
    app.periodic(cron="* * * * *")(app.task(name="samenspel:campaign_tell", pass_context=True)(tell))


async def send(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every ten seconds: go on with the mailings that are under way, for as long as something waits."""
    database: Database = context.additional_context["database"]
    end = time.monotonic() + ROUND_SECONDS
    await go_on(
        database,
        settings(),
        now=datetime.now(UTC),
        has_time=lambda: time.monotonic() < end and not context.should_abort(),
    )


async def go_on(
    database: Database, chosen: Settings, *, now: datetime, has_time: Callable[[], bool] = lambda: False
) -> None:
    """Fill, hand over what fits in the outbox, as long as there is time also what fits a moment later, and count."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        await sending.clear_stopped(session, now=now)
        await sending.lost_chats(session, now=now)
    async with database.session(EVERY_MUNICIPALITY) as session:
        busy = list(
            await session.scalars(
                select(Mailing)
                .where(or_(Mailing.state.in_(("bezig", "pauze")), Mailing.done_at > now - LATE))
                .order_by(Mailing.started_at)
                .with_for_update(skip_locked=True)
            )
        )
        for mailing in busy:
            if mailing.filled_at is None and mailing.state == "bezig":
                await audience.fill(session, mailing=mailing, now=now)
            if mailing.again is not None:
                await sending.begin_again(session, mailing=mailing, now=now)
    await _foresee(database, chosen, now=now)
    while await _hand_over(database, chosen, now=now):
        if not has_time():
            break
        await asyncio.sleep(PAUSE)
    async with database.session(EVERY_MUNICIPALITY) as session:
        for mailing in busy:
            await sending.count_progress(session, mailing=await session.get_one(Mailing, mailing.id), now=now)


async def _foresee(database: Database, chosen: Settings, *, now: datetime) -> None:
    """Count who will get a mailing that somebody is about to start: a desk does not see who has a chat."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        for mailing in await session.scalars(select(Mailing).where(Mailing.state == "concept")):
            await foreseeing.foresee(session, mailing=mailing, cap=_cap(chosen), now=now)


async def _hand_over(database: Database, chosen: Settings, *, now: datetime) -> bool:
    """Hand over what fits in the outbox. Returns whether a moment later more may fit."""
    if QuietHours.of(chosen).end(now) is not None:
        return False
    async with database.session(EVERY_MUNICIPALITY) as session:
        waiting = await sending.waiting(session)
    for _ in range(sending.AT_ONCE):
        full = [channel for channel, number in waiting.items() if number >= sending.AT_ONCE]
        async with database.session(EVERY_MUNICIPALITY) as session:
            channel = await sending.hand_over_next(
                session, public_url=chosen.public_url, cap=_cap(chosen), now=datetime.now(UTC), full=full
            )
        if channel is None:
            return bool(full)
        if channel:
            waiting[channel] += 1
    return True


def _cap(chosen: Settings) -> Cap:
    return Cap(chosen.campaign_most_invitations, chosen.campaign_invitation_days)


async def tell(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every minute: see to what participants wrote."""
    await see_to_words(context.additional_context["database"], settings(), now=datetime.now(UTC))


async def see_to_words(database: Database, chosen: Settings, *, now: datetime) -> None:
    """Mask what waits for it, refuse statements that came too late, and tell their writers what was decided.

    A campaign ends at midnight: who wrote a statement hears of it in the morning.
    """
    async with database.session(EVERY_MUNICIPALITY) as session:
        await taking_part.mask_waiting(session, now=now)
        await own_statements.mask_waiting(session, now=now)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_statements.settle_ended(session, now=now)
    told = QuietHours.of(chosen).end(now) is None
    while told:
        async with database.session(EVERY_MUNICIPALITY) as session:
            told = await own_statements.tell_next(session, now=now)
