"""Contributions that say the same: proposed beside each other, answered at once, each in its own thread."""

import asyncio
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import (
    BundleUnknown,
    ContributionBundled,
    ContributionUnknown,
    DispositionMissing,
    TextMissing,
    TransitionNotAllowed,
)
from participation.models import Bundle, Clerk, Contribution
from participation.services import alike, bundles, contributions, own_contributions
from participation.services.contributions import ContributionDetail
from tests.integration.conftest import ResidentAdds
from tests.integration.participation.conftest import AMERSFOORT, SOMEWHERE, UTRECHT, Contribute

ELSEWHERE = "GM0363"
SAME = (
    "Er rijden veel te hard auto's langs de school in onze straat.",
    "De auto's rijden veel te hard langs de school in onze straat.",
    "Auto's rijden veel te hard langs de school bij ons in de straat.",
    "Er wordt veel te hard gereden langs de school in onze straat.",
    "In onze straat rijden auto's veel te hard langs de school.",
    "Langs de school in onze straat rijden auto's veel te hard.",
)
OTHER = "Wij willen graag een moestuin beginnen op het lege veld."


@pytest.fixture
async def about(clerk: Clerk, now: datetime) -> dict[str, Any]:
    return {"municipality_code": UTRECHT, "clerk": clerk, "now": now}


@pytest.fixture
def remembered(database: Database, contribute: Contribute) -> Any:
    """Log these, each of somebody new, so that they can be compared."""

    async def log(texts: Sequence[str], code: str = UTRECHT, **more: Any) -> list[Contribution]:
        made = [await contribute(code, text=text, **more) for text in texts]
        async with database.session(EVERY_MUNICIPALITY) as session:
            assert [await alike.remember(session, one) for one in made] == [True] * len(made)
        return made

    return log


async def detail_of(database: Database, contribution: Contribution) -> ContributionDetail:
    async with database.session(UTRECHT) as session:
        return await contributions.find_contribution(
            session, municipality_code=UTRECHT, contribution_id=contribution.id
        )


async def put_together(database: Database, made: Sequence[Contribution], about: dict[str, Any]) -> uuid.UUID:
    async with database.session(UTRECHT) as session:
        return await bundles.put_together(
            session, contribution_ids=[one.id for one in made], name="Hard rijden", **about
        )


async def test_what_is_like_it_is_proposed_and_nothing_else(database: Database, remembered: Any, now: datetime) -> None:
    mine, like, other = await remembered([SAME[0], SAME[1], OTHER])
    elsewhere, old = await remembered([SAME[2]], AMERSFOORT), await remembered([SAME[3]], at=now - timedelta(days=366))
    async with database.session(UTRECHT) as session:
        found = await alike.proposals(session, municipality_code=UTRECHT, contribution_id=mine.id, now=now)
    ids = [proposal.contribution.id for proposal in found]
    assert ids[0] == like.id
    assert {other.id, elsewhere[0].id, old[0].id, mine.id} & set(ids) == set()


async def test_what_was_withdrawn_is_not_compared_any_more(database: Database, remembered: Any, now: datetime) -> None:
    mine, like = await remembered(["Het zwembad moet open blijven.", "Laat het zwembad open blijven."])

    async def proposed() -> list[uuid.UUID]:
        async with database.session(UTRECHT) as session:
            found = await alike.proposals(session, municipality_code=UTRECHT, contribution_id=mine.id, now=now)
        return [proposal.contribution.id for proposal in found]

    assert await proposed() == [like.id]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(session, resident_id=like.resident_id, contribution_id=like.id, now=now)
        assert like.id not in [one.id for one in await alike.waiting(session)]
    assert await proposed() == []


async def test_one_answer_reaches_each_in_its_own_thread_once(
    database: Database, contribute: Contribute, about: dict[str, Any]
) -> None:
    made = [await contribute(text=text) for text in SAME[:3]]
    bundle_id, submission = await put_together(database, made, about), uuid.uuid4()
    for _ in range(2):
        async with database.session(UTRECHT) as session:
            reached = await bundles.reply_to_all(
                session, bundle_id=bundle_id, text="Er komt een drempel.", submission=submission, **about
            )
        assert set(reached) == {one.id for one in made}
    threads = [await detail_of(database, one) for one in made]
    assert [thread.status for thread in threads] == ["gebundeld"] * 3
    assert [[entry.text for entry in thread.entries] for thread in threads] == [["Er komt een drempel."]] * 3
    assert len({thread.entries[0].id for thread in threads}) == 3


async def test_who_reacts_does_so_in_their_own_thread(
    database: Database, contribute: Contribute, about: dict[str, Any], now: datetime, resident_adds: ResidentAdds
) -> None:
    first, second = await contribute(), await contribute()
    await put_together(database, [first, second], about)
    assert first.resident_id
    await resident_adds(first, "Ook in de ochtend.")
    assert [len((await detail_of(database, one)).entries) for one in (first, second)] == [1, 0]


async def test_all_are_closed_with_one_text_and_one_disposition(
    database: Database, contribute: Contribute, about: dict[str, Any]
) -> None:
    made = [await contribute() for _ in range(3)]
    bundle_id = await put_together(database, made, about)
    async with database.session(UTRECHT) as session:
        await bundles.leave(session, contribution_id=made[2].id, **about)
    closing = {"bundle_id": bundle_id, "reason": "De raad besluit in mei."}
    with pytest.raises(DispositionMissing):
        async with database.session(UTRECHT) as session:
            await bundles.close_all(session, disposition=None, **closing, **about)
    async with database.session(UTRECHT) as session:
        closed = await bundles.close_all(session, disposition="naar_raad", **closing, **about)
    assert set(closed) == {made[0].id, made[1].id}
    found = [await detail_of(database, one) for one in made]
    assert [(one.status, one.statuses[-1].disposition, len(one.entries)) for one in found] == [
        ("afgehandeld", "naar_raad", 1),
        ("afgehandeld", "naar_raad", 1),
        ("in_behandeling", None, 0),
    ]


async def test_closing_all_twice_closes_once_and_other_words_than_a_colleague_gave_are_refused(
    database: Database, contribute: Contribute, about: dict[str, Any]
) -> None:
    made = [await contribute() for _ in range(2)]
    closing = {"bundle_id": await put_together(database, made, about), "disposition": "naar_raad"}
    for _ in range(2):
        async with database.session(UTRECHT) as session:
            closed = await bundles.close_all(session, reason="In mei.", **closing, **about)
        assert set(closed) == {one.id for one in made}
    with pytest.raises(TransitionNotAllowed):
        async with database.session(UTRECHT) as session:
            await bundles.close_all(session, reason="In juni.", **closing, **about)
    assert [len((await detail_of(database, one)).entries) for one in made] == [1, 1]


async def test_closing_all_waits_for_a_colleague_and_leaves_what_they_took_out(
    database: Database, contribute: Contribute, about: dict[str, Any]
) -> None:
    made = [await contribute() for _ in range(2)]
    bundle_id = await put_together(database, made, about)

    async def close_all() -> Sequence[uuid.UUID]:
        async with database.session(UTRECHT) as session:
            return await bundles.close_all(
                session, bundle_id=bundle_id, reason="In mei.", disposition="naar_raad", **about
            )

    async with database.session(UTRECHT) as session:
        await bundles.leave(session, contribution_id=made[0].id, **about)
        closing = asyncio.create_task(close_all())
        done, _ = await asyncio.wait([closing], timeout=0.5)
        assert done == set()
    assert await closing == [made[1].id]
    assert [(await detail_of(database, one)).status for one in made] == ["in_behandeling", "afgehandeld"]


async def test_a_bundle_that_everything_left_is_gone(
    database: Database, contribute: Contribute, about: dict[str, Any]
) -> None:
    only = await contribute()
    async with database.session(UTRECHT) as session:
        bundle = await bundles.make(session, contribution_id=only.id, name="Even", **about)
    async with database.session(UTRECHT) as session:
        await bundles.leave(session, contribution_id=only.id, **about)
        assert await session.get(Bundle, bundle.id, populate_existing=True) is None
        with pytest.raises(BundleUnknown):
            await bundles.leave(session, contribution_id=only.id, **about)
    assert [row.status for row in (await detail_of(database, only)).statuses] == [
        "ontvangen",
        "gebundeld",
        "in_behandeling",
    ]


async def test_what_is_chosen_joins_the_bundle_that_is_there(
    database: Database, contribute: Contribute, about: dict[str, Any]
) -> None:
    made = [await contribute() for _ in range(5)]
    first = await put_together(database, made[:2], about)
    assert await put_together(database, [made[2], made[1]], about) == first
    second = await put_together(database, made[3:], about)
    assert second != first
    with pytest.raises(ContributionBundled):
        await put_together(database, [made[0], made[3]], about)


async def test_what_can_not_be_put_together_changes_nothing(
    database: Database, contribute: Contribute, about: dict[str, Any]
) -> None:
    open_one, planned, elsewhere = await contribute(), await contribute(), await contribute(AMERSFOORT)
    async with database.session(UTRECHT) as session:
        to = SOMEWHERE["ingepland"]
        await contributions.change_status(session, contribution_id=planned.id, status="ingepland", to=to, **about)
    for other, error in ((planned, TransitionNotAllowed), (elsewhere, ContributionUnknown)):
        with pytest.raises(error):
            await put_together(database, [open_one, other], about)
    with pytest.raises(TextMissing):
        async with database.session(UTRECHT) as session:
            await bundles.make(session, contribution_id=open_one.id, name=" ", **about)
    assert (await detail_of(database, open_one)).status == "ontvangen"


async def test_others_are_mentioned_only_when_a_clerk_put_ten_of_them_together(
    database: Database, remembered: Any, contribute: Contribute, about: dict[str, Any], now: datetime
) -> None:
    """In a municipality of its own, so that nothing of the other tests counts."""
    about = about | {"municipality_code": ELSEWHERE}
    *others, mine = await remembered([*SAME[:5], *SAME[:5], SAME[5]], ELSEWHERE)

    async def said(contribution: Contribution) -> bool:
        async with database.session(EVERY_MUNICIPALITY) as session:
            return await alike.said_by_others(session, contribution, now=now)

    async def bundle(made: Sequence[Contribution]) -> None:
        async with database.session(ELSEWHERE) as session:
            await bundles.put_together(session, contribution_ids=[one.id for one in made], name="Hard rijden", **about)

    assert await said(mine) is False  # nobody looked whether they say the same
    await bundle(others[:9])
    assert await said(mine) is False
    await bundle([others[8], others[9]])
    assert await said(mine) is True
    [lonely] = await remembered([OTHER], ELSEWHERE)
    assert await said(lonely) is False
    assert await said(await contribute(ELSEWHERE, text=SAME[0])) is False  # not compared
    async with database.session(EVERY_MUNICIPALITY) as session:
        one = await session.get_one(Contribution, others[0].id)
        one.resident_id = mine.resident_id  # ten others become nine: one of them is the same resident
    assert await said(mine) is False
