"""A process that sends mailings as the worker and the telegram process do, to be killed at any moment.

`python -m tests.integration.campaign_sender`; its settings come from the environment, as of any process. For each line
on its input it starts a process that sends, by a fork since loading everything takes seconds, writes its number, and
waits until that is dead.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime

from bot.outbox import Outbox
from bot.telegram.api import connected
from bot.telegram.sending import TelegramTransport
from participation.campaigns import sending_jobs
from participation.database import Database
from participation.settings import settings


def now() -> datetime:
    return datetime.now(UTC)


async def main() -> None:
    """Hand over and send until killed."""
    database = Database.from_settings(settings())
    async with connected(settings()) as bot:
        outbox = Outbox(TelegramTransport(bot), database, settings(), clock=now)

        async def work() -> None:
            while True:
                await sending_jobs.go_on(database, settings(), now=now())
                await asyncio.sleep(0.05)

        async def send() -> None:
            while True:
                if not await outbox.send_next():
                    await asyncio.sleep(0.02)

        await asyncio.gather(work(), send(), send(), send())


if __name__ == "__main__":
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(main())
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
