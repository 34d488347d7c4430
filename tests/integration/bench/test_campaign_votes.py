"""The measurement of votes tells what happened, by the rows themselves."""

import asyncio
import uuid
from datetime import UTC, datetime

from bench.campaign import voting
from bench.campaign.making import begin
from bench.campaign.voting import Voter
from participation.database import Database


async def test_votes_are_cast_at_their_pace_and_each_that_was_taken_is_a_row(
    url: str, database: Database, database_url: str
) -> None:
    begun = await begin(database, codes=(voting.CODE, "GM0307"), statements=7, now=datetime.now(UTC))
    found = await voting.measure(url, database_url, begun.campaign.public_id, people=3, per_second=10, seconds=1)
    assert {name: found[name] for name in ("votes", "refused", "lost")} == {"votes": 10, "refused": 0, "lost": 0}
    assert found["votes_per_second"] <= 11.2, "ten votes are nine pauses of a tenth of a second"
    stranger = Voter(uuid.uuid4(), {}, [], taken={str(begun.statements[0]): 1})
    assert await asyncio.to_thread(voting.lost, database_url, [stranger]) == 1
