"""Two clerks, or two clicks, at the same moment: one waits for the other, and nothing fails or happens twice."""

import asyncio
import uuid
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from participation.database import Database
from participation.errors import ColleagueUnknown
from participation.models import BulkChange, Bundle, Clerk, ClerkRole
from participation.services import answer_owners, bulk, bundles, statuses
from participation.services.lifecycle import GRIFFIE
from tests.integration.participation.conftest import SOMEWHERE, UTRECHT, Contribute, MakeClerk


@pytest.fixture
async def about(clerk: Clerk, now: datetime) -> dict[str, Any]:
    return {"municipality_code": UTRECHT, "clerk": clerk, "now": now}


async def test_taking_up_several_waits_for_who_is_changing_one_of_them(
    database: Database, contribute: Contribute, about: dict[str, Any]
) -> None:
    """The first has the contribution, and needs its place in the list before it is done."""
    one, other = await contribute(), await contribute()

    async def take_up() -> BulkChange:
        async with database.session(UTRECHT) as session:
            return await bulk.carry_out(
                session, contribution_ids={one.id, other.id}, action="oppakken", target=None, **about
            )

    async with database.session(UTRECHT) as session:
        found = await statuses.lock(session, contribution_id=one.id, municipality_code=UTRECHT)
        second = asyncio.create_task(take_up())
        await asyncio.sleep(0.5)
        assert not second.done()
        planned = {"to": SOMEWHERE["ingepland"], "clerk": about["clerk"], "now": about["now"]}
        await statuses.advance(session, found, "ingepland", by=GRIFFIE, **planned)
    change = await second
    # Both: what was planned may be taken up as well.
    assert ({state["status"] for state in change.changed}, change.skipped) == ({"ontvangen", "ingepland"}, 0)


async def test_a_double_click_makes_one_bundle(
    database: Database, contribute: Contribute, about: dict[str, Any]
) -> None:
    ids = [(await contribute()).id for _ in range(3)]
    name = f"Lampen {uuid.uuid4()}"

    async def click() -> uuid.UUID:
        async with database.session(UTRECHT) as session:
            bundle_id = await bundles.put_together(session, contribution_ids=ids, name=name, **about)
            await asyncio.sleep(0.3)  # the other click comes before this one is committed
            return bundle_id

    made = await asyncio.gather(click(), click())
    assert len(set(made)) == 1
    async with database.session(UTRECHT) as session:
        assert await session.scalar(select(func.count()).where(Bundle.name == name)) == 1


async def test_clerks_who_choose_the_same_in_another_order_do_not_block_each_other(
    database: Database, contribute: Contribute, about: dict[str, Any]
) -> None:
    first, second = sorted([(await contribute()).id, (await contribute()).id])

    async def choose(*ids: uuid.UUID) -> uuid.UUID:
        async with database.session(UTRECHT) as session:
            return await bundles.put_together(session, contribution_ids=ids, name="Lampen", **about)

    made = await asyncio.gather(*(choose(*order) for order in [(first, second), (second, first)] * 4))
    assert len(set(made)) == 1


async def test_the_last_of_two_who_choose_an_owner_at_once_decides(
    database: Database, person: MakeClerk, about: dict[str, Any]
) -> None:
    first, second = await person(**{UTRECHT: "griffier"}), await person(**{UTRECHT: "griffier"})

    async def choose(owner: Clerk) -> None:
        async with database.session(UTRECHT) as session:
            await answer_owners.choose(session, topic="fractie", owner_id=owner.id, **about)

    async with database.session(UTRECHT) as session:
        await answer_owners.choose(session, topic="fractie", owner_id=first.id, **about)
        later = asyncio.create_task(choose(second))
        await asyncio.sleep(0.5)
        assert not later.done()
    await later
    async with database.session(UTRECHT) as session:
        owners = await answer_owners.of_municipality(session, municipality_code=UTRECHT)
    assert owners == {"fractie": second.id}


async def test_somebody_whose_access_ends_at_that_moment_becomes_no_owner(
    database: Database, person: MakeClerk, about: dict[str, Any]
) -> None:
    leaving = await person(**{UTRECHT: "griffier"})

    async def choose() -> None:
        async with database.session(UTRECHT) as session:
            await answer_owners.choose(session, topic="griffie", owner_id=leaving.id, **about)

    async with database.session(UTRECHT) as session:
        await session.execute(delete(ClerkRole).where(ClerkRole.clerk_id == leaving.id))
        chosen = asyncio.create_task(choose())
        await asyncio.sleep(0.5)
        assert not chosen.done()
    with pytest.raises(ColleagueUnknown):
        await chosen
