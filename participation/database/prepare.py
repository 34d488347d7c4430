"""Prepare a database: `python -m participation.database.prepare [--demo] [--json]`.

Migrates, fills the table of municipalities, and with --demo makes the demonstration. Safe to repeat.
"""

import argparse
import asyncio
import json
import sys
from datetime import UTC, datetime

from sqlalchemy.exc import OperationalError

from participation.database import discretion
from participation.database.engine import EVERY_MUNICIPALITY, Database
from participation.database.migrate import RestoreUnfinished, SchemaNewer, migrate
from participation.services import demonstration, municipalities
from participation.settings import settings

INDISCREET = (
    "The log of this PostgreSQL may hold what residents write ({told}): set log_min_error_statement = panic and "
    "log_error_verbosity = terse, and log no statements"
)


def bring_up_to_date(database_url: str) -> str:
    """Migrate; returns what became of it in one line, also where a newer version has been here and nothing is done."""
    try:
        migrate(database_url)
    except SchemaNewer as newer:
        return f"Database is of a newer version, at migration {newer.revision}: this version works on it as it is"
    return "Database is up to date"


async def fill(database_url: str, *, demo: bool) -> dict[str, str | None]:
    """Fill the tables that every installation has; returns the demonstration's one-time passwords per e-mail."""
    database = Database(database_url)
    passwords: dict[str, str | None] = {}
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            if told := await discretion.found_in(session):
                sys.stderr.write(f"{INDISCREET.format(told=', '.join(told))}\n")
            await municipalities.seed(session)
            if demo:
                passwords = await demonstration.make(session, now=datetime.now(UTC))
    finally:
        await database.close()
    return passwords


def main() -> int:
    """Run from the command line; the last line is JSON with --json."""
    parser = argparse.ArgumentParser(description="Prepare the database")
    parser.add_argument("--demo", action="store_true", help="make the demonstration accounts and facts")
    parser.add_argument("--json", action="store_true", help="close with the accounts as one JSON object")
    options = parser.parse_args()
    url = settings().database_url
    if not url:
        sys.stderr.write("SAMENSPEL_DATABASE_URL is not set\n")
        return 2
    try:
        outcome = bring_up_to_date(url)
        passwords = asyncio.run(fill(url, demo=options.demo))
    except OperationalError as error:
        sys.stderr.write(f"The database can not be reached: {str(error.orig).splitlines()[0]}\n")
        return 1
    except RestoreUnfinished:
        sys.stderr.write(
            "A back-up was being put back here and that did not end: run the restore again with --replace\n"
        )
        return 1
    accounts = [
        {"email": email, "password": password, "municipalities": sorted(demonstration.ACCOUNTS[email][1])}
        for email, password in passwords.items()
    ]
    sys.stdout.write(f"{outcome}\n")
    if options.json:
        sys.stdout.write(json.dumps({"accounts": accounts}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
