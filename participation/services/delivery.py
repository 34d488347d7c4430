"""Bringing the griffie's texts into the chat that a contribution came from."""

import uuid
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.models import Contribution, ContributionEntry, Municipality
from participation.reply import Reply
from participation.services import conversations


async def deliver(session: AsyncSession, *, entry_id: uuid.UUID, now: datetime) -> bool:
    """Put one text into the chat, once: a second call finds it delivered. Returns whether it was put there now.

    A contribution whose chat has been erased has no chat to go to; the text stays with the contribution.
    """
    entry = await session.get(ContributionEntry, entry_id, with_for_update=True)
    if entry is None or entry.delivered_at is not None:
        return False
    contribution = await session.get_one(Contribution, entry.contribution_id)
    if contribution.conversation_id is None:
        return False
    municipality = await session.get_one(Municipality, contribution.municipality_code)
    reply = Reply(
        text=content.text(
            "reactie_griffie", gemeente=municipality.name, nummer=contribution.reference, tekst=entry.text
        ),
        kind="griffie",
    )
    await conversations.answer(
        session,
        conversation_id=contribution.conversation_id,
        replies=[reply.to_json()],
        in_reply_to=None,
        now=now,
        sender="griffie",
        entry_id=entry.id,
    )
    entry.delivered_at = now
    return True
