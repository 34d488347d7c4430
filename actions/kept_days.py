"""For how long this conversation is kept, as it is told to the resident."""

from actions.turn import ActionTurn
from participation.database import EVERY_MUNICIPALITY
from participation.privacy import periods


async def kept_days(turn: ActionTurn) -> str:
    """Return the days that the municipality of this conversation keeps chats."""
    async with turn.database.session(EVERY_MUNICIPALITY) as session:
        days = await periods.chat_days(
            session, municipality_code=turn.municipality_code, promised=turn.settings.chat_retention_days
        )
    return str(days)
