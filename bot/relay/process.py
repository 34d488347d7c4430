"""The koppeling process: sends what was said to the service. What residents write comes in by the web process."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.live import EVERYTHING, LiveConversations
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.relay.sending import RelayTransport
from bot.steady import keep_at
from participation.database import Database
from participation.database.connections import POOL
from participation.heartbeat import beat
from participation.measures import serving
from participation.settings import Settings

SENDERS = 4


async def run(settings: Settings, *, clock: Callable[[], datetime], alive: Path | None = None) -> None:
    """Send until cancelled; what is under way then is finished, within ten seconds.

    Args:
        alive: a file to touch every five seconds, for who watches whether this process hangs.
    """
    database, live = Database.from_settings(settings, most=POOL["koppeling"]), LiveConversations(settings)
    transport = RelayTransport(settings.relay_url, settings.relay_secret, clock=clock)
    metrics = Metrics()
    outbox = Outbox(transport, database, settings, clock=clock, metrics=metrics)
    try:
        with metrics.served(settings, above=serving.RELAY):
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(live.run())
                for _ in range(SENDERS):
                    tasks.create_task(keep_at(outbox.send_next, outbox.next_due, live, EVERYTHING, clock))
                if alive is not None:
                    tasks.create_task(beat(alive))
    finally:
        await transport.close()
        await database.close()
