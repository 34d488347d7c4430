"""Who works for a municipality: invited by it, changed by who may, and never nobody left to manage."""

import asyncio
import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from participation.database import Database
from participation.errors import (
    InvitationForAnother,
    InvitationUnknown,
    LastManager,
    LoginRefused,
    NotYoursToChange,
    PasswordGuessable,
    PasswordTooWeak,
    PersonUnknown,
    WorksHereAlready,
)
from participation.models import Clerk, ClerkRole, DeskSession, Invitation, WorklistItem
from participation.services import assigning, clerks, invitations, people
from participation.services.clerks import SignedIn
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, Contribute, MakeClerk

GOOD = "zeven blauwe stoelen"


@pytest.fixture(autouse=True)
async def _nobody_works_here(database: Database) -> None:
    async with database.session("") as session:
        for row in await session.scalars(select(ClerkRole)):
            await session.delete(row)


async def invite(database: Database, by: Clerk, now: datetime, **given: str) -> tuple[Invitation, str]:
    asked = {"municipality_code": UTRECHT, "email": f"{uuid.uuid4().hex}@n.example", "role": "medewerker"} | given
    async with database.session(asked["municipality_code"]) as session:
        return await invitations.invite(session, clerk=by, now=now, **asked)


async def accept(database: Database, token: str, now: datetime, password: str = GOOD, code: str = UTRECHT) -> None:
    async with database.session(code) as session:
        await invitations.accept_as_new(
            session, municipality_code=code, token=token, name=" Bo ", password=password, now=now
        )


async def log_in(database: Database, email: str, password: str, now: datetime) -> SignedIn | None:
    async with database.session("") as session:
        entry = await clerks.log_in(session, email=email, password=password, now=now)
        return await clerks.signed_in(session, token=entry.token, now=now)


async def roles_of(database: Database, clerk_id: uuid.UUID) -> dict[str, str]:
    async with database.session("") as session:
        rows = await session.execute(
            select(ClerkRole.municipality_code, ClerkRole.role).where(ClerkRole.clerk_id == clerk_id)
        )
        return dict(rows.all())


async def change(database: Database, by: Clerk, whom: Clerk, role: str, now: datetime, code: str = UTRECHT) -> None:
    async with database.session(code) as session:
        await people.change_role(session, municipality_code=code, clerk_id=whom.id, role=role, clerk=by, now=now)


async def end(database: Database, by: Clerk, whom: Clerk, now: datetime, code: str = UTRECHT) -> None:
    async with database.session(code) as session:
        await people.end_access(session, municipality_code=code, clerk_id=whom.id, clerk=by, now=now)


async def test_an_invitation_makes_an_account_once(database: Database, person: MakeClerk, now: datetime) -> None:
    boss = await person(GM0344="beheerder")
    invitation, token = await invite(database, boss, now, email=" Bo@Utrecht.Example ")
    assert (invitation.email, token.encode() in invitation.token_hash) == ("bo@utrecht.example", False)
    await accept(database, token, now)
    signed_in = await log_in(database, "bo@utrecht.example", GOOD, now)
    assert signed_in is not None
    assert (signed_in.clerk.name, signed_in.clerk.email, signed_in.roles) == (
        "Bo",
        "bo@utrecht.example",
        {UTRECHT: "medewerker"},
    )
    with pytest.raises(InvitationUnknown):
        await accept(database, token, now)


async def test_an_invitation_ends_after_a_week_and_when_it_is_withdrawn_replaced_or_its_maker_is_gone(
    database: Database, person: MakeClerk, now: datetime
) -> None:
    boss, other = await person(GM0344="beheerder"), await person(GM0344="griffier")
    _, old = await invite(database, boss, now)
    with pytest.raises(InvitationUnknown):
        await accept(database, old, now + timedelta(days=7))
    withdrawn, token = await invite(database, boss, now)
    async with database.session(UTRECHT) as session:
        await invitations.withdraw(session, municipality_code=UTRECHT, invitation_id=withdrawn.id, clerk=boss, now=now)
    with pytest.raises(InvitationUnknown):
        await accept(database, token, now)
    _, first = await invite(database, boss, now, email="twee@n.example")
    _, second = await invite(database, boss, now, email="TWEE@n.example")
    with pytest.raises(InvitationUnknown):
        await accept(database, first, now)
    _, of_other = await invite(database, other, now)
    await end(database, boss, other, now)
    with pytest.raises(InvitationUnknown):
        await accept(database, of_other, now)
    await accept(database, second, now)


async def test_whoever_goes_is_not_let_in_again_by_an_invitation_that_waited(
    database: Database, person: MakeClerk, now: datetime
) -> None:
    """There can be one: the account may have got its role on the command line meanwhile."""
    boss = await person(GM0344="beheerder")
    bo, elsewhere = await person(GM0307="medewerker"), await person(GM0307="beheerder")
    _, here = await invite(database, boss, now, email=bo.email)
    _, there = await invite(database, elsewhere, now, municipality_code=AMERSFOORT)
    async with database.session("") as session:
        session.add(ClerkRole(clerk_id=bo.id, municipality_code=UTRECHT, role="medewerker"))
    await end(database, boss, bo, now)
    with pytest.raises(InvitationUnknown):
        async with database.session(UTRECHT) as session:
            await invitations.look(session, municipality_code=UTRECHT, token=here, now=now)
    await accept(database, there, now, code=AMERSFOORT)


async def test_who_works_here_is_not_invited_and_what_an_inviter_may_no_longer_is_not_listed(
    database: Database, person: MakeClerk, now: datetime
) -> None:
    boss, other, bo = [await person(GM0344=role) for role in ("beheerder", "beheerder", "medewerker")]
    with pytest.raises(WorksHereAlready):
        await invite(database, boss, now, email=bo.email.upper())
    made = [await invite(database, other, now, role=role) for role in ("beheerder", "medewerker")]

    async def listed() -> set[uuid.UUID]:
        async with database.session(UTRECHT) as session:
            found = await invitations.waiting(session, municipality_code=UTRECHT, now=now)
        return {one.id for one in found} & {invitation.id for invitation, _ in made}

    assert len(await listed()) == 2
    await change(database, boss, other, "griffier", now)
    assert await listed() == {made[1][0].id}
    await end(database, boss, other, now)
    assert await listed() == set()


@pytest.mark.parametrize(
    ("password", "fault"),
    [("kort", PasswordTooWeak), ("wachtwoord123", PasswordGuessable), ("x" * 129, PasswordTooWeak)],
)
async def test_a_weak_password_leaves_the_invitation_as_it_was(
    database: Database, person: MakeClerk, now: datetime, password: str, fault: type[Exception]
) -> None:
    _, token = await invite(database, await person(GM0344="beheerder"), now)
    with pytest.raises(fault):
        await accept(database, token, now, password)
    await accept(database, token, now)


async def test_a_link_of_one_municipality_does_not_work_at_another(
    database: Database, person: MakeClerk, now: datetime
) -> None:
    _, token = await invite(database, await person(GM0344="beheerder"), now)
    with pytest.raises(InvitationUnknown):
        await accept(database, token, now, code=AMERSFOORT)


async def test_another_municipality_joins_only_by_its_own_invitation_to_this_very_account(
    database: Database, person: MakeClerk, now: datetime
) -> None:
    regional, someone = await person(GM0307="medewerker"), await person(GM0307="medewerker")
    utrecht, amersfoort = await person(GM0344="beheerder"), await person(GM0307="beheerder")
    with pytest.raises(NotYoursToChange):
        await invite(database, amersfoort, now, email=regional.email)
    _, token = await invite(database, utrecht, now, email=regional.email)
    await accept(database, token, now)  # as if it worked: whether there is an account is not for a link to tell
    with pytest.raises(LoginRefused):  # and its password is not for a link to replace
        await log_in(database, regional.email, GOOD, now)
    assert await roles_of(database, regional.id) == {AMERSFOORT: "medewerker"}
    async with database.session(UTRECHT) as session:
        with pytest.raises(InvitationForAnother):
            await invitations.accept(session, municipality_code=UTRECHT, token=token, clerk=someone, now=now)
    async with database.session(UTRECHT) as session:
        await invitations.accept(session, municipality_code=UTRECHT, token=token, clerk=regional, now=now)
    assert await roles_of(database, regional.id) == {UTRECHT: "medewerker", AMERSFOORT: "medewerker"}


async def test_accepting_twice_is_done_and_opens_nothing_for_another_or_for_who_left(
    database: Database, person: MakeClerk, now: datetime
) -> None:
    boss, joins, other = await person(GM0344="beheerder"), await person(GM0307="raadslid"), await person()
    _, token = await invite(database, boss, now, email=joins.email)

    async def taken(by: Clerk) -> None:
        async with database.session(UTRECHT) as session:
            await invitations.accept(session, municipality_code=UTRECHT, token=token, clerk=by, now=now)

    await asyncio.gather(taken(joins), taken(joins))
    assert await roles_of(database, joins.id) == {UTRECHT: "medewerker", AMERSFOORT: "raadslid"}
    with pytest.raises(InvitationUnknown):
        await taken(other)
    await end(database, boss, joins, now)
    with pytest.raises(InvitationUnknown):
        await taken(joins)


async def test_two_municipalities_whose_invitations_make_one_account_at_once(
    database: Database, person: MakeClerk, now: datetime
) -> None:
    email = f"{uuid.uuid4().hex}@n.example"
    _, utrecht = await invite(database, await person(GM0344="beheerder"), now, email=email)
    _, amersfoort = await invite(
        database, await person(GM0307="beheerder"), now, email=email, municipality_code=AMERSFOORT
    )
    async with database.session(UTRECHT) as session:
        await invitations.accept_as_new(
            session, municipality_code=UTRECHT, token=utrecht, name="Bo", password=GOOD, now=now
        )
        meanwhile = asyncio.create_task(accept(database, amersfoort, now, code=AMERSFOORT))
        await asyncio.sleep(2)
        assert not meanwhile.done()
    with pytest.raises(InvitationUnknown):
        await meanwhile


async def test_a_griffier_manages_people_but_makes_and_unmakes_no_beheerder(
    database: Database, person: MakeClerk, now: datetime
) -> None:
    boss, clerk, reader = [await person(GM0344=role) for role in ("beheerder", "griffier", "raadslid")]
    await change(database, clerk, reader, "medewerker", now)
    for by, whom, role in [(clerk, reader, "beheerder"), (clerk, boss, "raadslid"), (reader, clerk, "raadslid")]:
        with pytest.raises(NotYoursToChange):
            await change(database, by, whom, role, now)
    with pytest.raises(NotYoursToChange):
        await invite(database, clerk, now, role="beheerder")
    with pytest.raises(NotYoursToChange):
        await end(database, clerk, boss, now)
    await change(database, boss, clerk, "beheerder", now)
    assert await roles_of(database, clerk.id) == {UTRECHT: "beheerder"}


async def test_somebody_who_manages_people_is_always_left_also_when_two_go_at_once(
    database: Database, person: MakeClerk, now: datetime
) -> None:
    one, two = await person(GM0344="beheerder"), await person(GM0344="beheerder")
    results = await asyncio.gather(
        end(database, one, one, now), change(database, two, two, "raadslid", now), return_exceptions=True
    )
    assert [type(result) for result in results if result is not None] == [LastManager]
    [left] = [clerk for clerk in (one, two) if (await roles_of(database, clerk.id)).get(UTRECHT) == "beheerder"]
    for attempt in (end(database, left, left, now), change(database, left, left, "medewerker", now)):
        with pytest.raises(LastManager):
            await attempt


async def test_somebody_of_another_municipality_is_nobody_here(
    database: Database, person: MakeClerk, now: datetime
) -> None:
    boss, stranger = await person(GM0344="beheerder"), await person(GM0307="medewerker")
    with pytest.raises(PersonUnknown):
        await change(database, boss, stranger, "raadslid", now)
    with pytest.raises(PersonUnknown):
        await end(database, boss, stranger, now)
    assert await roles_of(database, stranger.id) == {AMERSFOORT: "medewerker"}


async def test_whoever_goes_is_signed_out_and_hands_back_the_work(
    database: Database, person: MakeClerk, contribute: Contribute, now: datetime
) -> None:
    boss, goes = await person(GM0344="beheerder"), await person(GM0344="medewerker")
    contribution = await contribute(UTRECHT)
    about = {"municipality_code": UTRECHT, "contribution_ids": [contribution.id]}
    async with database.session(UTRECHT) as session:
        await assigning.assign(session, assignee_id=goes.id, clerk=boss, now=now, **about)
    async with database.session("") as session:
        await clerks.desk_sessions.open_session(session, clerk=goes, now=now)
    await end(database, boss, goes, now)
    async with database.session(UTRECHT) as session:
        assert (await session.get_one(WorklistItem, contribution.id)).assignee_id is None
        sessions = await session.scalars(select(DeskSession).where(DeskSession.clerk_id == goes.id))
        assert list(sessions) == []


async def test_an_account_that_others_rely_on_is_not_reset_by_one_municipality(
    database: Database, person: MakeClerk, now: datetime
) -> None:
    boss, both = await person(GM0344="beheerder"), await person(GM0344="beheerder", GM0307="beheerder")
    shared, own = await person(GM0344="medewerker", GM0307="raadslid"), await person(GM0344="medewerker")

    async def reset(by: Clerk, whom: Clerk) -> str:
        async with database.session(UTRECHT) as session:
            return await people.new_password(session, municipality_code=UTRECHT, clerk_id=whom.id, clerk=by, now=now)

    with pytest.raises(NotYoursToChange):
        await reset(boss, shared)
    assert await reset(both, shared)
    password = await reset(boss, own)
    async with database.session("") as session:
        entry = await clerks.log_in(session, email=own.email, password=password, now=now)
    assert entry.clerk.password_is_one_time


async def test_nobody_resets_their_own_account(database: Database, person: MakeClerk, now: datetime) -> None:
    """One's own password and second factor ask for the present ones; as a manager one would go round that."""
    boss, clerk = await person(GM0344="beheerder"), await person(GM0344="griffier")
    for one in (boss, clerk):
        for reset in (people.new_password, people.reset_second_factor):
            async with database.session(UTRECHT) as session:
                with pytest.raises(NotYoursToChange):
                    await reset(session, municipality_code=UTRECHT, clerk_id=one.id, clerk=one, now=now)


async def test_the_list_tells_who_has_a_second_factor_and_who_works_elsewhere(
    database: Database, person: MakeClerk
) -> None:
    await person(GM0344="beheerder")
    await person(GM0344="medewerker", GM0307="raadslid")
    async with database.session(UTRECHT) as session:
        found = await people.of_municipality(session, municipality_code=UTRECHT)
    assert sorted((one.role, one.has_second_factor, one.works_elsewhere) for one in found) == [
        ("beheerder", False, False),
        ("medewerker", False, True),
    ]
