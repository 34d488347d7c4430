"""One round of mail with invitations: each is claimed, sent, and noted by itself."""

import asyncio
import logging
import uuid
from datetime import UTC, datetime

import procrastinate

from participation import mail
from participation.database import EVERY_MUNICIPALITY, Database
from participation.mail import MailMayBeSent, MailNotSent
from participation.services import invitation_mail
from participation.settings import Settings, settings

logger = logging.getLogger(__name__)


def register(app: procrastinate.App) -> None:
    """Look every minute: somebody waits for it."""
    app.periodic(cron="* * * * *")(app.task(name="samenspel:invitations", pass_context=True)(send_invitations))


async def send_invitations(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every minute: send the invitations that are to be mailed."""
    database: Database = context.additional_context["database"]
    await run(database, settings(), now=datetime.now(UTC))


async def run(database: Database, chosen: Settings, *, now: datetime) -> int:
    """Send what waits; returns how many went. One that fails does not keep the others from going."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        waiting = await invitation_mail.waiting(session, now=now)
    return sum([await _send(database, chosen, one, now) for one in waiting])


async def _send(database: Database, chosen: Settings, invitation_id: uuid.UUID, now: datetime) -> bool:
    async with database.session(EVERY_MUNICIPALITY) as session:
        letter = await invitation_mail.claim(
            session, invitation_id=invitation_id, sender=chosen.smtp_from, key=chosen.pseudonym_key, now=now
        )
    if letter is None:
        return False
    outcome, fault = "verstuurd", ""
    try:
        await asyncio.to_thread(mail.send, chosen, letter.message, to=letter.to)
    except MailNotSent as error:
        outcome, fault = "mislukt", str(error)
    except MailMayBeSent as error:
        outcome, fault = "onzeker", str(error)
    except Exception as error:  # noqa: BLE001  the others have to get theirs, whatever this one met
        outcome, fault = "onzeker", type(error).__name__
    if fault:
        logger.error("An invitation could not be mailed (%s): %s", outcome, fault)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await invitation_mail.finish(session, invitation_id=invitation_id, outcome=outcome, now=now)
    return outcome == "verstuurd"
