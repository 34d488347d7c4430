"""Messages of a mailing on their way out: looked at once more before they leave, and noted at their recipient.

They leave at most once. What an answer may do, being sent again when nobody knows whether it arrived, nobody wants of a
message that goes to a whole town.
"""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import sending
from participation.campaigns.pacing import QuietHours
from participation.models import Mailing, Message, Outgoing


async def may_leave(session: AsyncSession, state: Outgoing, *, quiet: QuietHours, now: datetime) -> bool:
    """Whether a message may leave now. In quiet hours it waits; what should not arrive any more is taken back."""
    if until := quiet.end(now):
        state.due_at = until
        return False
    mailing = await session.get_one(Mailing, state.mailing_id)
    recipient = await sending.recipient_of(session, mailing_id=mailing.id, conversation_id=state.conversation_id)
    if recipient is not None:
        reason = await sending.passed_over(
            session, recipient=recipient, mailing=mailing, conversation_id=state.conversation_id, now=now
        )
        if reason is None:
            return True
        sending.settle(recipient, "overgeslagen", now=now, reason=reason)
    await session.execute(
        delete(Message).where(Message.id == state.message_id).execution_options(synchronize_session=False)
    )
    session.expunge(state)
    return False


async def note(session: AsyncSession, state: Outgoing, *, fault: str | None, now: datetime) -> None:
    """Note at the recipient what became of their message.

    Args:
        fault: why the channel refused it; empty when it took all of it; none when more pieces follow.
    """
    if fault is None or state.mailing_id is None:
        return
    recipient = await sending.recipient_of(session, mailing_id=state.mailing_id, conversation_id=state.conversation_id)
    if recipient is not None:
        sending.settle(recipient, "mislukt" if fault else "verstuurd", now=now, reason=fault or None)
