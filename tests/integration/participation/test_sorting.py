"""Kind and theme: what the model proposes, what the clerk decides, and what is learnt from it."""

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from procrastinate import JobContext
from sqlalchemy import select

from participation import worker
from participation.concern_store import LEAST_CORRECTIONS, ConcernStore
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import ContributionUnknown, SortingUnknown
from participation.language.concerns import Concern, ConcernModel, Example
from participation.language.themes import OTHER
from participation.models import AuditEvent, Clerk, Contribution, ContributionSorting
from participation.services import sorting
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, Contribute

CONCERN = Concern((("zorg", 0.8), ("idee", 0.2)), (("verkeer", 0.6), ("groen", 0.4)))
EXAMPLES = [
    Example("zorg", "verkeer", "auto's rijden veel te hard"),
    Example("idee", "groen", "plant meer bomen"),
    Example("compliment", "sport", "wat een mooi zwembad"),
] * 4


async def correct(
    database: Database, clerk: Clerk, contribution: Contribution, now: datetime, *, code: str = UTRECHT, **choice: str
) -> bool:
    chosen = {"kind": "idee", "theme": "groen"} | choice
    async with database.session(code) as session:
        return await sorting.correct(
            session, municipality_code=code, contribution_id=contribution.id, clerk=clerk, now=now, **chosen
        )


async def sorted_as(database: Database, contribution: Contribution) -> tuple[str | None, str | None]:
    async with database.session(UTRECHT) as session:
        found = await session.get_one(Contribution, contribution.id)
        return found.kind, found.theme


async def test_a_proposal_is_in_force_with_its_probabilities_until_a_clerk_decides(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    contribution = await contribute()
    async with database.session(EVERY_MUNICIPALITY) as session:
        loaded = await session.get_one(Contribution, contribution.id)
        await sorting.propose(session, concern=CONCERN, contribution=loaded, now=now)
    assert await sorted_as(database, contribution) == ("zorg", "verkeer")
    assert await correct(database, clerk, contribution, now + timedelta(minutes=1))
    assert await sorted_as(database, contribution) == ("idee", "groen")
    async with database.session(UTRECHT) as session:
        rows = await session.scalars(
            select(ContributionSorting)
            .where(ContributionSorting.contribution_id == contribution.id)
            .order_by(ContributionSorting.created_at)
        )
        kept = [(row.kind, row.theme, row.kind_probability, row.theme_probability, row.clerk_id) for row in rows]
        event = await session.scalar(
            select(AuditEvent).where(AuditEvent.record == str(contribution.id), AuditEvent.action == "inbreng.indeling")
        )
    assert kept == [("zorg", "verkeer", 0.8, 0.6, None), ("idee", "groen", None, None, clerk.id)]
    assert event is not None
    assert event.details == {"van": ["zorg", "verkeer"], "naar": ["idee", "groen"]}


async def test_what_is_hardly_likely_is_left_open_and_not_proposed_again(
    database: Database, contribute: Contribute, now: datetime
) -> None:
    contribution = await contribute()
    unsure = Concern((("zorg", 0.3),), (("verkeer", 0.1),))
    async with database.session(EVERY_MUNICIPALITY) as session:
        loaded = await session.get_one(Contribution, contribution.id)
        waits = select(sorting.is_unsorted()).where(Contribution.id == contribution.id)
        assert await session.scalar(waits)
        await sorting.propose(session, concern=unsure, contribution=loaded, now=now)
        assert not await session.scalar(waits)
    assert await sorted_as(database, contribution) == (None, OTHER)


async def test_a_theme_without_a_kind_leaves_the_kind_to_the_model_and_teaches_nothing(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    contribution = await contribute(text="De linde bij de molen is ziek.")
    async with database.session(UTRECHT) as session:
        await sorting.correct(
            session,
            municipality_code=UTRECHT,
            contribution_id=contribution.id,
            kind=None,
            theme="groen",
            clerk=clerk,
            now=now,
        )
    assert await sorted_as(database, contribution) == (None, "groen")
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert [one for one in await sorting.corrected_examples(session) if "linde" in one.text] == []
        assert await session.scalar(select(sorting.is_unsorted()).where(Contribution.id == contribution.id))
        loaded = await session.get_one(Contribution, contribution.id)
        await sorting.propose(session, concern=CONCERN, contribution=loaded, now=now)
    assert await sorted_as(database, contribution) == ("zorg", "groen")


async def test_a_clerk_of_another_municipality_sorts_nothing(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    contribution = await contribute()
    with pytest.raises(ContributionUnknown):
        await correct(database, clerk, contribution, now, code=AMERSFOORT)
    assert await sorted_as(database, contribution) == (None, None)


@pytest.mark.parametrize("choice", [{"kind": "klacht"}, {"theme": "heelal"}, {"kind": ""}, {"theme": ""}])
async def test_what_is_not_in_the_lists_is_refused(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, choice: dict[str, str]
) -> None:
    contribution = await contribute()
    with pytest.raises(SortingUnknown):
        await correct(database, clerk, contribution, now, **choice)
    assert await sorted_as(database, contribution) == (None, None)


async def test_the_next_model_learns_a_clerks_last_word(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    contribution = await contribute(text="De eik bij de kerk is ziek.")
    await correct(database, clerk, contribution, now, theme="cultuur")
    await correct(database, clerk, contribution, now + timedelta(minutes=1), kind="zorg")
    async with database.session(EVERY_MUNICIPALITY) as session:
        examples = await sorting.corrected_examples(session)
    assert [one for one in examples if "eik" in one.text] == [Example("zorg", "groen", "De eik bij de kerk is ziek.")]


async def test_the_worker_sorts_what_came_in_and_learns_at_night(
    database: Database,
    contribute: Contribute,
    clerk: Clerk,
    now: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("participation.language.concerns.bundled_examples", lambda: EXAMPLES)
    folder = tmp_path / "inbreng-abc"
    store = ConcernStore(folder)
    context = cast("JobContext", SimpleNamespace(additional_context={"database": database, "concerns": store}))
    contribution = await contribute(text="Er rijden auto's veel te hard door de straat.")
    await worker.sort(context, 0)
    assert await sorted_as(database, contribution) == (None, None)  # no model yet: nothing is lost, it waits
    ConcernModel.train(EXAMPLES).save(folder)
    await worker.sort(context, 0)
    assert await sorted_as(database, contribution) == ("zorg", "verkeer")
    half = await contribute(text="Er rijden auto's veel te hard langs het plein.")
    async with database.session(UTRECHT) as session:
        (await session.get_one(Contribution, half.id)).kind = "idee"  # all that the desk filled in
    await worker.sort(context, 0)
    assert await sorted_as(database, half) == ("idee", "verkeer")
    async with database.session(UTRECHT) as session:
        [row] = await session.scalars(select(ContributionSorting).where(ContributionSorting.contribution_id == half.id))
    assert (row.kind_probability, row.theme_probability is not None) == (None, True)
    for number in range(LEAST_CORRECTIONS):
        other = await contribute(text=f"Het water in gracht {number} stinkt.")
        await correct(database, clerk, other, now, kind="zorg", theme="water")
    await worker.learn_sorting(context, 0)
    learnt = store.model()
    assert learnt is not None
    assert learnt.understand("het water in de gracht stinkt").theme == "water"
    assert store.kept() == 1


def test_too_few_corrections_make_no_new_model(tmp_path: Path) -> None:
    store = ConcernStore(tmp_path / "inbreng")
    assert not store.learn(EXAMPLES[:1] * (LEAST_CORRECTIONS - 1))
    assert list(tmp_path.iterdir()) == []


def test_what_was_learnt_can_be_kept_elsewhere_apart_for_each_trained_model(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("participation.language.concerns.bundled_examples", lambda: EXAMPLES)
    folder, volume = tmp_path / "image", tmp_path / "volume"
    ConcernModel.train(EXAMPLES).save(folder)
    folder.chmod(0o555)
    store = ConcernStore(folder, learnt=str(volume))
    assert store.learn([Example("zorg", "water", "het water in de gracht stinkt")] * LEAST_CORRECTIONS)
    learnt = ConcernStore(folder, learnt=str(volume)).model()
    assert learnt is not None
    assert learnt.understand("het water in de gracht stinkt").theme == "water"
    assert [path.name for path in tmp_path.iterdir() if path not in (folder, volume)] == []
    (folder / "kind" / "labels.json").write_text("[]")
    assert ConcernStore(folder, learnt=str(volume)).kept() == 0  # another model: it starts afresh


def test_a_newer_model_that_is_broken_leaves_the_old_one_in_use(tmp_path: Path) -> None:
    folder = tmp_path / "inbreng"
    ConcernModel.train(EXAMPLES).save(folder)
    store = ConcernStore(folder)
    first = store.model()
    (tmp_path / "inbreng-geleerd" / "kapot").mkdir(parents=True)
    assert first is not None
    assert store.model() is first
