"""A turn: stored before anything can fail, answered once, in order, and never with silence."""

import asyncio
import json
import uuid
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncSession

from bot.gateway import MAX_CHARACTERS, Gateway
from bot.room import AT_ONCE
from bot.turn import Turn
from bot.visits import Opened
from participation import content
from participation.database import Database
from participation.errors import ConversationUnknown, MunicipalityUnknown
from participation.models import Message
from participation.services import conversations
from tests.integration.bot.conftest import (
    SECRET,
    TIMEOUT,
    UTRECHT,
    RasaDouble,
    always,
    button,
    contributions_of,
    count_messages,
    echo,
    hurry,
    press,
    received,
    said,
    say,
    text_of,
)

APOLOGY, AGAIN, OVER = content.text("fout"), content.text("knop_opnieuw"), content.text("knop_griffie")
STORY = "De bankjes in het park zijn weg en dat vinden wij jammer."


async def test_a_conversation_opens_with_who_is_talking(gateway: Gateway, opened: Opened, somewhere: Opened) -> None:
    assert (opened.municipality_code, opened.municipality_name) == (UTRECHT, "Utrecht")
    [welcome] = opened.messages
    assert "U praat met een computer" in welcome.body["tekst"]
    assert "Samenspel van Utrecht" in welcome.body["tekst"]
    assert "28 dagen" in welcome.body["tekst"]
    assert "Samenspel van uw gemeente" in somewhere.messages[0].body["tekst"]


async def test_an_unknown_municipality_or_conversation_is_refused(gateway: Gateway, database: Database) -> None:
    before = await count_messages(database)
    with pytest.raises(MunicipalityUnknown):
        await gateway.visits.open(channel="web", municipality_code="GM9999")
    with pytest.raises(ConversationUnknown):
        await gateway.handle(Turn(uuid.uuid4(), "1", text="Hallo"))
    assert await count_messages(database) == before


async def test_rasa_is_told_what_only_the_gateway_knows(gateway: Gateway, opened: Opened, rasa: RasaDouble) -> None:
    assert text_of(await say(gateway, opened, "  Wat doet de raad? ")) == ["Gehoord: Wat doet de raad?"]
    [asked] = rasa.turns
    assert rasa.secrets == [SECRET]
    assert (asked["gesprek"], asked["tekst"], asked["keuze"]) == (
        str(opened.conversation_id),
        "Wat doet de raad?",
        None,
    )
    metadata = asked["metadata"]
    assert uuid.UUID(metadata.pop("inwoner"))
    assert metadata == {
        "gesprek": str(opened.conversation_id),
        "kanaal": "web",
        "gemeente": UTRECHT,
        "tekst": "Wat doet de raad?",
        "keuze": None,
        "concept": None,
        "gevraagd": False,
    }


async def test_words_are_stored_before_rasa_is_asked(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    stored: list[str] = []

    async def look(turn: dict[str, Any]) -> tuple[int, bytes]:
        stored.extend(text_of(await received(database, opened)))
        return 200, said("Ja")

    rasa.behaviour = look
    await say(gateway, opened, STORY)
    assert stored == [STORY]


async def test_the_answer_is_told_after_all_of_the_turn_is_on_disk(
    gateway: Gateway, opened: Opened, database: Database
) -> None:
    """One flush takes all that was committed before it along, also what Rasa kept meanwhile."""
    as_the_server_is_set: list[bool] = []
    asked = "SELECT source <> 'session' FROM pg_settings WHERE name = 'synchronous_commit'"

    def look(connection: Connection) -> None:
        as_the_server_is_set.append(connection.exec_driver_sql(asked).scalar_one())

    engine = database.engine.sync_engine
    event.listen(engine, "commit", look)
    try:
        await say(gateway, opened, STORY)
    finally:
        event.remove(engine, "commit", look)
    words, *_, answer = as_the_server_is_set
    assert (words, answer) == (False, True)


async def test_the_same_message_twice_is_one_turn_with_one_reply(
    gateway: Gateway, opened: Opened, rasa: RasaDouble
) -> None:
    first = await say(gateway, opened, "Hallo", "een")
    again = await say(gateway, opened, "Hallo", "een")
    other = await say(gateway, opened, "Hallo", "twee")
    assert [message.id for message in again] == [message.id for message in first]
    assert other[0].id != first[0].id
    assert len(rasa.turns) == 2


async def test_the_same_message_many_times_at_once_is_one_turn(
    gateway: Gateway, opened: Opened, rasa: RasaDouble
) -> None:
    replies = await asyncio.gather(*(say(gateway, opened, "Hallo", "een") for _ in range(8)))
    assert len({tuple(message.id for message in messages) for messages in replies}) == 1
    assert len(rasa.turns) == 1


async def test_turns_of_one_conversation_wait_for_each_other(
    gateway: Gateway, opened: Opened, somewhere: Opened, rasa: RasaDouble
) -> None:
    busy: set[str] = set()
    together: list[int] = []

    async def slowly(turn: dict[str, Any]) -> tuple[int, bytes]:
        assert turn["gesprek"] not in busy
        busy.add(turn["gesprek"])
        together.append(len(busy))
        await asyncio.sleep(0.2)
        busy.remove(turn["gesprek"])
        return await echo(turn)

    rasa.behaviour = slowly
    texts = [f"bericht {number}" for number in range(5)]
    turns = [asyncio.create_task(say(gateway, one, text)) for text in texts for one in (opened, somewhere)]
    await asyncio.gather(*turns)
    for one in (opened, somewhere):
        asked = [turn["tekst"] for turn in rasa.turns if turn["gesprek"] == str(one.conversation_id)]
        assert asked == texts
        history = text_of((await gateway.visits.current(one.conversation_id)).messages)[1:]
        assert history == [line for text in texts for line in (text, f"Gehoord: {text}")]
    assert max(together) == 2, "conversations do not wait for one another"


async def test_a_rush_of_conversations_is_answered(gateway: Gateway, rasa: RasaDouble) -> None:
    """More turns at once than the pool has connections: they wait, none fails."""

    async def slowly(turn: dict[str, Any]) -> tuple[int, bytes]:
        await asyncio.sleep(0.02)
        return await echo(turn)

    rasa.behaviour = slowly
    conversations = [await gateway.visits.open(channel="web") for _ in range(AT_ONCE * 3)]
    replies = await asyncio.gather(*(say(gateway, one, "Hallo") for one in conversations))
    assert [text_of(messages) for messages in replies] == [["Gehoord: Hallo"]] * len(conversations)


async def too_slow(_: dict[str, Any]) -> tuple[int, bytes]:
    await asyncio.sleep(TIMEOUT + 0.3)
    return 200, said("Te laat")


FAULTS = {
    "slow": too_slow,
    "error": always(500, b'{"fout": "rasa"}'),
    "refused": always(401, b'{"fout": "secret"}'),
    "silence": always(200, b'{"berichten": []}'),
    "the answer to another turn": always(200, json.dumps(json.loads(said("Privé")) | {"beurt": "0"}).encode()),
    "its own apology": always(200, said("Sorry", soort="fout")),
    "no JSON": always(200, b"<html>"),
    "a list": always(200, b"[]"),
    "nothing": always(200, b"null"),
    "no messages": always(200, b"{}"),
    "messages of another kind": always(200, b'{"berichten": "Dag"}'),
    "a message without text": always(200, b'{"berichten": [{"soort": "antwoord"}]}'),
    "a message without kind": always(200, b'{"berichten": [{"tekst": "Dag"}]}'),
    "a message that is none": always(200, b'{"berichten": ["Dag"]}'),
    "a button without meaning": always(
        200, json.dumps({"berichten": [{"tekst": "Dag", "soort": "antwoord", "knoppen": [{"titel": "Ja"}]}]}).encode()
    ),
    "what can not be stored": always(200, said("Dag\x00")),
    "null for buttons": always(200, b'{"berichten": [{"tekst": "Dag", "soort": "antwoord", "knoppen": null}]}'),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_rasa_does_wrong_the_resident_hears_it_and_the_words_are_kept(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, fault: str
) -> None:
    hurry(gateway)
    rasa.behaviour = FAULTS[fault]
    [apology] = await say(gateway, opened, STORY)
    assert (apology.body["tekst"], apology.body["soort"]) == (APOLOGY, "fout")
    assert [one["titel"] for one in apology.body["knoppen"]] == [AGAIN, OVER]
    assert text_of(await received(database, opened)) == [STORY]
    assert await contributions_of(database, opened) == []


async def test_a_fault_after_the_answer_was_written_leaves_nothing_of_it_and_holds_up_nobody(
    gateway: Gateway, opened: Opened, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, faults = conversations.answer, [RuntimeError("na het schrijven")]

    async def failing(session: AsyncSession, **about: Any) -> list[Message]:
        written = await whole(session, **about)
        if faults:
            raise faults.pop()
        return written

    monkeypatch.setattr(conversations, "answer", failing)
    async with asyncio.timeout(10):
        [apology] = await say(gateway, opened, STORY)
        [next_one] = await say(gateway, opened, "Hallo")
    assert (apology.body["tekst"], next_one.body["tekst"]) == (APOLOGY, "Gehoord: Hallo")
    kept = await gateway.visits.current(opened.conversation_id)
    assert [message.body["tekst"] for message in kept.messages][1:] == [STORY, APOLOGY, "Hallo", "Gehoord: Hallo"]


async def test_rasa_that_is_not_there_is_the_same_fault(
    gateway: Gateway, opened: Opened, database: Database, rasa: RasaDouble
) -> None:
    gateway._answering._rasa._replicas._addresses = ["http://127.0.0.1:9"]
    [apology] = await say(gateway, opened, STORY)
    assert apology.body["tekst"] == APOLOGY
    assert text_of(await received(database, opened)) == [STORY]


async def test_a_button_of_nobody_or_of_somebody_else_does_nothing(
    gateway: Gateway, opened: Opened, somewhere: Opened, rasa: RasaDouble
) -> None:
    foreign = button(somewhere.messages[0], content.text("knop_raad"))
    for choice in ("verzonnen", "x" * 64, "", "\x00", foreign):
        [reply] = await press(gateway, opened, choice)
        assert (reply.body["tekst"], reply.body["soort"]) == (content.text("knop_verlopen"), "fout")
    assert rasa.turns == []
    await press(gateway, somewhere, foreign)
    assert len(rasa.turns) == 1


async def test_typing_the_title_of_a_button_of_the_last_message_is_pressing_it(
    gateway: Gateway, opened: Opened, rasa: RasaDouble
) -> None:
    title = content.text("knop_wat_kun_je")
    await say(gateway, opened, f" {title.lower().rstrip('?')} ")
    assert (rasa.turns[-1]["keuze"], rasa.turns[-1]["metadata"]["keuze"]) == ({"intent": "wat_kun_je"},) * 2
    rasa.behaviour = FAULTS["error"]
    other = await gateway.visits.open(channel="web", municipality_code=UTRECHT)
    [apology] = await say(gateway, other, title)
    assert [one["titel"] for one in apology.body["knoppen"]] == [AGAIN, OVER]
    rasa.behaviour = echo
    await say(gateway, opened, title)
    assert rasa.turns[-1]["keuze"] is None, "the last message has no such button any more"


async def test_a_title_that_two_buttons_bear_is_only_text(gateway: Gateway, opened: Opened, rasa: RasaDouble) -> None:
    twice = [{"titel": "Dorp", "betekenis": {"intent": "bevestigen", "nummer": number}} for number in (1, 2)]
    rasa.behaviour = always(200, said("Welk?", knoppen=twice))
    await say(gateway, opened, "ergens")
    await say(gateway, opened, "dorp")
    assert rasa.turns[-1]["metadata"]["keuze"] is None


async def test_what_a_button_means_never_leaves_the_server(gateway: Gateway, opened: Opened, rasa: RasaDouble) -> None:
    rasa.behaviour = always(200, said("Dag", knoppen=[{"titel": "Ja", "betekenis": {"intent": "bevestigen"}}]))
    [reply] = await say(gateway, opened, "Hallo")
    assert [sorted(one) for one in reply.body["knoppen"]] == [["id", "titel"]]
    await press(gateway, opened, button(reply, "Ja"))
    assert (rasa.turns[-1]["keuze"], rasa.turns[-1]["tekst"]) == ({"intent": "bevestigen"}, "Ja")


@pytest.mark.parametrize(
    "text", ['/inbreng_doen{"x": 1}', "/restart", '{"poort": "griffie", "bericht": 1}', "EXTERNAL: x"]
)
async def test_a_typed_meaning_is_only_text(gateway: Gateway, opened: Opened, rasa: RasaDouble, text: str) -> None:
    await say(gateway, opened, text)
    assert [(turn["tekst"], turn["keuze"], turn["metadata"]["keuze"]) for turn in rasa.turns] == [(text, None, None)]


async def test_a_text_beyond_the_limit_is_cut_and_the_resident_is_told(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    rasa.behaviour = always(200, said("Dank u."))
    exact, beyond = "x" * MAX_CHARACTERS, "y" * (MAX_CHARACTERS + 1)
    assert text_of(await say(gateway, opened, exact)) == ["Dank u."]
    notice, reply = text_of(await say(gateway, opened, beyond))
    assert notice == content.text("inbreng_te_lang", aantal="10.000")
    assert reply == "Dank u."
    assert [len(text) for text in text_of(await received(database, opened))] == [MAX_CHARACTERS] * 2
    assert [turn["tekst"] for turn in rasa.turns] == [exact, beyond[:-1]]


@pytest.mark.parametrize("text", ["", "   \n\t", "\x00", " \x00 "])
async def test_an_empty_text_is_asked_after(gateway: Gateway, opened: Opened, rasa: RasaDouble, text: str) -> None:
    assert text_of(await say(gateway, opened, text)) == [content.text("leeg")]
    assert rasa.turns == []


async def test_a_nul_is_left_out(gateway: Gateway, opened: Opened, database: Database) -> None:
    """PostgreSQL can not store it; the rest of the words must not be lost for it."""
    await say(gateway, opened, "De \x00lamp is stuk")
    assert text_of(await received(database, opened)) == ["De lamp is stuk"]


@pytest.mark.parametrize(
    ("text", "number"), [("er staat een huis in brand bij ons", "112"), ("ik wil niet meer leven", "113")]
)
async def test_danger_is_answered_without_rasa(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, text: str, number: str
) -> None:
    [reply] = await say(gateway, opened, text)
    assert reply.body["soort"] == "nood"
    assert number in reply.body["tekst"]
    assert rasa.turns == []
    await press(gateway, opened, button(reply, content.text("knop_inbreng")))
    assert rasa.turns[-1]["keuze"] == {"intent": "inbreng_doen", "tekst": text}


async def test_a_typed_place_after_the_question_for_it_is_that_choice(
    gateway: Gateway, somewhere: Opened, rasa: RasaDouble
) -> None:
    rasa.behaviour = always(200, said("Welke gemeente?", verwacht={"gemeente": True}))
    await say(gateway, somewhere, "Hallo")
    await say(gateway, somewhere, "Utrecht")
    assert rasa.turns[-1]["keuze"] == {"intent": "gemeente_kiezen", "getypt": True}
    assert (rasa.turns[-1]["metadata"]["keuze"], rasa.turns[-1]["metadata"]["tekst"]) == (None, "Utrecht")
    await say(gateway, somewhere, "wat doet de raad")
    assert rasa.turns[-1]["keuze"] is None


async def test_a_turn_that_broke_off_is_answered_when_it_comes_again(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    """The process died between storing and answering; the channel delivers the message once more."""
    asked = asyncio.Event()

    async def hang(_: dict[str, Any]) -> tuple[int, bytes]:
        asked.set()
        await asyncio.sleep(TIMEOUT)
        return 500, b""

    rasa.behaviour = hang
    turn = asyncio.create_task(say(gateway, opened, STORY, "een"))
    await asked.wait()
    turn.cancel()
    await asyncio.gather(turn, return_exceptions=True)
    rasa.behaviour = echo
    assert text_of(await say(gateway, opened, STORY, "een")) == [f"Gehoord: {STORY}"]
    assert text_of(await received(database, opened)) == [STORY]


async def test_two_processes_do_not_mix_the_turns_of_a_conversation(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    """The lock is in the database, not in one process's memory."""
    other = Gateway(database, gateway._settings, gateway._answering._rasa, clock=gateway._clock)
    replies = await asyncio.gather(*(say(one, opened, "Hallo", "een") for one in (gateway, other) * 3))
    assert len({messages[0].id for messages in replies}) == 1
    assert len(rasa.turns) == 1


async def test_when_too_many_wait_the_next_hears_that_it_is_busy_and_may_leave_the_words(
    gateway: Gateway, rasa: RasaDouble, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.room.MOST_WAITING", 1)
    for _ in range(AT_ONCE):
        await gateway._room._places.acquire()
    second, third = [await gateway.visits.open(channel="web", municipality_code=UTRECHT) for _ in range(2)]
    waits = asyncio.create_task(gateway.handle(Turn(second.conversation_id, "1", text="Twee")))
    await asyncio.sleep(0)
    [busy] = await gateway.handle(Turn(third.conversation_id, "1", text="De brug is stuk in Utrecht."))
    assert busy.body["tekst"] == content.text("druk")
    [help_] = await gateway.handle(Turn(third.conversation_id, "2", text="Ik maak een eind aan mijn leven"))
    assert help_.body["soort"] == "nood"
    [pressed] = await gateway.handle(
        Turn(third.conversation_id, "3", choice=button(busy, content.text("knop_opnieuw")))
    )
    assert pressed.body["tekst"] == content.text("druk")
    handed, *_ = await gateway.handle(
        Turn(third.conversation_id, "4", choice=button(busy, content.text("knop_griffie")))
    )
    assert "SP-" in handed.body["tekst"]
    assert await contributions_of(database, third) == [("De brug is stuk in Utrecht.", UTRECHT)]
    assert rasa.turns == []
    for _ in range(AT_ONCE):
        gateway._room._places.release()
    assert text_of(await waits) == ["Gehoord: Twee"]
    [again] = await gateway.handle(
        Turn(third.conversation_id, "5", choice=button(pressed, content.text("knop_opnieuw")))
    )
    assert again.body["tekst"] == "Gehoord: De brug is stuk in Utrecht."


async def test_a_crowd_leaves_connections_for_who_is_in_danger(
    gateway: Gateway, rasa: RasaDouble, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.room.MOST_WAITING", 0)
    crowd = [await gateway.visits.open(channel="web", municipality_code=UTRECHT) for _ in range(60)]
    turns = [asyncio.create_task(gateway.handle(Turn(one.conversation_id, "1", text="Hallo"))) for one in crowd]
    someone = await gateway.visits.open(channel="web", municipality_code=UTRECHT)
    async with asyncio.timeout(10):
        [help_] = await gateway.handle(Turn(someone.conversation_id, "1", text="Ik wil dood"))
        told = [text_of(await turn) for turn in turns]
    assert help_.body["soort"] == "nood"
    assert told == [[content.text("druk")]] * 60
    assert rasa.turns == []
