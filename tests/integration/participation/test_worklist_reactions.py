"""What a resident adds or answers stands in the work list until somebody of the griffie does something about it."""

import uuid
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import pytest

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Clerk, Contribution
from participation.services import (
    asking,
    assigning,
    bulk,
    bundles,
    contributions,
    digests,
    notes,
    own_contributions,
    worklist,
)
from participation.services.worklist import Choice, Row
from participation.services.worklist_views import EVERYTHING, Asker
from participation.services.worklist_words import Search
from tests.integration.conftest import ResidentAdds
from tests.integration.participation.conftest import SOMEWHERE, UTRECHT, Contribute, MakeClerk

Act = Callable[[Contribution], Awaitable[None]]
Add = Callable[..., Awaitable[None]]


@pytest.fixture
def about(clerk: Clerk, now: datetime) -> dict[str, Any]:
    return {"municipality_code": UTRECHT, "clerk": clerk, "now": now}


@pytest.fixture
def put(database: Database, about: dict[str, Any]) -> Callable[[Contribution, str], Awaitable[None]]:
    """Give a contribution a status in which the griffie waits for nothing."""

    async def given(contribution: Contribution, status: str) -> None:
        async with database.session(UTRECHT) as session:
            if status == "gebundeld":
                await bundles.make(session, contribution_id=contribution.id, name="Lampen", **about)
            else:
                closing = {"reason": "Klaar.", "disposition": "beantwoord"}
                await contributions.change_status(
                    session,
                    contribution_id=contribution.id,
                    status=status,
                    to=SOMEWHERE.get(status),
                    **closing,
                    **about,
                )

    return given


@pytest.fixture
def add(database: Database, now: datetime, resident_adds: ResidentAdds) -> Add:
    """Let the resident write something, a minute later."""

    async def added(contribution: Contribution, *, answering: bool = False) -> None:
        assert contribution.resident_id
        await resident_adds(
            contribution, "Het is nu ook gevaarlijk.", at=now + timedelta(minutes=1), answering=answering
        )

    return added


async def stands_in(
    database: Database, contribution: Contribution, clerk: Clerk, now: datetime, view: str
) -> Row | None:
    """The line of a contribution in a view."""
    choice = Choice(view, search=Search(contribution.reference, reference=contribution.reference))
    async with database.session(UTRECHT) as session:
        page = await worklist.page(session, asker=Asker(UTRECHT, clerk.id, now, may_handle=True), choice=choice)
    return next(iter(page.rows), None)


async def views_of(database: Database, contribution: Contribution, clerk: Clerk, now: datetime) -> set[str]:
    """The views in which a contribution stands."""
    found = set()
    for view in ("nieuw", "mij", "inwoner"):
        row = await stands_in(database, contribution, clerk, now, view)
        if row is not None:
            found.add(view)
            assert row.is_new is (view == "nieuw")
    return found


async def count_since(
    database: Database, clerk: Clerk, since: datetime, known: Collection[uuid.UUID] = (), view: str = EVERYTHING
) -> int:
    asker = Asker(UTRECHT, clerk.id, since, may_handle=True)
    async with database.session(UTRECHT) as session:
        return await worklist.came_in(session, asker=asker, choice=Choice(view), since=since, known=known)


async def is_late(database: Database, contribution: Contribution, clerk: Clerk, now: datetime) -> bool:
    return await stands_in(database, contribution, clerk, now, "te_laat") is not None


@pytest.mark.parametrize(
    ("status", "before"), [("gebundeld", {"nieuw"}), ("doorgezonden", set()), ("ingepland", set())]
)
async def test_an_addition_to_what_was_passed_on_or_put_together_is_new(
    database: Database,
    contribute: Contribute,
    clerk: Clerk,
    now: datetime,
    put: Any,
    add: Add,
    status: str,
    before: set[str],
) -> None:
    contribution = await contribute()
    await put(contribution, status)
    assert await views_of(database, contribution, clerk, now) == before
    counted = await count_since(database, clerk, now, known=[contribution.id])
    await add(contribution)
    assert await views_of(database, contribution, clerk, now) == {"nieuw"}
    assert await count_since(database, clerk, now, known=[contribution.id]) == counted + 1


async def test_open_work_that_comes_back_to_nobody_is_new_in_list_and_mail(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, about: dict[str, Any], put: Any
) -> None:
    """A question that nobody answered, a bundle, and what a colleague gave back."""
    asked, bundled, given_back = [await contribute() for _ in range(3)]
    later = now + timedelta(days=20)
    async with database.session(UTRECHT) as session:
        form = {"contribution_id": asked.id, "question": "Welke lamp?", "submission": uuid.uuid4()}
        await asking.ask(session, **form, **about)
    await put(bundled, "gebundeld")
    await put(given_back, "in_behandeling")
    async with database.session(UTRECHT) as session:
        before = await digests.counts(session, municipality_code=UTRECHT, clerk_id=clerk.id, now=now)
        await assigning.assign(session, contribution_ids=[given_back.id], assignee_id=None, **about)
        assert await asking.go_on_without(session, contribution_id=asked.id, now=later)
        after = await digests.counts(session, municipality_code=UTRECHT, clerk_id=clerk.id, now=now)
    for contribution in (asked, bundled, given_back):
        assert await views_of(database, contribution, clerk, now) == {"nieuw"}
    assert after["nieuw"] == before["nieuw"] + 2


@pytest.mark.parametrize("status", ["ontvangen", "gebundeld"])
async def test_what_is_answered_waits_for_who_answered_it(
    database: Database,
    contribute: Contribute,
    clerk: Clerk,
    now: datetime,
    about: dict[str, Any],
    put: Any,
    status: str,
) -> None:
    contribution = await contribute()
    if status == "gebundeld":
        await put(contribution, status)
    assert await views_of(database, contribution, clerk, now) == {"nieuw"}
    form = {"contribution_id": contribution.id, "text": "Dank u.", "submission": uuid.uuid4()}
    for _ in range(2):
        async with database.session(UTRECHT) as session:
            await contributions.reply(session, **form, **about)
    assert await views_of(database, contribution, clerk, now) == {"mij"}
    assert not await is_late(database, contribution, clerk, now + timedelta(days=8))


async def test_an_answer_takes_nothing_from_a_colleague(
    database: Database, contribute: Contribute, clerk: Clerk, person: MakeClerk, now: datetime, about: dict[str, Any]
) -> None:
    contribution, colleague = await contribute(), await person(GM0344="medewerker")
    async with database.session(UTRECHT) as session:
        await assigning.assign(session, contribution_ids=[contribution.id], assignee_id=colleague.id, **about)
        form = {"contribution_id": contribution.id, "text": "Dank u.", "submission": uuid.uuid4()}
        await contributions.reply(session, **form, **about)
    assert await views_of(database, contribution, colleague, now) == {"mij"}
    assert await views_of(database, contribution, clerk, now) == set()


@pytest.mark.parametrize(("status", "days"), [("gebundeld", 28), ("doorgezonden", 7), ("ingepland", 7)])
async def test_a_bundle_and_an_addition_to_what_was_passed_on_can_be_too_late(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, put: Any, add: Add, status: str, days: int
) -> None:
    contribution = await contribute()
    await put(contribution, status)
    if status != "gebundeld":
        assert not await is_late(database, contribution, clerk, now + timedelta(days=100))
        await add(contribution)
    last_day = now + timedelta(days=days)
    assert [await is_late(database, contribution, clerk, last_day + timedelta(hours=hours)) for hours in (0, 1)] == [
        False,
        True,
    ]


async def test_what_was_written_before_the_list_was_made_and_committed_after_is_told_once(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    made_at = now + timedelta(days=2)
    in_time = await contribute(at=made_at - timedelta(seconds=3))
    async with database.session(UTRECHT) as session:
        page = await worklist.page(session, asker=Asker(UTRECHT, clerk.id, made_at, may_handle=True), choice=Choice())
    assert page.recent == [in_time.id]
    assert await count_since(database, clerk, made_at, known=page.recent) == 0
    await contribute(at=made_at - timedelta(seconds=2))
    assert await count_since(database, clerk, made_at, known=page.recent, view="nieuw") == 1


async def test_undoing_puts_back_that_nobody_had_read_an_addition(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, about: dict[str, Any], put: Any, add: Add
) -> None:
    contribution = await contribute()
    await put(contribution, "doorgezonden")
    await add(contribution)
    async with database.session(UTRECHT) as session:
        change = await bulk.carry_out(
            session, contribution_ids=[contribution.id], action="oppakken", target=None, **about
        )
    assert await views_of(database, contribution, clerk, now) == {"mij"}
    async with database.session(UTRECHT) as session:
        assert await bulk.undo(session, change_id=change.id, **about) == 1
    assert await views_of(database, contribution, clerk, now) == {"nieuw"}


@pytest.mark.parametrize(("status", "before"), [("gebundeld", {"mij"}), ("ingepland", set())])
async def test_an_addition_waits_for_whom_it_was_given_to(
    database: Database,
    contribute: Contribute,
    clerk: Clerk,
    now: datetime,
    about: dict[str, Any],
    put: Any,
    add: Add,
    status: str,
    before: set[str],
) -> None:
    contribution = await contribute()
    await put(contribution, status)
    async with database.session(UTRECHT) as session:
        await assigning.assign(session, contribution_ids=[contribution.id], assignee_id=clerk.id, **about)
    assert await views_of(database, contribution, clerk, now) == before
    await add(contribution)
    assert await views_of(database, contribution, clerk, now) == {"mij"}


@pytest.mark.parametrize("act", ["status", "antwoord", "notitie"])
async def test_what_a_clerk_does_next_takes_it_off(
    database: Database,
    contribute: Contribute,
    clerk: Clerk,
    now: datetime,
    about: dict[str, Any],
    put: Any,
    add: Add,
    act: str,
) -> None:
    contribution = await contribute()
    await put(contribution, "doorgezonden")
    await add(contribution)
    assert await views_of(database, contribution, clerk, now) == {"nieuw"}
    form = {"contribution_id": contribution.id, "text": "Dank u.", "submission": uuid.uuid4()}
    async with database.session(UTRECHT) as session:
        if act == "status":
            to = SOMEWHERE["ingepland"]
            await contributions.change_status(
                session, contribution_id=contribution.id, status="ingepland", to=to, **about
            )
        else:
            await (contributions.reply if act == "antwoord" else notes.write)(session, **form, **about)
    assert await views_of(database, contribution, clerk, now) == set()


async def test_what_a_resident_opened_again_came_in_and_what_a_colleague_opened_did_not(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, put: Any, add: Add
) -> None:
    by_resident, by_colleague = [await contribute(at=now - timedelta(hours=2)) for _ in range(2)]
    for contribution in (by_resident, by_colleague):
        await put(contribution, "afgehandeld")
    since = now - timedelta(hours=1)
    before = await count_since(database, clerk, since)
    await put(by_colleague, "heropend")
    assert await count_since(database, clerk, since) == before
    await add(by_resident, answering=True)
    assert await count_since(database, clerk, since) == before + 1


async def test_what_is_withdrawn_after_an_addition_waits_for_nobody(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, add: Add
) -> None:
    contribution = await contribute()
    await add(contribution)
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(
            session, resident_id=contribution.resident_id, contribution_id=contribution.id, now=now
        )
    assert await views_of(database, contribution, clerk, now) == set()
