"""Rasa is killed in the middle of a turn: nobody loses a word, and the conversation goes on when it is back.

One outage serves all tests of this module: the fixture lives through it, the tests say what must be true of it.
"""

import asyncio
import os
import secrets
import signal
from dataclasses import dataclass, field

import pytest

from tests.e2e.instance import Instance, until
from tests.e2e.resident import Message, Resident, kinds, logged, reference_in, titles

MARK = f"kenmerk{secrets.token_hex(8)}"
CONCERN = f"Bij de {MARK} is het fietspad kapot en dat is gevaarlijk voor kinderen."
OTHER_CONCERN = f"In onze straat bij de {MARK} staat elke herfst het water op straat."
BACK_WITHIN = 240.0

APOLOGY = (
    "Sorry, er ging iets mis bij ons. Uw bericht is bewaard. U kunt het opnieuw proberen. Ik kan uw woorden ook meteen "
    "aan de griffie geven."
)
RETRY, HAND_OVER = "Probeer het opnieuw", "Geef mijn woorden aan de griffie"


@dataclass
class Outage:
    """What residents saw before, during and after it."""

    resident: Resident
    asker: Resident
    nowhere: Resident
    said: dict[str, list[Message]] = field(default_factory=dict)


async def _killed_while_a_turn_waits(outage: Outage, instance: Instance) -> None:
    """Freeze Rasa, let a turn come in, and kill it then: the turn is under way for certain."""
    pid = instance.pid("rasa")
    os.killpg(pid, signal.SIGSTOP)
    try:
        turn = asyncio.create_task(outage.resident.says(CONCERN))

        async def received() -> bool:
            return CONCERN in await outage.resident.typed()

        await until(received, seconds=5, what="the turn has come in")
    finally:
        os.killpg(pid, signal.SIGKILL)
    outage.said["killed"] = await turn


@pytest.fixture(scope="module")
async def outage(opens, instance: Instance) -> Outage:
    lived = Outage(await opens("GM0344"), await opens("GM0307"), await opens(None))
    said = lived.said
    await lived.resident.presses("Ik wil iets doorgeven")
    await _killed_while_a_turn_waits(lived, instance)
    said["question"] = await lived.asker.says("Wat doet de gemeenteraad?")
    said["elsewhere"] = await lived.nowhere.says(OTHER_CONCERN)
    said["fire"] = await lived.asker.says("Er is brand in mijn huis, help!")
    said["despair"] = await lived.asker.says("ik wil niet meer leven")
    said["handed over"] = await lived.resident.presses(HAND_OVER)
    said["handed over again"] = await lived.resident.presses(HAND_OVER)
    said["asked where"] = await lived.nowhere.presses(HAND_OVER)
    said["told where"] = await lived.nowhere.says("Amersfoort")
    assert not await instance.ready(), "Rasa was back before the outage had been lived through"
    await until(instance.ready, seconds=BACK_WITHIN, what="all parts work again")
    said["after"] = await lived.resident.says("Wat doet de gemeenteraad?")
    said["stopped"] = await lived.resident.presses("Stoppen")
    lived.asker.seen = list(said["question"])
    said["retried"] = await lived.asker.presses(RETRY)
    return lived


async def test_the_resident_is_told_and_gets_a_way_on(outage: Outage):
    for moment in ("killed", "question", "elsewhere"):
        [message] = outage.said[moment]
        assert (message["soort"], message["tekst"].strip()) == ("fout", APOLOGY)
        assert titles(message) == [RETRY, HAND_OVER]


async def test_what_was_typed_reaches_the_griffie_exactly_once(outage: Outage):
    reference = reference_in(outage.said["handed over"])
    assert reference_in(outage.said["handed over again"]) == reference
    assert await outage.resident.contributions() == logged("GM0344", CONCERN, reference)


async def test_without_a_municipality_it_is_asked_and_the_words_go_there(outage: Outage):
    assert kinds(outage.said["asked where"]) == ["vraag"]
    reference = reference_in(outage.said["told where"])
    assert await outage.nowhere.contributions() == logged("GM0307", OTHER_CONCERN, reference)


async def test_danger_is_answered_without_rasa(outage: Outage):
    [fire], [despair] = outage.said["fire"], outage.said["despair"]
    assert (fire["soort"], fire["tekst"].startswith("Bel nu 112 bij gevaar, brand")) == ("nood", True)
    assert (despair["soort"], "Bel gratis 113 of 0800 0113" in despair["tekst"]) == ("nood", True)


async def test_the_conversation_goes_on_where_it_was(outage: Outage):
    """The tracker outlived the process: Rasa still knows that it had asked for a text."""
    assert kinds(outage.said["after"]) == ["antwoord", "vraag"]
    assert outage.said["after"][0]["tekst"].startswith("De gemeenteraad is het hoogste bestuur")
    assert kinds(outage.said["stopped"]) == ["melding"]
    assert len(await outage.resident.contributions()) == 1


async def test_trying_again_answers_the_question_of_then(outage: Outage):
    [message] = outage.said["retried"]
    assert message["tekst"].startswith("De gemeenteraad is het hoogste bestuur van de gemeente.")


async def test_the_whole_conversation_is_in_the_history(outage: Outage):
    typed = ["Ik wil iets doorgeven", CONCERN, HAND_OVER, HAND_OVER, "Wat doet de gemeenteraad?", "Stoppen"]
    history = await outage.resident.history()
    assert [message["tekst"] for message in history if message["van"] == "inwoner"] == typed


async def test_no_log_holds_what_residents_wrote(outage: Outage, instance: Instance, opens):
    """The logs do speak of the outage, so there was something to say."""
    resident: Resident = await opens("GM0344")
    await resident.says(f"Hoe spreek ik in over {MARK}?")
    await resident.post(tekst=MARK, onbekend=MARK)
    await resident.post(keuze=MARK)
    await resident.http.post("/api/v1/chat/gesprekken", json={"gemeente": MARK})
    reference = await resident.tells(f"Nog een woord over {MARK} in onze buurt, want het is daar vaak erg vol.")
    assert reference
    texts = {path: path.read_text(errors="replace") for path in instance.log_files}
    names = {path.name for path in texts}
    assert {"actions.log", "rasa.log", "web.log", "worker.log", "database.log"} <= names
    assert any("Rasa did not answer a turn" in text for text in texts.values())
    assert [path.name for path, text in texts.items() if MARK in text] == []
