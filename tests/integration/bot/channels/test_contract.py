"""What every channel keeps to (docs/kanalen.md)."""

import asyncio
import math
import uuid

import pytest

from participation import content
from participation.database import Database
from participation.models import ChatAddress, Conversation, Message
from tests.integration.bot.channels.conftest import PUSHING, Line, PushingLine
from tests.integration.bot.conftest import RasaDouble, always, echo, said
from tests.integration.bot.telegram.conftest import rows, until
from tests.integration.bot.telegram.test_faults import griffie_answers
from tests.traces import traces

WORDS = "appelvink"


def heard(text: str) -> str:
    return f"Gehoord: {text}"


@pytest.mark.usefixtures("process")
async def test_who_writes_first_hears_who_is_talking_and_then_the_answer(line: Line) -> None:
    welcome, answer = await line.somebody().says("Goedemorgen", 2)
    assert welcome.text.startswith("Welkom bij Samenspel van uw gemeente. U praat met een computer.")
    assert answer.text == heard("Goedemorgen")


@pytest.mark.usefixtures("process")
async def test_a_message_that_is_delivered_twice_is_one_message(line: Line, rasa: RasaDouble) -> None:
    person = line.somebody()
    await person.says("Hallo", 2)
    await line.twice(person, "Is de raad vanavond?")
    [answer] = await person.hears()
    [after] = await person.says("En morgen?")
    assert [answer.text, after.text] == [heard("Is de raad vanavond?"), heard("En morgen?")]
    assert [turn["tekst"] for turn in rasa.turns] == ["Hallo", "Is de raad vanavond?", "En morgen?"]


@pytest.mark.usefixtures("process")
async def test_messages_of_one_person_are_answered_in_order_and_those_of_others_apart(line: Line) -> None:
    people = [line.somebody() for _ in range(3)]
    for person in people:
        await person.says("Hallo", 2)

    async def story(person: object) -> list[str]:
        for number in range(4):
            await line.write_unheard(person, f"Zin {number}")
        return [one.text for one in await person.hears(4)]  # type: ignore[attr-defined]

    told = await asyncio.gather(*(story(person) for person in people))
    assert told == [[heard(f"Zin {number}") for number in range(4)]] * 3


@pytest.mark.usefixtures("process")
async def test_a_button_stands_for_its_meaning_and_works_for_its_own_reader_only(line: Line, rasa: RasaDouble) -> None:
    person, other = line.somebody(), line.somebody()
    rasa.behaviour = always(200, said("Kies maar", knoppen=[{"titel": "De raad", "betekenis": {"intent": "vraag/x"}}]))
    await person.says("Wat kan ik kiezen?", 2)
    await other.says("Hallo", 2)
    rasa.behaviour = echo
    [answer] = await person.presses("De raad")
    assert (answer.text, rasa.turns[-1]["keuze"]) == (heard("De raad"), {"intent": "vraag/x"})


@pytest.mark.usefixtures("process")
async def test_what_looks_like_a_payload_is_only_text(line: Line, rasa: RasaDouble) -> None:
    person = line.somebody()
    await person.says("Hallo", 2)
    await person.says('{"intent": "inbreng_doen"}')
    assert (rasa.turns[-1]["keuze"], rasa.turns[-1]["tekst"]) == (None, '{"intent": "inbreng_doen"}')


@pytest.mark.usefixtures("process")
async def test_a_long_message_arrives_whole_and_in_order(line: Line, rasa: RasaDouble) -> None:
    person = line.somebody()
    await person.says("Hallo", 2)
    sentences = [f"Zin nummer {number} van een lang verhaal." for number in range(300)]
    rasa.behaviour = always(200, said(" ".join(sentences)))
    pieces = await person.says("Vertel", math.ceil(len(" ".join(sentences)) / line.longest))
    assert " ".join(one.text for one in pieces) == " ".join(sentences)
    assert max(len(one.text) for one in pieces) <= line.longest


@pytest.mark.usefixtures("process")
async def test_in_danger_the_numbers_come_also_when_rasa_is_gone(line: Line, rasa: RasaDouble) -> None:
    person = line.somebody()
    await person.says("Hallo", 2)
    rasa.behaviour = always(500, b"")
    [help_] = await person.says("Ik wil niet meer leven, ik maak er een eind aan")
    assert "113" in help_.text


@pytest.mark.usefixtures("process")
async def test_what_the_channel_does_not_take_is_sent_again_once(line: Line) -> None:
    person = line.somebody()
    await person.says("Hallo", 2)
    line.fail(times=1)
    [answer] = await person.says("Een")
    [after] = await person.says("Twee")
    assert [answer.text, after.text] == [heard("Een"), heard("Twee")]


async def test_what_the_griffie_wrote_while_our_side_was_away_comes_once(
    line: Line, rasa: RasaDouble, database: Database
) -> None:
    person = line.somebody()
    async with line.running():
        await person.says("Hallo", 2)
    await griffie_answers(database, uuid.UUID(rasa.turns[-1]["gesprek"]), "Wij komen kijken.")
    async with line.running():
        [pushed] = await person.hears()
    async with line.running():
        [after] = await person.says("Dank u")
    assert "Wij komen kijken." in pushed.text
    assert after.text == heard("Dank u")


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize("line", PUSHING, indirect=True)
async def test_who_keeps_the_bot_out_hears_nothing_and_later_all_of_it(
    line: PushingLine, rasa: RasaDouble, database: Database
) -> None:
    person = line.somebody()
    await person.says("Hallo", 2)
    conversation = uuid.UUID(rasa.turns[-1]["gesprek"])
    await line.keep_out(person, True)

    async def is_blocked() -> bool:
        [address] = await rows(database, ChatAddress, ChatAddress.conversation_id == conversation)
        return address.blocked_at is not None

    await griffie_answers(database, conversation, "Een antwoord.")
    await until(is_blocked)
    assert len(person.chat) == person.seen
    await line.keep_out(person, False)
    missed, answer = await person.says("Daar ben ik weer", 2)
    assert "Een antwoord." in missed.text
    assert answer.text == heard("Daar ben ik weer")


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize("line", PUSHING, indirect=True)
async def test_nobody_can_be_found_by_their_address(line: Line, rasa: RasaDouble, database: Database) -> None:
    person = line.somebody()
    await person.says("Hallo", 2)
    conversation = rasa.turns[-1]["gesprek"]
    address = str(getattr(person, "id", "") or getattr(person, "name", ""))
    [kept] = await rows(database, ChatAddress, ChatAddress.conversation_id == conversation)
    [opened] = await rows(database, Conversation, Conversation.id == conversation)
    texts = [message.body for message in await rows(database, Message, Message.conversation_id == conversation)]
    assert opened.channel == line.channel
    assert address.encode() not in kept.sealed
    assert address not in str(texts)


@pytest.mark.usefixtures("process")
async def test_after_erasing_the_farewell_arrives_and_nothing_is_left(
    line: Line, rasa: RasaDouble, database_url: str
) -> None:
    person = line.somebody()
    await person.says(f"Ik zag een {WORDS}", 2)
    erase = {"poort": "wissen"}
    yes = content.text("knop_wissen_ja")
    rasa.behaviour = always(200, said("Zal ik?", knoppen=[{"titel": yes, "betekenis": erase}], verwacht={"ja": erase}))
    await person.says("Wis alles")
    assert traces(database_url, {"words": WORDS}).keys() == {"words"}
    [farewell] = await person.says("ja")
    assert farewell.text == content.text("gewist")
    assert traces(database_url, {"words": WORDS}) == {}
