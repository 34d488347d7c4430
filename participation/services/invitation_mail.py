"""The mail with an invitation: what is in it, whose time it is, and what became of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.dates import AMSTERDAM, dutch_date
from participation.models import Clerk, Invitation
from participation.privacy.sealing import Sealer
from participation.services import municipality_settings

SEALED_FOR = "uitnodiging per mail"
TRIES = 6
FIRST_WAIT = timedelta(minutes=5)
"""After which it is tried again; each next time after twice as long, so the last try is some two hours later."""

BUSY = timedelta(minutes=15)
"""Longer than sending takes: what is still under way after that was broken off, and may have gone."""


@dataclass(frozen=True)
class Letter:
    """A mail to send, and the invitation that it is of."""

    invitation_id: uuid.UUID
    to: str
    message: EmailMessage


async def ask(session: AsyncSession, *, invitation: Invitation, link: str, key: str, now: datetime) -> None:
    """Let the worker mail the link.

    Args:
        key: the setting `pseudonym_key`.
    """
    invitation.sealed_link = Sealer(key, purpose=SEALED_FOR).seal(link)
    invitation.mail, invitation.mail_after = "wacht", now
    await session.flush()


async def waiting(session: AsyncSession, *, now: datetime) -> Sequence[uuid.UUID]:
    """Return which invitations have to be mailed now; those broken off halfway are put down as unsure."""
    broken_off = await session.scalars(
        select(Invitation).where(Invitation.mail == "bezig", Invitation.mail_after < now - BUSY).with_for_update()
    )
    for one in broken_off.all():
        one.mail, one.sealed_link = "onzeker", None
    rows = await session.scalars(
        select(Invitation.id)
        .where(Invitation.mail == "wacht", Invitation.mail_after <= now)
        .order_by(Invitation.mail_after, Invitation.id)
    )
    return rows.all()


async def claim(
    session: AsyncSession, *, invitation_id: uuid.UUID, sender: str, key: str, now: datetime
) -> Letter | None:
    """Write the mail and take it to send; None when it is another's, or there is nothing to send any more."""
    found = await session.scalar(
        select(Invitation).where(Invitation.id == invitation_id, Invitation.mail == "wacht").with_for_update()
    )
    if found is None:
        return None
    over = found.accepted_at is not None or found.withdrawn_at is not None or found.expires_at <= now
    if over or found.sealed_link is None:
        found.mail, found.sealed_link = None, None
        return None
    link = Sealer(key, purpose=SEALED_FOR).open(found.sealed_link)
    found.mail, found.mail_after, found.mail_tries = "bezig", now, found.mail_tries + 1
    inviter = await session.get_one(Clerk, found.invited_by)
    place = await municipality_settings.shown_name(session, found.municipality_code)
    message = written(found, inviter=inviter.name, place=place, link=link, sender=sender, now=now)
    return Letter(found.id, found.email, message)


async def finish(session: AsyncSession, *, invitation_id: uuid.UUID, outcome: str, now: datetime) -> None:
    """Note what became of a mail: `verstuurd`, `onzeker`, or `mislukt`, which is tried again a few times."""
    found = await session.get_one(Invitation, invitation_id, with_for_update=True)
    if outcome == "mislukt" and found.mail_tries < TRIES and found.sealed_link is not None:
        found.mail, found.mail_after = "wacht", now + FIRST_WAIT * 2 ** (found.mail_tries - 1)
        return
    found.mail, found.sealed_link = outcome, None


def written(invitation: Invitation, *, inviter: str, place: str, link: str, sender: str, now: datetime) -> EmailMessage:
    """Write the mail."""
    message = EmailMessage()
    message["Subject"] = f"Uitnodiging om te werken voor gemeente {place}"
    message["From"] = sender
    message["Date"] = format_datetime(now.astimezone(AMSTERDAM))
    message["To"] = invitation.email
    message["Message-ID"] = f"<uitnodiging.{invitation.id}.{invitation.mail_tries}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    until = invitation.expires_at.astimezone(AMSTERDAM)
    message.set_content(
        "Beste collega,\n\n"
        f"{inviter} nodigt u uit om in Samenspel te werken voor gemeente {place}.\n"
        "Open deze link. Daar maakt u een account, of meldt u zich aan met het account dat u al hebt.\n\n"
        f"{link}\n\n"
        f"De link werkt één keer, tot {dutch_date(until.date())} om {until:%H.%M} uur.\n"
        "Geef hem aan niemand anders: wie de link heeft, kan het account maken.\n"
        "Verwachtte u deze mail niet? Dan hoeft u niets te doen.\n",
        cte="quoted-printable",
    )
    return message
