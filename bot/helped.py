"""Whether an answer of the griffie helped: what is done when a resident presses one of the two buttons below it."""

import uuid
from datetime import datetime
from typing import Any

from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import ContributionUnknown
from participation.models import Conversation
from participation.reply import Button, Reply
from participation.services import own_contributions, reply_verdicts
from participation.services.delivery import VERDICT_GATE as GATE

__all__ = ["GATE", "given"]


async def given(
    database: Database, conversation: Conversation, meaning: dict[str, Any], *, now: datetime, expected: dict[str, Any]
) -> dict[str, Any]:
    """Keep the verdict and say thanks; after "nee" offer to tell the griffie more.

    Args:
        expected: what was asked before stays open.
    """
    verdict = meaning["oordeel"]
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            await reply_verdicts.give(
                session,
                resident_id=conversation.resident_id,
                entry_id=uuid.UUID(meaning["tekst"]),
                verdict=verdict,
                now=now,
            )
            may_answer = await own_contributions.may_answer(session, contribution_id=uuid.UUID(meaning["over"]))
    except ContributionUnknown:
        return Reply(content.text("knop_verlopen"), kind="fout", expects=expected).to_json()
    react = {"intent": "inbreng_aanvullen", "over": meaning["over"], "reactie": True}
    if verdict == "nee" and not may_answer:
        return Reply(content.text("hielp_nee_gestopt"), expects=expected).to_json()
    buttons = (Button(content.text("knop_reageren"), react),) if verdict == "nee" else ()
    return Reply(content.text(f"hielp_{verdict}"), buttons=buttons, expects=expected).to_json()
