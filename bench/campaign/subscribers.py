"""Residents who agreed to messages about campaigns, many at once."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.visits import ADDRESS
from participation.models import ChatAddress, Consent, Conversation, Resident
from participation.models.consent import CAMPAIGN
from participation.privacy.pseudonym import pseudonym
from participation.privacy.sealing import Sealer


async def subscribe(
    session: AsyncSession, *, key: str, now: datetime, code: str, chats: Sequence[int] = (), web: int = 0
) -> list[uuid.UUID]:
    """Make residents who agreed: one for each Telegram chat, and some of the web. Returns them in that order."""
    sealer = Sealer(key, purpose=ADDRESS)
    users = [("telegram", str(chat)) for chat in chats] + [("web", uuid.uuid4().hex) for _ in range(web)]
    before = now - timedelta(hours=3)
    residents, conversations, addresses, consents = [], [], [], []
    for channel, user in users:
        resident, conversation = uuid.uuid4(), uuid.uuid4()
        known_by = pseudonym(key, channel=channel, channel_user=user)
        residents.append(
            {"id": resident, "pseudonym": known_by, "channel": channel, "created_at": before, "last_seen_at": before}
        )
        conversations.append(
            {
                "id": conversation,
                "resident_id": resident,
                "channel": channel,
                "municipality_code": code,
                "language": "nl",
                "created_at": before,
                "last_turn_at": before,
            }
        )
        if channel == "telegram":
            addresses.append({"conversation_id": conversation, "sealed": sealer.seal(user), "created_at": before})
        consents.append(
            {
                "resident_id": resident,
                "municipality_code": code,
                "purpose": CAMPAIGN,
                "given": True,
                "text_version": 1,
                "channel": channel,
                "created_at": before,
            }
        )
    await session.execute(insert(Resident), residents)
    await session.execute(insert(Conversation), conversations)
    if addresses:
        await session.execute(insert(ChatAddress), addresses)
    await session.execute(insert(Consent), consents)
    return [row["id"] for row in residents]
