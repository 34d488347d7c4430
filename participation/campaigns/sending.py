"""Mailings: a message about a campaign to many residents, each at most once, whatever dies in between.

A recipient goes from `wacht` to the chat in one transaction with the message itself, so that neither exists without the
other. In a channel that pushes, the message then leaves through the outbox, which commits that it hands it over before
it does (`outgoing.handed_at`). Whoever dies there leaves a recipient of whom nobody knows whether they got it: those
are shown, and get it again only when somebody of the municipality says so.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, and_, delete, exists, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import events, feedback, states, subscriptions
from participation.campaigns.audience import MESSAGES, OUTCOME
from participation.campaigns.message import written
from participation.errors import DomainError
from participation.models import (
    Campaign,
    ChatAddress,
    Clerk,
    Conversation,
    Mailing,
    Message,
    Outgoing,
    Participant,
    Recipient,
)
from participation.models.mailing import INVITES
from participation.services import conversations, delivery, outgoing

AT_ONCE = 60
"""Messages in the outbox of one channel at most: what is paused or stopped, or opted out of, has hardly left then."""

UNCERTAIN_AFTER = timedelta(minutes=2)
"""After that nobody waits for the answer of the channel any more."""

LONGEST_TEXT = 1500
"""Characters: one screen of a phone or two."""

AGAIN = ("onzeker", "mislukt")
"""What can be sent again, when somebody says so."""


class MailingNotAllowed(DomainError):
    """Not in the state that the mailing is in, or its campaign. `why` is the code of what stands in the way."""

    def __init__(self, why: str = "collega") -> None:
        super().__init__()
        self.why = why


class MailingTextWrong(DomainError):
    """Empty or too long."""


@dataclass(frozen=True)
class Cap:
    """How many messages that they did not ask for at that moment somebody gets at most, and in how many days."""

    most: int = 2
    days: int = 30


async def prepare(
    session: AsyncSession,
    *,
    campaign: Campaign,
    kind: str,
    words: str,
    audience: Mapping[str, Any],
    clerk: Clerk,
    now: datetime,
) -> Mailing:
    """Write a mailing; nobody gets it until it is started.

    Raises:
        MailingTextWrong: nothing was kept.
    """
    words = words.strip()
    if not words or len(words) > LONGEST_TEXT:
        raise MailingTextWrong
    mailing = Mailing(
        id=uuid.uuid4(),
        campaign_id=campaign.id,
        municipality_code=campaign.municipality_code,
        kind=kind,
        text=words,
        audience=dict(audience),
        state="concept",
        made_by=clerk.id,
        made_at=now,
        progress={},
    )
    session.add(mailing)
    await session.flush()
    return mailing


STEPS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "starten": (("concept",), "bezig"),
    "pauzeren": (("bezig",), "pauze"),
    "hervatten": (("pauze",), "bezig"),
    "stoppen": (("concept", "bezig", "pauze"), "gestopt"),
}


async def take(session: AsyncSession, *, mailing: Mailing, step: str, clerk: Clerk, now: datetime) -> None:
    """Start, pause, go on or stop. It holds for every message that has not left yet.

    Raises:
        MailingNotAllowed: because a colleague was first, or for what `obstacle` says.
    """
    sources, after = STEPS.get(step, ((), ""))
    await session.refresh(mailing, with_for_update=True)
    if mailing.state not in sources:
        raise MailingNotAllowed
    if step == "starten":
        if why := await obstacle(session, mailing=mailing, now=now):
            raise MailingNotAllowed(why)
        mailing.started_at = now
    mailing.state = after
    if step == "stoppen":
        mailing.done_at = now
    await _record(session, mailing, f"bericht_{step}", clerk, now)


async def obstacle(session: AsyncSession, *, mailing: Mailing, now: datetime) -> str | None:
    """Return why a mailing can not be started yet: `concept`, `gesloten` or `terugkoppeling`; none when it can.

    A campaign that has not started may be one that no colleague looked at, and then nobody hears of it.
    """
    campaign = await session.get_one(Campaign, mailing.campaign_id, populate_existing=True)
    if campaign.started_at is None:
        return "concept"
    if mailing.kind in INVITES and not states.is_open(campaign, now):
        return "gesloten"
    if mailing.kind == feedback.MAILING and await feedback.published_at(session, campaign.id) is None:
        return "terugkoppeling"
    return None


async def send_again(session: AsyncSession, *, mailing: Mailing, what: str, clerk: Clerk, now: datetime) -> None:
    """Have sent again what failed, or what may have arrived: then somebody may get it twice, by this decision.

    Raises:
        MailingNotAllowed: it was stopped, or has not begun.
    """
    await session.refresh(mailing, with_for_update=True)
    if what not in AGAIN or mailing.state not in ("bezig", "klaar"):
        raise MailingNotAllowed
    mailing.again, mailing.state, mailing.done_at = what, "bezig", None
    await _record(session, mailing, f"opnieuw_{what}", clerk, now)


async def _record(session: AsyncSession, mailing: Mailing, what: str, clerk: Clerk, now: datetime) -> None:
    campaign = await session.get_one(Campaign, mailing.campaign_id)
    detail = {"bericht": str(mailing.id), "soort": mailing.kind, "wie": mailing.audience["who"]}
    await events.record(session, campaign, what=what, clerk=clerk, now=now, detail=detail)


async def of_campaign(session: AsyncSession, campaign_id: uuid.UUID) -> Sequence[Mailing]:
    """Return the mailings of a campaign, what was made last in front; none for who does not lead it."""
    rows = await session.scalars(
        select(Mailing).where(Mailing.campaign_id == campaign_id).order_by(Mailing.made_at.desc(), Mailing.id)
    )
    return rows.all()


async def waiting(session: AsyncSession) -> Counter[str]:
    """Return how many messages wait in the outbox, by channel.

    Only of mailings that go on: one that waits, or a channel that is down, must not hold up all others.
    """
    rows = await session.execute(
        select(Conversation.channel, func.count())
        .select_from(Outgoing)
        .join(Mailing, Mailing.id == Outgoing.mailing_id)
        .join(Conversation, Conversation.id == Outgoing.conversation_id)
        .where(outgoing.goes_on(), Outgoing.done_at.is_(None), Outgoing.handed_at.is_(None))
        .group_by(Conversation.channel)
    )
    return Counter(dict(rows.all()))


async def hand_over_next(
    session: AsyncSession, *, public_url: str, cap: Cap, now: datetime, full: Collection[str] = ()
) -> str | None:
    """Put one message into the chat of one recipient, or note why not.

    Whether they still want it is looked at here, behind the lock that taking it back needs too.

    Args:
        full: channels that take no more now; who has a chat there waits.

    Returns:
        The channel in whose outbox it waits, empty where nothing has to be pushed; none when nobody was left.
    """
    found = await _next_recipient(session, now=now, full=full)
    if found is None:
        return None
    recipient, mailing = found
    chat = await _chat_of(session, recipient.resident_id)
    reason = await passed_over(
        session, recipient=recipient, mailing=mailing, conversation_id=chat.id if chat else None, now=now, cap=cap
    )
    if reason or chat is None:
        settle(recipient, "overgeslagen", now=now, reason=reason or "geen_gesprek")
        return ""
    campaign = await session.get_one(Campaign, mailing.campaign_id)
    reply = written(campaign, mailing, public_url=public_url).to_json()
    open_question = await delivery.still_asked(session, chat.id, now)
    if open_question is not None:  # a message in between must not become the question
        reply["verwacht"] = open_question
    [message] = await conversations.answer(session, conversation_id=chat.id, replies=[reply], in_reply_to=None, now=now)
    recipient.conversation_id = chat.id
    pushed = await session.scalar(
        update(Outgoing)
        .where(Outgoing.message_id == message.id)
        .values(mailing_id=mailing.id)
        .returning(Outgoing.message_id)
        .execution_options(synchronize_session=False)
    )
    settle(recipient, "onderweg" if pushed else "verstuurd", now=now)
    return chat.channel if pushed else ""


async def _next_recipient(
    session: AsyncSession, *, now: datetime, full: Collection[str]
) -> tuple[Recipient, Mailing] | None:
    """Return who is next, locked until the transaction ends. One mailing at a time: so its index gives the first."""
    pushed_there = exists().where(
        Conversation.resident_id == Recipient.resident_id,
        Conversation.channel.in_(full),
        ChatAddress.conversation_id == Conversation.id,
    )
    mailings = await session.scalars(
        select(Mailing).where(outgoing.goes_on(), Mailing.filled_at.is_not(None)).order_by(Mailing.started_at)
    )
    for mailing in mailings.all():
        recipient = await session.scalar(
            select(Recipient)
            .where(
                Recipient.mailing_id == mailing.id,
                Recipient.state == "wacht",
                Recipient.due_at <= now,
                *([~pushed_there] if full else []),
            )
            .order_by(Recipient.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if recipient is not None:
            return recipient, mailing
    return None


async def _chat_of(session: AsyncSession, resident_id: uuid.UUID) -> Conversation | None:
    return await session.scalar(
        select(Conversation)
        .where(Conversation.resident_id == resident_id)
        .order_by(Conversation.last_turn_at.desc())
        .limit(1)
    )


async def passed_over(
    session: AsyncSession,
    *,
    recipient: Recipient,
    mailing: Mailing,
    conversation_id: uuid.UUID | None,
    now: datetime,
    cap: Cap | None = None,
) -> str | None:
    """Why somebody does not get this message; none when they do.

    It is asked when the message goes into the chat, and again when it leaves.

    Args:
        cap: how many messages somebody gets that they did not ask for; none when this one was counted already.
    """
    if not await still_wanted(session, mailing=mailing, recipient=recipient):
        return "afgemeld"
    campaign = await session.get_one(Campaign, mailing.campaign_id, populate_existing=True)
    if mailing.kind in INVITES and states.has_ended(campaign, now):
        return "gesloten"
    if cap and is_unasked(mailing):
        already = await session.scalar(select(had(recipient.resident_id, mailing, cap, now)))
        if already is not None and already >= cap.most:
            return "te_vaak"
    if await session.scalar(select(ChatAddress.blocked_at).where(ChatAddress.conversation_id == conversation_id)):
        return "geblokkeerd"
    return None


async def still_wanted(session: AsyncSession, *, mailing: Mailing, recipient: Recipient) -> bool:
    """Whether somebody wants such messages at this moment. Who takes that back waits for this transaction, or this
    one for them: the lock is that of `services.consents`."""
    resident_id, code = recipient.resident_id, recipient.municipality_code
    await session.execute(select(func.pg_advisory_xact_lock(resident_id.int % 2**63)))
    if mailing.audience.get("who") == OUTCOME:
        return bool(
            await session.scalar(
                select(Participant.wants_outcome)
                .where(Participant.campaign_id == mailing.campaign_id, Participant.resident_id == resident_id)
                .execution_options(populate_existing=True)
            )
        )
    return await subscriptions.is_wanted(session, resident_id=resident_id, municipality_code=code)


def is_unasked(mailing: Mailing) -> bool:
    """Whether who gets it did not ask for it at that moment."""
    return mailing.kind in INVITES or mailing.audience.get("who") == MESSAGES


def had(resident_id: Any, mailing: Mailing, cap: Cap, now: datetime) -> ScalarSelect[int]:
    """Count the messages that somebody got lately without asking at that moment, of any campaign.

    Args:
        resident_id: of one person, or a column of many.
    """
    return (
        select(func.count())
        .select_from(Recipient)
        .join(Mailing, Mailing.id == Recipient.mailing_id)
        .where(
            Recipient.resident_id == resident_id,
            Recipient.mailing_id != mailing.id,
            Recipient.state.in_(("onderweg", "verstuurd")),
            Recipient.settled_at > now - timedelta(days=cap.days),
            or_(Mailing.kind.in_(INVITES), Mailing.audience["who"].astext == MESSAGES),
        )
        .scalar_subquery()
    )


def settle(recipient: Recipient, state: str, *, now: datetime, reason: str | None = None) -> None:
    """Note how it is with one recipient."""
    recipient.state, recipient.reason, recipient.settled_at = state, reason, now


async def recipient_of(session: AsyncSession, *, mailing_id: uuid.UUID, conversation_id: uuid.UUID) -> Recipient | None:
    """Return the recipient whose message stands in a chat."""
    return await session.scalar(
        select(Recipient)
        .join(Conversation, Conversation.resident_id == Recipient.resident_id)
        .where(Recipient.mailing_id == mailing_id, Conversation.id == conversation_id)
    )


async def clear_stopped(session: AsyncSession, *, now: datetime) -> None:
    """Take back what waits of mailings that were stopped, also out of the outbox."""
    stopped = select(Mailing.id).where(Mailing.state == "gestopt")
    taken = await session.scalars(
        select(Outgoing.message_id)
        .where(Outgoing.mailing_id.in_(stopped), Outgoing.done_at.is_(None), Outgoing.handed_at.is_(None))
        .with_for_update(skip_locked=True)
    )
    messages = list(taken)
    if messages:
        theirs = select(Conversation.resident_id).join(Message, Message.conversation_id == Conversation.id)
        await session.execute(
            update(Recipient)
            .where(
                Recipient.mailing_id.in_(stopped),
                Recipient.state == "onderweg",
                Recipient.resident_id.in_(theirs.where(Message.id.in_(messages))),
            )
            .values(state="overgeslagen", reason="gestopt", settled_at=now)
            .execution_options(synchronize_session=False)
        )
        await session.execute(
            delete(Message).where(Message.id.in_(messages)).execution_options(synchronize_session=False)
        )
    await session.execute(
        update(Recipient)
        .where(Recipient.mailing_id.in_(stopped), Recipient.state == "wacht")
        .values(state="overgeslagen", reason="gestopt", settled_at=now)
        .execution_options(synchronize_session=False)
    )


def uncertain(now: datetime) -> Any:
    """Whether a recipient's message was handed to the channel and nobody knows what became of it."""
    return exists().where(
        Outgoing.mailing_id == Recipient.mailing_id,
        Outgoing.conversation_id == Recipient.conversation_id,
        Outgoing.done_at.is_(None),
        Outgoing.handed_at < now - UNCERTAIN_AFTER,
    )


async def begin_again(session: AsyncSession, *, mailing: Mailing, now: datetime) -> None:
    """Do what somebody decided about what failed or may have arrived."""
    again, mailing.again = mailing.again, None
    theirs = Recipient.mailing_id == mailing.id
    which = Recipient.state == "mislukt"
    if again == "onzeker":
        which = and_(Recipient.state == "onderweg", uncertain(now))
    found = list(await session.scalars(select(Recipient).where(theirs, which).with_for_update()))
    chats = [one.conversation_id for one in found if one.conversation_id]
    old = select(Outgoing.message_id).where(Outgoing.mailing_id == mailing.id, Outgoing.conversation_id.in_(chats))
    await session.execute(delete(Message).where(Message.id.in_(old)).execution_options(synchronize_session=False))
    for one in found:
        one.state, one.reason, one.settled_at, one.due_at = "wacht", None, None, now
    await session.flush()


async def count_progress(session: AsyncSession, *, mailing: Mailing, now: datetime) -> None:
    """Write down how far a mailing is, and that it is done when nobody waits any more."""
    is_uncertain = and_(Recipient.state == "onderweg", uncertain(now))
    rows = await session.execute(
        select(Recipient.municipality_code, Recipient.state, Recipient.reason, is_uncertain, func.count())
        .where(Recipient.mailing_id == mailing.id)
        .group_by(Recipient.municipality_code, Recipient.state, Recipient.reason, text("4"))
    )
    progress: dict[str, dict[str, int]] = {}
    for code, state, reason, lost, number in rows:
        name = "onzeker" if lost else f"{state}:{reason}" if reason else state
        of_code = progress.setdefault(code, {})
        of_code[name] = of_code.get(name, 0) + number
    if progress != mailing.progress:
        mailing.progress = progress
    busy = any(name in ("wacht", "onderweg") for counts in progress.values() for name in counts)
    if mailing.state == "bezig" and mailing.filled_at is not None and not busy and mailing.again is None:
        mailing.state, mailing.done_at = "klaar", now
    await session.flush()


async def lost_chats(session: AsyncSession, *, now: datetime) -> None:
    """Note of whom the chat was erased before the message left that it never will."""
    has_message = exists().where(
        Outgoing.mailing_id == Recipient.mailing_id, Outgoing.conversation_id == Recipient.conversation_id
    )
    await session.execute(
        update(Recipient)
        .where(Recipient.state == "onderweg", ~has_message)
        .values(state="overgeslagen", reason="geen_gesprek", settled_at=now)
        .execution_options(synchronize_session=False)
    )
