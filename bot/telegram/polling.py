"""Telling Telegram how updates are to arrive, and fetching them where that is the way."""

import asyncio
from functools import partial

from telegram import Bot, BotCommand

from bot.telegram.api import LONG_POLL_SECONDS, persistently
from bot.telegram.commands import COMMANDS
from bot.telegram.inbox import WANTED, Inbox
from bot.telegram.pressing import acknowledge
from participation.settings import Settings

WEBHOOK_PATH = "/telegram/updates"


async def receive(bot: Bot, inbox: Inbox, settings: Settings) -> None:
    """Fetch updates until cancelled, or have Telegram send them to the web process; and set the menu meanwhile.

    The menu is a convenience: nobody goes unheard because Telegram does not take it.
    """
    menu = [BotCommand(command.name, command.description) for command in COMMANDS]
    setting = asyncio.create_task(persistently("the menu", lambda: bot.set_my_commands(menu)))
    try:
        if settings.telegram_webhook:
            await _ask_for_webhook(bot, settings)
            await setting
        else:
            await persistently("the end of the webhook", bot.delete_webhook)
            await _fetch(bot, inbox)
    finally:
        setting.cancel()


async def _ask_for_webhook(bot: Bot, settings: Settings) -> None:
    url = settings.public_url.rstrip("/") + WEBHOOK_PATH
    secret = settings.telegram_webhook_secret
    await persistently(
        "the webhook", lambda: bot.set_webhook(url, allowed_updates=WANTED, secret_token=secret, max_connections=40)
    )


async def _fetch(bot: Bot, inbox: Inbox) -> None:
    """Asking for what comes after an update tells Telegram that we have it: so not before it has been kept."""
    after: int | None = None
    acknowledging: set[asyncio.Task[None]] = set()
    try:
        while True:
            fetch = partial(bot.get_updates, offset=after, timeout=LONG_POLL_SECONDS, allowed_updates=WANTED)
            for update in await persistently("updates", fetch):
                await inbox.receive(update)
                if update.callback_query is not None:
                    acknowledging.add(asyncio.create_task(acknowledge(bot, update.callback_query)))
                after = update.update_id + 1
            acknowledging = {task for task in acknowledging if not task.done()}
    finally:
        for task in acknowledging:
            task.cancel()
