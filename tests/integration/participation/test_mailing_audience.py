"""For whom a message about a campaign is, and how many of them will get it."""

import uuid
from datetime import timedelta

from sqlalchemy import delete, select, update

from bench.campaign.subscribers import subscribe
from participation.campaigns import audience, foreseeing, sending
from participation.campaigns.sending import Cap
from participation.database import EVERY_MUNICIPALITY
from participation.models import ChatAddress, Conversation, Participant, Recipient, Subscription
from tests.integration.campaign_maker import clerk_of, make

UTRECHT = "GM0344"
KEY = "sleutel"


async def test_who_can_not_be_reached_or_had_enough_is_not_counted(database, now):
    async with database.session(EVERY_MUNICIPALITY) as session:
        clerk = await clerk_of(session, now=now)
        campaign = await make(session, now=now, clerk=clerk)
        _, blocked, gone, full = await subscribe(session, key=KEY, now=now, code=UTRECHT, chats=[81, 82, 83, 84])

        async def prepare():
            return await sending.prepare(
                session,
                campaign=campaign,
                kind="uitnodiging",
                words="Doet u mee?",
                audience={"who": "berichten"},
                clerk=clerk,
                now=now,
            )

        async def count():
            mailing = await prepare()
            await foreseeing.foresee(session, mailing=mailing, cap=Cap(most=2, days=30), now=now)
            return mailing.progress

        before = await count()
        of_blocked = select(Conversation.id).where(Conversation.resident_id == blocked)
        await session.execute(
            update(ChatAddress).where(ChatAddress.conversation_id.in_(of_blocked)).values(blocked_at=now)
        )
        await session.execute(delete(Conversation).where(Conversation.resident_id == gone))
        for _ in range(2):
            lately = now - timedelta(days=3)
            session.add(
                Recipient(
                    mailing_id=(await prepare()).id,
                    resident_id=full,
                    municipality_code=UTRECHT,
                    state="verstuurd",
                    due_at=lately,
                    settled_at=lately,
                )
            )
        await session.flush()
        after = await count()
    assert (before, after) == ({UTRECHT: {"geteld": 4}}, {UTRECHT: {"geteld": 1}})


async def test_a_draft_is_counted_again_before_its_number_is_old(database, now):
    told = []
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign = await make(session, now=now, clerk=await clerk_of(session, now=now))
        by = {"kind": "bericht", "words": "Dit is nieuw.", "audience": {"who": "berichten"}, "now": now}
        clerk = await clerk_of(session, now=now)
        mailing = await sending.prepare(session, campaign=campaign, clerk=clerk, **by)
        for minutes in (0, 9, 10):
            moment = now + timedelta(minutes=minutes)
            await foreseeing.foresee(session, mailing=mailing, cap=Cap(), now=moment)
            told.append(mailing.progress[UTRECHT]["geteld"])
            await subscribe(session, key=KEY, now=now, code=UTRECHT, web=1)
    first = told[0]
    assert told == [first, first, first + 2]


async def test_whom_it_is_for_follows_what_people_chose_and_what_the_sender_asks(database, now):
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign, other = [await make(session, now=now, theme="verkeer") for _ in range(2)]
        of_all, of_east, of_green, of_traffic = await subscribe(session, key=KEY, now=now, code=UTRECHT, web=4)
        for who, choice in (
            (of_east, {"area": "Oost"}),
            (of_green, {"theme": "groen"}),
            (of_traffic, {"theme": "verkeer"}),
        ):
            session.add(
                Subscription(id=uuid.uuid4(), resident_id=who, municipality_code=UTRECHT, created_at=now, **choice)
            )
        session.add(
            Participant(
                campaign_id=other.id,
                municipality_code=UTRECHT,
                resident_id=of_green,
                channel="web",
                started_at=now,
                last_at=now,
            )
        )
        await session.flush()

        async def for_whom(**asked):
            query = audience.wants(campaign, "uitnodiging", {"who": "berichten", **asked}, UTRECHT)
            return set(await session.scalars(query)) & {of_all, of_east, of_green, of_traffic}

        assert await for_whom() == {of_all, of_traffic}
        assert await for_whom(theme="groen") == {of_all, of_green}
        assert await for_whom(theme="groen", earlier=True) == {of_green}
        assert await for_whom(areas=["oost"]) == {of_east}
