"""`./samenspel retention`: what the worker does every night about data that has had its time, or a look at it."""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from participation.database import EVERY_MUNICIPALITY, Database
from participation.privacy import periods, retention
from participation.privacy.retention import Erased
from participation.services import destruction, idle_accounts
from participation.settings import settings


@dataclass(frozen=True)
class Round:
    """What one night did."""

    erased: Erased
    proposed: int
    """Lists that now wait for a person."""
    destroyed: int
    """Contributions that a person had approved."""
    closed: int
    """Accounts of the desk of people who work nowhere any more."""
    nameless: int
    """Such accounts that lost their name and address."""


async def run(session: AsyncSession, *, days: int, now: datetime) -> Round:
    """Erase what goes by itself, destroy what was approved, and propose what is next."""
    erased = await retention.erase_expired(session, days=days, now=now)
    destroyed = await destruction.carry_out(session, now=now)
    proposed = await destruction.propose(session, days=days, now=now)
    await retention.foresee(session, days=days, now=now)
    closed, nameless = await idle_accounts.run(session, now=now)
    return Round(erased, len(proposed), destroyed, closed, nameless)


async def dry_run(session: AsyncSession, *, days: int, now: datetime) -> dict[str, dict[str | None, int]]:
    """Count what has had its time, by kind and municipality; what stands on an open list is not counted again."""
    by_itself = await retention.expired(session, days=days, now=now)
    to_approve = await destruction.due(session, days=days, now=now)
    return {kind: dict(counts) for kind, counts in {**by_itself, **to_approve}.items()}


def main(argv: Sequence[str]) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="./samenspel retention",
        description=__doc__,
        epilog="Chat texts go by themselves. Contributions go when a griffier has approved the list, the night after.",
    )
    parser.add_argument("--dry-run", action="store_true", help="only count what has had its time; changes nothing")
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args(argv)
    if not (settings().database_url or settings().app_database_url):
        sys.stderr.write("SAMENSPEL_DATABASE_URL is not set\n")
        return 2
    try:
        asyncio.run(_main(dry=options.dry_run, as_json=options.json))
    except OperationalError as error:
        sys.stderr.write(f"The database can not be reached: {str(error.orig).splitlines()[0]}\n")
        return 1
    return 0


async def _main(*, dry: bool, as_json: bool) -> None:
    days, now = settings().chat_retention_days, datetime.now(UTC)
    database = Database.from_settings(settings())
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            if dry:
                counts = await dry_run(session, days=days, now=now)
                sys.stdout.write(_json(counts) if as_json else _table(counts, days))
            else:
                done = await run(session, days=days, now=now)
                sys.stdout.write(
                    json.dumps({"erased": vars(done.erased), "proposed": done.proposed, "destroyed": done.destroyed})
                    + "\n"
                )
    finally:
        await database.close()


def _json(counts: Mapping[str, Mapping[str | None, int]]) -> str:
    rows = [
        {"kind": kind, "municipality": code, "count": count}
        for kind, per_code in counts.items()
        for code, count in per_code.items()
    ]
    return json.dumps(rows) + "\n"


def _table(counts: Mapping[str, Mapping[str | None, int]], days: int) -> str:
    kinds = periods.kinds(days)
    lines = [
        f"{kind:22} {code or '-':8} {count:8}  {'after approval' if kinds[kind].approved else 'by itself'}"
        for kind, per_code in counts.items()
        for code, count in sorted(per_code.items(), key=lambda pair: pair[0] or "")
    ]
    return "\n".join(lines or ["Nothing has had its time."]) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
