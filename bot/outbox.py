"""Messages on their way out of a channel that pushes: sent in order for each conversation, each piece noted at once."""

import logging
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from limits import RateLimitItem
from sqlalchemy.ext.asyncio import AsyncSession

from bot import mailing_outbox
from bot.keeping_out import keep_out
from bot.metrics import Metrics
from bot.pace import ChatPace, Pace
from bot.visits import ADDRESS
from participation.campaigns.pacing import QuietHours
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import SealBroken
from participation.models import Conversation, Outgoing
from participation.privacy.sealing import Sealer
from participation.services import outgoing
from participation.services.outgoing import Waiting
from participation.settings import Settings

logger = logging.getLogger(__name__)

Piece = TypeVar("Piece")

TAKEN = "verstuurd"
"""What a piece is counted as that the channel took; each fault below says what else there is."""

SEVERAL = 3
"""Chats that are refused in a row, with none that took a message in between: then the channel wants nothing of us."""


class TransportFault(Exception):
    """A channel did not take a piece. `outcome` is what it is counted as."""

    outcome = "later"


@dataclass(eq=False)
class TooFast(TransportFault):
    """It wants no message for a while: in this chat, or of us at all. It does not say which."""

    outcome = "te_snel"

    wait: timedelta


class KeptOut(TransportFault):
    """The resident does not want messages of us. They wait until the resident writes again."""

    outcome = "geblokkeerd"


class Unsendable(TransportFault):
    """It will never take this piece: the message is given up, the next ones are sent."""

    outcome = "geweigerd"


@dataclass(eq=False)
class NotNow(TransportFault):
    """It could not be reached or failed; try again later. `ours` when somebody has to mend our settings.

    `perhaps`: it may have arrived all the same. What leaves at most once is then not tried again.
    """

    why: str
    ours: bool = False
    perhaps: bool = False


class Transport(Protocol[Piece]):
    """What a channel has to bring: a name, how a message is cut up and written, and how one piece is sent."""

    @property
    def channel(self) -> str:
        """The name under which the gateway knows it."""
        ...

    @property
    def per_second(self) -> float | None:
        """How many messages a second it takes from us in all; none when it does not say."""
        ...

    @property
    def per_chat(self) -> RateLimitItem | None:
        """How many messages it takes in one chat; none when it does not say."""
        ...

    def pieces(self, body: dict[str, Any]) -> Sequence[Piece]:
        """Turn a stored message into what is sent, within the limits of the channel."""
        ...

    async def send(self, address: str, piece: Piece, *, key: str) -> None:
        """Send one piece to the address that the channel gave to `Visits.resume`.

        Args:
            key: the same for the same piece, each time it is tried.

        Raises:
            TransportFault: the channel did not take it.
        """
        ...


class Outbox(Generic[Piece]):
    """Sends what the gateway and the griffie said. Several processes may do so; none sends what another one does.

    When the answer of a channel gets lost, or the process is killed before the answer is noted, the piece is sent once
    more: a resident can skip a repeat, but not read what never came. A channel that knows the key again shows it once.
    Of a mailing it is the other way round: see `bot.mailing_outbox`.
    """

    def __init__(
        self,
        transport: Transport[Piece],
        database: Database,
        settings: Settings,
        *,
        clock: Callable[[], datetime],
        metrics: Metrics | None = None,
    ) -> None:
        self._transport = transport
        self._database = database
        self._sealer = Sealer(settings.pseudonym_key, purpose=ADDRESS)
        self._clock = clock
        self._closed_until: datetime | None = None
        self._refused: set[uuid.UUID] = set()
        self._pace = Pace(transport.per_second)
        self._pace_of_chat = ChatPace(transport.per_chat)
        self._quiet = QuietHours.of(settings)
        self._metrics = metrics or Metrics()

    async def send_next(self) -> bool:
        """Send one piece of one message, if one waits. Returns whether there was one.

        While the channel wants nothing of us, what somebody in danger has to read is offered all the same.
        """
        now = self._clock()
        closed = self._closed_until is not None and now < self._closed_until
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            waiting = await outgoing.next_waiting(
                session, channel=self._transport.channel, now=now, only_in_danger=closed
            )
            if waiting is None:
                return False
            state = waiting.outgoing
            if state.mailing_id is None:
                await self._send_answer(session, waiting)
                return True
            if not await mailing_outbox.may_leave(session, state, quiet=self._quiet, now=self._clock()):
                return True
            await self._pace.turn()
            state.handed_at = self._clock()  # committed here: from now on nobody else offers it
        await self._send_of_mailing(waiting)
        return True

    async def _send_answer(self, session: AsyncSession, waiting: Waiting) -> None:
        """Send a piece of an ordinary message while its row is locked: what is not noted is sent once more."""
        state = waiting.outgoing
        if not waiting.in_danger and (wait := self._pace_of_chat.wait(state.conversation_id)):
            outgoing.postpone(state, now=self._clock(), wait=wait)
            return
        self._pace.count()
        try:
            await self._send_piece(waiting)
        except TooFast as fault:
            self._note_refused(state, fault.wait)
            outgoing.postpone(state, now=self._clock(), wait=fault.wait)
        except KeptOut:
            await self._keep_out(session, state)
        except (Unsendable, SealBroken, AttributeError, KeyError, TypeError) as error:  # or a reply of an odd shape
            logger.error("A message can not be sent and is given up: %s", type(error).__name__)
            outgoing.finish(state, now=self._clock(), given_up=True)
        except NotNow as fault:
            level = logging.ERROR if fault.ours else logging.WARNING
            logger.log(level, "A message waits, %s did not take it: %s", self._transport.channel, fault.why)
            outgoing.postpone(state, now=self._clock())

    async def _send_of_mailing(self, waiting: Waiting) -> None:
        """Send a piece that was handed over, and note what became of it; without an answer it stays so."""
        fault: Exception | None = None
        try:
            await self._send_one(waiting)
        except (TransportFault, SealBroken, AttributeError, KeyError, TypeError) as error:
            fault = error
        if isinstance(fault, NotNow) and fault.perhaps:
            logger.warning("Whether a message of a mailing arrived is not known: %s", fault.why)
            return
        if isinstance(fault, TooFast):
            self._note_refused(waiting.outgoing, fault.wait)
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            state = await outgoing.held(session, waiting.outgoing.message_id)
            if state is None:
                return  # erased meanwhile
            if fault is None:
                self._note_sent(state, waiting)
                arrived = state.done_at is not None
                await mailing_outbox.note(session, state, fault="" if arrived else None, now=self._clock())
            elif isinstance(fault, TooFast | NotNow):
                state.handed_at = None
                outgoing.postpone(state, now=self._clock(), wait=fault.wait if isinstance(fault, TooFast) else None)
            else:
                if isinstance(fault, KeptOut):
                    await self._keep_out(session, state)
                outgoing.finish(state, now=self._clock(), given_up=True)
                reason = "geblokkeerd" if isinstance(fault, KeptOut) else "geweigerd"
                await mailing_outbox.note(session, state, fault=reason, now=self._clock())

    def _note_refused(self, state: Outgoing, wait: timedelta) -> None:
        """A chat that is refused waits by itself; all others wait with it only when several are, one after the other.

        Otherwise anybody could silence the bot for everyone, by having it say much in their own chat.
        """
        self._refused.add(state.conversation_id)
        if len(self._refused) >= SEVERAL:
            self._closed_until = self._clock() + wait

    async def _keep_out(self, session: AsyncSession, state: Outgoing) -> None:
        conversation = await session.get_one(Conversation, state.conversation_id)
        await keep_out(
            session, resident_id=conversation.resident_id, channel=self._transport.channel, now=self._clock()
        )

    async def _send_piece(self, waiting: Waiting) -> None:
        await self._send_one(waiting)
        self._note_sent(waiting.outgoing, waiting)

    async def _send_one(self, waiting: Waiting) -> None:
        state, pieces = waiting.outgoing, self._transport.pieces(waiting.message.body)
        if state.parts_sent < len(pieces):
            address = self._sealer.open(waiting.sealed_address)
            await self._hand_over(address, pieces[state.parts_sent], key=f"{state.message_id}-{state.parts_sent + 1}")

    async def _hand_over(self, address: str, piece: Piece, *, key: str) -> None:
        channel, began = self._transport.channel, time.perf_counter()
        try:
            await self._transport.send(address, piece, key=key)
        except TransportFault as fault:
            self._metrics.sent(channel, fault.outcome, seconds=time.perf_counter() - began)
            raise
        self._metrics.sent(channel, TAKEN, seconds=time.perf_counter() - began)
        self._refused.clear()

    def _note_sent(self, state: Outgoing, waiting: Waiting) -> None:
        state.parts_sent += 1
        state.attempts = 0
        if state.parts_sent >= len(self._transport.pieces(waiting.message.body)):
            outgoing.finish(state, now=self._clock())
            if state.mailing_id is None:
                took = self._clock() - waiting.message.created_at
                self._metrics.arrived(self._transport.channel, seconds=took.total_seconds())
        state.handed_at = None

    async def next_due(self) -> datetime | None:
        """Return when the first message that waits may be tried."""
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            due = await outgoing.next_due(session, channel=self._transport.channel)
        return max(due, self._closed_until) if due and self._closed_until else due
