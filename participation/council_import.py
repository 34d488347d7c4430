"""Import the council's calendar and papers: `python -m participation.council_import --gemeente GM0344 [source]`.

With `--ori INDEX`, `--ical ADDRESS` or `--csv ADDRESS` the feed is added, if it is not there yet, and read. With
`--bestand FILE` a table is imported. Without any of these, all feeds of the municipality are read.
Without SAMENSPEL_DATABASE_URL the running embedded server under SAMENSPEL_VAR is used.
"""

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import OperationalError

from participation.accounts import database_url
from participation.council import feeds, sources
from participation.council.faults import AddressRefused, FeedFault
from participation.council.sources import Surroundings
from participation.council.store import Changes
from participation.database import Database
from participation.models import CouncilFeed
from participation.services import municipalities
from participation.settings import Settings

FAULTS = {
    "onbereikbaar": "the address can not be reached",
    "te_traag": "the other side takes too long",
    "niet_toegestaan": "the address is not on the public internet",
    "foutmelding": "the other side answers with status {status}",
    "te_groot": "the answer is larger than {megabytes} MB",
    "onleesbaar": "what came is not what this kind of feed looks like",
    "half": "only half of it came",
    "leeg": "there is nothing in it, where there was something before",
    "veranderd": "it looks otherwise than this version of the program knows",
    "index_onbekend": "Open Raadsinformatie has no such index",
    "regel": "line {line}: {problem}",
    "ander_adres": "it got another address meanwhile; read it again",
    "mislukt": "it failed for another reason; the log tells which",
}
"""One line for each code of participation/council/faults.py."""


def explained(fault: FeedFault) -> str:
    """The fault in one line."""
    return FAULTS[fault.code].format(**fault.details)


async def run(url: str, around: Surroundings, options: argparse.Namespace, *, now: datetime) -> list[str]:
    """Do what was asked; returns one line for each feed that failed."""
    database = Database(url)
    try:
        if options.bestand:
            content = await asyncio.to_thread(options.bestand.read_bytes)
            async with database.session(options.gemeente) as session:
                changes = await feeds.hand_over(
                    session, municipality_code=options.gemeente, name=options.bestand.name, content=content, now=now
                )
            _tell(options.bestand.name, changes)
            return []
        failed = []
        for feed in await _chosen(database, options, now):
            try:
                _tell(feed.address, await feeds.update(database, around, feed=feed, now=now))
            except FeedFault as fault:
                failed.append(f"{feed.address}: {explained(fault)}")
        return failed
    finally:
        await database.close()


async def _chosen(database: Database, options: argparse.Namespace, now: datetime) -> list[CouncilFeed]:
    typed = next(((kind, getattr(options, kind)) for kind in ("ori", "ical", "csv") if getattr(options, kind)), None)
    async with database.session(options.gemeente) as session:
        known = await feeds.of_municipality(session, municipality_code=options.gemeente)
        if typed is None:
            return [feed for feed in known if feed.kind != feeds.FILE]
        kind, address = typed
        wanted = sources.checked_address(kind, address)
        for feed in known:
            if (feed.kind, feed.address) == (kind, wanted):
                return [feed]
        return [await feeds.add(session, municipality_code=options.gemeente, kind=kind, address=address, now=now)]


def _tell(what: str, changes: Changes) -> None:
    sys.stdout.write(
        f"{what}: {changes.meetings} meetings ({changes.added} new, {changes.changed} changed, "
        f"{changes.vanished} vanished), {changes.papers} papers, {changes.unreadable} unreadable\n"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m participation.council_import", description="Import the council's calendar and papers"
    )
    parser.add_argument("--gemeente", required=True, metavar="GMxxxx")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--ori", metavar="INDEX", help="index of Open Raadsinformatie, such as ori_utrecht*")
    source.add_argument("--ical", metavar="ADDRESS", help="iCalendar at a web address")
    source.add_argument("--csv", metavar="ADDRESS", help="table at a web address")
    source.add_argument("--bestand", metavar="FILE", type=Path, help="table in a file")
    options = parser.parse_args(arguments)
    # Only the database and the address of Open Raadsinformatie are needed here: placeholder secrets do no harm.
    chosen = Settings(demo=True)
    url = database_url(chosen)
    if options.gemeente not in municipalities.names():
        return _refuse(f"no municipality has code {options.gemeente}", 2)
    if url is None:
        return _refuse("SAMENSPEL_DATABASE_URL is not set and no embedded server runs", 2)
    try:
        failed = asyncio.run(run(url, Surroundings.usual(chosen.ori_url), options, now=datetime.now(UTC)))
    except AddressRefused as refused:
        return _refuse(f"this can not be the address of a feed of kind {refused}", 2)
    except FeedFault as fault:
        return _refuse(f"{options.bestand}: {explained(fault)}", 1)
    except OSError as error:
        return _refuse(f"{options.bestand}: {error.strerror}", 2)
    except OperationalError as error:
        return _refuse(f"The database can not be reached: {str(error.orig).splitlines()[0]}", 1)
    for line in failed:
        _refuse(line, 1)
    return 1 if failed else 0


def _refuse(line: str, code: int) -> int:
    sys.stderr.write(f"{line}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
