"""An invitation by mail, through a real mail server: what is in it, that it goes once, and what is kept of the link."""

import uuid
from datetime import datetime, timedelta

import pytest

from participation import invitation_round
from participation.database import Database
from participation.models import Clerk, Invitation
from participation.services import clerks, invitation_mail, invitations
from participation.settings import PLACEHOLDER, Settings
from tests.integration.participation.conftest import UTRECHT
from tests.mail_server import Mailbox

LINK = "https://samenspel.example/griffie/GM0344/uitnodiging/"


@pytest.fixture
async def boss(database: Database, now: datetime) -> Clerk:
    async with database.session("") as session:
        made, _ = await clerks.create_clerk(
            session, email=f"{uuid.uuid4().hex}@g.example", name="Ria Smit", roles={UTRECHT: "beheerder"}, now=now
        )
    return made


async def invited(database: Database, boss: Clerk, now: datetime, email: str = "") -> tuple[uuid.UUID, str]:
    """Invite somebody by mail; returns the invitation and its link."""
    async with database.session(UTRECHT) as session:
        invitation, token = await invitations.invite(
            session,
            municipality_code=UTRECHT,
            email=email or f"{uuid.uuid4().hex}@n.example",
            role="raadslid",
            clerk=boss,
            now=now,
        )
        await invitation_mail.ask(session, invitation=invitation, link=LINK + token, key=PLACEHOLDER, now=now)
    return invitation.id, LINK + token


async def state_of(database: Database, invitation_id: uuid.UUID) -> tuple[str | None, bool]:
    """What became of the mail, and whether the link is still kept for it."""
    async with database.session(UTRECHT) as session:
        row = await session.get_one(Invitation, invitation_id)
        return row.mail, row.sealed_link is not None


async def test_the_link_is_mailed_once_and_then_kept_nowhere(
    database: Database, boss: Clerk, chosen: Settings, mailbox: Mailbox, now: datetime
) -> None:
    invitation_id, link = await invited(database, boss, now, email="nieuw@n.example")
    async with database.session(UTRECHT) as session:
        sealed = (await session.get_one(Invitation, invitation_id)).sealed_link
    assert sealed
    assert link.encode() not in sealed
    assert [await invitation_round.run(database, chosen, now=now) for _ in range(2)] == [1, 0]
    [(sender, to, message)] = mailbox.taken
    assert (sender, to) == ("samenspel@gemeente.example", ["nieuw@n.example"])
    assert message["Subject"] == "Uitnodiging om te werken voor gemeente Utrecht"
    words = message.get_content()
    assert (words.count(link), "Ria Smit nodigt u uit" in words, "30 november 2026 om 10.30 uur" in words) == (
        1,
        True,
        True,
    )
    assert await state_of(database, invitation_id) == ("verstuurd", False)


async def test_it_is_tried_again_a_few_times_and_then_given_up(
    database: Database, boss: Clerk, chosen: Settings, mailbox: Mailbox, now: datetime
) -> None:
    invitation_id, _ = await invited(database, boss, now)
    mailbox.refusals = ["451 later"] * invitation_mail.TRIES
    at = now
    for attempt in range(invitation_mail.TRIES):
        assert await state_of(database, invitation_id) == ("wacht", True)
        assert await invitation_round.run(database, chosen, now=at) == 0
        assert len(mailbox.refusals) == invitation_mail.TRIES - attempt - 1
        assert await invitation_round.run(database, chosen, now=at + timedelta(minutes=1)) == 0
        at += invitation_mail.FIRST_WAIT * 2**attempt
    assert await state_of(database, invitation_id) == ("mislukt", False)


async def test_a_mail_that_may_have_gone_is_not_sent_again(
    database: Database, boss: Clerk, chosen: Settings, mailbox: Mailbox, now: datetime
) -> None:
    invitation_id, _ = await invited(database, boss, now)
    mailbox.hangs_up = True
    await invitation_round.run(database, chosen, now=now)
    assert await state_of(database, invitation_id) == ("onzeker", False)
    broken_off, _ = await invited(database, boss, now)
    async with database.session(UTRECHT) as session:
        (await session.get_one(Invitation, broken_off)).mail = "bezig"
    await invitation_round.run(database, chosen, now=now + timedelta(minutes=16))
    assert await state_of(database, broken_off) == ("onzeker", False)
    assert len(mailbox.taken) == 1


async def test_what_does_not_work_any_more_is_not_mailed(
    database: Database, boss: Clerk, chosen: Settings, mailbox: Mailbox, now: datetime
) -> None:
    withdrawn, _ = await invited(database, boss, now)
    async with database.session(UTRECHT) as session:
        await invitations.withdraw(session, municipality_code=UTRECHT, invitation_id=withdrawn, clerk=boss, now=now)
    expired, _ = await invited(database, boss, now - timedelta(days=8))
    assert await invitation_round.run(database, chosen, now=now) == 0
    assert [await state_of(database, one) for one in (withdrawn, expired)] == [(None, False)] * 2
    assert mailbox.taken == []
