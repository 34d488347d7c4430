"""One turn, whatever the channel: store it, understand it, answer it, and lose nothing on the way."""

import asyncio
import contextlib
import logging
import secrets
import uuid
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rasa import RasaClient, RasaUnavailable
from bot.turn import Turn
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.dates import AMSTERDAM
from participation.errors import ChoiceUnknown, MunicipalityUnknown
from participation.language.danger import check_danger
from participation.language.places import naam_met_provincie, vind_gemeente
from participation.models import Conversation, Message
from participation.privacy.pseudonym import pseudonym
from participation.reply import Button, Reply
from participation.services import answers, contributions, conversations, municipalities
from participation.services.contributions import Draft
from participation.settings import Settings

logger = logging.getLogger(__name__)

MAX_CHARACTERS = 10_000
TURNS_AT_ONCE = 16
"""Turns that one process handles together; each may hold two of the pool's 40 connections. Others wait their turn."""
MOST_PLACES = 6
"""Places with one name that are offered as buttons."""


@dataclass(frozen=True)
class Opened:
    """A conversation as a channel needs to know it."""

    conversation_id: uuid.UUID
    municipality_code: str | None
    municipality_name: str | None
    messages: list[Message]


class Gateway:
    """Handles turns of all channels. One per process; several processes may share a database."""

    def __init__(
        self, database: Database, settings: Settings, rasa: RasaClient, *, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._settings = settings
        self._rasa = rasa
        self._clock = clock
        self._room = asyncio.Semaphore(TURNS_AT_ONCE)
        self._locks: weakref.WeakValueDictionary[uuid.UUID, asyncio.Lock] = weakref.WeakValueDictionary()

    async def open(
        self,
        *,
        channel: str,
        channel_user: str | None = None,
        municipality_code: str | None = None,
        campaign: str | None = None,
        language: str = "nl",
    ) -> Opened:
        """Start a conversation and say who is talking. Without a channel user the resident is new and anonymous.

        Raises:
            MunicipalityUnknown: no municipality has this code.
        """
        if municipality_code is not None and municipality_code not in municipalities.names():
            raise MunicipalityUnknown(municipality_code)
        known_by = pseudonym(
            self._settings.pseudonym_key, channel=channel, channel_user=channel_user or secrets.token_urlsafe(24)
        )
        now = self._clock()
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            conversation = await conversations.open_conversation(
                session,
                pseudonym=known_by,
                channel=channel,
                municipality_code=municipality_code,
                campaign=campaign,
                language=language,
                now=now,
            )
            await conversations.answer(
                session,
                conversation_id=conversation.id,
                replies=[self._welcome(municipality_code).to_json()],
                in_reply_to=None,
                now=now,
            )
        return await self.current(conversation.id)

    async def current(self, conversation_id: uuid.UUID, *, after: int = 0) -> Opened:
        """Return a conversation with its messages above id `after`.

        Raises:
            ConversationUnknown: it never was, or its time is up.
        """
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            conversation = await conversations.get(session, conversation_id)
            messages = await conversations.history(session, conversation_id=conversation_id, after=after)
        code = conversation.municipality_code
        return Opened(conversation_id, code, municipalities.names()[code] if code else None, list(messages))

    async def handle(self, turn: Turn) -> list[Message]:
        """Answer one turn. Turns of a conversation wait for each other; a repeated one gets the same reply.

        Raises:
            ConversationUnknown: it never was, or its time is up.
        """
        lock = self._locks.setdefault(turn.conversation_id, asyncio.Lock())
        # Somebody in danger never waits for others: what they need does not come from Rasa.
        room = contextlib.nullcontext() if check_danger(turn.text or "") else self._room
        async with lock, room, self._database.session(EVERY_MUNICIPALITY) as guard:
            await conversations.lock_turns(guard, turn.conversation_id)
            return await self._handle_alone(turn)

    async def _handle_alone(self, turn: Turn) -> list[Message]:
        now = self._clock()
        text = (turn.text or "").replace("\x00", "").strip()
        cut = text[:MAX_CHARACTERS]
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            conversation = await conversations.get(session, turn.conversation_id)
            choice = None
            body: dict[str, Any] = {"tekst": cut}
            if turn.choice is not None:
                try:
                    choice = await conversations.find_choice(
                        session, conversation_id=conversation.id, choice_id=turn.choice
                    )
                    body = {"tekst": choice.title, "keuze": choice.id}
                except ChoiceUnknown:
                    body = {"tekst": "", "keuze": None}
            # Committed before anything can fail: what a resident sent is never lost.
            message, is_new = await conversations.receive(
                session, conversation=conversation, external_id=turn.message_id, body=body, now=now
            )
            if not is_new and message.handled_at is not None:
                return list(await conversations.replies_to(session, message.id))
            expected = await conversations.last_expectation(session, conversation.id, message.id)
        if turn.choice is not None and choice is None:
            replies = [Reply(content.text("knop_verlopen"), kind="fout").to_json()]
        else:
            meaning = choice.meaning if choice else None
            replies = await self._replies(conversation, message, meaning, expected)
        if len(text) > len(cut):
            notice = Reply(content.text("inbreng_te_lang", aantal=f"{MAX_CHARACTERS:,}".replace(",", ".")))
            replies = [notice.to_json(), *replies]
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            return await conversations.answer(
                session, conversation_id=conversation.id, replies=replies, in_reply_to=message.id, now=self._clock()
            )

    async def _replies(
        self,
        conversation: Conversation,
        message: Message,
        meaning: dict[str, Any] | None,
        expected: dict[str, Any],
    ) -> list[dict[str, Any]]:
        text = message.body["tekst"]
        if meaning is None and not text:
            return [Reply(content.text("leeg")).to_json()]
        if meaning is None and (danger := check_danger(text)):
            return [await self._help(conversation, danger.kind, text)]
        if meaning and meaning.get("poort") == "griffie":
            return [await self._hand_over(conversation, meaning["bericht"], chosen=meaning.get("gemeente"))]
        origin = message.id
        if meaning and meaning.get("poort") == "opnieuw":
            # When this fails as well, the next apology has to offer these words and not the title of the button.
            origin = meaning["bericht"]
            text, meaning = await self._words_of(origin)
        elif meaning is None and "overdragen" in expected:
            return [await self._hand_over(conversation, expected["overdragen"], place=text)]
        elif meaning is None and expected.get("gemeente") and vind_gemeente(text, gevraagd=True):
            meaning = {"intent": "gemeente_kiezen", "getypt": True}
        return await self._ask_rasa(conversation, origin, text, meaning)

    async def _ask_rasa(
        self, conversation: Conversation, message_id: int, text: str, meaning: dict[str, Any] | None
    ) -> list[dict[str, Any]]:
        typed = meaning is None or bool(meaning.get("getypt"))
        metadata = {
            "gesprek": str(conversation.id),
            "inwoner": str(conversation.resident_id),
            "kanaal": conversation.channel,
            "gemeente": conversation.municipality_code,
            "tekst": text,
            "keuze": None if typed else meaning,
        }
        try:
            replies = await self._rasa.turn(
                conversation_id=conversation.id, text=text, choice=meaning, metadata=metadata
            )
        except RasaUnavailable as error:
            logger.warning("Rasa did not answer a turn: %s", error)
            return [self._apology(message_id, with_words=typed).to_json()]
        if any(reply["soort"] == "fout" for reply in replies):
            return [self._apology(message_id, with_words=typed).to_json()]
        return replies

    def _apology(self, message_id: int, *, with_words: bool) -> Reply:
        again = Button(content.text("knop_opnieuw"), {"poort": "opnieuw", "bericht": message_id})
        if not with_words:
            return Reply(content.text("fout_zonder_tekst"), kind="fout", buttons=(again,))
        over = Button(content.text("knop_griffie"), {"poort": "griffie", "bericht": message_id})
        return Reply(content.text("fout"), kind="fout", buttons=(again, over))

    async def _words_of(self, message_id: int) -> tuple[str, dict[str, Any] | None]:
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            message = await session.get_one(Message, message_id)
            if not message.body.get("keuze"):
                return message.body["tekst"], None
            choice = await conversations.find_choice(
                session, conversation_id=message.conversation_id, choice_id=message.body["keuze"]
            )
            return choice.title, choice.meaning

    async def _hand_over(
        self, conversation: Conversation, message_id: int, *, place: str | None = None, chosen: str | None = None
    ) -> dict[str, Any]:
        """Put words that Rasa could not handle straight into the griffie's inbox."""
        words, _ = await self._words_of(message_id)
        code = conversation.municipality_code or chosen
        if code is None:
            codes = [match.gm_code for match in vind_gemeente(place or words, gevraagd=place is not None)]
            if len(codes) != 1:
                return self._ask_place(message_id, place, codes).to_json()
            code = codes[0]
        draft = Draft(
            id=uuid.uuid5(conversation.id, f"bericht-{message_id}"),
            text=words,
            resident_id=conversation.resident_id,
            conversation_id=conversation.id,
            channel=conversation.channel,
        )
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            logged = await contributions.log_contribution(
                session, municipality_code=code, draft=draft, now=self._clock()
            )
        name = municipalities.names()[code]
        return Reply(
            content.text("inbreng_vastgelegd", gemeente=name, nummer=logged.reference), kind="bevestiging"
        ).to_json()

    def _ask_place(self, message_id: int, place: str | None, codes: list[str]) -> Reply:
        """Ask for whom the words are; with a way out, since until then every text counts as the answer."""
        stop = Button(content.text("knop_stoppen"), {"intent": "stoppen"})
        expects = {"overdragen": message_id}
        if place and codes:
            over = {"poort": "griffie", "bericht": message_id}
            places = [Button(naam_met_provincie(code), {**over, "gemeente": code}) for code in codes[:MOST_PLACES]]
            return Reply(content.text("gemeente_kies"), kind="keuze", buttons=(*places, stop), expects=expects)
        question = content.text("gemeente_onbekend" if place else "inbreng_gemeente_vraag")
        return Reply(question, kind="vraag", buttons=(stop,), expects=expects)

    async def _help(self, conversation: Conversation, topic: str, text: str) -> dict[str, Any]:
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            reply = await answers.find(
                session,
                topic=topic,
                municipality_code=conversation.municipality_code,
                today=self._clock().astimezone(AMSTERDAM).date(),
            )
        offer = Button(content.text("knop_inbreng"), {"intent": "inbreng_doen", "tekst": text})
        return Reply(reply.text, kind="nood", buttons=(offer,), links=reply.links, more=reply.more).to_json()

    def _welcome(self, municipality_code: str | None) -> Reply:
        name = municipalities.names()[municipality_code] if municipality_code else None
        return Reply(
            content.text(
                "welkom",
                gemeente=name or content.text("welkom_zonder_gemeente"),
                dagen=str(self._settings.chat_retention_days),
            ),
            buttons=(
                Button(content.text("knop_raad"), {"intent": "vraag/raad_wat_is"}),
                Button(content.text("knop_inbreng"), {"intent": "inbreng_doen"}),
                Button(content.text("knop_wat_kun_je"), {"intent": "wat_kun_je"}),
            ),
        )
