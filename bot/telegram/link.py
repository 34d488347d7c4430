"""Make a link into the bot: `python -m bot.telegram.link --gemeente GM0344 [--campagne NAAM] [--plek NAAM]`.

Whoever follows it starts with that municipality. Prints the link, to put on a site or a poster. Without
SAMENSPEL_DATABASE_URL the running embedded server under SAMENSPEL_VAR is used.
"""

import argparse
import asyncio
import sys
from datetime import UTC, datetime

from sqlalchemy.exc import OperationalError
from telegram.error import TelegramError

from bot.telegram.api import connected, quiet_logs
from participation.accounts import database_url
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import MunicipalityUnknown
from participation.services import deep_links
from participation.settings import Settings


async def make(url: str, chosen: Settings, *, code: str, campaign: str | None, place: str | None) -> str:
    """Make the link and return its address.

    Raises:
        MunicipalityUnknown: no municipality has this code.
        TelegramError: the Bot API did not tell the name of the bot; nothing was made.
    """
    async with connected(chosen) as bot:
        name = (await bot.get_me()).username
    database = Database(url)
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            link = await deep_links.make(
                session, municipality_code=code, campaign=campaign, place=place, now=datetime.now(UTC)
            )
    finally:
        await database.close()
    return f"https://t.me/{name}?start={link.id}"


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.telegram.link", description="Make a link into the bot")
    parser.add_argument("--gemeente", required=True, metavar="GMxxxx", help="the municipality it stands for")
    parser.add_argument("--campagne", help="what the link is for")
    parser.add_argument("--plek", help="where the link is shown, such as a library")
    options = parser.parse_args(arguments)
    quiet_logs()
    # Only the database and the token are needed here: placeholder secrets do no harm.
    chosen = Settings(demo=True, telegram_mode="polling")
    url = chosen.app_database_url or database_url(chosen)
    if url is None or not chosen.telegram_token:
        missing = "SAMENSPEL_TELEGRAM_TOKEN is not set" if url else "SAMENSPEL_DATABASE_URL is not set"
        sys.stderr.write(f"{missing}\n")
        return 2
    try:
        link = asyncio.run(make(url, chosen, code=options.gemeente, campaign=options.campagne, place=options.plek))
    except MunicipalityUnknown:
        sys.stderr.write(f"no municipality has code {options.gemeente}\n")
        return 2
    except TelegramError as error:
        sys.stderr.write(f"Telegram did not tell the name of the bot: {type(error).__name__}\n")
        return 1
    except OperationalError as error:
        sys.stderr.write(f"The database can not be reached: {str(error.orig).splitlines()[0]}\n")
        return 1
    sys.stdout.write(f"{link}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
