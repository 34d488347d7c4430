"""Work that goes on for as long as a process runs: done when there is some, let alone by faults, finished at a stop."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.live import LiveConversations

logger = logging.getLogger(__name__)

AFTER_FAULT = 2.0
LONGEST_SLEEP, SHORTEST_SLEEP = 30.0, 1.0
GRACE = 10.0
"""For a step that has begun: a turn has eight seconds for Rasa, and some for the database."""


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def until_stopped(work: Coroutine[None, None, None]) -> None:
    """Run a process of its own until a signal asks it to stop."""
    asyncio.run(_until_signal(work))


async def _until_signal(work: Coroutine[None, None, None]) -> None:
    task = asyncio.ensure_future(work)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def keep_at(
    step: Callable[[], Awaitable[bool]],
    next_due: Callable[[], Awaitable[datetime | None]],
    live: LiveConversations,
    subject: str,
    clock: Callable[[], datetime],
) -> None:
    """Repeat a step while there is work, then sleep until there may be some.

    Args:
        step: does one piece of work; returns whether there was any.
        next_due: when the first piece that waits may be done, or None.
        subject: what to be woken by, as in LiveConversations.
    """
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
    """A step that has begun may end when this process is asked to stop: what the channel took must be noted as sent."""
    work = asyncio.ensure_future(step())
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work], timeout=GRACE)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        raise
