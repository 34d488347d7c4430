"""A resident withdraws while the worker looks at the words: nothing that is made of them stays."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from procrastinate import JobContext

from participation import worker
from participation.concern_store import ConcernStore
from participation.database import EVERY_MUNICIPALITY, Database
from participation.language.concerns import ConcernModel
from participation.models import Contribution, ContributionLikeness, WorklistItem
from participation.services import own_contributions
from tests.integration.participation.conftest import Contribute
from tests.integration.participation.test_sorting import EXAMPLES

EDE = "GM0228"
Job = Callable[[JobContext, int], Awaitable[None]]


async def made_of(database: Database, contribution: Contribution) -> list[Any]:
    """What compare, place and sort write down."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        likeness = await session.get(ContributionLikeness, contribution.id)
        item = await session.get_one(WorklistItem, contribution.id)
        return [likeness is not None, item.place, item.theme]


@pytest.mark.parametrize("job", [worker.compare, worker.place, worker.sort], ids=["compare", "place", "sort"])
async def test_nothing_is_made_of_words_that_are_being_withdrawn(
    database: Database, contribute: Contribute, now: datetime, tmp_path: Path, job: Job
) -> None:
    ConcernModel.train(EXAMPLES).save(tmp_path / "inbreng")
    context = cast(
        "JobContext",
        SimpleNamespace(
            additional_context={"database": database, "concerns": ConcernStore(tmp_path / "inbreng")},
        ),
    )
    text = "In Lunteren rijden auto's veel te hard."
    withdrawn, stays = await contribute(EDE, text), await contribute(EDE, text)
    assert withdrawn.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(
            session, resident_id=withdrawn.resident_id, contribution_id=withdrawn.id, now=now
        )
        working = asyncio.create_task(cast("Any", job(context, 0)))
        await asyncio.wait([working], timeout=20)
        at_once = working.done()
    await working
    assert at_once, "the worker does not wait for a resident"
    assert await made_of(database, withdrawn) == [False, None, None]
    assert await made_of(database, stays) != [False, None, None]
