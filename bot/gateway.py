"""One turn, whatever the channel: store it, understand it, answer it, and lose nothing on the way."""

import asyncio
import contextlib
import logging
import secrets
import time
import traceback
import uuid
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncSession

from bot import campaigns, consent, farewell, helped, not_here, timing, unfinished, verdict, withdrawal
from bot import expected as expectation
from bot.handover import already_logged, hand_over, words_of
from bot.keeping_out import keep_out
from bot.language import answer_in
from bot.limits import Limits
from bot.metrics import REPEATED, Metrics, Told, outcome_of
from bot.rasa import RasaClient, RasaUnavailable
from bot.replies import apology, welcome, which_municipality
from bot.room import Room
from bot.turn import Turn
from participation import content
from participation.campaigns import links
from participation.database import EVERY_MUNICIPALITY, Database
from participation.dates import AMSTERDAM
from participation.errors import ChoiceUnknown, DomainError, MunicipalityUnknown
from participation.language.danger import check_danger
from participation.language.places import alleen_plaats, vind_gemeente
from participation.language.reference_words import only_names
from participation.models import Choice, Conversation, Message
from participation.privacy import own_data, periods
from participation.privacy.pseudonym import pseudonym
from participation.privacy.sealing import Sealer
from participation.reply import Button, Reply
from participation.services import (
    answers,
    conversations,
    deep_links,
    municipalities,
    municipality_settings,
    outgoing,
)
from participation.settings import Settings

logger = logging.getLogger(__name__)

MAX_CHARACTERS = 10_000
ADDRESS = "chat_address"
"""What addresses are sealed for."""
LATE_SECONDS = 1.0
"""How much longer a turn waits for the one before it: the apology that ends that one has to be stored first."""
TRIED_AGAIN = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, OSError, DomainError)
"""Faults that are the channel's to deal with: the database is away for a moment, or the conversation for good. Any
other would come again with the same turn."""


@dataclass(frozen=True)
class Opened:
    """A conversation as a channel needs to know it."""

    conversation_id: uuid.UUID
    municipality_code: str | None
    municipality_name: str | None
    messages: list[Message]


@dataclass(frozen=True)
class Asked:
    """What Rasa is asked about.

    Args:
        origin: the message that an apology is about.
        turn_id: of this turn alone.
        again: it came in before, and the process that took it ended without an answer.
        words: what was said may be handed over when Rasa fails.
        until: nobody waits for an answer after that.
    """

    origin: int
    turn_id: str
    again: bool
    words: bool
    until: float


class Gateway:
    """Handles turns of all channels. One per process; several processes may share a database."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        rasa: RasaClient,
        *,
        clock: Callable[[], datetime],
        metrics: Metrics | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._database = database
        self._settings = settings
        self._rasa = rasa
        self._clock = clock
        self._addresses = Sealer(settings.pseudonym_key, purpose=ADDRESS)
        self._metrics = metrics or Metrics()
        self._limits = limits or Limits(self._metrics)
        self._room = Room(self._metrics)
        self._locks: weakref.WeakValueDictionary[uuid.UUID, asyncio.Lock] = weakref.WeakValueDictionary()

    async def open(
        self,
        *,
        channel: str,
        municipality_code: str | None = None,
        campaign: str | None = None,
        language: str = "nl",
    ) -> Opened:
        """Start a conversation of somebody new and anonymous, and say who is talking.

        Raises:
            MunicipalityUnknown: no municipality has this code.
        """
        if municipality_code is not None and municipality_code not in municipalities.names():
            raise MunicipalityUnknown(municipality_code)
        known_by = pseudonym(self._settings.pseudonym_key, channel=channel, channel_user=secrets.token_urlsafe(24))
        now = self._clock()
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            campaign, place = await links.settled(session, campaign, municipality_code=municipality_code)
            conversation = await conversations.open_conversation(
                session,
                pseudonym=known_by,
                channel=channel,
                municipality_code=municipality_code,
                campaign=campaign,
                place=place,
                language=language,
                now=now,
            )
            offered = await campaigns.offered(session, conversation, now=now)
            await conversations.answer(
                session,
                conversation_id=conversation.id,
                replies=[await self._welcome(session, municipality_code), *offered],
                in_reply_to=None,
                now=now,
            )
        return await self.current(conversation.id)

    async def come_again(self, conversation_id: uuid.UUID, campaign: str) -> Opened:
        """Go on with a conversation of somebody who comes by the link of a campaign; it is offered once.

        Raises:
            TooMuch: not this time.
            ConversationUnknown: it never was, or its time is up.
        """
        self._limits.turn(conversation_id)
        now = self._clock()
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            await conversations.lock_turns(session, conversation_id)
            conversation = await conversations.get(session, conversation_id)
            code = conversation.municipality_code
            wanted, place = await links.settled(session, campaign, municipality_code=code)
            if wanted and wanted != conversation.campaign:
                conversation.campaign, conversation.place = wanted, place
                await session.flush()
                offered = await campaigns.offered(session, conversation, now=now)
                await conversations.answer(
                    session, conversation_id=conversation.id, replies=offered, in_reply_to=None, now=now
                )
        return await self.current(conversation_id)

    async def resume(
        self, *, channel: str, channel_user: str, address: str, link: str | None = None, greet: bool = True
    ) -> uuid.UUID:
        """Return the one conversation of a channel's user; opens it when there is none (any more).

        Args:
            address: where the channel pushes messages to; kept encrypted for as long as the conversation.
            link: the id of the deep link that the resident came by.
            greet: say who is talking in a new conversation; not when a turn with `start` follows, which does that.

        Raises:
            LinkUnknown: nothing was opened.
        """
        known_by, now = (
            pseudonym(self._settings.pseudonym_key, channel=channel, channel_user=channel_user),
            self._clock(),
        )
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            came_by = await deep_links.find(session, link) if link else None
            conversation = await conversations.latest_of(session, pseudonym=known_by, channel=channel)
            is_new = conversation is None
            if conversation is None:
                conversation = await conversations.open_conversation(
                    session,
                    pseudonym=known_by,
                    channel=channel,
                    municipality_code=None,
                    campaign=None,
                    language="nl",
                    now=now,
                )
            await outgoing.remember_address(
                session, conversation_id=conversation.id, sealed=self._addresses.seal(address), now=now
            )
            if came_by is not None:
                await conversations.follow_link(session, conversation_id=conversation.id, link=came_by)
            if is_new and greet:
                await conversations.answer(
                    session,
                    conversation_id=conversation.id,
                    replies=[await self._welcome(session, came_by.municipality_code if came_by else None)],
                    in_reply_to=None,
                    now=now,
                )
        return conversation.id

    async def set_blocked(self, *, channel: str, channel_user: str, blocked: bool) -> None:
        """Note that a channel's user keeps us out, or lets us in again; the answers that they missed are then sent."""
        known_by = pseudonym(self._settings.pseudonym_key, channel=channel, channel_user=channel_user)
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            conversation = await conversations.latest_of(session, pseudonym=known_by, channel=channel)
            if conversation is None:
                return
            resident_id, now = conversation.resident_id, self._clock()
            if blocked:
                await keep_out(session, resident_id=resident_id, channel=channel, now=now)
            else:
                await outgoing.set_blocked(session, resident_id=resident_id, blocked=False, now=now)

    async def _welcome(self, session: AsyncSession, municipality_code: str | None) -> dict[str, Any]:
        days = await periods.chat_days(
            session, municipality_code=municipality_code, promised=self._settings.chat_retention_days
        )
        choices = await municipality_settings.of(session, municipality_code)
        return welcome(municipality_code, days=days, choices=choices).to_json()

    async def current(self, conversation_id: uuid.UUID, *, after: int = 0) -> Opened:
        """Return a conversation with its messages above id `after`.

        Raises:
            ConversationUnknown: it never was, or its time is up.
        """
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            conversation = await conversations.get(session, conversation_id)
            messages = await conversations.history(session, conversation_id=conversation_id, after=after)
            code = conversation.municipality_code
            name = await municipality_settings.shown_name(session, code) if code else None
        return Opened(conversation_id, code, name, list(messages))

    async def news(self, conversation_id: uuid.UUID, *, after: int) -> Sequence[Message]:
        """Return the messages above id `after`, oldest first.

        Raises:
            ConversationUnknown: it never was, or its time is up.
        """
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            found = await conversations.history(session, conversation_id=conversation_id, after=after)
            if not found:
                await conversations.get(session, conversation_id)
        return found

    async def newest(self, conversation_id: uuid.UUID) -> int:
        """Return the id of the last message, 0 when there is none (any more).

        Raises:
            ConversationUnknown: it never was, or its time is up.
        """
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            found = await conversations.newest(session, conversation_id)
            if found is None:
                await conversations.get(session, conversation_id)
        return found or 0

    async def own_data(self, conversation_id: uuid.UUID) -> dict[str, list[dict[str, Any]]]:
        """Return everything that is kept of the resident of a conversation.

        Raises:
            ConversationUnknown: it never was, or its time is up.
        """
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            conversation = await conversations.get(session, conversation_id)
            return await own_data.export(session, resident_id=conversation.resident_id)

    async def handle(self, turn: Turn) -> list[Message]:
        """Answer one turn. Turns of a conversation wait for each other; a repeated one gets the same reply.

        There is one span of time (SAMENSPEL_RASA_TIMEOUT) for all that a turn waits for: the turns before it, a place,
        and Rasa. Who waited in vain hears so, and may leave the words. Somebody in danger waits for nothing.

        Raises:
            TooMuch: nothing was kept of it; the same turn may be handed in again.
            ConversationUnknown: it never was, or its time is up.
        """
        danger = check_danger(turn.text or "")
        if danger is None:
            self._limits.turn(turn.conversation_id)
        until = time.monotonic() + self._settings.rasa_timeout - turn.waited
        with self._metrics.turn() as told:
            if danger is not None:
                return await self._handle_aside(turn, told, danger=danger.kind)
            async with contextlib.AsyncExitStack() as held:
                try:
                    crowded = await self._enter(held, turn.conversation_id, until)
                except TimeoutError:
                    return await self._handle_aside(turn, told)
                return await self._handle_alone(turn, told, crowded=crowded, until=until)

    async def _enter(self, held: contextlib.AsyncExitStack, conversation_id: uuid.UUID, until: float) -> bool:
        """Wait for the turns before this one and for a place; returns whether it is too crowded to ask Rasa.

        Raises:
            TimeoutError: the turns before it take too long.
        """
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with asyncio.timeout(max(until - time.monotonic(), 0.0) + LATE_SECONDS):
            await held.enter_async_context(lock)
            crowded = await held.enter_async_context(self._room.entered(until=until))
            await held.enter_async_context(self._database.alone(conversations.lock_of_turns(conversation_id)))
        return crowded

    async def _handle_aside(self, turn: Turn, told: Told, *, danger: str | None = None) -> list[Message]:
        """Answer beside the turns that came before: who is in danger, or else who has waited for those in vain.

        Args:
            danger: the topic that tells who can help.
        """
        cut, notices = _cut(turn)
        async with self._database.session(EVERY_MUNICIPALITY, flushed=False) as session:
            choice = await self._choice(session, turn, cut, None)
            conversation, message, _ = await conversations.receive(
                session,
                conversation_id=turn.conversation_id,
                external_id=turn.message_id,
                body=_body(turn, cut, choice),
                now=self._clock(),
            )
            told.channel = conversation.channel
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            if await conversations.is_answered(session, message):
                told.outcome = REPEATED
                return list(await conversations.replies_to(session, message.id))
            if danger is not None:
                replies = [await self._help(session, conversation, danger, cut)]
            else:
                replies = [_sorry(turn, message, choice, crowded=True)]
            told.outcome = outcome_of(replies, crowded=True)
            return await conversations.answer(
                session,
                conversation_id=conversation.id,
                replies=[*notices, *replies],
                in_reply_to=message.id,
                now=self._clock(),
            )

    async def _handle_alone(self, turn: Turn, told: Told, *, crowded: bool, until: float) -> list[Message]:
        now = self._clock()
        cut, notices = _cut(turn)
        async with self._database.session(EVERY_MUNICIPALITY, flushed=False) as session:
            said, draft = await conversations.last_said(session, turn.conversation_id)
            choice = await self._choice(session, turn, cut, said)
            body = _body(turn, cut, choice)
            # Committed before anything can fail: what a resident sent is never lost. The commit of the answer takes it
            # to disk; until that answer is there the channel keeps the words, and sends them again.
            conversation, message, is_new = await conversations.receive(
                session, conversation_id=turn.conversation_id, external_id=turn.message_id, body=body, now=now
            )
            told.channel = conversation.channel
            if not is_new and message.handled_at is not None:
                told.outcome = REPEATED
                return list(await conversations.replies_to(session, message.id))
            if not is_new:
                said, draft = await conversations.last_said(session, conversation.id, before=message.id)
        expected = dict(said.body.get("verwacht") or {}) if said else {}
        try:
            replies = await self._answer(
                turn, conversation, message, choice, expected, draft, crowded=crowded, again=not is_new, until=until
            )
            told.outcome = outcome_of(replies, crowded=crowded)
            if farewell.ends(replies):
                return await farewell.erase(self._database, conversation, message, replies, now=self._clock())
            return await self._say(conversation, message, [*notices, *replies])
        except TRIED_AGAIN:
            raise
        except Exception as error:  # noqa: BLE001  whatever goes wrong with one turn, nobody should wait for nothing
            # The class and the place alone: the text of an exception may hold what the resident wrote.
            place = traceback.extract_tb(error.__traceback__)[-1]
            logger.error("A turn failed: %s at %s:%s", type(error).__name__, place.filename, place.lineno)
            sorry = _sorry(turn, message, choice)
            told.outcome = outcome_of([sorry], crowded=False)
            return await self._say(conversation, message, [*notices, sorry])

    async def _say(
        self, conversation: Conversation, message: Message, replies: Sequence[dict[str, Any]]
    ) -> list[Message]:
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            return await conversations.answer(
                session, conversation_id=conversation.id, replies=replies, in_reply_to=message.id, now=self._clock()
            )

    async def _choice(self, session: AsyncSession, turn: Turn, text: str, said: Message | None) -> Choice | None:
        """The button that was pressed, or whose title was typed over from the last message."""
        if turn.choice is None:
            return await conversations.titled(session, said, text)
        try:
            return await conversations.find_choice(session, conversation_id=turn.conversation_id, choice_id=turn.choice)
        except ChoiceUnknown:
            return None

    async def _answer(
        self,
        turn: Turn,
        conversation: Conversation,
        message: Message,
        choice: Choice | None,
        expected: dict[str, Any],
        draft: dict[str, Any] | None,
        *,
        crowded: bool,
        again: bool,
        until: float,
    ) -> list[dict[str, Any]]:
        """The notices of the channel, and after them what the resident gets in answer."""
        notices = [notice.to_json() for notice in turn.notices]
        if turn.start:
            code = conversation.municipality_code
            url = self._settings.public_url
            if elsewhere := await not_here.welcome(self._database, conversation, public_url=url):
                return [*notices, elsewhere]
            asked = [] if code else [which_municipality().to_json()]
            async with self._database.session(EVERY_MUNICIPALITY) as session:
                offered = await campaigns.offered(session, conversation, now=self._clock())
                return [*notices, await self._welcome(session, code), *(offered or asked)]
        if turn.choice is not None and choice is None:
            return [*notices, Reply(content.text("knop_verlopen"), kind="fout").to_json()]
        meaning = _meaning(turn, choice)
        if notices and meaning is None and not message.body["tekst"]:
            asks = {} if conversation.municipality_code else notices[-1]["verwacht"]
            notices[-1]["verwacht"] = expected or asks  # what was asked before stays open
            return notices
        replies = await self._replies(
            conversation, message, meaning, expected, draft, crowded=crowded, again=again, until=until
        )
        in_danger = any(reply["soort"] == "nood" for reply in replies)
        return replies if in_danger else [*notices, *replies]

    async def _replies(
        self,
        conversation: Conversation,
        message: Message,
        meaning: dict[str, Any] | None,
        expected: dict[str, Any],
        draft: dict[str, Any] | None,
        *,
        crowded: bool,
        again: bool,
        until: float,
    ) -> list[dict[str, Any]]:
        text = message.body["tekst"]
        if meaning is None and not text:
            return [Reply(content.text("leeg")).to_json()]
        if meaning is None and (how := withdrawal.meant(text, expected, draft)):
            now = self._clock()
            reply = await withdrawal.handle(self._database, conversation, how, now=now, expected=expected)
            return [reply.to_json()]
        meaning = campaigns.of_command(message.body, meaning, expected) or meaning
        if meaning is None:
            meaning = campaigns.meant(text, expected)
        if meaning and meaning.get("poort") == campaigns.GATE:
            now = self._clock()
            return await campaigns.handle(self._database, conversation, meaning, text=text, now=now, expected=expected)
        if meaning is None:
            meaning = expectation.meaning_of(text, expected)
        if expectation.leaves(message.body, meaning, expected):
            left = [Reply(content.text("stoppen")).to_json()]
            return [*left, *unfinished.reminder(left, draft)]
        url = self._settings.public_url
        if elsewhere := await not_here.before(
            self._database, conversation, meaning, text, expected, draft, public_url=url
        ):
            return [elsewhere]
        if meaning and meaning.get("poort") == farewell.GATE:
            return [farewell.farewell()]
        if meaning and meaning.get("poort") == "griffie":
            return await self._hand_over(conversation, meaning["bericht"], chosen=meaning.get("gemeente"))
        if meaning and meaning.get("poort") == verdict.GATE:
            return [await verdict.given(self._database, conversation, meaning, now=self._clock(), expected=expected)]
        if meaning and meaning.get("poort") == consent.GATE:
            now = self._clock()
            if done := await consent.handle(
                self._database, conversation, meaning, text=text, now=now, expected=expected
            ):
                return done
            meaning = None
        if meaning and (over := await self._over(conversation, meaning, draft)):
            return [over]
        if meaning and meaning.get("poort") == helped.GATE:
            return [await helped.given(self._database, conversation, meaning, now=self._clock(), expected=expected)]
        origin = message.id
        if meaning and meaning.get("poort") == "opnieuw":
            # When this fails as well, the next apology has to offer these words and not the title of the button.
            origin = meaning["bericht"]
            text, meaning = await words_of(self._database, origin)
        elif meaning is None and "overdragen" in expected:
            origin = expected["overdragen"]
            return await self._hand_over(conversation, origin, place=text)
        elif meaning is None and (
            alleen_plaats(text) or (expected.get("gemeente") and vind_gemeente(text, gevraagd=True))
        ):
            meaning = {"intent": "gemeente_kiezen", "getypt": True}
        elif meaning is None and only_names(text):
            meaning = {"intent": "inbreng_status", "getypt": True}
        elif meaning is None and draft is None and (foreign := answer_in(text)):
            return [foreign]
        if crowded:
            return [apology(origin, with_words=_are_words(meaning, message), crowded=True).to_json()]
        words = _are_words(meaning, message)
        asked = Asked(origin=origin, turn_id=str(message.id), again=again, words=words, until=until)
        replies = await self._ask_rasa(conversation, asked, text, meaning, draft)
        replies = await not_here.after(self._database, conversation, replies, public_url=url)
        replies = verdict.with_question(replies, conversation, message.id)
        if meaning is None:
            replies = [*replies, *expectation.still_open(text, expected)]
        reminded = unfinished.reminder(replies, draft)
        if not reminded:
            reminded = await campaigns.reminder(self._database, expected, replies, conversation, now=self._clock())
        return [*replies, *reminded]

    async def _hand_over(
        self, conversation: Conversation, message_id: int, *, place: str | None = None, chosen: str | None = None
    ) -> list[dict[str, Any]]:
        key, now = self._settings.pseudonym_key, self._clock()
        return await hand_over(self._database, conversation, message_id, key=key, now=now, place=place, chosen=chosen)

    async def _over(
        self, conversation: Conversation, meaning: dict[str, Any], draft: dict[str, Any] | None
    ) -> dict[str, Any] | None:
        """Answer a button of a contribution that is over, also when nobody could tell the resident that it is."""
        stale = unfinished.is_stale(meaning, draft)
        if not stale and meaning.get("inbreng") != "ja":
            return None
        key, concept = self._settings.pseudonym_key, uuid.UUID(meaning["concept"])
        logged = await already_logged(self._database, conversation, concept, key=key, now=self._clock())
        return logged or (Reply(content.text("knop_verlopen"), kind="fout").to_json() if stale else None)

    async def _ask_rasa(
        self,
        conversation: Conversation,
        asked: Asked,
        text: str,
        meaning: dict[str, Any] | None,
        draft: dict[str, Any] | None,
    ) -> list[dict[str, Any]]:
        typed = meaning is None or bool(meaning.get("getypt"))
        metadata = {
            "gesprek": str(conversation.id),
            "inwoner": str(conversation.resident_id),
            "kanaal": conversation.channel,
            "gemeente": conversation.municipality_code,
            "tekst": text,
            "keuze": None if typed else meaning,
            "concept": draft,
        }
        try:
            with timing.stage(timing.RASA):
                replies = await self._rasa.turn(
                    conversation_id=conversation.id,
                    turn_id=asked.turn_id,
                    again=asked.again,
                    text=text,
                    choice=meaning,
                    metadata=metadata,
                    until=asked.until,
                )
        except RasaUnavailable as error:
            logger.warning("Rasa did not answer a turn: %s", error)
            self._metrics.fell_back(str(error))
            return [apology(asked.origin, with_words=asked.words).to_json()]
        if any(reply["soort"] == "fout" for reply in replies):
            self._metrics.fell_back("action")
            return [apology(asked.origin, with_words=asked.words).to_json()]
        return replies

    async def _help(self, session: AsyncSession, conversation: Conversation, topic: str, text: str) -> dict[str, Any]:
        reply = await answers.find(
            session,
            topic=topic,
            municipality_code=conversation.municipality_code,
            today=self._clock().astimezone(AMSTERDAM).date(),
        )
        offer = Button(content.text("knop_inbreng"), {"intent": "inbreng_doen", "tekst": text})
        return Reply(reply.text, kind="nood", buttons=(offer,), links=reply.links, more=reply.more).to_json()


def _cut(turn: Turn) -> tuple[str, list[dict[str, Any]]]:
    """What is kept of the words of a turn, and what is said of it when that is not all."""
    text = (turn.text or "").replace("\x00", "").strip()
    if len(text) <= MAX_CHARACTERS:
        return text, []
    notice = Reply(content.text("inbreng_te_lang", aantal=f"{MAX_CHARACTERS:,}".replace(",", ".")))
    return text[:MAX_CHARACTERS], [notice.to_json()]


def _meaning(turn: Turn, choice: Choice | None) -> dict[str, Any] | None:
    return choice.meaning if choice else turn.command.meaning if turn.command else None


def _sorry(turn: Turn, message: Message, choice: Choice | None, *, crowded: bool = False) -> dict[str, Any]:
    with_words = bool(message.body["tekst"]) and _are_words(_meaning(turn, choice), message)
    return apology(message.id, with_words=with_words, crowded=crowded).to_json()


def _are_words(meaning: dict[str, Any] | None, message: Message) -> bool:
    """Whether a resident said something of their own: typed, if only the title of a button, and not just pressed."""
    typed = meaning is None or bool(meaning.get("getypt")) or expectation.WORDS in meaning
    return typed or bool(message.body.get("getypt"))


def _body(turn: Turn, text: str, choice: Choice | None) -> dict[str, Any]:
    """What is kept of a turn: the resident's words, or what stood on the button or in the menu."""
    if turn.choice is not None:
        return {"tekst": choice.title, "keuze": choice.id} if choice else {"tekst": "", "keuze": None}
    if turn.command is not None:
        return {"tekst": turn.command.title, "opdracht": turn.command.meaning}
    return {"tekst": text, "keuze": choice.id, "getypt": True} if choice else {"tekst": text}
