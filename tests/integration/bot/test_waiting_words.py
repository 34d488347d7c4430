"""A half contribution outlives Rasa's memory of the form: it waits in the conversation."""

import uuid
from datetime import datetime
from typing import Any

import pytest

from bot.gateway import Gateway
from bot.turn import Turn
from bot.visits import Opened
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.foreign import foreign_texts
from participation.models import Conversation, Message
from participation.reply import LEAVE, Button
from participation.services import contributions
from participation.services.contributions import Draft
from tests.integration.bot.conftest import UTRECHT, RasaDouble, always, button, contributions_of, said

CONCEPT = "2f6c4a4e-6a0a-4f0e-8f54-0d0a1b2c3d4e"
STORY = "De bankjes in het park zijn weg en dat vinden wij jammer."
DRAFT: dict[str, Any] = {"concept": CONCEPT, "text": STORY, "municipality": UTRECHT, "earlier": []}
YES = {"intent": "inbreng_doen", "inbreng": "ja", "concept": CONCEPT}
READ_BACK = said(
    "Klopt dit?",
    soort="bevestiging",
    knoppen=[{"titel": "Ja, geef dit door", "betekenis": YES}],
    verwacht={"ja": YES, "inbreng": DRAFT},
)
ANSWER = said("De raad is het hoogste bestuur.")


async def says(gateway: Gateway, opened: Opened, text: str) -> list[Message]:
    return await gateway.handle(Turn(opened.conversation_id, uuid.uuid4().hex, text=text))


async def presses(gateway: Gateway, opened: Opened, message: Message, title: str) -> list[Message]:
    return await gateway.handle(Turn(opened.conversation_id, uuid.uuid4().hex, choice=button(message, title)))


@pytest.fixture
async def read_back(gateway: Gateway, opened: Opened, rasa: RasaDouble) -> Message:
    """The form's last question; from then on Rasa answers as if it had never asked."""
    rasa.behaviour = always(200, READ_BACK)
    [message] = await says(gateway, opened, STORY)
    rasa.behaviour = always(200, ANSWER)
    return message


async def test_rasa_gets_the_half_contribution_back_with_every_turn(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, read_back: Message
) -> None:
    await says(gateway, opened, "Wat doet de raad?")
    assert rasa.turns[-1]["metadata"]["concept"] == DRAFT


async def test_words_that_wait_are_told_once_after_another_answer(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, read_back: Message
) -> None:
    answer, reminder = await says(gateway, opened, "Wat doet de raad?")
    assert answer.body["tekst"] == "De raad is het hoogste bestuur."
    assert reminder.body["tekst"] == content.text("inbreng_nog_open", tekst=STORY)
    assert [one["titel"] for one in reminder.body["knoppen"]] == ["Ga hiermee verder", "Gooi het weg"]
    assert len(await says(gateway, opened, "En het college?")) == 1
    await presses(gateway, opened, reminder, "Ga hiermee verder")
    asked = rasa.turns[-1]
    assert asked["keuze"] == {"intent": "inbreng_doen", "inbreng": "hervat", "concept": CONCEPT}
    assert asked["metadata"]["concept"] == {**DRAFT, "herinnerd": True}


CODE = {"intent": "inbreng_status", "nummer": "SP-2026-000123-K", "verder": "code_verder"}
ASKED_CODE = said(
    "Typ de code.", soort="vraag", knoppen=[{"titel": "Stoppen", "betekenis": LEAVE}], verwacht={"woorden": CODE}
)


async def test_a_question_in_between_is_answered_before_anybody_hears_of_waiting_words(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, read_back: Message
) -> None:
    rasa.behaviour = always(200, ASKED_CODE)
    [asked] = await says(gateway, opened, "SP-2026-000123-K")
    assert asked.body["tekst"] == "Typ de code."
    rasa.behaviour = always(200, ANSWER)
    answer, reminder = await says(gateway, opened, "1234-ABCD-EFGH")
    assert rasa.turns[-1]["keuze"] == {**CODE, "woorden": True}
    assert (answer.body["soort"], reminder.body["soort"]) == ("antwoord", "keuze")


@pytest.mark.parametrize("how", ["typed", "button", "menu"])
async def test_leaving_a_question_in_between_leaves_the_waiting_words_alone(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, read_back: Message, how: str
) -> None:
    rasa.behaviour = always(200, ASKED_CODE)
    [asked] = await says(gateway, opened, "SP-2026-000123-K")
    turns = len(rasa.turns)
    chat, number = opened.conversation_id, uuid.uuid4().hex
    stop = {
        "typed": Turn(chat, number, text="stop"),
        "button": Turn(chat, number, choice=button(asked, "Stoppen")),
        "menu": Turn(chat, number, command=Button("Stoppen", {"intent": "stoppen"})),
    }[how]
    left, reminder = await gateway.handle(stop)
    assert left.body["tekst"] == content.text("stoppen")
    assert reminder.body["tekst"] == content.text("inbreng_nog_open", tekst=STORY)
    assert len(rasa.turns) == turns


async def test_stopping_at_a_question_of_the_form_itself_is_for_the_form(
    gateway: Gateway, opened: Opened, rasa: RasaDouble
) -> None:
    place = {"intent": "inbreng_doen", "inbreng": "plek_gegeven", "concept": CONCEPT}
    rasa.behaviour = always(200, said("Waar is dit?", soort="vraag", verwacht={"woorden": place, "inbreng": DRAFT}))
    await says(gateway, opened, "een andere plek")
    await says(gateway, opened, "stop")
    assert (rasa.turns[-1]["tekst"], rasa.turns[-1]["keuze"]) == ("stop", None)


async def test_an_answer_of_the_form_itself_needs_no_reminder(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, read_back: Message
) -> None:
    rasa.behaviour = always(200, READ_BACK)
    assert len(await says(gateway, opened, "En de lampen zijn stuk.")) == 1


async def test_a_typed_yes_a_day_later_is_about_the_same_words(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, read_back: Message
) -> None:
    await says(gateway, opened, "ja")
    assert rasa.turns[-1]["keuze"] == YES


async def test_after_the_end_there_is_nothing_to_go_on_with(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, read_back: Message, database: Database
) -> None:
    rasa.behaviour = always(200, said("Goed, ik geef dit niet door.", verwacht={"inbreng": None}))
    await says(gateway, opened, "stop")
    asked = len(rasa.turns)
    [refused] = await presses(gateway, opened, read_back, "Ja, geef dit door")
    assert (refused.body["soort"], refused.body["tekst"]) == ("fout", content.text("knop_verlopen"))
    assert (len(rasa.turns), await contributions_of(database, opened)) == (asked, [])
    rasa.behaviour = always(200, ANSWER)
    assert len(await says(gateway, opened, "Wat doet de raad?")) == 1
    assert rasa.turns[-1]["metadata"]["concept"] is None


async def test_a_fault_of_rasa_loses_nothing_of_it(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, read_back: Message
) -> None:
    rasa.behaviour = always(500, b"{}")
    assert [message.body["soort"] for message in await says(gateway, opened, "En de lampen.")] == ["fout"]
    rasa.behaviour = always(200, READ_BACK)
    await says(gateway, opened, "En de lampen.")
    assert rasa.turns[-1]["metadata"]["concept"] == DRAFT


async def test_what_was_logged_while_the_answer_got_lost_gives_its_number(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, read_back: Message, database: Database, now: datetime
) -> None:
    """Rasa was too slow to say so: the resident presses again."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        conversation = await session.get_one(Conversation, opened.conversation_id)
        logged = await contributions.log_contribution(
            session,
            municipality_code=UTRECHT,
            draft=Draft(uuid.UUID(CONCEPT), STORY, conversation.resident_id, conversation.id, "web"),
            now=now,
        )
    asked = len(rasa.turns)
    told, question = await presses(gateway, opened, read_back, "Ja, geef dit door")
    expected = content.text("inbreng_vastgelegd", gemeente="Utrecht", nummer=logged.reference)
    assert told.body["tekst"].startswith(expected)
    assert question.body["soort"] == "vraag"  # whether the council may have it: nobody asked that yet
    assert (len(rasa.turns), len(await contributions_of(database, opened))) == (asked, 1)
    await says(gateway, opened, "Wat doet de raad?")
    assert rasa.turns[-1]["metadata"]["concept"] is None


FOREIGN = {
    "en": "There are no buses in our street in the evening any more.",
    "tr": "Sokağımızda arabalar çok hızlı gidiyor, çocuklar için tehlikeli.",
    "ar": "السيارات تسير بسرعة كبيرة في شارعنا",
    "pl": "Autobusy wieczorem już nie jeżdżą przez naszą dzielnicę.",
    "uk": "На нашій вулиці машини їздять надто швидко.",
}


@pytest.mark.parametrize("code", FOREIGN)
async def test_another_language_gets_an_answer_in_it_and_the_words_can_be_passed_on(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, code: str
) -> None:
    [message] = await says(gateway, opened, FOREIGN[code])
    texts = foreign_texts()[code]
    assert message.body["tekst"] == texts["antwoord"].strip()
    assert rasa.turns == []
    await presses(gateway, opened, message, texts["knop"])
    assert rasa.turns[-1]["keuze"] == {"intent": "inbreng_doen", "tekst": FOREIGN[code]}


async def test_words_in_another_language_inside_the_form_are_the_story(
    gateway: Gateway, opened: Opened, rasa: RasaDouble
) -> None:
    open_form = {"concept": CONCEPT, "text": None, "municipality": UTRECHT, "earlier": []}
    rasa.behaviour = always(200, said("Wat wilt u vertellen?", soort="vraag", verwacht={"inbreng": open_form}))
    await says(gateway, opened, "ik wil iets doorgeven")
    await says(gateway, opened, FOREIGN["en"])
    assert rasa.turns[-1]["tekst"] == FOREIGN["en"]
