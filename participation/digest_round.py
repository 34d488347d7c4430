"""One round of the mail with counts: for everybody whose time it is, claim, write, send, and say what became of it."""

import asyncio
import logging
from datetime import datetime

import procrastinate

from participation import mail
from participation.database import Database
from participation.dates import AMSTERDAM
from participation.mail import MailMayBeSent, MailNotSent
from participation.services import digests, municipality_settings
from participation.services.digests import Due
from participation.settings import Settings, settings

logger = logging.getLogger(__name__)

NO_MUNICIPALITY = ""
"""Scope of accounts: who wants a mail belongs to a person and not to a municipality."""


def register(app: procrastinate.App) -> None:
    """Look every ten minutes for whom it is time; so seven o'clock is seven o'clock in summer and in winter."""
    app.periodic(cron="*/10 * * * *")(app.task(name="samenspel:digests", pass_context=True)(send_digests))


async def send_digests(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every ten minutes: send the mails whose time it is."""
    database: Database = context.additional_context["database"]
    await run(database, settings(), now=datetime.now(AMSTERDAM))


async def run(database: Database, chosen: Settings, *, now: datetime) -> int:
    """Send what is due; returns how many went. One that fails does not keep the others from going."""
    async with database.session(NO_MUNICIPALITY) as session:
        waiting = await digests.due(session, now=now)
    return sum([await _send(database, chosen, one, now) for one in waiting])


async def _send(database: Database, chosen: Settings, due: Due, now: datetime) -> bool:
    async with database.session(NO_MUNICIPALITY) as session:
        if not await digests.claim(session, clerk_id=due.clerk.id, period=due.period, now=now):
            return False
    try:
        state, error = await _outcome(database, chosen, due, now)
    except Exception as fault:  # noqa: BLE001 - the others have to get theirs, whatever this one met
        state, error = "mislukt", type(fault).__name__
    if error:
        # For the operator, without the address: the table `digest` knows whose it was.
        logger.error("A mail with counts could not be sent (%s): %s", state, error)
    async with database.session(NO_MUNICIPALITY) as session:
        await digests.finish(session, clerk_id=due.clerk.id, period=due.period, state=state, error=error, now=now)
    return state == "verstuurd"


async def _outcome(database: Database, chosen: Settings, due: Due, now: datetime) -> tuple[str, str | None]:
    """Write the mail and send it; returns the state it came to, and what went wrong."""
    found = {}
    for code in due.codes:
        async with database.session(code) as session:
            name = await municipality_settings.shown_name(session, code)
            found[code] = (
                name,
                await digests.counts(session, municipality_code=code, clerk_id=due.clerk.id, now=now),
            )
    message = digests.written(due.clerk, found, sender=chosen.smtp_from, public_url=chosen.public_url, now=now)
    if message is None:
        return "niets", None
    try:
        await asyncio.to_thread(mail.send, chosen, message, to=due.clerk.email)
    except MailNotSent as fault:
        return "mislukt", str(fault)
    except MailMayBeSent as fault:
        return "onzeker", str(fault)
    return "verstuurd", None
