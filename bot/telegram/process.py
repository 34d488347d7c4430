"""The telegram process: everything that happens behind the scenes, for as long as it runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.gateway import Gateway
from bot.live import EVERYTHING, LiveConversations
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.rasa import RasaClient
from bot.steady import AFTER_FAULT, keep_at
from bot.telegram import CHANNEL, polling
from bot.telegram.api import connected
from bot.telegram.inbox import Inbox
from bot.telegram.sending import TelegramTransport
from bot.telegram.updates import Updates
from participation import tracing
from participation.database import Database
from participation.database.connections import POOL
from participation.heartbeat import beat
from participation.measures import serving
from participation.settings import Settings

logger = logging.getLogger(__name__)

HANDLERS, SENDERS = 8, 4
"""At once. A handler may hold three connections of the pool: its update, the gateway's turn, and work in it."""


async def run(settings: Settings, *, clock: Callable[[], datetime], alive: Path | None = None) -> None:
    """Receive, handle and send until cancelled; what is under way then is finished, within ten seconds.

    Args:
        alive: a file to touch every five seconds, for who watches whether this process hangs.
    """
    metrics = Metrics()
    database, live = Database.from_settings(settings, most=POOL["telegram"]), LiveConversations(settings)
    rasa = RasaClient(settings, metrics)
    gateway = Gateway(database, settings, rasa, clock=clock, metrics=metrics)
    inbox = Inbox(database, settings, clock=clock)
    try:
        with metrics.served(settings, above=serving.TELEGRAM), tracing.kept(settings, "telegram"):
            async with connected(settings) as bot:
                updates = Updates(bot, gateway)
                outbox = Outbox(TelegramTransport(bot), database, settings, clock=clock, metrics=metrics)
                handle, handle_urgent = (
                    partial(inbox.handle_next, updates.handle, only_urgent=only) for only in (False, True)
                )
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(live.run())
                    tasks.create_task(_receive(bot_receives=partial(polling.receive, bot, inbox, settings)))
                    # One hand is kept free for somebody in danger, however many others wait for Rasa.
                    for step in (*[handle] * HANDLERS, handle_urgent):
                        tasks.create_task(keep_at(step, inbox.next_due, live, CHANNEL, clock))
                    for _ in range(SENDERS):
                        tasks.create_task(keep_at(outbox.send_next, outbox.next_due, live, EVERYTHING, clock))
                    if alive is not None:
                        tasks.create_task(beat(alive))
    finally:
        await rasa.close()
        await database.close()


async def _receive(bot_receives: Callable[[], Awaitable[None]]) -> None:
    """Start over when the database could not keep an update: Telegram still has it."""
    while True:
        try:
            return await bot_receives()
        except (SQLAlchemyError, OSError) as error:
            logger.warning("Updates can not be kept now: %s", type(error).__name__)
            await asyncio.sleep(AFTER_FAULT)
