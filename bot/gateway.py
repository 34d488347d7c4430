"""One turn, whatever the channel: store it, understand it, answer it, and lose nothing on the way."""

import asyncio
import contextlib
import logging
import time
import traceback
import uuid
import weakref
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncSession

from bot import farewell, located, timing
from bot.answering import Answering, Situation, sorry
from bot.limits import Limits
from bot.metrics import REPEATED, Metrics, Told, outcome_of
from bot.rasa import RasaClient
from bot.room import Room
from bot.turn import Turn
from bot.visits import Visits
from participation import content
from participation.database import EVERY_MUNICIPALITY, Alone, Database
from participation.errors import ChoiceUnknown, DomainError
from participation.language.danger import check_danger
from participation.models import Choice, Message
from participation.reply import Reply
from participation.services import conversations
from participation.services.conversations import Received
from participation.settings import Settings

logger = logging.getLogger(__name__)

MAX_CHARACTERS = 10_000
LATE_SECONDS = 1.0
"""How much longer a turn waits for the one before it: the apology that ends that one has to be stored first."""
TRIED_AGAIN = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, OSError, DomainError)
"""Faults that are the channel's to deal with: the database is away for a moment, or the conversation for good. Any
other would come again with the same turn."""


class Gateway:
    """Handles turns of all channels. One per process; several processes may share a database.

    `visits` opens and reads the conversations that the turns are in.
    """

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
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._limits = limits or Limits(self._metrics)
        self.visits = Visits(database, settings, self._limits, clock=clock)
        self._answering = Answering(database, settings, rasa, self.visits, clock=clock, metrics=self._metrics)
        self._room = Room(self._metrics)
        self._locks: weakref.WeakValueDictionary[uuid.UUID, asyncio.Lock] = weakref.WeakValueDictionary()

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
        with self._metrics.turn(waited=turn.waited) as told:
            if danger is not None:
                return await self._handle_aside(turn, told, danger=danger.kind)
            async with contextlib.AsyncExitStack() as held:
                try:
                    crowded, alone = await self._enter(held, turn.conversation_id, until)
                except TimeoutError:
                    return await self._handle_aside(turn, told)
                return await self._handle_alone(turn, told, alone, crowded=crowded, until=until)

    async def _enter(
        self, held: contextlib.AsyncExitStack, conversation_id: uuid.UUID, until: float
    ) -> tuple[bool, Alone]:
        """Wait for the turns before this one and for a place.

        Returns:
            Whether it is too crowded to ask Rasa, and what holds the conversation.

        Raises:
            TimeoutError: the turns before it take too long.
        """
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with asyncio.timeout(max(until - time.monotonic(), 0.0) + LATE_SECONDS):
            await held.enter_async_context(lock)
            crowded = await held.enter_async_context(self._room.entered(until=until))
            turns = conversations.lock_of_turns(conversation_id)
            alone = await held.enter_async_context(self._database.alone(turns, EVERY_MUNICIPALITY))
        return crowded, alone

    async def _handle_aside(self, turn: Turn, told: Told, *, danger: str | None = None) -> list[Message]:
        """Answer beside the turns that came before: who is in danger, or else who has waited for those in vain.

        Args:
            danger: the topic that tells who can help.
        """
        cut, notices = _cut(turn)
        async with self._database.session(EVERY_MUNICIPALITY, flushed=False) as session:
            choice, received = await self._receive(session, turn, cut)
            conversation, message = received.conversation, received.message
            told.channel = conversation.channel
            expected = dict(received.said.get("verwacht") or {})
            if received.is_new and not cut and (area := located.area_of(turn.areas, expected)):
                await conversations.set_body(session, message, located.body_of(area, expected))
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            if await conversations.is_answered(session, message):
                told.outcome = REPEATED
                return list(await conversations.replies_to(session, message.id))
            if danger is not None:
                replies = [await self._answering.in_danger(session, conversation, danger, cut)]
            else:
                replies = [sorry(turn, message, choice, crowded=True)]
            told.outcome = outcome_of(replies, crowded=True)
            return await self._say(session, message, [*notices, *replies])

    async def _handle_alone(
        self, turn: Turn, told: Told, alone: Alone, *, crowded: bool, until: float
    ) -> list[Message]:
        cut, notices = _cut(turn)
        with timing.stage(timing.STORING):
            choice, received = await self._receive(alone.session, turn, cut)
        conversation, message = received.conversation, received.message
        told.channel = conversation.channel
        if not received.is_new and message.handled_at is not None:
            told.outcome = REPEATED
            return list(await conversations.replies_to(alone.session, message.id))
        if turn.choice is None and (choice := await conversations.titled(alone.session, received.said, cut)):
            await conversations.set_body(alone.session, message, _body(turn, cut, choice))
        expected = dict(received.said.get("verwacht") or {})
        if not cut and (area := located.area_of(turn.areas, expected)):
            await conversations.set_body(alone.session, message, located.body_of(area, expected))
        # Before anything can fail: what a resident sent is never lost. The commit of the answer takes it to disk; until
        # that answer is there the channel keeps the words, and sends them again.
        with timing.stage(timing.STORING):
            await alone.session.commit()
        situation = Situation(
            conversation,
            message,
            choice,
            expected,
            expected,
            frozenset(button["id"] for button in received.said.get("knoppen") or ()),
            received.draft,
            crowded=crowded,
            again=not received.is_new,
            until=until,
        )
        replies = None
        try:
            replies = await self._answering.answer(turn, situation)
            told.outcome = outcome_of(replies, crowded=crowded)
            if farewell.ends(replies):
                return await farewell.erase(self._database, conversation, message, replies, now=self._clock())
            await alone.begin_last()
            return await self._say(alone.session, message, [*notices, *replies])
        except TRIED_AGAIN:
            raise
        except Exception as error:  # noqa: BLE001  whatever goes wrong with one turn, nobody should wait for nothing
            # The class and the place alone: the text of an exception may hold what the resident wrote.
            place = traceback.extract_tb(error.__traceback__)[-1]
            logger.error("A turn failed: %s at %s:%s", type(error).__name__, place.filename, place.lineno)
            apology = [sorry(turn, message, choice)]
            told.outcome = outcome_of(apology, crowded=False)
            if replies is None:
                await alone.begin_last()
                return await self._say(alone.session, message, [*notices, *apology])
            with contextlib.suppress(exc.SQLAlchemyError):  # storing them failed: what it holds would be in the way
                await alone.session.rollback()
            async with self._database.session(EVERY_MUNICIPALITY) as another:
                return await self._say(another, message, [*notices, *apology])

    async def _say(self, session: AsyncSession, message: Message, replies: Sequence[dict[str, Any]]) -> list[Message]:
        with timing.stage(timing.STORING):
            return await conversations.answer(
                session,
                conversation_id=message.conversation_id,
                replies=replies,
                in_reply_to=message.id,
                now=self._clock(),
            )

    async def _receive(self, session: AsyncSession, turn: Turn, cut: str) -> tuple[Choice | None, Received]:
        """Store what the resident did; also returns the button that was pressed, if one was."""
        choice = await self._pressed(session, turn)
        received = await conversations.receive(
            session,
            conversation_id=turn.conversation_id,
            external_id=turn.message_id,
            body=_body(turn, cut, choice),
            now=self._clock(),
        )
        return choice, received

    async def _pressed(self, session: AsyncSession, turn: Turn) -> Choice | None:
        """The button that was pressed; none when none was, or one that is not there (any more)."""
        if turn.choice is None:
            return None
        try:
            return await conversations.find_choice(session, conversation_id=turn.conversation_id, choice_id=turn.choice)
        except ChoiceUnknown:
            return None


def _cut(turn: Turn) -> tuple[str, list[dict[str, Any]]]:
    """What is kept of the words of a turn, and what is said of it when that is not all."""
    text = (turn.text or "").replace("\x00", "").strip()
    if len(text) <= MAX_CHARACTERS:
        return text, []
    notice = Reply(content.text("inbreng_te_lang", aantal=f"{MAX_CHARACTERS:,}".replace(",", ".")))
    return text[:MAX_CHARACTERS], [notice.to_json()]


def _body(turn: Turn, text: str, choice: Choice | None) -> dict[str, Any]:
    """What is kept of a turn: the resident's words, or what stood on the button or in the menu."""
    if turn.choice is not None:
        return {"tekst": choice.title, "keuze": choice.id} if choice else {"tekst": "", "keuze": None}
    if turn.command is not None:
        return {"tekst": turn.command.title, "opdracht": turn.command.meaning}
    return {"tekst": text, "keuze": choice.id, "getypt": True} if choice else {"tekst": text}
