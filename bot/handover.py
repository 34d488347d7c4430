"""Putting words that Rasa could not handle straight into the griffie's inbox."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.replies import AGAIN, ask_place
from bot.unfinished import KEY
from participation import consent_questions
from participation.database import EVERY_MUNICIPALITY, Database
from participation.language.places import vind_gemeente
from participation.models import Contribution, Conversation, Message
from participation.reply import Reply
from participation.services import consents, contributions, conversations, receipts
from participation.services.contributions import Draft

MEANING = "betekenis"
"""Key in what is kept of a message: what it means, where neither words nor a button tell."""


@dataclass(frozen=True)
class Said:
    """What a resident said or pressed: the message, as it is kept, and what it means when that is known.

    Args:
        asked: what the bot had asked when it was said.
    """

    message_id: int
    body: dict[str, Any]
    meaning: dict[str, Any] | None
    asked: dict[str, Any]

    @property
    def text(self) -> str:
        """The words, or what stood on the button."""
        text: str = self.body["tekst"]
        return text


async def said_before(database: Database, message_id: int) -> Said:
    """Return what a resident said or pressed before. To try again is no meaning: what was tried is."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        while True:
            message = await session.get_one(Message, message_id)
            meaning = message.body.get("opdracht") or message.body.get(MEANING)
            if message.body.get("keuze"):
                choice = await conversations.find_choice(
                    session, conversation_id=message.conversation_id, choice_id=message.body["keuze"]
                )
                meaning = choice.meaning
            if not meaning or meaning.get("poort") != AGAIN:
                before, _ = await conversations.last_said(session, message.conversation_id, before=message.id)
                return Said(
                    message.id, message.body, meaning, dict((before.body if before else {}).get("verwacht") or {})
                )
            message_id = meaning["bericht"]


async def already_logged(
    database: Database, conversation: Conversation, draft_id: uuid.UUID, *, key: str, now: datetime
) -> list[dict[str, Any]]:
    """Give the number of a contribution once more, and what was asked with it; nothing when none came of this draft."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        logged = await contributions.of_draft(session, resident_id=conversation.resident_id, draft_id=draft_id)
    if logged is None:
        return []
    receipt = {**await _receipt(database, logged, key=key, now=now), "verwacht": {KEY: None}}
    return [receipt, *await _question(database, logged)]


async def hand_over(
    database: Database,
    conversation: Conversation,
    message_id: int,
    *,
    key: str,
    now: datetime,
    place: str | None = None,
    chosen: str | None = None,
) -> list[dict[str, Any]]:
    """Log the words of a message, or ask for whom they are. Asked twice, it logs them once.

    Args:
        key: the setting `pseudonym_key`, for the secret code.
        place: what the resident typed when asked for whom.
        chosen: the municipality of the button they pressed.
    """
    said = await said_before(database, message_id)
    message_id, words = said.message_id, said.text
    code = conversation.municipality_code or chosen
    if code is None:
        codes = [match.gm_code for match in vind_gemeente(place or words, gevraagd=place is not None)]
        if len(codes) != 1:
            return [ask_place(message_id, place, codes).to_json()]
        code = codes[0]
    draft = Draft(
        id=uuid.uuid5(conversation.id, f"bericht-{message_id}"),
        text=words,
        resident_id=conversation.resident_id,
        conversation_id=conversation.id,
        channel=conversation.channel,
    )
    async with database.session(EVERY_MUNICIPALITY) as session:
        logged = await contributions.log_contribution(session, municipality_code=code, draft=draft, now=now)
    return [await _receipt(database, logged, key=key, now=now), *await _question(database, logged)]


async def _receipt(database: Database, logged: Contribution, *, key: str, now: datetime) -> dict[str, Any]:
    text = await receipts.receipt(database, logged, key=key, now=now)
    return Reply(text, kind="bevestiging").to_json()


async def _question(database: Database, logged: Contribution) -> list[dict[str, Any]]:
    """Ask whether the council may have these words; once."""
    code = logged.municipality_code
    async with database.session(EVERY_MUNICIPALITY) as session:
        agreed = await consents.of_contribution(session, municipality_code=code, contribution_id=logged.id)
    if agreed.shared is not None:
        return []
    return [consent_questions.share([str(logged.draft)], logged.text).to_json()]
