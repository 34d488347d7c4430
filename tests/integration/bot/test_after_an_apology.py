"""After an apology: trying once more what was said or pressed, or handing the words to the griffie."""

import asyncio
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import answering, replies
from bot.gateway import Gateway
from bot.turn import Turn
from bot.visits import Opened
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Conversation
from participation.services import contributions, conversations, municipalities
from participation.services.contributions import Draft
from tests.integration.bot.conftest import (
    UTRECHT,
    RasaDouble,
    always,
    button,
    contributions_of,
    echo,
    press,
    received,
    said,
    say,
    text_of,
)

APOLOGY, AGAIN, OVER = content.text("fout"), content.text("knop_opnieuw"), content.text("knop_griffie")
STORY = "De bankjes in het park zijn weg en dat vinden wij jammer."
BROKEN = always(500, b"{}")


async def test_trying_again_asks_the_same_words(gateway: Gateway, opened: Opened, rasa: RasaDouble) -> None:
    rasa.behaviour = BROKEN
    [apology] = await say(gateway, opened, STORY)
    rasa.behaviour = echo
    assert text_of(await press(gateway, opened, button(apology, AGAIN))) == [f"Gehoord: {STORY}"]
    assert [(turn["tekst"], turn["keuze"]) for turn in rasa.turns] == [(STORY, None)] * 2
    assert rasa.turns[1]["metadata"] == rasa.turns[0]["metadata"]


async def test_trying_again_and_again_never_loses_the_words(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    rasa.behaviour = BROKEN
    [apology] = await say(gateway, opened, STORY)
    for _ in range(3):
        [apology] = await press(gateway, opened, button(apology, AGAIN))
        assert [one["titel"] for one in apology.body["knoppen"]] == [AGAIN, OVER]
    assert [(turn["tekst"], turn["keuze"]) for turn in rasa.turns] == [(STORY, None)] * 4
    await press(gateway, opened, button(apology, OVER))
    assert await contributions_of(database, opened) == [(STORY, UTRECHT)]


async def test_trying_a_button_again_means_the_same_as_the_button(
    gateway: Gateway, opened: Opened, rasa: RasaDouble
) -> None:
    """A pressed button holds no words for the griffie: only trying again is offered."""
    rasa.behaviour = BROKEN
    apologies = await press(gateway, opened, button(opened.messages[0], content.text("knop_raad")))
    for _ in range(2):
        [apology] = apologies
        assert apology.body["tekst"] == content.text("fout_zonder_tekst")
        assert [one["titel"] for one in apology.body["knoppen"]] == [AGAIN]
        apologies = await press(gateway, opened, button(apology, AGAIN))
    assert [turn["keuze"] for turn in rasa.turns] == [{"intent": "vraag/raad_wat_is"}] * 3
    assert [turn["tekst"] for turn in rasa.turns] == [content.text("knop_raad")] * 3


async def test_what_fails_while_it_is_tried_again_can_be_tried_again(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The button that failed is not what somebody said."""
    whole, faults = gateway._answering._ask_rasa, [RuntimeError("opnieuw")] * 2

    async def failing(*given: Any, **named: Any) -> Any:
        if faults:
            raise faults.pop()
        return await whole(*given, **named)

    rasa.behaviour = BROKEN
    [apology] = await say(gateway, opened, STORY)
    monkeypatch.setattr(gateway._answering, "_ask_rasa", failing)
    for _ in range(2):
        [apology] = await press(gateway, opened, button(apology, AGAIN))
        assert (apology.body["tekst"], [one["titel"] for one in apology.body["knoppen"]]) == (APOLOGY, [AGAIN, OVER])
    rasa.behaviour = echo
    assert text_of(await press(gateway, opened, button(apology, AGAIN))) == [f"Gehoord: {STORY}"]
    await press(gateway, opened, button(apology, OVER))
    assert await contributions_of(database, opened) == [(STORY, UTRECHT)]


async def test_a_button_of_before_that_tries_a_try_again_tries_what_was_said(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    rasa.behaviour = BROKEN
    [apology] = await say(gateway, opened, STORY)
    await press(gateway, opened, button(apology, AGAIN))
    pressed = (await received(database, opened))[-1]
    async with database.session(EVERY_MUNICIPALITY) as session:
        [odd] = await conversations.answer(
            session,
            conversation_id=opened.conversation_id,
            replies=[replies.apology(pressed.id, with_words=True).to_json()],
            in_reply_to=None,
            now=datetime.now(UTC),
        )
    rasa.behaviour = echo
    assert text_of(await press(gateway, opened, button(odd, AGAIN))) == [f"Gehoord: {STORY}"]


async def test_a_button_that_rasa_knows_nothing_of_can_be_tried_again(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, faults = answering.hand_over, [RuntimeError("opnieuw")]

    async def failing(*given: Any, **named: Any) -> Any:
        if faults:
            raise faults.pop()
        return await whole(*given, **named)

    monkeypatch.setattr(answering, "hand_over", failing)
    rasa.behaviour = BROKEN
    [apology] = await say(gateway, opened, STORY)
    [sorry] = await press(gateway, opened, button(apology, OVER))
    assert sorry.body["tekst"] == content.text("fout_zonder_tekst")
    receipt, *_ = await press(gateway, opened, button(sorry, AGAIN))
    assert "SP-2026-" in receipt.body["tekst"]
    assert await contributions_of(database, opened) == [(STORY, UTRECHT)]
    assert len(rasa.turns) == 1


async def test_words_that_are_tried_again_answer_what_was_asked_then_and_not_what_is_asked_now(
    gateway: Gateway, opened: Opened, rasa: RasaDouble
) -> None:
    """An old yes is none to another question: that could be whether to erase everything."""
    first, second = {"intent": "vraag/raad_wat_is"}, {"intent": "vraag/burgemeester"}
    rasa.behaviour = always(200, said("Klopt dit?", soort="bevestiging", verwacht={"ja": first}))
    await say(gateway, opened, STORY)
    rasa.behaviour = BROKEN
    [apology] = await say(gateway, opened, "ja")
    [again] = await press(gateway, opened, button(apology, AGAIN))
    assert [turn["keuze"] for turn in rasa.turns[1:]] == [first, first]
    rasa.behaviour = always(200, said("Wilt u dit ook?", soort="bevestiging", verwacht={"ja": second}))
    await say(gateway, opened, "Iets anders")
    asked = len(rasa.turns)
    for old in (apology, again):
        assert text_of(await press(gateway, opened, button(old, AGAIN))) == [content.text("knop_verlopen")]
    assert len(rasa.turns) == asked
    await say(gateway, opened, "ja")
    assert rasa.turns[-1]["keuze"] == second


async def test_a_yes_after_something_else_is_said_not_to_be_one_to_the_form(
    gateway: Gateway, opened: Opened, rasa: RasaDouble
) -> None:
    """Rasa's form would take it as one, and pass the contribution on."""
    draft = {"concept": str(uuid.uuid4()), "text": STORY, "municipality": UTRECHT}
    rasa.behaviour = always(200, said("Klopt dit?", soort="bevestiging", verwacht={"inbreng": draft}))
    await say(gateway, opened, STORY)
    await say(gateway, opened, "ja hoor")
    rasa.behaviour = BROKEN
    await say(gateway, opened, "Wie leest dat dan?")
    await say(gateway, opened, "graag")
    assert [turn["metadata"]["gevraagd"] for turn in rasa.turns] == [False, True, True, False]
    assert [turn["metadata"]["concept"] for turn in rasa.turns[1:]] == [draft] * 3


async def test_trying_the_yes_to_the_first_of_two_again_leaves_the_second_to_rasa(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    concept = uuid.uuid4()
    draft = {"concept": str(concept), "text": STORY, "municipality": UTRECHT, "rest": "En de lamp is stuk."}
    yes = {"intent": "inbreng_doen", "inbreng": "ja", "concept": str(concept)}
    asking = said("Klopt dit?", knoppen=[{"titel": "Ja", "betekenis": yes}], verwacht={"inbreng": draft})
    rasa.behaviour = always(200, asking)
    [asked] = await say(gateway, opened, STORY)
    async with database.session(EVERY_MUNICIPALITY) as session:
        conversation = await session.get_one(Conversation, opened.conversation_id)
        logged = Draft(concept, STORY, conversation.resident_id, conversation.id, "web")
        await contributions.log_contribution(session, municipality_code=UTRECHT, draft=logged, now=datetime.now(UTC))
    rasa.behaviour = echo
    answer, *_ = await press(gateway, opened, button(asked, "Ja"))
    assert answer.body["tekst"] == "Gehoord: Ja"
    assert rasa.turns[-1]["keuze"] == yes


async def test_a_failed_question_leaves_its_own_button_to_try_again(
    gateway: Gateway, opened: Opened, rasa: RasaDouble
) -> None:
    """Also while words are asked for: the apology is the last that is said."""
    about = {"intent": "inbreng_aanvullen", "inbreng": "woorden"}
    rasa.behaviour = always(200, said("Wat wilt u toevoegen?", verwacht={"woorden": about}))
    await say(gateway, opened, "Ik wil iets toevoegen")
    rasa.behaviour = BROKEN
    [apology] = await say(gateway, opened, "Wie leest dat?")
    rasa.behaviour = echo
    answer, still = await press(gateway, opened, button(apology, AGAIN))
    assert (answer.body["tekst"], still.body["verwacht"]) == ("Gehoord: Wie leest dat?", {"woorden": about})


async def test_after_an_apology_yes_is_said_to_nothing(gateway: Gateway, opened: Opened, rasa: RasaDouble) -> None:
    """It may well be to the offer of that apology."""
    rasa.behaviour = always(200, said("Alles wissen?", soort="bevestiging", verwacht={"ja": {"poort": "wissen"}}))
    await say(gateway, opened, STORY)
    rasa.behaviour = BROKEN
    await say(gateway, opened, "Wie leest dat dan?")
    rasa.behaviour = echo
    assert text_of(await say(gateway, opened, "graag")) == ["Gehoord: graag"]


async def test_who_came_in_when_it_failed_is_offered_nothing_to_try_again(
    gateway: Gateway, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*_: Any) -> Any:
        raise RuntimeError("begin")

    monkeypatch.setattr(gateway._answering, "_greeting", failing)
    [sorry] = await gateway.handle(Turn(opened.conversation_id, "begin", start=True))
    assert (sorry.body["tekst"], sorry.body["knoppen"]) == (content.text("fout_zonder_tekst"), [])


async def test_words_are_handed_over_once_from_whichever_button(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    rasa.behaviour = BROKEN
    [first] = await say(gateway, opened, STORY)
    [second] = await press(gateway, opened, button(first, AGAIN))
    presses = [button(one, OVER) for one in (first, second, first)]
    replies = await asyncio.gather(*(press(gateway, opened, choice) for choice in presses))
    assert await contributions_of(database, opened) == [(STORY, UTRECHT)]
    assert len({reply.body["tekst"] for reply, _ in replies}) == 1
    assert "griffie van Utrecht" in replies[0][0].body["tekst"]
    assert "SP-2026-" in replies[0][0].body["tekst"]
    assert len(rasa.turns) == 2, "the hand-over needs no Rasa"


async def test_two_messages_are_two_contributions(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    rasa.behaviour = BROKEN
    for text in (STORY, "En de prullenbakken zijn vol."):
        [apology] = await say(gateway, opened, text)
        await press(gateway, opened, button(apology, OVER))
    assert [text for text, _ in await contributions_of(database, opened)] == [STORY, "En de prullenbakken zijn vol."]


async def test_without_a_municipality_the_hand_over_asks_for_it(
    gateway: Gateway, somewhere: Opened, rasa: RasaDouble, database: Database
) -> None:
    rasa.behaviour = BROKEN
    [apology] = await say(gateway, somewhere, STORY)
    [question] = await press(gateway, somewhere, button(apology, OVER))
    assert question.body["tekst"] == content.text("inbreng_gemeente_vraag")
    [question] = await say(gateway, somewhere, "Nergenshuizen")
    assert question.body["tekst"] == content.text("gemeente_onbekend")
    assert await contributions_of(database, somewhere) == []
    done, _ = await say(gateway, somewhere, "Amersfoort")
    assert "griffie van Amersfoort" in done.body["tekst"]
    assert await contributions_of(database, somewhere) == [(STORY, "GM0307")]
    assert len(rasa.turns) == 1


async def test_words_that_name_the_municipality_need_no_question(
    gateway: Gateway, somewhere: Opened, rasa: RasaDouble, database: Database
) -> None:
    rasa.behaviour = BROKEN
    text = "In de gemeente Zwolle zijn de bankjes in het park weg."
    [apology] = await say(gateway, somewhere, text)
    await press(gateway, somewhere, button(apology, OVER))
    [(kept, code)] = await contributions_of(database, somewhere)
    assert (kept, municipalities.names()[code]) == (text, "Zwolle")


async def test_a_name_of_several_places_gives_a_choice(
    gateway: Gateway, somewhere: Opened, rasa: RasaDouble, database: Database
) -> None:
    rasa.behaviour = BROKEN
    [apology] = await say(gateway, somewhere, STORY)
    await press(gateway, somewhere, button(apology, OVER))
    [question] = await say(gateway, somewhere, "Bergen")
    assert question.body["tekst"] == content.text("gemeente_kies")
    await press(gateway, somewhere, button(question, "Bergen (Limburg)"))
    [(kept, code)] = await contributions_of(database, somewhere)
    assert (kept, municipalities.names()[code]) == (STORY, "Bergen (L)")


async def test_who_does_not_want_to_name_a_place_can_stop(
    gateway: Gateway, somewhere: Opened, rasa: RasaDouble, database: Database
) -> None:
    rasa.behaviour = BROKEN
    [apology] = await say(gateway, somewhere, STORY)
    [question] = await press(gateway, somewhere, button(apology, OVER))
    rasa.behaviour = echo
    left = await press(gateway, somewhere, button(question, content.text("knop_stoppen")))
    assert text_of(left) == [content.text("stoppen")]
    assert text_of(await say(gateway, somewhere, "Amersfoort")) == ["Gehoord: Amersfoort"]
    assert await contributions_of(database, somewhere) == []
