"""What a resident withdraws is gone from the conversation too: typed, read back, behind buttons, noted by Rasa."""

import json
import uuid
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from participation.database import EVERY_MUNICIPALITY, Database
from participation.language import unsure as language
from participation.models import Choice, Clerk, Contribution, ContributionFlag, Conversation, Message
from participation.privacy.withdrawn_words import Words
from participation.services import contributions, conversations, notes, own_contributions, signals, unsure
from participation.services.contributions import Draft
from tests.integration.participation.conftest import UTRECHT, Converse
from tests.traces import make_tracker, traces, write_tracker

FIRST = "Naast het kwartelhoekje ligt elke dag zwerfvuil."
SECOND = "De buren van de stormvogelbrug zeggen precies hetzelfde erover."
ADDED = "En ook bij het lepelaarspad is het heel vies."
STAYS = "Wanneer vergadert de gemeenteraad eigenlijk?"
VECTOR = "c3RlbXZlY3Rvcg"
WORDS: dict[str, str | bytes] = {
    "first": "kwartelhoekje",
    "second": "stormvogelbrug",
    "added": "lepelaarspad",
    "note": "ooievaarsnest",
    "vector": VECTOR,
}


@pytest.fixture
async def told(database: Database, database_url: str, converse: Converse, clerk: Clerk, now: datetime) -> Contribution:
    """A story in two messages, read back, confirmed, added to; and a question that has nothing to do with it.

    A colleague wrote a note with it, and the computer saw a sign in it.
    """
    conversation = await converse()
    make_tracker(database_url)
    story = f"{FIRST}\n{SECOND}"
    for typed in (FIRST, SECOND, ADDED, STAYS):
        await _say(database, conversation, typed, now)
        event: dict[str, Any] = {
            "event": "user",
            "text": typed,
            "parse_data": {"text": typed, "entities": [{"value": typed.split()[3]}], "intent": {"name": "vertellen"}},
        }
        if typed == FIRST:
            event["parse_data"][language.KEY] = VECTOR
        write_tracker(database_url, sender=conversation.id, at=now.timestamp(), data=json.dumps(event))
    slot = {"event": "slot", "name": "inbreng_tekst", "value": story}
    write_tracker(database_url, sender=conversation.id, at=now.timestamp(), data=json.dumps(slot))
    async with database.session(EVERY_MUNICIPALITY) as session:
        await conversations.answer(
            session,
            conversation_id=conversation.id,
            replies=[
                {
                    "tekst": f"Dit geef ik door aan de gemeenteraad van Utrecht:\n\n„{story}”\n\nKlopt dit?",
                    "knoppen": [{"titel": "Ja", "betekenis": {"intent": "bevestigen", "tekst": story}}],
                }
            ],
            in_reply_to=None,
            now=now,
        )
        draft = Draft(uuid.uuid4(), story, conversation.resident_id, conversation.id, "web")
        contribution = await contributions.log_contribution(session, municipality_code=UTRECHT, draft=draft, now=now)
        await own_contributions.add(
            session,
            resident_id=conversation.resident_id,
            contribution_id=contribution.id,
            text=ADDED,
            submission=uuid.uuid4(),
            now=now,
        )
        await notes.write(
            session,
            municipality_code=UTRECHT,
            contribution_id=contribution.id,
            text="Het gaat om de tuin met het ooievaarsnest.",
            clerk=clerk,
            submission=uuid.uuid4(),
            now=now,
        )
        session.add(
            ContributionFlag(
                contribution_id=contribution.id, kind="bedreiging", municipality_code=UTRECHT, created_at=now
            )
        )
    await unsure.remember(database, conversation_id=conversation.id, municipality_code=UTRECHT, text=FIRST, now=now)
    return contribution


async def _say(database: Database, conversation: Conversation, typed: str, now: datetime) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        await conversations.receive(
            session, conversation_id=conversation.id, external_id=uuid.uuid4().hex, body={"tekst": typed}, now=now
        )


async def test_withdrawn_words_are_in_no_column_of_any_table(
    database: Database, database_url: str, told: Contribution, now: datetime
) -> None:
    """There is something to find before; what else was said in the conversation stays."""
    before = traces(database_url, WORDS)
    assert {"public.message.body", "public.choice.meaning", "rasa.events.data"} <= before["first"]
    assert before.keys() == WORDS.keys()
    assert told.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await signals.open_count(session, municipality_code=UTRECHT) == 1
        await own_contributions.withdraw(session, resident_id=told.resident_id, contribution_id=told.id, now=now)
    assert traces(database_url, WORDS) == {}
    assert traces(database_url, {"stays": STAYS})["stays"] == {"public.message.body", "rasa.events.data"}
    async with database.session(EVERY_MUNICIPALITY) as session:
        bodies = await session.scalars(
            select(Message.body).where(Message.conversation_id == told.conversation_id).order_by(Message.id)
        )
        said = [body["tekst"] for body in bodies]
        [meaning] = await session.scalars(select(Choice.meaning).where(Choice.conversation_id == told.conversation_id))
    assert said == ["[ingetrokken]", "[ingetrokken]", "[ingetrokken]", STAYS, "[ingetrokken]"]
    assert meaning == {"intent": "bevestigen", "tekst": "[ingetrokken]"}


async def test_a_sign_of_danger_outlives_the_words_until_somebody_looked(
    database: Database, told: Contribution, clerk: Clerk, now: datetime
) -> None:
    assert told.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        session.add(
            ContributionFlag(
                contribution_id=told.id, kind="strafbaar", municipality_code=UTRECHT, created_at=now, seen_at=now
            )
        )
        await own_contributions.withdraw(session, resident_id=told.resident_id, contribution_id=told.id, now=now)
    about: dict[str, Any] = {"municipality_code": UTRECHT, "contribution_id": told.id}
    async with database.session(UTRECHT) as session:
        assert [flag.kind for flag in await signals.of_contribution(session, **about)] == ["bedreiging"]
        await signals.judge(session, kind="bedreiging", is_right=True, clerk=clerk, now=now, **about)
    async with database.session(UTRECHT) as session:
        assert await signals.of_contribution(session, **about) == []


@pytest.mark.parametrize(
    ("withdrawn", "said", "expected"),
    [
        ("De stoep is stuk bij ons", "de STOEP is stuk, bij ons!", True),
        ("De stoep is stuk bij ons in de straat", "is stuk bij ons in", True),
        ("De stoep is stuk bij ons in de straat", "Kijk: de stoep is stuk bij ons in de straat. Klopt dit?", True),
        ("De stoep is stuk bij ons in de straat", "bij ons", True),
        ("De stoep is stuk bij ons in de straat", "ja", False),
        ("De stoep is stuk bij ons in de straat", "De raad vergadert elke week op donderdag", False),
        ("stoep stuk", "Dit geef ik door: „Stoep stuk”. Klopt dit?", True),
        ("stoep stuk", "stoep", False),
        ("", "ja", False),
    ],
)
def test_what_repeats_withdrawn_words(withdrawn: str, said: str, expected: bool) -> None:
    assert Words([withdrawn]).stand_in(said) is expected


@pytest.mark.parametrize(
    ("withdrawn", "kept", "said", "expected"),
    [
        ("De stoep is stuk bij ons", "De stoep is heel bij ons", "De stoep is stuk bij ons", True),
        ("De stoep is stuk bij ons", "De stoep is heel bij ons", "De stoep is heel bij ons", False),
        ("De stoep is stuk bij ons", "De stoep is stuk bij ons, en de weg", "De stoep is stuk bij ons", False),
        ("stoep stuk", "stoep heel", "stoep stuk", True),
        ("De stoep is stuk bij ons", "stoep stuk", "stoep stuk", False),
        ("stoep stuk", "onze stoep stuk gereden", "Dit wordt het: „onze stoep stuk gereden”. Klopt dit?", False),
        ("Wij willen graag meer bomen", "meer bomen", "meer bomen", False),
    ],
)
def test_what_the_new_words_say_too_stays(withdrawn: str, kept: str, said: str, expected: bool) -> None:
    assert Words([withdrawn], kept=[kept]).stand_in(said) is expected
