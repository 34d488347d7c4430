"""The service that makes back-ups: one every day, and the list of erasures every minute."""

import logging
import re
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from participation.operations.faults import Refused

logger = logging.getLogger(__name__)
ROUND_SECONDS = 60.0
AGAIN_AFTER = timedelta(minutes=15)
"""After a back-up that failed."""


def run(
    daily: str,
    *,
    newest: datetime | None,
    back_up: Callable[[], object],
    every_minute: Callable[[], object],
    stop: threading.Event | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Work until SIGTERM or SIGINT. What fails is logged and tried again: a database that restarts ends nothing.

    Args:
        daily: the time of the back-up, HH:MM in UTC.
        newest: when the last one was made. One that was missed meanwhile is made at once, and so is the first.

    Raises:
        Refused: that is no time.
    """
    at = parse(daily)
    if stop is None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_, ended=stop: ended.set())
    listing = threading.Thread(target=_keep_listing, args=(every_minute, stop))  # also while a back-up takes an hour
    listing.start()
    due = next_after(newest, at) if newest else clock()
    while not stop.is_set():
        now = clock()
        if now >= due:
            done = _try(back_up, "No back-up was made")
            due = next_after(now, at) if done else clock() + AGAIN_AFTER
        stop.wait(ROUND_SECONDS)
    listing.join()


def parse(daily: str) -> time:
    """Read HH:MM.

    Raises:
        Refused: it is no time.
    """
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", daily):
        raise Refused("--daily takes a time such as 02:15.")
    return time.fromisoformat(daily)


def next_after(moment: datetime, at: time) -> datetime:
    """Return the first time after a moment that it is so late."""
    today = datetime.combine(moment.astimezone(UTC).date(), at, tzinfo=UTC)
    return today if today > moment else today + timedelta(days=1)


def _keep_listing(every_minute: Callable[[], object], stop: threading.Event) -> None:
    while not stop.is_set():
        _try(every_minute, "The list of erasures could not be brought up to date")
        stop.wait(ROUND_SECONDS)


def _try(work: Callable[[], object], otherwise: str) -> bool:
    try:
        work()
    except Exception as error:  # noqa: BLE001  whatever it was, the next time it may go well
        logger.error("%s: %s", otherwise, (str(error).strip() or type(error).__name__).splitlines()[0])
        return False
    return True
