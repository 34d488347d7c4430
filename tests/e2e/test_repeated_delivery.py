"""The same message delivered twice is one turn."""

import asyncio

from tests.e2e.resident import Resident, logged, reference_in

REPEATS = 6


def ids(messages) -> list[int]:
    return [message["id"] for message in messages]


async def test_a_message_sent_twice_is_one_turn_with_one_answer(resident: Resident):
    first = await resident.says("Wat doet de burgemeester?", bericht_id="beurt-1")
    again = await resident.says("Wat doet de burgemeester?", bericht_id="beurt-1")
    assert again == first
    assert await resident.typed() == ["Wat doet de burgemeester?"]
    assert [message["van"] for message in await resident.history()] == ["bot", "inwoner", "bot"]


async def test_a_message_delivered_many_times_at_once_is_one_turn(resident: Resident):
    turns = [resident.says("Wat doet de burgemeester?", bericht_id="beurt-1") for _ in range(REPEATS)]
    answers = await asyncio.gather(*turns)
    assert [ids(answer) for answer in answers] == [ids(answers[0])] * REPEATS
    assert await resident.typed() == ["Wat doet de burgemeester?"]
    assert len(await resident.history()) == 3


async def test_a_confirmation_delivered_many_times_at_once_logs_one_contribution(resident: Resident):
    text = "Het zebrapad bij de school is bijna niet meer te zien."
    await resident.presses("Ik wil iets doorgeven")
    await resident.says(text)
    answers = await asyncio.gather(
        *(resident.presses("Ja, geef dit door", bericht_id="beurt-ja") for _ in range(REPEATS))
    )
    references = {reference_in(answer) for answer in answers}
    assert len(references) == 1
    assert await resident.contributions() == logged("GM0344", text, references.pop())


async def test_a_confirmation_pressed_again_later_logs_nothing_more(resident: Resident):
    """Every press has its own id here: only the button is the same."""
    text = "De speeltuin in het park is 's avonds niet verlicht."
    await resident.presses("Ik wil iets doorgeven")
    await resident.says(text)
    reference = reference_in(await resident.presses("Ja, geef dit door"))
    await resident.presses("Ja, geef dit door")
    assert await resident.contributions() == logged("GM0344", text, reference)


async def test_the_same_id_in_another_conversation_is_another_turn(opens):
    one, other = await opens("GM0344"), await opens("GM0307")
    first = await one.says("Wat doet de burgemeester?", bericht_id="beurt-1")
    second = await other.says("Wat doet een wethouder?", bericht_id="beurt-1")
    assert first[0]["tekst"] != second[0]["tekst"]
    assert (await one.typed(), await other.typed()) == (["Wat doet de burgemeester?"], ["Wat doet een wethouder?"])
