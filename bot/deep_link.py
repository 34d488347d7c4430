"""Making a link into a channel on the command line: for which municipality, what for, and where it is shown."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.exc import OperationalError

from participation.accounts import database_url
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import MunicipalityUnknown
from participation.services import deep_links
from participation.settings import Settings


@dataclass(frozen=True)
class Wanted:
    """What a link is to stand for."""

    code: str
    campaign: str | None
    place: str | None


class CanNotMake(Exception):
    """Nothing was made; says why in one line."""


def wanted(program: str, arguments: list[str] | None) -> Wanted:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog=program, description="Make a link into the bot")
    parser.add_argument("--gemeente", required=True, metavar="GMxxxx", help="the municipality it stands for")
    parser.add_argument("--campagne", help="what the link is for")
    parser.add_argument("--plek", help="where the link is shown, such as a library")
    options = parser.parse_args(arguments)
    return Wanted(options.gemeente, options.campagne, options.plek)


def settings_of_command() -> Settings:
    """Only the database and a channel's own settings are needed here: placeholder secrets do no harm."""
    return Settings(demo=True, telegram_mode="polling", relay_url="")


async def make(chosen: Settings, asked: Wanted) -> str:
    """Make the link and return its id.

    Raises:
        CanNotMake: no database, or no municipality has this code.
    """
    url = chosen.app_database_url or database_url(chosen)
    if url is None:
        raise CanNotMake("SAMENSPEL_DATABASE_URL is not set")
    database = Database(url)
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            link = await deep_links.make(
                session,
                municipality_code=asked.code,
                campaign=asked.campaign,
                place=asked.place,
                now=datetime.now(UTC),
            )
    except MunicipalityUnknown:
        raise CanNotMake(f"no municipality has code {asked.code}") from None
    except OperationalError as error:
        raise CanNotMake(f"The database can not be reached: {str(error.orig).splitlines()[0]}") from None
    finally:
        await database.close()
    return link.id


def told(work: Callable[[], Awaitable[str]]) -> int:
    """Print what was made, or why not; returns the exit status."""

    async def do() -> str:
        return await work()

    try:
        sys.stdout.write(f"{asyncio.run(do())}\n")
    except CanNotMake as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0
