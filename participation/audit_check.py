"""`./samenspel audit`: the newest of what was done at the desk, or a check that nobody changed the log."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import AuditEvent, Clerk
from participation.services import audit_chain
from participation.services.audit_chain import Checked, Mark
from participation.settings import settings

WHOLE, BROKEN, NOT_CHECKED = 0, 1, 2


def verdict(found: Checked) -> str:
    """One line for people."""
    events = f"{found.events:,} events" if found.events != 1 else "1 event"
    if found.fault is not None:
        return f"The log was changed: {found.fault.what} ({found.fault.at}). Good up to there: {events}."
    if found.last is None:
        return "The log is empty."
    erased = f", {found.erased:,} typed texts were erased with their contribution" if found.erased else ""
    erased += f", {found.taken_off:,} older events were taken off in their time" if found.taken_off else ""
    return f"The log is whole: {events}{erased}. Note down elsewhere: {found.last}"


def main(argv: Sequence[str]) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="./samenspel audit",
        description=__doc__,
        epilog="Exit code of --controle: 0 the log is whole, 1 it was changed, 2 it could not be checked.",
    )
    parser.add_argument("--controle", action="store_true", help="check the chain of hashes over the whole log")
    parser.add_argument("--sinds", metavar="MARK", help="with --controle: what an earlier check said to note down")
    parser.add_argument("--gemeente", metavar="GMxxxx", help="only show events of this municipality")
    parser.add_argument("--regels", type=int, default=20, metavar="N", help="how many events to show (default 20)")
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args(argv)
    try:
        noted = Mark.of(options.sinds) if options.sinds else None
    except ValueError:
        parser.error("--sinds asks for what an earlier check printed, such as 120:9f86d0...")
    if not (settings().database_url or settings().app_database_url):
        sys.stderr.write("SAMENSPEL_DATABASE_URL is not set\n")
        return NOT_CHECKED
    try:
        if options.controle:
            return asyncio.run(_check(noted, as_json=options.json))
        asyncio.run(_show(options.gemeente, options.regels, as_json=options.json))
    except DBAPIError as error:
        sys.stderr.write(f"The database can not be read: {str(error.orig).splitlines()[0]}\n")
        return NOT_CHECKED
    return WHOLE


async def _check(noted: Mark | None, *, as_json: bool) -> int:
    database = Database.from_settings(settings())
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            found = await audit_chain.check(session, noted=noted)
    finally:
        await database.close()
    if as_json:
        fault = None if found.fault is None else vars(found.fault)
        mark = str(found.last) if found.last else None
        told = {
            "events": found.events,
            "erased": found.erased,
            "taken_off": found.taken_off,
            "last": mark,
            "fault": fault,
        }
        sys.stdout.write(json.dumps(told) + "\n")
    else:
        sys.stdout.write(verdict(found) + "\n")
    return WHOLE if found.fault is None else BROKEN


async def _show(code: str | None, count: int, *, as_json: bool) -> None:
    database = Database.from_settings(settings())
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            lines = await newest(session, code=code, count=count)
    finally:
        await database.close()
    for line in lines:
        sys.stdout.write((json.dumps(line) if as_json else "  ".join(str(part) for part in line.values())) + "\n")


async def newest(session: AsyncSession, *, code: str | None, count: int) -> list[dict[str, str]]:
    """Return the newest events, the newest last, without what was typed."""
    query = select(AuditEvent, Clerk.name).outerjoin(Clerk, Clerk.id == AuditEvent.clerk_id)
    if code:
        query = query.where(AuditEvent.municipality_code == code)
    rows = (await session.execute(query.order_by(AuditEvent.id.desc()).limit(max(count, 0)))).all()
    return [
        {
            "at": event.created_at.isoformat(timespec="seconds"),
            "municipality": event.municipality_code or "-",
            "who": name or "-",
            "action": event.action,
            "record": event.record or "-",
        }
        for event, name in reversed(rows)
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
