"""Make an account for the desk: `python -m participation.accounts MAIL --naam NAAM --gemeente GM0344 [--rol griffier]`.

With `--herstel` an account that exists gets a new password and starts anew with the second factor; with `--gemeente`
also a role there. It is for when nobody at the desk can help: the only beheerder lost both, or the last one left.

Prints the one-time password once; it is stored nowhere. Without SAMENSPEL_DATABASE_URL the running embedded server
under SAMENSPEL_VAR is used.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from participation.database import Database
from participation.database.engine import EVERY_MUNICIPALITY
from participation.errors import PersonUnknown
from participation.models import Clerk, ClerkRole, SignOnLink
from participation.roles import GRIFFIER, ROLES
from participation.services import audit, clerks, desk_sessions, municipalities, second_factor
from participation.settings import Settings

USUAL_ROLE = GRIFFIER


def database_url(chosen: Settings) -> str | None:
    """The owner's URL from the settings, or that of the embedded server when it runs."""
    announced: Path = chosen.var / "run" / "database.json"
    if chosen.database_url:
        return chosen.database_url
    return str(json.loads(announced.read_text(encoding="utf-8"))["url"]) if announced.exists() else None


async def make(url: str, *, email: str, name: str, roles: dict[str, str]) -> str:
    """Make the account and return its one-time password."""
    now = datetime.now(UTC)
    async with _session(url) as session:
        clerk, password = await clerks.create_clerk(session, email=email, name=name, roles=roles, now=now)
        await audit.record_about_person(session, action="medewerker.account_gemaakt", about=clerk, by=None, now=now)
    return password


async def repair(url: str, *, email: str, municipality_codes: Sequence[str] = (), role: str | None = None) -> str:
    """Give an account that exists a one-time password and return that; its second factor and its sessions end,
    whom it is at an OpenID provider is forgotten, and it is open again.

    Args:
        municipality_codes: where the person gets a role, or another one.
        role: that role; without one, who works there already keeps theirs.

    Raises:
        PersonUnknown: no account has this address.
    """
    now = datetime.now(UTC)
    async with _session(url) as session:
        clerk = await session.scalar(select(Clerk).where(Clerk.email == email.strip().lower()).with_for_update())
        if clerk is None:
            raise PersonUnknown
        for code in municipality_codes:
            await _give_role(session, clerk, code, role, now)
        await audit.record_about_person(session, action="medewerker.account_hersteld", about=clerk, by=None, now=now)
        if await clerks.has_second_factor(session, clerk_id=clerk.id):
            await second_factor.reset(session, clerk=clerk, by=None, now=now)
        await clerks.forget_unconfirmed_factor(session, clerk_id=clerk.id)
        await session.execute(delete(SignOnLink).where(SignOnLink.clerk_id == clerk.id))
        clerk.deactivated_at = None
        await desk_sessions.end_all(session, clerk_id=clerk.id)
        return clerks.give_one_time_password(clerk)


async def _give_role(session: AsyncSession, clerk: Clerk, code: str, role: str | None, now: datetime) -> None:
    known = await session.get(ClerkRole, (clerk.id, code), with_for_update=True)
    before = known.role if known else None
    after = role or before or USUAL_ROLE
    if before == after:
        return
    await session.merge(ClerkRole(clerk_id=clerk.id, municipality_code=code, role=after))
    await audit.record(
        session,
        action="medewerker.rol",
        clerk=None,
        municipality_code=code,
        record=str(clerk.id),
        details={"van": before, "naar": after} if before else {"naar": after},
        now=now,
    )
    await session.flush()


@asynccontextmanager
async def _session(url: str) -> AsyncIterator[AsyncSession]:
    database = Database(url)
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            yield session
    finally:
        await database.close()


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m participation.accounts", description="Make or repair a desk account"
    )
    parser.add_argument("email", help="e-mail address to log in with")
    parser.add_argument("--naam", help="name that colleagues see")
    parser.add_argument("--gemeente", default=[], action="append", metavar="GMxxxx", help="may be given more often")
    parser.add_argument("--rol", choices=ROLES, help=f"{USUAL_ROLE} when not given")
    parser.add_argument(
        "--herstel",
        action="store_true",
        help="the account exists: a new password, no second factor, and with --gemeente a role there",
    )
    options = parser.parse_args(arguments)
    if not options.herstel and not (options.naam and options.gemeente):
        parser.error("a new account needs --naam and --gemeente")
    if options.herstel and options.rol and not options.gemeente:
        parser.error("--rol needs --gemeente: where?")
    return options


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    options = _options(arguments)
    unknown = [code for code in options.gemeente if code not in municipalities.names()]
    # Only the database is needed here: placeholder secrets do no harm.
    url = database_url(Settings(demo=True))
    # One that was made before can be repaired all the same.
    can_get_mail = options.herstel or options.email.isascii()
    if unknown or url is None or "@" not in options.email or not can_get_mail:
        faults = [f"no municipality has code {code}" for code in unknown]
        faults += ["SAMENSPEL_DATABASE_URL is not set and no embedded server runs"] if url is None else []
        faults += ["this is no e-mail address"] if "@" not in options.email else []
        faults += ["an e-mail address has plain letters only, without accents"] if not can_get_mail else []
        sys.stderr.write("; ".join(faults) + "\n")
        return 2
    if options.herstel:
        work = repair(url, email=options.email, municipality_codes=options.gemeente, role=options.rol)
    else:
        roles = dict.fromkeys(options.gemeente, options.rol or USUAL_ROLE)
        work = make(url, email=options.email, name=options.naam, roles=roles)
    try:
        password = asyncio.run(work)
    except IntegrityError:
        sys.stderr.write(f"{options.email} has an account already; --herstel gives it a new password and a role\n")
        return 1
    except PersonUnknown:
        sys.stderr.write(f"{options.email} has no account; make it without --herstel\n")
        return 1
    except OperationalError as error:
        sys.stderr.write(f"The database can not be reached: {str(error.orig).splitlines()[0]}\n")
        return 1
    sys.stdout.write(f"One-time password of {options.email}: {password}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
