"""The worker's part in campaigns: sending, telling writers of statements what was decided, masking what waits."""

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta

import procrastinate
from sqlalchemy import or_, select

from participation.campaigns import audience, own_statements, sending, taking_part
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
    while time.monotonic() < end and not context.should_abort():
        if not await go_on(database, settings(), now=datetime.now(UTC)):
            return
        await asyncio.sleep(PAUSE)


async def go_on(database: Database, chosen: Settings, *, now: datetime) -> bool:
    """Fill, hand over what fits in the outbox, and count. Returns whether more is to be done."""
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
    await _foresee(database)
    sent = await _hand_over(database, chosen, now=now)
    async with database.session(EVERY_MUNICIPALITY) as session:
        for mailing in busy:
            await sending.count_progress(session, mailing=await session.get_one(Mailing, mailing.id), now=now)
    return bool(sent) or any(mailing.state == "bezig" for mailing in busy)


async def _foresee(database: Database) -> None:
    """Count for whom a mailing is that somebody is about to start; a desk sees the people of its own municipality."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        for mailing in await session.scalars(select(Mailing).where(Mailing.state == "concept", Mailing.progress == {})):
            await audience.foresee(session, mailing=mailing)


async def _hand_over(database: Database, chosen: Settings, *, now: datetime) -> int:
    if QuietHours.of(chosen).end(now) is not None:
        return 0
    async with database.session(EVERY_MUNICIPALITY) as session:
        waiting = await sending.waiting(session)
    cap = Cap(chosen.campaign_most_invitations, chosen.campaign_invitation_days)
    for sent in range(sending.AT_ONCE):
        full = [channel for channel, number in waiting.items() if number >= sending.AT_ONCE]
        async with database.session(EVERY_MUNICIPALITY) as session:
            channel = await sending.hand_over_next(
                session, public_url=chosen.public_url, cap=cap, now=datetime.now(UTC), full=full
            )
        if channel is None:
            return sent
        if channel:
            waiting[channel] += 1
    return sending.AT_ONCE


async def tell(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every minute: mask what waits for it, refuse what came too late, tell writers of statements what was decided."""
    database: Database = context.additional_context["database"]
    now = datetime.now(UTC)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await taking_part.mask_waiting(session, now=now)
        await own_statements.mask_waiting(session, now=now)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_statements.settle_ended(session, now=now)
    while True:
        async with database.session(EVERY_MUNICIPALITY) as session:
            if not await own_statements.tell_next(session, now=now):
                return
