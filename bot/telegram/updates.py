"""From an update of Telegram to a turn of the gateway. Answers do not go out here: the outbox sends what was said."""

import asyncio
import logging
import uuid

from telegram import Bot, CallbackQuery, Chat, ChatMember, Message, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.gateway import Gateway
from bot.telegram import CHANNEL
from bot.telegram.commands import command_in, start_in
from bot.telegram.rendering import CHOSEN, in_shared_row, ticked
from bot.turn import Turn
from participation import content
from participation.errors import LinkUnknown
from participation.language.danger import check_danger
from participation.language.places import naam_met_provincie
from participation.nearby import Nearby, nearby
from participation.reply import ENDING, Button, Reply

logger = logging.getLogger(__name__)

ATTACHMENTS = {
    "sticker": "telegram_sticker",
    "photo": "telegram_foto",
    "voice": "telegram_spraak",
    "audio": "telegram_spraak",
    "video_note": "telegram_spraak",
    "contact": "telegram_contact",
}
"""What a message may hold besides text, and what is said to it."""
OTHER_ATTACHMENT = "telegram_bestand"


class Updates:
    """Handles one update at a time; the inbox sees to order and repeats."""

    def __init__(self, bot: Bot, gateway: Gateway) -> None:
        self._bot = bot
        self._gateway = gateway

    async def handle(self, update: Update, waited: float) -> None:
        """Do what an update asks. A fault is the inbox's to deal with: it offers the update again.

        Args:
            waited: for how many seconds we have had it.
        """
        chat = update.effective_chat
        if chat is not None and chat.type != Chat.PRIVATE:
            await self._leave(update, chat)
        elif update.my_chat_member is not None:
            await self._membership(str(update.my_chat_member.chat.id), update.my_chat_member.new_chat_member.status)
        elif update.callback_query is not None:
            await self._pressed(update.callback_query, waited)
        elif update.edited_message is not None:
            await self._edited(update.edited_message, waited)
        elif update.message is not None:
            await self._said(update.message, waited)

    async def _take(self, user: int, turn: Turn) -> None:
        """Have a turn answered. The outbox sends what was said, except a farewell: kept nowhere, it has to go now.

        When Telegram does not take it, nobody can send it again: all has been erased, and the chat stays silent.
        """
        for message in await self._gateway.handle(turn):
            if message.body["soort"] == ENDING:
                try:
                    await self._bot.send_message(user, message.body["tekst"])
                except TelegramError as error:
                    logger.warning("A farewell could not be sent: %s", type(error).__name__)

    async def _leave(self, update: Update, chat: Chat) -> None:
        """A group: say once that this is the wrong place, and go. What its members say is no business of ours."""
        changed = update.my_chat_member
        if changed is not None and changed.new_chat_member.status in (ChatMember.LEFT, ChatMember.BANNED):
            return
        try:
            await self._say_and_leave(chat.id, silently=chat.type == Chat.CHANNEL)
        except ChatMigrated as moved:  # it became a supergroup, which has another id
            await self._say_and_leave(moved.new_chat_id, silently=False)

    async def _say_and_leave(self, group: int, *, silently: bool) -> None:
        try:
            if not silently:
                await self._bot.send_message(group, content.text("telegram_groep"))
            await self._bot.leave_chat(group)
        except (Forbidden, BadRequest):
            return  # no longer in it: another update of the same group came first

    async def _membership(self, user: str, status: str) -> None:
        blocked = status in (ChatMember.LEFT, ChatMember.BANNED)
        await self._gateway.visits.set_blocked(channel=CHANNEL, channel_user=user, blocked=blocked)

    async def _pressed(self, query: CallbackQuery, waited: float) -> None:
        chosen = query.data or ""
        if chosen == CHOSEN:
            return
        shown = asyncio.create_task(self._show_choice(query, chosen))
        try:
            conversation = await self._resume(query.from_user.id)
            # Named after the button: pressed twice before it was ticked is pressed once. A small one stays, so that
            # one may change one's mind: there each press counts, and only a second delivery of it does not.
            turn_id = f"druk-{query.id}" if _is_small(query) else f"knop-{chosen}"
            await self._take(query.from_user.id, Turn(conversation, turn_id, choice=chosen, waited=waited))
        finally:
            await shown

    async def _show_choice(self, query: CallbackQuery, chosen: str) -> None:
        """Leave only the chosen button. It is not worth a retry."""
        message = query.message
        keyboard = message.reply_markup if isinstance(message, Message) else None
        if message is None or keyboard is None:
            return
        try:
            await self._bot.edit_message_reply_markup(
                message.chat.id, message.message_id, reply_markup=ticked(keyboard, chosen)
            )
        except TelegramError as error:
            logger.warning("A keyboard could not be ticked: %s", type(error).__name__)

    async def _edited(self, message: Message, waited: float) -> None:
        """Say that changing a message changes nothing, once for each; somebody in danger is heard all the same."""
        words = message.text or message.caption or ""
        if message.location is not None:
            return  # a live location moves by itself
        conversation = await self._resume(message.chat.id)
        if check_danger(words):
            await self._gateway.handle(Turn(conversation, f"nood-{message.message_id}", text=words))
        else:
            notices = (Reply(content.text("telegram_bewerkt")),)
            await self._gateway.handle(
                Turn(conversation, f"bewerkt-{message.message_id}", notices=notices, waited=waited)
            )

    async def _said(self, message: Message, waited: float) -> None:
        text = message.text or ""
        starts, link = start_in(text)
        if starts:
            await self._started(message, link, waited)
        elif command := command_in(text):
            conversation = await self._resume(message.chat.id)
            await self._gateway.handle(Turn(conversation, str(message.message_id), command=command, waited=waited))
        elif text or message.effective_attachment:
            await self._take(message.chat.id, await self._turn(message, waited))

    async def _started(self, message: Message, link: str | None, waited: float) -> None:
        notices: tuple[Reply, ...] = ()
        try:
            conversation = await self._resume(message.chat.id, link=link, greet=False)
        except LinkUnknown:
            conversation = await self._resume(message.chat.id, greet=False)
            notices = (Reply(content.text("telegram_link_onbekend")),)
        await self._gateway.handle(
            Turn(conversation, str(message.message_id), start=True, notices=notices, waited=waited)
        )

    async def _turn(self, message: Message, waited: float) -> Turn:
        """A text, or an attachment with or without words; of an album only one picture is answered."""
        conversation = await self._resume(message.chat.id)
        text = message.text or message.caption
        notices, areas = [], list[Nearby]()
        if message.forward_origin is not None and text:
            notices.append(Reply(content.text("telegram_doorgestuurd")))
        if message.location is not None:  # of a venue too
            areas = nearby(message.location.latitude, message.location.longitude)
            notices.append(_where(areas))
        elif message.effective_attachment:
            name = next((name for kind, name in ATTACHMENTS.items() if getattr(message, kind)), OTHER_ATTACHMENT)
            notices.append(Reply(content.text(name)))
        album = message.media_group_id if not text else None
        return Turn(
            conversation,
            f"album-{album}" if album else str(message.message_id),
            text=text,
            notices=tuple(notices),
            areas=tuple(areas),
            waited=waited,
        )

    async def _resume(self, user: int, *, link: str | None = None, greet: bool = True) -> uuid.UUID:
        """In a private chat the chat and its user have one and the same id."""
        return await self._gateway.visits.resume(
            channel=CHANNEL, channel_user=str(user), address=str(user), link=link, greet=greet
        )


def _where(found: list[Nearby]) -> Reply:
    """Ask which municipality a place on the map is about; of the place itself nothing is kept."""
    if not found:
        return Reply(content.text("telegram_locatie_onbekend"), expects={"gemeente": True})
    buttons = tuple(
        Button(
            naam_met_provincie(one.municipality_code), {"intent": "gemeente_kiezen", "gemeente": one.municipality_code}
        )
        for one in found
    )
    text = content.text("telegram_locatie", plaats=found[0].name)
    return Reply(text, kind="keuze", buttons=buttons, expects={"gemeente": True})


def _is_small(query: CallbackQuery) -> bool:
    message = query.message
    keyboard = message.reply_markup if isinstance(message, Message) else None
    return keyboard is not None and in_shared_row(keyboard, query.data or "")
