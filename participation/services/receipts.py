"""What a resident hears once their words are logged: the reference, a secret code, and that others said this."""

import asyncio
import logging
from datetime import datetime

from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.foreign import beside
from participation.models import Contribution
from participation.services import alike, municipalities, secret_codes

PATIENCE_SECONDS = 2.0
"""What a resident waits for the comparison with others; the worker makes comparable what took longer."""

logger = logging.getLogger(__name__)


async def receipt(database: Database, contribution: Contribution, *, key: str, now: datetime) -> str:
    """Return what a resident hears once their words are logged; also in their language where that is another one.

    Args:
        key: the setting `pseudonym_key`.
    """
    name = municipalities.names()[contribution.municipality_code]
    text = content.text("inbreng_vastgelegd", gemeente=name, nummer=contribution.reference)
    text = beside(text, "vastgelegd", contribution.text, nummer=contribution.reference)
    return f"{text}\n\n{await _beside_reference(database, contribution, key=key, now=now)}".strip()


async def _beside_reference(database: Database, contribution: Contribution, *, key: str, now: datetime) -> str:
    """Return the sentences to say after the reference. Never fails: what was logged is logged.

    Args:
        key: the setting `pseudonym_key`.
    """
    told = []
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            kept = await session.get_one(Contribution, contribution.id)
            told.append(content.text("inbreng_code", code=secret_codes.give(kept, key=key)))
        if await asyncio.wait_for(_said_by_others(database, contribution, now), PATIENCE_SECONDS):
            told.append(content.text("inbreng_ook_anderen"))
    except TimeoutError:
        logger.info("Comparing a contribution with others takes longer than a resident should wait")
    except Exception:  # whatever is wrong here, the resident gets their reference
        logger.exception("What goes beside the reference of %s is not complete", contribution.id)
    return "\n\n".join(told)


async def _said_by_others(database: Database, contribution: Contribution, now: datetime) -> bool:
    async with database.session(EVERY_MUNICIPALITY) as session:
        kept = await session.get_one(Contribution, contribution.id)
        await alike.remember(session, kept)
        return await alike.said_by_others(session, kept, now=now)
