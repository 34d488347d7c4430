"""What Rasa remembers of conversations, in its own schema."""

import json
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from participation.privacy.shredders.kind import Kind, Subject, delete_rows


class Tracker(Kind):
    """Rasa's events of a conversation: they repeat the resident's words, and what was understood of them."""

    name: ClassVar[str] = "geheugen"
    tables: ClassVar[frozenset[str]] = frozenset({"rasa.events"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """The events, in order."""
        if not await tracker_exists(session):
            return []
        query = text("SELECT timestamp, type_name, data FROM rasa.events WHERE sender_id IN :ids ORDER BY id")
        rows = await session.execute(query.bindparams(bindparam("ids", expanding=True)), {"ids": _senders(subject)})
        return [
            {"tijd": datetime.fromtimestamp(at, UTC).isoformat(), "soort": kind, "inhoud": json.loads(data)}
            for at, kind, data in rows
        ]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase them. What Rasa may still write afterwards, of a turn that came too late, goes the next night."""
        if not await tracker_exists(session):
            return 0
        query = text("DELETE FROM rasa.events WHERE sender_id IN :ids")
        return await delete_rows(session, query.bindparams(bindparam("ids", value=_senders(subject), expanding=True)))


async def tracker_exists(session: AsyncSession) -> bool:
    """Whether Rasa has made its table; it does so when it starts for the first time."""
    return bool(await session.scalar(text("SELECT to_regclass('rasa.events') IS NOT NULL")))


def _senders(subject: Subject) -> list[str]:
    return [str(conversation_id) for conversation_id in subject.conversation_ids]
