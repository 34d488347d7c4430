"""Through which campaign a contribution came: ours are always offered, and a typed name goes with the words."""

import uuid
from datetime import datetime

import pytest
from sqlalchemy import delete, update

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Campaign, Clerk, Contribution, WorklistItem
from participation.privacy import own_data
from participation.services import contributions, own_contributions, worklist
from tests.integration.campaign_maker import Ask, make
from tests.integration.participation.conftest import UTRECHT, Contribute

TYPED = "mijn naam is Noor Geheim"


@pytest.fixture
async def campaign(database: Database, now: datetime) -> Campaign:
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(delete(Contribution))
        return await make(session, Ask("stellingen", statements=("Meer bomen.",)), now=now, codes=(UTRECHT,))


async def came_by(database: Database, contribution: Contribution, name: str) -> None:
    async with database.session(UTRECHT) as session:
        of_it = WorklistItem.contribution_id == contribution.id
        await session.execute(update(WorklistItem).where(of_it).values(campaign=name))


async def campaigns_of(database: Database, *ids: uuid.UUID) -> list[str | None]:
    async with database.session(UTRECHT) as session:
        return [(await session.get_one(WorklistItem, one)).campaign for one in ids]


@pytest.mark.parametrize("way", ["ingetrokken", "gewist"])
async def test_a_typed_name_goes_with_the_words_and_a_campaign_of_ours_stays(
    database: Database, contribute: Contribute, campaign: Campaign, clerk: Clerk, now: datetime, way: str
) -> None:
    typed, ours = await contribute(), await contribute()
    await came_by(database, typed, TYPED)
    await came_by(database, ours, campaign.public_id)
    for one in (typed, ours):
        assert one.resident_id
        about = {"contribution_id": one.id, "now": now}
        if way == "gewist":
            async with database.session(UTRECHT) as session:
                taken_up = {"municipality_code": UTRECHT, "status": "in_behandeling", "clerk": clerk}
                await contributions.change_status(session, **taken_up, **about)
        async with database.session(EVERY_MUNICIPALITY) as session:
            if way == "gewist":
                await own_data.erase(session, resident_id=one.resident_id, now=now)
            else:
                await own_contributions.withdraw(session, resident_id=one.resident_id, **about)
    assert await campaigns_of(database, typed.id, ours.id) == [None, campaign.public_id]


async def test_names_that_anybody_can_type_do_not_push_out_a_campaign_of_ours(
    database: Database, contribute: Contribute, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "MOST_SHOWN", 2)
    for name in ("!a", "!b", "!c", campaign.public_id):
        await came_by(database, await contribute(), name)
    async with database.session(UTRECHT) as session:
        offered = await worklist.campaigns(session, municipality_code=UTRECHT)
    assert list(offered.items()) == [(campaign.public_id, campaign.title), ("!a", "!a")]
