"""The telegram process: everything that happens behind the scenes, for as long as it runs."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.gateway import Gateway
from bot.live import EVERYTHING, LiveConversations
from bot.rasa import RasaClient
from bot.telegram import CHANNEL, polling
from bot.telegram.api import connected
from bot.telegram.inbox import Inbox
from bot.telegram.outbox import Outbox
from bot.telegram.updates import Updates
from participation.database import Database
from participation.settings import Settings

logger = logging.getLogger(__name__)

HANDLERS, SENDERS = 8, 4
"""At once. A handler may hold three of the pool's 40 connections: its update, the gateway's turn, and work in it."""
LONGEST_SLEEP, SHORTEST_SLEEP = 30.0, 1.0
AFTER_FAULT = 2.0
BEAT_EVERY = 5.0
GRACE = 8.0


async def run(settings: Settings, *, clock: Callable[[], datetime], alive: Path | None = None) -> None:
    """Receive, handle and send until cancelled; what is under way then is finished, within eight seconds.

    Args:
        alive: a file to touch every five seconds, for who watches whether this process hangs.
    """
    database, rasa, live = Database.from_settings(settings), RasaClient(settings), LiveConversations(settings)
    gateway = Gateway(database, settings, rasa, clock=clock)
    inbox = Inbox(database, settings, clock=clock)
    try:
        async with connected(settings) as bot:
            updates, outbox = Updates(bot, gateway), Outbox(bot, database, settings, clock=clock)
            handle, handle_urgent = (
                partial(inbox.handle_next, updates.handle, only_urgent=only) for only in (False, True)
            )
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(live.run())
                tasks.create_task(_receive(bot_receives=partial(polling.receive, bot, inbox, settings)))
                # One hand is kept free for somebody in danger, however many others wait for Rasa.
                for step in (*[handle] * HANDLERS, handle_urgent):
                    tasks.create_task(_keep_at(step, inbox.next_due, live, CHANNEL, clock))
                for _ in range(SENDERS):
                    tasks.create_task(_keep_at(outbox.send_next, outbox.next_due, live, EVERYTHING, clock))
                if alive is not None:
                    tasks.create_task(_beat(alive))
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


async def _keep_at(
    step: Callable[[], Awaitable[bool]],
    next_due: Callable[[], Awaitable[datetime | None]],
    live: LiveConversations,
    subject: str,
    clock: Callable[[], datetime],
) -> None:
    """Repeat a step while there is work, then sleep until there may be some."""
    with live.watch(subject) as changed:
        while True:
            changed.clear()
            try:
                while await _undisturbed(step):
                    pass
                due = await next_due()
            except (SQLAlchemyError, OSError) as error:
                logger.warning("The database can not be reached: %s", type(error).__name__)
                await asyncio.sleep(AFTER_FAULT)
                continue
            wait = LONGEST_SLEEP if due is None else (due - clock()).total_seconds()
            # Not wait_for: in Python 3.11 that may swallow the request to stop.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(max(wait, SHORTEST_SLEEP), LONGEST_SLEEP)):
                    await changed.wait()


async def _undisturbed(step: Callable[[], Awaitable[bool]]) -> bool:
    """A step that has begun may end when this process is asked to stop: what Telegram took must be noted as sent."""
    work = asyncio.ensure_future(step())
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work], timeout=GRACE)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        raise


async def _beat(alive: Path) -> None:
    while True:
        _touch(alive)
        await asyncio.sleep(BEAT_EVERY)


def _touch(alive: Path) -> None:
    alive.parent.mkdir(parents=True, exist_ok=True)
    alive.touch()
