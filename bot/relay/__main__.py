"""`python -m bot.relay` sends what was said to the service of the channel, until SIGTERM. Needs SAMENSPEL_RELAY_URL."""

import argparse
import sys
from pathlib import Path

from bot.relay.process import run
from bot.steady import now, until_stopped
from participation import logs
from participation.database.prepared import wait_until_prepared
from participation.settings import settings


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.relay", description="Send messages to the service of a channel"
    )
    parser.add_argument("--alive", type=Path, metavar="FILE", help="touch this file every five seconds")
    options = parser.parse_args()
    if not settings().relay_url:
        sys.stderr.write("SAMENSPEL_RELAY_URL is not set; docs/kanalen.md tells what for\n")
        return 2
    logs.configure(settings().log_format)
    wait_until_prepared(settings())
    until_stopped(run(settings(), clock=now, alive=options.alive))
    return 0


if __name__ == "__main__":
    sys.exit(main())
