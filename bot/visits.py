"""Conversations as a channel sees them: opening one, coming back to it, reading on in it."""

import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import campaigns
from bot.keeping_out import keep_out
from bot.limits import Limits
from bot.replies import welcome
from participation.campaigns import links
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import MunicipalityUnknown
from participation.models import Message
from participation.privacy import own_data, periods
from participation.privacy.pseudonym import pseudonym
from participation.privacy.sealing import Sealer
from participation.services import conversations, deep_links, municipalities, municipality_settings, outgoing
from participation.settings import Settings

ADDRESS = "chat_address"
"""What addresses are sealed for."""


@dataclass(frozen=True)
class Opened:
    """A conversation as a channel needs to know it."""

    conversation_id: uuid.UUID
    municipality_code: str | None
    municipality_name: str | None
    messages: list[Message]


class Visits:
    """Opens conversations, finds them again and reads them. A turn in one is the gateway's."""

    def __init__(
        self, database: Database, settings: Settings, limits: Limits, *, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._settings = settings
        self._limits = limits
        self._clock = clock
        self._addresses = Sealer(settings.pseudonym_key, purpose=ADDRESS)

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
        known_by, now = self._pseudonym(channel, secrets.token_urlsafe(24)), self._clock()
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
                replies=[await self.welcome(session, municipality_code), *offered],
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
        known_by, now = self._pseudonym(channel, channel_user), self._clock()
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
                    replies=[await self.welcome(session, came_by.municipality_code if came_by else None)],
                    in_reply_to=None,
                    now=now,
                )
        return conversation.id

    async def set_blocked(self, *, channel: str, channel_user: str, blocked: bool) -> None:
        """Note that a channel's user keeps us out, or lets us in again; the answers that they missed are then sent."""
        known_by = self._pseudonym(channel, channel_user)
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            conversation = await conversations.latest_of(session, pseudonym=known_by, channel=channel)
            if conversation is None:
                return
            resident_id, now = conversation.resident_id, self._clock()
            if blocked:
                await keep_out(session, resident_id=resident_id, channel=channel, now=now)
            else:
                await outgoing.set_blocked(session, resident_id=resident_id, blocked=False, now=now)

    async def welcome(self, session: AsyncSession, municipality_code: str | None) -> dict[str, Any]:
        """Say who is talking, in the municipality's own words where it has them."""
        days = await self.days_kept(session, municipality_code)
        choices = await municipality_settings.of(session, municipality_code)
        return welcome(municipality_code, days=days, choices=choices).to_json()

    async def days_kept(self, session: AsyncSession, municipality_code: str | None) -> int:
        """For how many days a conversation that begins now is kept."""
        return await periods.chat_days(
            session, municipality_code=municipality_code, promised=self._settings.chat_retention_days
        )

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

    def _pseudonym(self, channel: str, channel_user: str) -> bytes:
        return pseudonym(self._settings.pseudonym_key, channel=channel, channel_user=channel_user)
