"""`python -m bot.telegram` brings the bot to Telegram, until SIGTERM. Needs SAMENSPEL_TELEGRAM_TOKEN."""

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.telegram.api import quiet_logs
from bot.telegram.process import run
from participation.settings import Settings, settings


async def serve(chosen: Settings, alive: Path | None) -> None:
    """Run until a signal asks to stop."""
    work = asyncio.ensure_future(run(chosen, clock=lambda: datetime.now(UTC), alive=alive))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.telegram", description="Bring the bot to Telegram")
    parser.add_argument("--alive", type=Path, metavar="FILE", help="touch this file every five seconds")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    quiet_logs()
    if not settings().telegram_token:
        sys.stderr.write("SAMENSPEL_TELEGRAM_TOKEN is not set; README.md tells how to get one\n")
        return 2
    asyncio.run(serve(settings(), options.alive))
    return 0


if __name__ == "__main__":
    sys.exit(main())
