"""`python -m bot.telegram` brings the bot to Telegram, until SIGTERM. Needs SAMENSPEL_TELEGRAM_TOKEN."""

import argparse
import sys
from pathlib import Path

from bot.steady import now, until_stopped
from bot.telegram.api import quiet_logs
from bot.telegram.process import run
from participation import logs
from participation.database.prepared import wait_until_prepared
from participation.settings import settings


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.telegram", description="Bring the bot to Telegram")
    parser.add_argument("--alive", type=Path, metavar="FILE", help="touch this file every five seconds")
    options = parser.parse_args()
    quiet_logs()
    if not settings().telegram_token:
        sys.stderr.write("SAMENSPEL_TELEGRAM_TOKEN is not set; README.md tells how to get one\n")
        return 2
    logs.configure(settings().log_format)
    wait_until_prepared(settings())
    until_stopped(run(settings(), clock=now, alive=options.alive))
    return 0


if __name__ == "__main__":
    sys.exit(main())
