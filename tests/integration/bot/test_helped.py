"""Whether an answer of the griffie helped, and reacting to it: buttons in the chat, kept for the desk."""

import uuid

import pytest
from sqlalchemy import select

from bot.turn import Turn
from participation import content
from participation.database import EVERY_MUNICIPALITY
from participation.models import ContributionEntry, Conversation, ReplyVerdict
from participation.privacy import own_data
from participation.services import clerks, contributions, conversations, delivery, own_contributions
from participation.services.contributions import Draft

UTRECHT = "GM0344"


@pytest.fixture
async def clerk(database, now):
    async with database.session(UTRECHT) as session:
        made, _ = await clerks.create_clerk(
            session, email=f"{uuid.uuid4().hex}@utrecht.example", name="Anna", roles={UTRECHT: "griffier"}, now=now
        )
    return made


async def answered(gateway, database, clerk, now, code=UTRECHT):
    """A resident with an answer of the griffie in their chat; returns the chat, the contribution and the text."""
    opened = await gateway.visits.open(channel="web", municipality_code=code)
    async with database.session(EVERY_MUNICIPALITY) as session:
        conversation = await session.get_one(Conversation, opened.conversation_id)
        draft = Draft(uuid.uuid4(), "De lantaarn is kapot.", conversation.resident_id, conversation.id, "web")
        contribution = await contributions.log_contribution(session, municipality_code=code, draft=draft, now=now)
        entry = await contributions.reply(
            session,
            municipality_code=code,
            contribution_id=contribution.id,
            text="De lamp is gemaakt.",
            clerk=clerk,
            submission=uuid.uuid4(),
            now=now,
        )
        assert await delivery.deliver(session, entry_id=entry.id, now=now)
        message = (await conversations.history(session, conversation_id=conversation.id))[-1]
    return conversation, contribution, entry, message


async def press(gateway, message, title):
    [choice] = [button["id"] for button in message.body["knoppen"] if button["titel"] == title]
    turn = Turn(message.conversation_id, uuid.uuid4().hex, choice=choice)
    return await gateway.handle(turn)


async def verdicts_of(database, contribution):
    async with database.session(UTRECHT) as session:
        rows = await session.scalars(select(ReplyVerdict).where(ReplyVerdict.contribution_id == contribution.id))
        return [(row.entry_id, row.verdict) for row in rows]


async def test_an_answer_can_be_judged_again_and_again_and_counts_once(gateway, database, clerk, now):
    _, contribution, entry, message = await answered(gateway, database, clerk, now)
    titles = [button["titel"] for button in message.body["knoppen"]]
    assert titles == [content.text(f"knop_{name}") for name in ("reageren", "hielp_ja", "hielp_nee")]
    [thanks] = await press(gateway, message, content.text("knop_hielp_ja"))
    assert (thanks.body["tekst"], thanks.body["knoppen"]) == (content.text("hielp_ja"), [])
    assert await verdicts_of(database, contribution) == [(entry.id, "ja")]
    [sorry] = await press(gateway, message, content.text("knop_hielp_nee"))
    assert [button["titel"] for button in sorry.body["knoppen"]] == [content.text("knop_reageren")]
    assert await verdicts_of(database, contribution) == [(entry.id, "nee")]


async def test_what_was_stopped_is_told_without_buttons_that_lead_nowhere(gateway, database, clerk, now):
    conversation, contribution, entry, before = await answered(gateway, database, clerk, now)
    async with database.session(UTRECHT) as session:
        await contributions.change_status(
            session,
            municipality_code=UTRECHT,
            contribution_id=contribution.id,
            status="geannuleerd",
            clerk=clerk,
            now=now,
            reason="dubbel",
        )
    async with database.session(EVERY_MUNICIPALITY) as session:
        closing = await session.scalar(
            select(ContributionEntry.id).where(
                ContributionEntry.contribution_id == contribution.id, ContributionEntry.id != entry.id
            )
        )
        assert await delivery.deliver(session, entry_id=closing, now=now)
        told = (await conversations.history(session, conversation_id=conversation.id))[-1]
    assert ("dubbel" in told.body["tekst"], told.body["knoppen"]) == (True, [])
    [sorry] = await press(gateway, before, content.text("knop_hielp_nee"))
    assert (sorry.body["tekst"], sorry.body["knoppen"]) == (content.text("hielp_nee_gestopt"), [])


async def test_what_is_no_longer_theirs_can_not_be_judged(gateway, database, clerk, now):
    _, contribution, _, message = await answered(gateway, database, clerk, now)
    async with database.session(EVERY_MUNICIPALITY) as session:
        (await session.get_one(type(contribution), contribution.id)).resident_id = None
    [refused] = await press(gateway, message, content.text("knop_hielp_ja"))
    assert refused.body["tekst"] == content.text("knop_verlopen")
    assert await verdicts_of(database, contribution) == []


@pytest.mark.parametrize("kind", ["vraag", "bericht"])
async def test_only_answers_are_judged(gateway, database, clerk, now, kind):
    _, _, entry, message = await answered(gateway, database, clerk, now)
    async with database.session(UTRECHT) as session:
        (await session.get_one(ContributionEntry, entry.id)).kind = kind
    [refused] = await press(gateway, message, content.text("knop_hielp_ja"))
    assert refused.body["tekst"] == content.text("knop_verlopen")


async def test_erasing_takes_the_verdict_along(gateway, database, clerk, now):
    conversation, contribution, _, message = await answered(gateway, database, clerk, now)
    await press(gateway, message, content.text("knop_hielp_ja"))
    about = {"resident_id": conversation.resident_id, "now": now}
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(session, contribution_id=contribution.id, **about)
        await own_data.erase(session, **about)
    assert await verdicts_of(database, contribution) == []
