"""Numbers that residents have not seen: their words were logged after the chat had stopped waiting for Rasa.

The gateway says sorry after its time is up, and Rasa goes on. What it then logs is safe, but its answer reaches nobody.
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation import consent_questions, content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Contribution, Message
from participation.models.contribution import WITHDRAWN
from participation.reply import Reply
from participation.services import conversations, delivery, receipts
from participation.services.conversations import DRAFT

FAULT = "fout"
"""The kind of message with which the chat says that something failed."""

WITHIN = timedelta(hours=1)
"""After a fault. Rasa itself is done within minutes; the rest is for a worker that stood still."""


async def waiting(session: AsyncSession, *, now: datetime) -> Sequence[uuid.UUID]:
    """Return what was logged from a chat that was told about a fault, and has no number in that chat; oldest first."""
    apologised = await session.scalars(
        select(Message.conversation_id)
        .where(Message.created_at > now - WITHIN, Message.sender == "bot", Message.body["soort"].astext == FAULT)
        .distinct()
    )
    chats = apologised.all()
    if not chats:
        return []
    found = await session.scalars(
        _untold()
        .where(Contribution.conversation_id.in_(chats), Contribution.created_at > now - WITHIN)
        .order_by(Contribution.created_at, Contribution.id)
    )
    return [contribution.id for contribution in found]


async def tell(database: Database, contribution_id: uuid.UUID, *, key: str, now: datetime) -> bool:
    """Give the number in the chat, once. Returns whether that happened now.

    A chat that is busy with a turn is left alone: its answer may hold the number.

    Args:
        key: the setting `pseudonym_key`, for the secret code.
    """
    async with database.session(EVERY_MUNICIPALITY) as session:
        conversation_id = await session.scalar(
            select(Contribution.conversation_id).where(Contribution.id == contribution_id)
        )
        if conversation_id is None or not await conversations.try_lock_turns(session, conversation_id):
            return False
        # Only now: a turn that ended just before may have told it.
        contribution = await session.scalar(_untold().where(Contribution.id == contribution_id))
        if contribution is None:
            return False
        number = await receipts.receipt(database, contribution, key=key, now=now)
        receipt = Reply(f"{content.text('inbreng_alsnog')}\n\n{number}", kind="bevestiging")
        await conversations.answer(
            session,
            conversation_id=conversation_id,
            replies=[reply.to_json() for reply in await _replies(session, contribution, conversation_id, receipt, now)],
            in_reply_to=None,
            now=now,
        )
    return True


def _untold() -> Select[Contribution]:
    told = exists(
        select(Message.id).where(
            Message.conversation_id == Contribution.conversation_id,
            Message.sender == "bot",
            func.strpos(Message.body["tekst"].astext, Contribution.reference) > 0,
        )
    )
    return select(Contribution).where(Contribution.text != WITHDRAWN, ~told)


async def _replies(
    session: AsyncSession, contribution: Contribution, conversation_id: uuid.UUID, receipt: Reply, now: datetime
) -> list[Reply]:
    """The receipt ends the draft, and what follows a receipt follows when nothing else was said meanwhile."""
    said, draft = await conversations.last_said(session, conversation_id)
    if said is None or draft is None or draft["concept"] != str(contribution.draft):
        still_asked = await delivery.still_asked(session, conversation_id, now)
        return [replace(receipt, expects=still_asked or {})]
    earlier = [*draft.get("earlier", ()), draft["concept"]]
    following: dict[str, Any] | None = None
    if draft.get("rest"):  # the second of two concerns waits, as any that was begun
        following = {
            "concept": str(uuid.uuid4()),
            "text": draft["rest"],
            "municipality": contribution.municipality_code,
            "earlier": earlier,
        }
    told = replace(receipt, expects={DRAFT: following})
    asks = following is None and said.body.get("soort") == FAULT
    return [told, consent_questions.share(earlier, contribution.text)] if asks else [told]
