"""Make an account for the desk: `python -m participation.accounts MAIL --naam NAAM --gemeente GM0344 [--rol griffier]`.

Prints the one-time password once; it is stored nowhere. Without SAMENSPEL_DATABASE_URL the running embedded server
under SAMENSPEL_VAR is used.
"""

import argparse
import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import IntegrityError, OperationalError

from participation.database import Database
from participation.database.engine import EVERY_MUNICIPALITY
from participation.roles import ROLES
from participation.services import clerks, municipalities
from participation.settings import Settings


def database_url(chosen: Settings) -> str | None:
    """The owner's URL from the settings, or that of the embedded server when it runs."""
    announced: Path = chosen.var / "run" / "database.json"
    if chosen.database_url:
        return chosen.database_url
    return str(json.loads(announced.read_text(encoding="utf-8"))["url"]) if announced.exists() else None


async def make(url: str, *, email: str, name: str, roles: dict[str, str]) -> str:
    """Make the account and return its one-time password."""
    database = Database(url)
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            _, password = await clerks.create_clerk(session, email=email, name=name, roles=roles, now=datetime.now(UTC))
    finally:
        await database.close()
    return password


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m participation.accounts", description="Make a desk account")
    parser.add_argument("email", help="e-mail address to log in with")
    parser.add_argument("--naam", required=True, help="name that colleagues see")
    parser.add_argument("--gemeente", required=True, action="append", metavar="GMxxxx", help="may be given more often")
    parser.add_argument("--rol", default="griffier", choices=ROLES)
    options = parser.parse_args(arguments)
    unknown = [code for code in options.gemeente if code not in municipalities.names()]
    # Only the database is needed here: placeholder secrets do no harm.
    url = database_url(Settings(demo=True))
    if unknown or url is None or "@" not in options.email:
        faults = [f"no municipality has code {code}" for code in unknown]
        faults += ["SAMENSPEL_DATABASE_URL is not set and no embedded server runs"] if url is None else []
        faults += ["this is no e-mail address"] if "@" not in options.email else []
        sys.stderr.write("; ".join(faults) + "\n")
        return 2
    roles = dict.fromkeys(options.gemeente, options.rol)
    try:
        password = asyncio.run(make(url, email=options.email, name=options.naam, roles=roles))
    except IntegrityError:
        sys.stderr.write(f"{options.email} has an account already\n")
        return 1
    except OperationalError as error:
        sys.stderr.write(f"The database can not be reached: {str(error.orig).splitlines()[0]}\n")
        return 1
    sys.stdout.write(f"One-time password of {options.email}: {password}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
