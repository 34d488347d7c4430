"""Votes that come in together are written together, and each hears what became of its own."""

import asyncio
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, event, select, update

from participation.campaigns import taking_part
from participation.campaigns.ballots import Ballot, BallotBox, VoteUncertain
from participation.campaigns.faults import CampaignClosed, StatementUnknown
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Campaign, Conversation, Participant, Resident, Statement, Vote
from tests.integration.campaign_maker import Ask, make

UTRECHT = "GM0344"


class Town:
    """A campaign with two statements, and people who take part in it."""

    def __init__(self, database: Database, converse: Callable, now) -> None:
        self.database, self.now, self._converse = database, now, converse
        self.campaign: Campaign
        self.statements: list[uuid.UUID]

    async def begins(self) -> None:
        """Make the campaign."""
        async with self.database.session(EVERY_MUNICIPALITY) as session:
            asked = Ask("stellingen", statements=("Meer bomen.", "Meer bankjes."))
            self.campaign = await make(session, asked, now=self.now)
            found = await session.scalars(
                select(Statement.id).where(Statement.campaign_id == self.campaign.id).order_by(Statement.number)
            )
            self.statements = list(found)

    async def joins(self) -> tuple[uuid.UUID, uuid.UUID]:
        """Let somebody take part; returns the ids of the conversation and the resident."""
        chat = await self._converse()
        coming = taking_part.Coming(chat.resident_id, UTRECHT, chat.id, "web")
        async with self.database.session(EVERY_MUNICIPALITY) as session:
            await taking_part.start(session, campaign=self.campaign, coming=coming, now=self.now)
        return chat.id, chat.resident_id

    def ballot(self, who: uuid.UUID, value: int, statement: int = 0, minutes: int = 0) -> Ballot:
        """A vote on one of the statements."""
        return Ballot(who, self.statements[statement], value, self.now + timedelta(minutes=minutes))

    async def kept(self) -> dict[tuple[uuid.UUID, uuid.UUID], int]:
        """The votes that are in the database, by resident and statement."""
        async with self.database.session(EVERY_MUNICIPALITY) as session:
            rows = await session.execute(
                select(Participant.resident_id, Vote.statement_id, Vote.value)
                .join(Participant, Participant.id == Vote.participant_id)
                .where(Vote.campaign_id == self.campaign.id)
            )
            return {(who, statement): value for who, statement, value in rows}

    async def last_at(self, resident_id: uuid.UUID) -> datetime | None:
        """When a resident was last there."""
        async with self.database.session(EVERY_MUNICIPALITY) as session:
            return await session.scalar(select(Participant.last_at).where(Participant.resident_id == resident_id))


@pytest.fixture
async def town(database: Database, converse, now) -> Town:
    made = Town(database, converse, now)
    await made.begins()
    return made


async def test_votes_that_come_in_together_share_few_transactions_and_are_all_kept(town: Town) -> None:
    people = [await town.joins() for _ in range(30)]
    commits = []
    event.listen(town.database.engine.sync_engine, "commit", commits.append)
    box = BallotBox(town.database)
    await asyncio.gather(
        *(box.cast(town.ballot(who, (-1, 0, 1)[number % 3])) for number, (who, _) in enumerate(people))
    )
    assert len(commits) <= 2
    expected = {(person, town.statements[0]): (-1, 0, 1)[number % 3] for number, (_, person) in enumerate(people)}
    assert await town.kept() == expected


async def test_of_two_votes_by_one_person_on_one_statement_the_later_counts(town: Town) -> None:
    who, person = await town.joins()
    box = BallotBox(town.database)
    await asyncio.gather(
        box.cast(town.ballot(who, 1)),
        box.cast(town.ballot(who, 1, statement=1)),
        box.cast(town.ballot(who, -1, minutes=1)),
    )
    assert await town.kept() == {(person, town.statements[0]): -1, (person, town.statements[1]): 1}
    assert await town.last_at(person) == town.now + timedelta(minutes=1)


async def test_each_hears_its_own_fault_and_the_others_are_kept(town: Town, converse) -> None:
    (who, person), elsewhere = await town.joins(), await converse()
    box = BallotBox(town.database)
    unknown = Ballot(who, uuid.uuid4(), 1, town.now)
    answers = await asyncio.gather(
        box.cast(town.ballot(elsewhere.id, 1)),
        box.cast(unknown),
        box.cast(town.ballot(who, 1)),
        box.cast(town.ballot(who, 1, statement=1, minutes=60 * 24 * 30)),
        return_exceptions=True,
    )
    assert [type(one) for one in answers] == [CampaignClosed, StatementUnknown, type(None), CampaignClosed]
    assert await town.kept() == {(person, town.statements[0]): 1}


async def test_a_row_that_the_database_refuses_leaves_the_others_alone(town: Town) -> None:
    (good, person), (bad, _) = await town.joins(), await town.joins()
    box = BallotBox(town.database)
    answers = await asyncio.gather(
        box.cast(town.ballot(good, 1)), box.cast(town.ballot(bad, 7)), return_exceptions=True
    )
    assert [type(one) for one in answers] == [type(None), VoteUncertain]
    assert await town.kept() == {(person, town.statements[0]): 1}


async def test_a_row_that_is_held_keeps_the_others_waiting_for_a_moment_only(town: Town) -> None:
    (free, person), (held, _) = await town.joins(), await town.joins()
    box = BallotBox(town.database)
    async with town.database.session(EVERY_MUNICIPALITY) as erasing:
        await erasing.execute(
            select(Participant.id)
            .join(Conversation, Conversation.resident_id == Participant.resident_id)
            .where(Conversation.id == held)
            .with_for_update(of=Participant)
        )
        async with asyncio.timeout(10):
            answers = await asyncio.gather(
                box.cast(town.ballot(held, 1)), box.cast(town.ballot(free, 1)), return_exceptions=True
            )
    assert [type(one) for one in answers] == [VoteUncertain, type(None)]
    assert await town.kept() == {(person, town.statements[0]): 1}


async def test_who_is_set_aside_at_this_moment_has_voted(town: Town) -> None:
    who, person = await town.joins()
    async with town.database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(update(Participant).where(Participant.resident_id == person).values(aside_at=town.now))
        async with asyncio.timeout(10):
            await BallotBox(town.database).cast(town.ballot(who, 1))
    assert await town.kept() == {(person, town.statements[0]): 1}


async def test_a_vote_that_waited_does_not_undo_a_later_one(town: Town) -> None:
    who, person = await town.joins()
    await BallotBox(town.database).cast(town.ballot(who, -1, minutes=1))
    await BallotBox(town.database).cast(town.ballot(who, 1))
    assert await town.kept() == {(person, town.statements[0]): -1}
    assert await town.last_at(person) == town.now + timedelta(minutes=1)


async def test_who_was_erased_has_no_vote(town: Town) -> None:
    gone, erased = await town.joins()
    box = BallotBox(town.database)
    await box.cast(town.ballot(gone, 1))
    async with town.database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(delete(Resident).where(Resident.id == erased))
    with pytest.raises(CampaignClosed):
        await box.cast(town.ballot(gone, 1))
    assert await town.kept() == {}


async def test_after_the_end_nobody_votes(town: Town) -> None:
    late, person = await town.joins()
    box = BallotBox(town.database)
    await box.cast(town.ballot(late, 1))
    async with town.database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(update(Campaign).where(Campaign.id == town.campaign.id).values(state="gesloten"))
    with pytest.raises(CampaignClosed):
        await box.cast(town.ballot(late, -1))
    assert await town.kept() == {(person, town.statements[0]): 1}


async def test_without_a_database_each_hears_that_a_vote_may_be_lost_and_the_next_one_is_kept(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, person = await town.joins()
    box = BallotBox(town.database)
    with monkeypatch.context() as patch:
        patch.setattr(town.database, "session", _away)
        answers = await asyncio.gather(*(box.cast(town.ballot(who, 1)) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in answers] == [VoteUncertain] * 3
    assert len({id(one) for one in answers}) == 3
    await box.cast(town.ballot(who, 1))
    assert await town.kept() == {(person, town.statements[0]): 1}


def _away(_: str) -> None:
    raise OSError("no route to the database")


async def test_what_is_in_hand_is_written_before_the_process_ends(town: Town) -> None:
    who, person = await town.joins()
    box = BallotBox(town.database)
    leaving = asyncio.create_task(box.cast(town.ballot(who, 1)))
    await asyncio.sleep(0)
    leaving.cancel()
    await box.close()
    assert await town.kept() == {(person, town.statements[0]): 1}


async def test_who_goes_away_while_the_vote_is_written_has_voted_all_the_same(town: Town) -> None:
    (who, person), (other, neighbour) = await town.joins(), await town.joins()
    box = BallotBox(town.database)
    leaving = asyncio.create_task(box.cast(town.ballot(who, 1)))
    await asyncio.sleep(0)
    leaving.cancel()
    await box.cast(town.ballot(other, -1))
    assert await town.kept() == {(person, town.statements[0]): 1, (neighbour, town.statements[0]): -1}
