"""Contributions are destroyed when a person approved the list, and never without; the list outlives them."""

import csv
import io
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import ProgrammingError

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Clerk, Contribution, DestructionItem, DestructionList
from participation.privacy import retention_round
from participation.privacy.periods import CLOSED, WITHDRAWN
from participation.services import contributions, destruction, own_contributions
from participation.services.destruction import ListDecided, ListUnknown
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, Contribute
from tests.traces import traces

DAYS = 28
LONG = timedelta(days=6 * 365)
Close = Callable[..., Awaitable[Contribution]]


@pytest.fixture
def close(database: Database, contribute: Contribute, clerk: Clerk, now: datetime) -> Close:
    """Log a contribution and close it, so long ago."""

    async def closed(ago: timedelta = LONG, text: str = "De lantaarn is kapot.", code: str = UTRECHT) -> Contribution:
        contribution = await contribute(code, text, now - ago)
        async with database.session(code) as session:
            await contributions.change_status(
                session,
                municipality_code=code,
                contribution_id=contribution.id,
                status="afgehandeld",
                clerk=clerk,
                now=now - ago,
                reason="Gemaakt.",
                disposition="beantwoord",
            )
        return contribution

    return closed


async def night(database: Database, now: datetime) -> retention_round.Round:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await retention_round.run(session, days=DAYS, now=now)


async def list_with(database: Database, contribution: Contribution) -> DestructionList:
    """The list on which a contribution waits for a person."""
    async with database.session(UTRECHT) as session:
        return (
            await session.scalars(
                select(DestructionList)
                .join(DestructionItem, DestructionItem.list_id == DestructionList.id)
                .where(DestructionItem.record_id == contribution.id, DestructionList.state == "voorgesteld")
            )
        ).one()


async def decide(
    database: Database,
    list_id: uuid.UUID,
    clerk: Clerk,
    now: datetime,
    *,
    approve: bool = True,
    keep: tuple[uuid.UUID, ...] = (),
) -> DestructionList:
    async with database.session(UTRECHT) as session:
        return await destruction.decide(
            session,
            municipality_code=UTRECHT,
            list_id=list_id,
            approve=approve,
            keep=keep,
            note="Volgens de selectielijst.",
            clerk=clerk,
            now=now,
        )


async def exists(database: Database, contribution: Contribution) -> bool:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await session.get(Contribution, contribution.id) is not None


async def test_nothing_goes_before_a_person_approved_it_and_only_evidence_stays(
    database: Database, database_url: str, close: Close, clerk: Clerk, now: datetime
) -> None:
    word = "wiebelpaaltje"
    old, kept = await close(text=f"Het {word} staat scheef."), await close(text="Blijft op verzoek.")
    young = await close(timedelta(days=5 * 365 - 1))
    assert await night(database, now)
    assert (await night(database, now)).proposed == 0, "what stands on a list is not put on another"
    proposed = await list_with(database, old)
    assert [await exists(database, one) for one in (old, kept, young)] == [True, True, True]
    decided = await decide(database, proposed.id, clerk, now, keep=(kept.id,))
    assert (decided.state, await exists(database, old)) == ("goedgekeurd", True)
    assert traces(database_url, {"word": word})["word"] >= {"public.contribution.text"}
    assert (await night(database, now)).destroyed == 1
    assert [await exists(database, one) for one in (old, kept, young)] == [False, True, True]
    assert traces(database_url, {"word": word}) == {}
    async with database.session(UTRECHT) as session:
        detail = await destruction.find(session, municipality_code=UTRECHT, list_id=proposed.id)
    assert (detail.list.state, detail.list.decided_by, detail.list.periods) == ("vernietigd", clerk.id, {CLOSED: 1825})
    rows = {row["nummer"]: row for row in csv.DictReader(io.StringIO(destruction.as_table(detail)), delimiter=";")}
    assert {number: row["uitkomst"] for number, row in rows.items()} == {
        old.reference: "vernietigd",
        kept.reference: "bewaard",
    }
    assert rows[old.reference]["bewaartermijn_dagen"] == "1825"
    assert (await night(database, now)).proposed == 0, "what was kept is asked again after a year"
    async with database.session(EVERY_MUNICIPALITY) as session:
        later = await destruction.due(session, days=DAYS, now=now + timedelta(days=366))
    assert later[CLOSED] == {UTRECHT: 2}


@pytest.mark.parametrize("is_closed_again", [False, True])
async def test_what_was_reopened_after_it_was_listed_is_kept(
    database: Database, close: Close, clerk: Clerk, now: datetime, is_closed_again: bool
) -> None:
    """Closed again it is as good as open: its time has only just begun."""
    contribution = await close()
    await night(database, now)
    proposed = await list_with(database, contribution)
    about = {"municipality_code": UTRECHT, "contribution_id": contribution.id, "clerk": clerk, "now": now}
    async with database.session(UTRECHT) as session:
        await contributions.change_status(session, status="heropend", **about)
        if is_closed_again:
            closing = {"status": "afgehandeld", "reason": "Alsnog gemaakt.", "disposition": "beantwoord"}
            await contributions.change_status(session, **closing, **about)
    await decide(database, proposed.id, clerk, now)
    assert (await night(database, now)).destroyed == 0
    assert await exists(database, contribution)
    async with database.session(UTRECHT) as session:
        detail = await destruction.find(session, municipality_code=UTRECHT, list_id=proposed.id)
    assert {item.reference: item.outcome for item in detail.items}[contribution.reference] == "heropend"


async def test_a_refused_list_destroys_nothing_and_is_decided_once(
    database: Database, close: Close, clerk: Clerk, now: datetime
) -> None:
    contribution = await close()
    await night(database, now)
    proposed = await list_with(database, contribution)
    assert (await decide(database, proposed.id, clerk, now, approve=False)).state == "afgewezen"
    with pytest.raises(ListDecided):
        await decide(database, proposed.id, clerk, now)
    assert (await night(database, now)).destroyed == 0
    assert await exists(database, contribution)


async def test_what_a_resident_withdrew_has_a_period_of_its_own(
    database: Database, contribute: Contribute, now: datetime
) -> None:
    then = now - timedelta(days=366)
    contribution = await contribute(at=then)
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(
            session, resident_id=contribution.resident_id, contribution_id=contribution.id, now=then
        )
        counts = await retention_round.dry_run(session, days=DAYS, now=now)
    assert counts[WITHDRAWN] == {UTRECHT: 1}
    await night(database, now)
    assert (await list_with(database, contribution)).counts == {WITHDRAWN: 1}


async def test_nights_that_went_by_themselves_do_not_push_off_what_a_person_decided(
    database: Database, close: Close, clerk: Clerk, now: datetime
) -> None:
    contribution = await close()
    await night(database, now)
    decided = await decide(database, (await list_with(database, contribution)).id, clerk, now, approve=False)
    async with database.session(UTRECHT) as session:
        session.add_all(
            DestructionList(
                id=uuid.uuid4(),
                municipality_code=UTRECHT,
                state="vanzelf",
                counts={"gesprekken": 1},
                periods={"gesprekken": 28},
                made_at=now + timedelta(days=day),
            )
            for day in range(1, 5)
        )
    async with database.session(UTRECHT) as session:
        shown = await destruction.lists(session, municipality_code=UTRECHT, nights=3)
    assert [one.made_at for one in shown if one.state == "vanzelf"] == [now + timedelta(days=day) for day in (4, 3, 2)]
    assert decided.id in [one.id for one in shown]


async def test_counting_what_is_due_reads_no_words(database: Database, close: Close, now: datetime) -> None:
    await close()
    asked: list[str] = []

    def note(*said: Any) -> None:
        asked.append(said[2])

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            counted = await destruction.due(session, days=DAYS, now=now)
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    assert counted[CLOSED][UTRECHT] >= 1
    assert [query for query in asked if "contribution.text" in query] == []


async def test_a_list_of_another_municipality_can_not_be_seen_or_decided(
    database: Database, close: Close, clerk: Clerk, now: datetime
) -> None:
    contribution = await close()
    await night(database, now)
    proposed = await list_with(database, contribution)
    async with database.session(AMERSFOORT) as session:
        assert await session.scalar(select(func.count()).where(DestructionList.id == proposed.id)) == 0
        with pytest.raises(ListUnknown):
            await destruction.decide(
                session, municipality_code=AMERSFOORT, list_id=proposed.id, approve=True, clerk=clerk, now=now
            )


@pytest.mark.parametrize("table", ["destruction_list", "destruction_item"])
async def test_evidence_can_not_be_deleted(database: Database, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.session(EVERY_MUNICIPALITY) as session:
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608  (a constant of this file)
