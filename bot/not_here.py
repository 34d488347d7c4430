"""A channel on which a municipality is not: saying so kindly, without taking in what nobody there would read.

What a resident began or passed on before goes on, and what is kept of them stays theirs to see and erase.
"""

import re
from typing import Any

from bot.unfinished import KEY
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.language.places import alleen_plaats, vind_gemeente
from participation.models import Conversation
from participation.reply import Reply
from participation.services import conversations, municipality_settings

TELEGRAM = "telegram"
"""The one channel that a municipality chooses; the web chat is always there."""

_ABOUT_OWN = re.compile(r"\b(?:gegevens|wis|wissen|verwijder\w*|stop|stoppen|intrek\w*|SP-\d{4})\b", re.IGNORECASE)


async def before(
    database: Database,
    conversation: Conversation,
    meaning: dict[str, Any] | None,
    text: str,
    expected: dict[str, Any],
    draft: dict[str, Any] | None,
    *,
    public_url: str,
) -> dict[str, Any] | None:
    """Answer what would begin something new with a municipality that is not here; none when all is as usual."""
    code = conversation.municipality_code
    if conversation.channel != TELEGRAM or code is None or draft is not None:
        return None
    begins = _begins(meaning) if meaning else not _may_be_typed(text, expected)
    return await _notice(database, {code}, public_url) if begins else None


async def after(
    database: Database, conversation: Conversation, replies: list[dict[str, Any]], *, public_url: str
) -> list[dict[str, Any]]:
    """Return the notice in place of the replies when this turn chose a municipality that is not here."""
    if conversation.channel != TELEGRAM:
        return replies
    told = [(reply.get("verwacht") or {}).get(KEY) or {} for reply in replies]
    codes = {draft["municipality"] for draft in told if draft.get("municipality")}
    if conversation.municipality_code is None:
        async with database.session(EVERY_MUNICIPALITY) as session:
            chosen = (await conversations.get(session, conversation.id)).municipality_code
        codes |= {chosen} if chosen else set()
    notice = await _notice(database, codes, public_url)
    return [notice] if notice else replies


async def welcome(database: Database, conversation: Conversation, *, public_url: str) -> dict[str, Any] | None:
    """Answer somebody who comes in by a link of a municipality that is not here."""
    code = conversation.municipality_code
    if conversation.channel != TELEGRAM or code is None:
        return None
    return await _notice(database, {code}, public_url)


def _begins(meaning: dict[str, Any]) -> bool:
    intent = str(meaning.get("intent", ""))
    return meaning.get("poort") == "griffie" or intent == "inbreng_doen" or intent.startswith("vraag/")


def _may_be_typed(text: str, expected: dict[str, Any]) -> bool:
    """Another municipality, something about what is kept of them, or in answer to what they were asked."""
    names_place = alleen_plaats(text) or (expected.get("gemeente") and vind_gemeente(text, gevraagd=True))
    return bool(names_place) or "overdragen" in expected or "woorden" in expected or _ABOUT_OWN.search(text) is not None


async def _notice(database: Database, codes: set[str], public_url: str) -> dict[str, Any] | None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        for code in sorted(codes):
            choices = await municipality_settings.of(session, code)
            if not choices.on_telegram:
                name = await municipality_settings.shown_name(session, code)
                address = f"{public_url.rstrip('/')}/chat/{code}"
                told = content.text("telegram_gemeente_niet", gemeente=name, adres=address)
                return Reply(told, expects={"gemeente": True, KEY: None}).to_json()
    return None
