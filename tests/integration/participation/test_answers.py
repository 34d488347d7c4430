"""Answers for a municipality: its own version first, its facts in place, and never an empty slot."""

import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete

from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.dates import dutch_date
from participation.models import AnswerOverride, LocalFact
from participation.reply import Button, Reply
from participation.services import answers
from tests.integration.campaign_maker import Ask, make
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT

TODAY = date(2026, 11, 23)
ALL_FACTS = sorted({fact for one in content.answers().values() for part in one.local for fact in part.facts})
EXPIRING = next(topic for topic, one in content.answers().items() if one.valid_until)
SetFact = Callable[..., Awaitable[None]]


async def find(database: Database, topic: str, code: str | None = UTRECHT, today: date = TODAY) -> Reply:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await answers.find(session, topic=topic, municipality_code=code, today=today)


@pytest.fixture(autouse=True)
async def _nothing_local(database: Database) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        for model in (LocalFact, AnswerOverride):
            await session.execute(delete(model))


@pytest.fixture
def set_fact(database: Database) -> SetFact:
    async def stored(name: str, value: str, valid_until: date | None = None, code: str = UTRECHT) -> None:
        async with database.session(code) as session:
            session.add(
                LocalFact(
                    municipality_code=code,
                    name=name,
                    value=value,
                    source="test",
                    checked_on=TODAY,
                    valid_until=valid_until,
                )
            )

    return stored


@pytest.fixture
async def own_version(database: Database, now: datetime) -> AnswerOverride:
    """Utrecht's own words about the topic that expires."""
    made = AnswerOverride(
        municipality_code=UTRECHT,
        topic=EXPIRING,
        short="Zo doet {gemeente} het zelf.",
        more="Meer van {gemeente}.",
        source_name="Gemeente Utrecht",
        source_url="https://utrecht.example/eigen",
        checked_on=date(2026, 11, 20),
        published_at=now,
    )
    async with database.session(UTRECHT) as session:
        session.add(made)
    return made


def unfilled(reply: Reply) -> list[str]:
    shown = [reply.text, reply.more or "", *(button.title for button in reply.buttons)]
    shown += [text for link in reply.links for text in (link.title, link.url)]
    return [text for text in shown if re.search(r"[{}]", text)]


@pytest.mark.parametrize("topic", content.answers())
@pytest.mark.parametrize("known", ["everything", "nothing", "no municipality"])
async def test_no_answer_shows_an_empty_slot(database: Database, set_fact: SetFact, topic: str, known: str) -> None:
    if known == "everything":
        for fact in ALL_FACTS:
            await set_fact(fact, f"<waarde van {fact}>")
    answer = content.answers()[topic]
    reply = await find(database, topic, None if known == "no municipality" else UTRECHT)
    assert unfilled(reply) == []
    for part in answer.local:
        for fact in part.facts:
            assert (f"<waarde van {fact}>" in reply.text) == (known == "everything")
    assert reply.links
    assert [button.meaning["intent"] for button in reply.buttons][: len(answer.next_topics)] == [
        f"vraag/{topic}" for topic in answer.next_topics
    ]


async def test_a_fact_takes_its_place_and_only_for_its_own_municipality(database: Database, set_fact: SetFact) -> None:
    await set_fact("zetels", "45")
    await set_fact("zetels", "39", code=AMERSFOORT)
    assert "heeft 45 zetels" in (await find(database, "raad_samenstelling")).text
    assert "heeft 39 zetels" in (await find(database, "raad_samenstelling", AMERSFOORT)).text
    assert "Hoeveel zetels uw raad heeft" in (await find(database, "raad_samenstelling", "GM0363")).text


async def test_a_part_that_needs_two_facts_waits_for_both(database: Database, set_fact: SetFact) -> None:
    part = content.answers()["griffie"].local[0]
    assert len(part.facts) == 2
    await set_fact(part.facts[0], "griffie@utrecht.example")
    assert part.otherwise.replace("{gemeente}", "Utrecht") in (await find(database, "griffie")).text
    await set_fact(part.facts[1], "030 - 000 00 00")
    text = (await find(database, "griffie")).text
    assert "griffie@utrecht.example" in text
    assert "030 - 000 00 00" in text


async def test_a_fact_holds_up_to_and_including_its_last_day(database: Database, set_fact: SetFact) -> None:
    await set_fact("zetels", "37", valid_until=TODAY)
    assert "37 zetels" in (await find(database, "raad_samenstelling")).text
    tomorrow = await find(database, "raad_samenstelling", today=TODAY + timedelta(days=1))
    assert "37 zetels" not in tomorrow.text
    assert "Hoeveel zetels uw raad heeft" in tomorrow.text


async def test_braces_in_a_fact_stay_as_they_are(database: Database, set_fact: SetFact) -> None:
    await set_fact("zetels", "{partijen} {")
    assert "{partijen} { zetels" in (await find(database, "raad_samenstelling")).text


async def test_without_a_municipality_a_local_answer_asks_for_it(database: Database) -> None:
    def asks(reply: Reply) -> bool:
        return {"intent": "gemeente_kiezen"} in [button.meaning for button in reply.buttons]

    assert asks(await find(database, "raad_samenstelling", None))
    assert not asks(await find(database, "raad_samenstelling"))
    assert not asks(await find(database, "raad_wat_is", None))


async def test_the_own_version_wins_in_its_own_municipality_only(
    database: Database, own_version: AnswerOverride
) -> None:
    reply = await find(database, EXPIRING)
    assert reply.text == "Zo doet Utrecht het zelf.\n\nNagekeken op 20 november 2026."
    assert reply.more == "Meer van Utrecht."
    assert [(link.title, link.url) for link in reply.links] == [("Gemeente Utrecht", "https://utrecht.example/eigen")]
    national = content.answers()[EXPIRING].short.split(". ")[0]
    assert national in (await find(database, EXPIRING, None)).text
    assert (await find(database, EXPIRING, AMERSFOORT)).text != reply.text


async def test_what_runs_in_this_chat_is_told_with_a_button_to_take_part(
    database: Database, set_fact: SetFact, now: datetime
) -> None:
    topic, says = "lopende_campagnes", "Hier kunt u nu over meepraten in Utrecht: {}."
    unknown = "Ik ken nu geen onderwerp waarover u kunt meepraten."
    assert unknown in (await find(database, topic)).text
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign = await make(session, Ask("open", "Wat vindt u?"), now=now)
    try:
        reply = await find(database, topic)
        assert says.format(campaign.title) in reply.text
        assert reply.buttons[0] == Button("Meedoen aan een peiling", {"intent": "campagne_meedoen"})
        await set_fact("campagnes", "het plan voor het park")
        assert says.format(f"{campaign.title}, het plan voor het park") in (await find(database, topic)).text
        assert unknown in (await find(database, topic, AMERSFOORT)).text
    finally:
        async with database.session(EVERY_MUNICIPALITY) as session:
            await session.delete(await session.merge(campaign))


async def test_an_expired_answer_says_so_the_day_after(database: Database) -> None:
    answer = content.answers()[EXPIRING]
    assert answer.valid_until is not None
    warning = "Let op: dit antwoord kan verouderd zijn."
    assert warning not in (await find(database, EXPIRING, today=answer.valid_until)).text
    late = await find(database, EXPIRING, today=answer.valid_until + timedelta(days=1))
    assert f"{warning} Nagekeken op {dutch_date(answer.checked_on)}." in late.text


async def test_an_own_version_checked_after_the_expiry_is_not_called_out_of_date(
    database: Database, own_version: AnswerOverride
) -> None:
    expiry = content.answers()[EXPIRING].valid_until
    assert expiry is not None
    warning, later = "kan verouderd zijn", expiry + timedelta(days=9)
    assert warning in (await find(database, EXPIRING, today=later)).text
    async with database.session(UTRECHT) as session:
        (await session.merge(own_version)).checked_on = expiry + timedelta(days=1)
    assert warning not in (await find(database, EXPIRING, today=later)).text


async def test_an_emergency_is_marked_and_carries_no_date(database: Database) -> None:
    for topic in ("noodgeval", "persoonlijke_nood"):
        reply = await find(database, topic)
        assert (reply.kind, "Nagekeken" in reply.text) == ("nood", False)


async def test_an_unknown_topic_is_a_fault_of_the_caller(database: Database) -> None:
    with pytest.raises(KeyError):
        await find(database, "bestaat_niet")


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2026, 3, 1), "1 maart 2026"), (date(2027, 12, 31), "31 december 2027")]
)
def test_dates_are_written_as_they_are_said(day: date, expected: str) -> None:
    assert dutch_date(day) == expected
