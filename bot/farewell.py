"""The last message of a conversation that its resident had erased: it is shown, and kept nowhere."""

from datetime import datetime
from typing import Any

from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Conversation, Message
from participation.privacy import own_data
from participation.reply import ENDING, Reply

GATE = "wissen"
"""What the meaning of the button is marked with. The gateway itself erases: whatever Rasa does would be kept by it."""


def farewell() -> dict[str, Any]:
    """Say that all has been erased; true by the time that it is read."""
    return Reply(content.text("gewist"), kind=ENDING).to_json()


def ends(replies: list[dict[str, Any]]) -> bool:
    """Whether this answer is the end of the conversation."""
    return any(reply["soort"] == ENDING for reply in replies)


async def erase(
    database: Database, conversation: Conversation, asked: Message, replies: list[dict[str, Any]], *, now: datetime
) -> list[Message]:
    """Erase all of the resident's data; returns the last messages, which no table has.

    Open chats are not woken: there is nothing to fetch any more, and they would go before this could be read.
    """
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_data.erase(session, resident_id=conversation.resident_id, now=now)
    return [
        Message(id=asked.id + number, conversation_id=conversation.id, sender="bot", body=reply, created_at=now)
        for number, reply in enumerate(replies, start=1)
    ]
