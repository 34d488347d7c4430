"""What a resident adds or answers stands in the work list until somebody of the griffie does something about it."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Clerk, Contribution
from participation.services import assigning, bundles, contributions, notes, own_contributions, worklist
from participation.services.worklist import Choice
from participation.services.worklist_views import Asker
from tests.integration.conftest import ResidentAdds
from tests.integration.participation.conftest import UTRECHT, Contribute

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
                    session, contribution_id=contribution.id, status=status, **closing, **about
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


async def views_of(database: Database, contribution: Contribution, clerk: Clerk, now: datetime) -> set[str]:
    """The views in which a contribution stands, newest first and far enough to reach it."""
    asker = Asker(UTRECHT, clerk.id, now)
    found = set()
    for view in ("nieuw", "mij", "inwoner"):
        async with database.session(UTRECHT) as session:
            page = await worklist.page(session, asker=asker, choice=Choice(view))
        row = next((row for row in page.rows if row.id == contribution.id), None)
        if row is not None:
            found.add(view)
            assert row.is_new is (view == "nieuw")
    return found


async def count_since(database: Database, clerk: Clerk, since: datetime) -> int:
    async with database.session(UTRECHT) as session:
        return await worklist.came_in(session, asker=Asker(UTRECHT, clerk.id, since), choice=Choice(), since=since)


@pytest.mark.parametrize("status", ["gebundeld", "doorgezonden", "ingepland"])
async def test_an_addition_to_what_was_passed_on_or_put_together_is_new(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, put: Any, add: Add, status: str
) -> None:
    contribution = await contribute()
    await put(contribution, status)
    assert await views_of(database, contribution, clerk, now) == set()
    before = await count_since(database, clerk, now)
    await add(contribution)
    assert await views_of(database, contribution, clerk, now) == {"nieuw"}
    assert await count_since(database, clerk, now) == before + 1


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
            await contributions.change_status(session, contribution_id=contribution.id, status="ingepland", **about)
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
