"""What waits: jobs, messages on their way, texts to be masked. All of it small, or counted over an index of its own."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import case, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from participation.measures.figures import Figure
from participation.models import (
    ChatAddress,
    Contribution,
    ContributionEntry,
    Conversation,
    Incoming,
    Mailing,
    Message,
    Outgoing,
    Recipient,
)
from participation.services import sorting

ANSWER, CAMPAIGN = "antwoord", "campagne"
WAITS, RUNS, FAILED = "wacht", "bezig", "mislukt"

_JOBS = text("""
    SELECT CASE status WHEN 'todo' THEN 'wacht' WHEN 'doing' THEN 'bezig' ELSE 'mislukt' END, count(*)
      FROM jobs.procrastinate_jobs
     WHERE status IN ('doing', 'failed') OR (status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= :now))
     GROUP BY 1
""")
_OLDEST_JOB = text("""
    SELECT min(coalesce(job.scheduled_at, (SELECT min(at) FROM jobs.procrastinate_events WHERE job_id = job.id)))
      FROM (SELECT id, scheduled_at FROM jobs.procrastinate_jobs
             WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= :now)
             ORDER BY id LIMIT 1000) job
""")
_WORKERS = text("""
    SELECT count(*) FROM jobs.procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'
""")


async def jobs(session: AsyncSession, now: datetime) -> list[Figure]:
    """The queue of the worker. A job that failed stays there until somebody removes it."""
    counts = {WAITS: 0, RUNS: 0, FAILED: 0}
    counts.update((state, count) for state, count in await session.execute(_JOBS, {"now": now}))
    oldest = await session.scalar(_OLDEST_JOB, {"now": now})
    return [
        *(Figure("samenspel_jobs", count, (state,)) for state, count in counts.items()),
        Figure("samenspel_jobs_oldest_seconds", _age(oldest, now)),
        Figure("samenspel_workers", await session.scalar(_WORKERS) or 0),
    ]


async def messages(session: AsyncSession, now: datetime) -> list[Figure]:
    """What channels have to take, what they brought, and what the griffie wrote.

    Not who keeps the bot out, nor a mailing that stands still: these wait because somebody wants them to.
    """
    kind = case((Outgoing.mailing_id.is_(None), ANSWER), else_=CAMPAIGN)
    outgoing = await session.execute(
        select(Conversation.channel, kind, func.count(), func.min(Message.created_at))
        .join(Message, Message.id == Outgoing.message_id)
        .join(Conversation, Conversation.id == Outgoing.conversation_id)
        .join(ChatAddress, ChatAddress.conversation_id == Outgoing.conversation_id)
        .outerjoin(Mailing, Mailing.id == Outgoing.mailing_id)
        .where(
            Outgoing.done_at.is_(None),
            Outgoing.handed_at.is_(None),
            ChatAddress.blocked_at.is_(None),
            or_(Mailing.id.is_(None), Mailing.state == "bezig"),
        )
        .group_by(Conversation.channel, kind)
    )
    incoming = await session.execute(
        select(Incoming.channel, func.count(), func.min(Incoming.received_at))
        .where(Incoming.handled_at.is_(None))
        .group_by(Incoming.channel)
    )
    replies = await session.execute(
        select(func.count(), func.min(ContributionEntry.created_at))
        .join(Contribution, Contribution.id == ContributionEntry.contribution_id)
        .where(ContributionEntry.delivered_at.is_(None), Contribution.conversation_id.is_not(None))
    )
    count, oldest = replies.one()
    recipients = await session.scalar(
        select(func.count())
        .select_from(Recipient)
        .join(Mailing, Mailing.id == Recipient.mailing_id)
        .where(Recipient.state == "wacht", Mailing.state == "bezig")
    )
    return [
        *(one for row in outgoing for one in _waiting("samenspel_outgoing", row[:2], row[2], row[3], now)),
        *(one for row in incoming for one in _waiting("samenspel_incoming", row[:1], row[1], row[2], now)),
        Figure("samenspel_replies_undelivered", count),
        Figure("samenspel_replies_oldest_seconds", _age(oldest, now)),
        Figure("samenspel_recipients_waiting", recipients or 0),
    ]


async def contributions(session: AsyncSession, now: datetime) -> list[Figure]:
    """What the worker has still to do with contributions before the griffie can read them well."""
    unmasked = await session.scalar(
        select(func.count()).select_from(Contribution).where(Contribution.masked_at.is_(None))
    )
    unsorted = await session.scalar(select(func.count()).select_from(Contribution).where(sorting.is_unsorted()))
    name = "samenspel_contributions_unfinished"
    return [Figure(name, unmasked or 0, ("maskeren",)), Figure(name, unsorted or 0, ("indelen",))]


def _waiting(
    name: str, labels: tuple[str, ...], count: int, oldest: datetime | None, now: datetime
) -> Iterator[Figure]:
    yield Figure(f"{name}_waiting", count, tuple(labels))
    yield Figure(f"{name}_oldest_seconds", _age(oldest, now), tuple(labels))


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
