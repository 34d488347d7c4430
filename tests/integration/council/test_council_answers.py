"""What residents read about meetings and decisions, from the import to the answer of the action."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

import pytest

from actions.answers import ActionAntwoord
from actions.guarded import Surroundings as ActionSurroundings
from actions.turn import ActionTurn
from participation import content
from participation.council import feeds
from participation.council.sources import Surroundings
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import AnswerOverride, LocalFact
from participation.reply import Reply
from participation.services import demonstration
from participation.settings import Settings
from tests.council_site import Site
from tests.integration.council.conftest import AMERSFOORT, UTRECHT, AddFeed, ImportTable

Ask = Callable[..., Awaitable[Reply]]

HEAD = "soort;nummer;datum;begin;eind;naam;orgaan;plaats;url;livestream;status;vergadering\n"
TABLE = (
    HEAD
    + """vergadering;V0;2026-11-05;19:30;22:30;Raadsvergadering;;;;;;
vergadering;C1;2026-11-24;19:30;22:30;Commissie Stad;;;;;;
vergadering;V1;2026-11-26;19:30;22:30;Raadsvergadering;;Theater;;;afgelast;
vergadering;V2;2026-12-03;19:30;22:30;Raadsvergadering;;de raadszaal;https://raad.example/3;https://raad.example/live;;
agendapunt;;;;;Opening;;;;;;V2
agendapunt;;;;;Fietspad langs de Vecht;;;;;;V2
raadsbesluit;B1;2026-11-05;;;Parkeerbeleid en betaald parkeren binnenstad;;;https://raad.example/b1;;;V0
motie;M1;2026-10-01;;;Motie gratis parkeren bij het ziekenhuis;;;https://raad.example/m1;;;
brief;D1;2026-09-03;;;Brief over parkeren;;;https://raad.example/d1;;;
brief;D2;2026-08-03;;;Brief over parkeren in de zomer;;;https://raad.example/d2;;;
raadsvoorstel;D3;2026-12-03;;;Voorstel parkeren op zondag;;;https://raad.example/d3;;;V2
raadsbesluit;B2;2026-06-04;;;Woningbouw Merwede;;;https://raad.example/b2;;;
"""
)


@pytest.fixture
def ask(database: Database, now: datetime) -> Ask:
    """Ask as a resident does, through the action; returns the first message."""

    async def asked(topic: str, question: str = "", code: str | None = UTRECHT, at: datetime = now) -> Reply:
        settings = Settings(demo=True)
        turn = ActionTurn(
            database=database,
            settings=settings,
            now=at,
            conversation_id=uuid.uuid4(),
            resident_id=uuid.uuid4(),
            channel="web",
            municipality_code=code,
            text=question,
            choice=None,
            intent="vraag",
            topic=topic,
            ranking=[],
            slots={},
        )
        await ActionAntwoord(ActionSurroundings(database, settings, lambda: at)).handle(turn)
        return turn.replies[0]

    return asked


def titles(reply: Reply) -> dict[str, str]:
    return {link.url: link.title for link in reply.links if "raad.example" in link.url}


async def test_the_next_meeting_is_the_first_of_the_council_that_goes_on(ask: Ask, import_table: ImportTable) -> None:
    await import_table(TABLE)
    reply = await ask("raad_vergadering_wanneer", "Wanneer is de volgende raadsvergadering?")
    assert "De raad van Utrecht komt weer bij elkaar: donderdag 3 december 2026 om 19.30 uur." in reply.text
    assert "De plek is: de raadszaal." in reply.text
    assert titles(reply) == {"https://raad.example/3": "De raad komt bij elkaar op 3 december 2026"}


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-12-03T08:00:00Z", "vandaag om 19.30 uur"),
        ("2026-12-03T21:29:00Z", "vandaag om 19.30 uur"),
        ("2026-12-03T21:31:00Z", None),
        ("2026-12-02T23:30:00Z", "vandaag om 19.30 uur"),
        ("2026-12-02T22:30:00Z", "donderdag 3 december 2026 om 19.30 uur"),
    ],
)
async def test_todays_meeting_is_called_today_until_it_is_over(
    ask: Ask, import_table: ImportTable, at: str, said: str | None
) -> None:
    await import_table(TABLE)
    text = (await ask("raad_vergadering_wanneer", at=datetime.fromisoformat(at))).text
    expected = f"komt weer bij elkaar: {said}." if said else "staat op de kalender van de raad"
    assert expected in text


async def test_one_meeting_of_two_feeds_is_off_when_one_says_so_and_has_the_agenda_that_one_knows(
    ask: Ask,
    import_table: ImportTable,
    database: Database,
    site: Site,
    around: Surroundings,
    add_feed: AddFeed,
    now: datetime,
) -> None:
    await import_table(TABLE)
    calendar = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n"
    for number, day in enumerate(("1126", "1203")):
        calendar += f"BEGIN:VEVENT\nUID:{number}\nSUMMARY:Raad\nDTSTART:2026{day}T183000Z\nEND:VEVENT\n"
    feed = await add_feed("ical", site.put("/raad.ics", f"{calendar}END:VCALENDAR\n"))
    assert (await feeds.update(database, around, feed=feed, now=now)).added == 2
    text = (await ask("raad_agenda_stukken")).text
    assert "vergadert donderdag 3 december 2026 om 19.30 uur. Dit staat op de agenda:\n- Opening" in text


async def test_a_meeting_in_summer_is_told_in_summer_time(ask: Ask, import_table: ImportTable) -> None:
    await import_table(f"{HEAD}vergadering;Z;2027-07-01;19:30;;Raad;;;;;;\n")
    assert "donderdag 1 juli 2027 om 19.30 uur." in (await ask("raad_vergadering_wanneer")).text


async def test_a_day_without_a_time_is_told_without_one(ask: Ask, import_table: ImportTable) -> None:
    await import_table(f"{HEAD}vergadering;Z;2026-11-23;;;Raad;;;;;;\n")
    assert "komt weer bij elkaar: vandaag." in (await ask("raad_vergadering_wanneer")).text


async def test_without_a_calendar_everything_is_as_it_was(ask: Ask, import_table: ImportTable) -> None:
    """Also for the neighbours of a municipality that has one, and for who has not said where they live."""
    await import_table(TABLE)
    for topic in ("raad_vergadering_wanneer", "raad_vergadering_bijwonen", "raad_agenda_stukken", "raad_stemgedrag"):
        answer = content.answers()[topic]
        for code, name in ((AMERSFOORT, "Amersfoort"), (None, "uw gemeente")):
            reply = await ask(topic, "Wat besloot de raad over parkeren?", code=code)
            for part in answer.local:
                assert part.otherwise.replace("{gemeente}", name) in reply.text
            assert titles(reply) == {}


async def test_the_agenda_is_told_with_its_points(ask: Ask, import_table: ImportTable) -> None:
    await import_table(TABLE)
    reply = await ask("raad_agenda_stukken", "wat staat er op de agenda")
    assert (
        "De raad van Utrecht vergadert donderdag 3 december 2026 om 19.30 uur. Dit staat op de agenda:\n"
        "- Opening\n- Fietspad langs de Vecht\n"
    ) in reply.text
    assert list(titles(reply)) == ["https://raad.example/3"]


async def test_a_long_agenda_is_cut_and_an_unknown_one_is_said(ask: Ask, import_table: ImportTable) -> None:
    meeting = f"{HEAD}vergadering;V;2026-12-03;19:30;;Raad;;;;;;\n"
    await import_table(meeting)
    assert "Ik weet nog niet wat er op de agenda staat." in (await ask("raad_agenda_stukken")).text
    await import_table(meeting + "".join(f"agendapunt;;;;;Punt {number};;;;;;V\n" for number in range(11)))
    text = (await ask("raad_agenda_stukken")).text
    assert ("- Punt 7\nEn nog 3 andere punten." in text, "Punt 8" in text) == (True, False)


async def test_where_to_watch_comes_with_the_link(ask: Ask, import_table: ImportTable) -> None:
    await import_table(TABLE)
    reply = await ask("raad_vergadering_bijwonen", "waar kan ik meekijken")
    assert "U kunt de raad van Utrecht online volgen op https://raad.example/live." in reply.text
    assert "De raad van Utrecht komt weer bij elkaar: donderdag 3 december 2026 om 19.30 uur." in reply.text
    assert titles(reply)["https://raad.example/live"] == "Hier kunt u meekijken"


async def test_decisions_are_found_by_the_words_of_the_question(ask: Ask, import_table: ImportTable) -> None:
    """At most three, those that tell a decision first, and nothing that is still to come."""
    await import_table(TABLE)
    reply = await ask("raad_stemgedrag", "Wat heeft de raad van Utrecht besloten over het parkeren?")
    assert "Dit vond ik in de stukken van de raad van Utrecht:\n- " in reply.text
    found = titles(reply)
    assert len(found) == 3
    assert found["https://raad.example/b1"] == (
        "Parkeerbeleid en betaald parkeren binnenstad (raadsbesluit, 5 november 2026)"
    )
    assert found["https://raad.example/m1"] == "Motie gratis parkeren bij het ziekenhuis (motie, 1 oktober 2026)"
    assert list(found)[2] == "https://raad.example/d1"


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("besluit over parkeren bij ziekenhuizen", ["https://raad.example/m1"]),
        ("is er besloten over woning in merwede?", ["https://raad.example/b2"]),
        ("hoe stemde de raad over WONINGBOUW", ["https://raad.example/b2"]),
        ("wat besloot de raad over zwembaden en woningbouw", ["https://raad.example/b2"]),
        ("wat besloot de raad over parkeerbeleid", ["https://raad.example/b1"]),
        ("wat besloot de raad over zwembaden", []),
        ("'; DROP TABLE meeting; -- o'neill & | ! :* \\ <->", []),
    ],
)
async def test_other_forms_of_a_word_and_fewer_words_find_it_too(
    ask: Ask, import_table: ImportTable, question: str, found: list[str]
) -> None:
    await import_table(TABLE)
    reply = await ask("raad_stemgedrag", question)
    assert list(titles(reply)) == found
    assert ("vond ik hier niets over" in reply.text) == (not found)


async def test_a_question_without_a_subject_gets_the_answer_alone(ask: Ask, import_table: ImportTable) -> None:
    await import_table(TABLE)
    reply = await ask("raad_stemgedrag", "Wat besloot de raad en wie stemde voor?")
    assert (titles(reply), "vond ik" in reply.text) == ({}, False)


async def test_old_data_say_how_old_they_are(
    ask: Ask, database: Database, site: Site, around: Surroundings, add_feed: AddFeed, now: datetime
) -> None:
    calendar = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nSUMMARY:Raad\n"
    calendar += "DTSTART:20261203T183000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    feed = await add_feed("ical", site.put("/raad.ics", calendar), fresh_hours=48)
    await feeds.update(database, around, feed=feed, now=now)
    warning = "Let op: wat ik van deze vergadering weet, is van 23 november 2026."
    for at, warned in (("2026-11-25T09:00:00Z", False), ("2026-11-25T10:00:00Z", True)):
        text = (await ask("raad_vergadering_wanneer", at=datetime.fromisoformat(at))).text
        assert ("donderdag 3 december 2026 om 19.30 uur" in text, warning in text) == (True, warned)


@pytest.mark.parametrize("subject", ["het parkeren", "zwembaden"])
async def test_old_papers_say_how_old_they_are_whether_or_not_something_is_found(
    ask: Ask, import_table: ImportTable, subject: str
) -> None:
    question, warning = f"wat besloot de raad over {subject}", "Let op: wat ik van de stukken weet, is van 1 juni 2026."
    await import_table(TABLE, at=datetime.fromisoformat("2026-06-01T09:00:00Z"))
    assert warning in (await ask("raad_stemgedrag", question)).text
    await import_table(TABLE)
    assert "wat ik van de stukken weet" not in (await ask("raad_stemgedrag", question)).text


async def test_the_calendar_goes_before_a_fact_and_behind_the_municipalitys_own_words(
    ask: Ask, database: Database, import_table: ImportTable, now: datetime
) -> None:
    rows: list[Any] = [
        LocalFact(
            municipality_code=UTRECHT,
            name="volgende_vergadering",
            value="ooit",
            source="x",
            checked_on=date.min,
        ),
        AnswerOverride(
            municipality_code=UTRECHT,
            topic="raad_agenda_stukken",
            short="Kijk op onze site.",
            source_name="Utrecht",
            source_url="https://utrecht.example",
            checked_on=date(2026, 11, 1),
            published_at=now,
        ),
    ]
    async with database.session(UTRECHT) as session:
        session.add_all(rows)
    try:
        assert "komt weer bij elkaar: ooit." in (await ask("raad_vergadering_wanneer")).text
        await import_table(TABLE)
        assert "donderdag 3 december" in (await ask("raad_vergadering_wanneer")).text
        reply = await ask("raad_agenda_stukken")
        assert reply.text == (
            "Kijk op onze site.\n\n"
            "De raad van Utrecht vergadert donderdag 3 december 2026 om 19.30 uur. Dit staat op de agenda:\n"
            "- Opening\n- Fietspad langs de Vecht\n\nNagekeken op 1 november 2026."
        )
        assert [link.url for link in reply.links] == ["https://raad.example/3", "https://utrecht.example"]
    finally:
        async with database.session(UTRECHT) as session:
            for row in rows:
                await session.delete(await session.merge(row))


@pytest.mark.parametrize(
    ("topic", "short", "said"),
    [
        ("raad_vergadering_wanneer", "Om de week.", "Om de week.\n\nDe raad van Utrecht komt weer bij elkaar: {when}."),
        ("raad_vergadering_wanneer", "Dat is {volgende_vergadering}.", "Dat is {when}."),
        (
            "raad_vergadering_bijwonen",
            "Kom naar {vergaderlocatie}.",
            "Kom naar de raadszaal.\n\nDe raad van Utrecht komt",
        ),
        (
            "inspreken",
            "U spreekt in op {volgende_vergadering}. Welkom.",
            "U spreekt in op {when}. Welkom.\n\nNagekeken",
        ),
        ("inspreken", "Welkom.", "Welkom.\n\nNagekeken"),
        ("griffie", "Kijk mee: {livestream_url}", "Kijk mee: https://raad.example/live"),
    ],
)
async def test_an_own_text_gets_what_the_calendar_knows(
    ask: Ask, database: Database, import_table: ImportTable, now: datetime, topic: str, short: str, said: str
) -> None:
    row = AnswerOverride(
        municipality_code=UTRECHT,
        topic=topic,
        short=short,
        source_name="Utrecht",
        source_url="https://utrecht.example",
        checked_on=date(2026, 11, 1),
        published_at=now,
    )
    async with database.session(UTRECHT) as session:
        session.add(row)
    try:
        without = (await ask(topic)).text
        assert "3 december" not in without
        await import_table(TABLE, at=datetime.fromisoformat("2026-06-01T09:00:00Z"))
        late = "Let op: wat ik van deze vergadering weet, is van 1 juni 2026."
        assert (late in (await ask(topic)).text) is (short != "Welkom.")
        await import_table(TABLE)
        text = (await ask(topic)).text
        assert (text.startswith(said.format(when="donderdag 3 december 2026 om 19.30 uur")), late in text) == (
            True,
            False,
        )
    finally:
        async with database.session(UTRECHT) as session:
            await session.delete(await session.merge(row))


async def test_an_own_text_that_only_tells_the_next_meeting_gives_way_when_none_is_known(
    ask: Ask, database: Database, import_table: ImportTable, now: datetime
) -> None:
    row = AnswerOverride(
        municipality_code=UTRECHT,
        topic="raad_vergadering_bijwonen",
        short="Kom {volgende_vergadering}.",
        source_name="Utrecht",
        source_url="https://utrecht.example",
        checked_on=date(2026, 11, 1),
        published_at=now,
    )
    async with database.session(UTRECHT) as session:
        session.add(row)
    try:
        national = content.answers()["raad_vergadering_bijwonen"].short
        assert (await ask("raad_vergadering_bijwonen")).text.startswith(national[:40])
        await import_table(TABLE)
        reply = await ask("raad_vergadering_bijwonen")
        assert reply.text.startswith("Kom donderdag 3 december 2026 om 19.30 uur.\n\nNagekeken")
    finally:
        async with database.session(UTRECHT) as session:
            await session.delete(await session.merge(row))


async def test_the_demonstration_answers_all_four_with_something_made_up(
    ask: Ask, database: Database, database_url: str, now: datetime
) -> None:
    owner = Database(database_url)
    for _ in range(2):
        async with owner.session(EVERY_MUNICIPALITY) as session:
            await demonstration.make(session, now=now)
    await owner.close()
    for code in (UTRECHT, AMERSFOORT):
        assert "donderdag 3 december 2026 om 19.30 uur" in (await ask("raad_vergadering_wanneer", code=code)).text
        assert "Sprookjeswijk" in (await ask("raad_agenda_stukken", code=code)).text
        assert "demo.example/raad/kijken" in (await ask("raad_vergadering_bijwonen", code=code)).text
        reply = await ask("raad_stemgedrag", "Wat besloot de raad over de speeltuin?", code=code)
        assert "Voorbeeld: motie speeltuin in de Verzonnen Buurt (motie, " in reply.text
