"""Passing something on: with questions in between, without a municipality, and stopping halfway."""

import pytest

from tests.e2e.resident import Resident, kinds, logged, plain, reading_back, reference_in, titles

CONCERN = "De bussen rijden 's avonds niet meer door onze wijk, dat is lastig voor ouderen."
ASKS_TEXT = "Wat wilt u aan de gemeenteraad vertellen? Schrijf het op in uw eigen woorden."
ASKS_MUNICIPALITY = "Voor welke gemeente is dit? Typ de naam van uw gemeente, uw woonplaats of uw postcode."


async def test_a_question_halfway_is_answered_and_the_contribution_goes_on(resident: Resident):
    await resident.presses("Ik wil iets doorgeven")
    answer, asked_again = await resident.says("Wat doet de burgemeester?")
    assert (answer["soort"], asked_again["tekst"].strip()) == ("antwoord", ASKS_TEXT)
    [read_back] = await resident.says(CONCERN)
    answer, read_back_again = await resident.says("Wat doet het college?")
    assert (answer["soort"], read_back_again["tekst"]) == ("antwoord", read_back["tekst"])
    reference = reference_in(await resident.presses("Ja, geef dit door"))
    assert await resident.contributions() == logged("GM0344", CONCERN, reference)


async def test_stopping_leaves_nothing_behind(resident: Resident):
    await resident.presses("Ik wil iets doorgeven")
    await resident.says(CONCERN)
    [stopped] = await resident.presses("Stoppen")
    assert stopped["tekst"].strip() == "Goed, ik geef dit niet door. Uw tekst staat nog hierboven in dit gesprek."
    await resident.presses("Ja, geef dit door")
    assert await resident.contributions() == []
    [answer] = await resident.says("Wat doet de gemeenteraad?")
    assert answer["soort"] == "antwoord"


async def test_typing_stop_stops_too(resident: Resident):
    await resident.presses("Ik wil iets doorgeven")
    [stopped] = await resident.says("stop maar")
    assert stopped["tekst"].startswith("Goed, ik geef dit niet door.")
    assert await resident.contributions() == []


async def test_typing_yes_confirms(resident: Resident):
    await resident.presses("Ik wil iets doorgeven")
    await resident.says(CONCERN)
    reference = reference_in(await resident.says("ja, dat klopt"))
    assert await resident.contributions() == logged("GM0344", CONCERN, reference)


async def test_another_text_replaces_the_first(resident: Resident):
    await resident.presses("Ik wil iets doorgeven")
    await resident.says("Dit is nog niet goed opgeschreven door mij.")
    [asked] = await resident.presses("Mijn tekst aanpassen")
    assert asked["tekst"] == "Goed. Schrijf uw tekst opnieuw."
    await resident.says(CONCERN)
    reference = reference_in(await resident.presses("Ja, geef dit door"))
    assert await resident.contributions() == logged("GM0344", CONCERN, reference)


async def test_an_unknown_municipality_is_asked_for_and_an_ambiguous_name_gives_a_choice(opens):
    resident: Resident = await opens(None)
    await resident.presses("Ik wil iets doorgeven")
    [asked] = await resident.says(CONCERN)
    assert (asked["soort"], asked["tekst"].strip()) == ("vraag", ASKS_MUNICIPALITY)
    [choice] = await resident.says("Bergen")
    assert (choice["soort"], titles(choice)) == ("keuze", ["Bergen (Noord-Holland)", "Bergen (Limburg)"])
    [read_back] = await resident.presses("Bergen (Limburg)")
    assert plain(read_back) == reading_back("Bergen (L)", CONCERN)
    reference = reference_in(await resident.presses("Ja, geef dit door"))
    assert await resident.contributions() == logged("GM0893", CONCERN, reference)


async def test_a_place_that_does_not_exist_is_asked_again(opens):
    resident: Resident = await opens(None)
    await resident.presses("Ik wil iets doorgeven")
    await resident.says(CONCERN)
    [unknown] = await resident.says("Knutselstadje")
    assert unknown["tekst"].startswith("Die plaats ken ik niet.")
    [read_back] = await resident.says("3511 AB")
    assert read_back["tekst"].startswith("Dit geef ik door aan de griffie van Utrecht:")


async def test_a_village_is_found_in_its_municipality(opens):
    resident: Resident = await opens(None)
    await resident.presses("Ik wil iets doorgeven")
    await resident.says(CONCERN)
    [read_back] = await resident.says("Vleuten")
    assert read_back["tekst"].startswith("Dit geef ik door aan de griffie van Utrecht:")


async def test_another_municipality_can_be_chosen_before_confirming(resident: Resident):
    await resident.presses("Ik wil iets doorgeven")
    await resident.says(CONCERN)
    [asked] = await resident.presses("Een andere gemeente")
    assert asked["tekst"].strip() == ASKS_MUNICIPALITY
    await resident.says("Amersfoort")
    reference = reference_in(await resident.presses("Ja, geef dit door"))
    assert await resident.contributions() == logged("GM0307", CONCERN, reference)


async def test_the_municipality_of_a_conversation_is_chosen_by_button_and_remembered(opens):
    resident: Resident = await opens(None)
    [choice] = await resident.says("Ik woon in Bergen")
    assert titles(choice) == ["Bergen (Noord-Holland)", "Bergen (Limburg)"]
    [chosen] = await resident.presses("Bergen (Noord-Holland)")
    assert chosen["tekst"].startswith("Goed, het gaat over de gemeente Bergen (NH).")
    await resident.presses("Ik wil iets doorgeven")
    [read_back] = await resident.says(CONCERN)
    assert kinds([read_back]) == ["bevestiging"]
    assert read_back["tekst"].startswith("Dit geef ik door aan de griffie van Bergen (NH):")


@pytest.mark.parametrize(
    "asked", ["ik wil een mens spreken", "wat kun je", "er is brand in mijn huis", "Wat doet de burgemeester?"]
)
async def test_every_button_that_is_offered_in_the_form_gets_an_answer_and_the_form_goes_on(opens, asked: str):
    trial: Resident = await opens("GM0344")
    await trial.presses("Ik wil iets doorgeven")
    for title in {one for message in await trial.says(asked) for one in titles(message)} - {"Stoppen"}:
        resident: Resident = await opens("GM0344")
        await resident.presses("Ik wil iets doorgeven")
        await resident.says(asked)
        answered = await resident.presses(title)
        assert (len(answered) <= 2, "fout" in kinds(answered)) == (True, False), title
        *_, read_back = await resident.says(CONCERN)
        assert (read_back["soort"], CONCERN in read_back["tekst"]) == ("bevestiging", True), title


async def test_a_story_of_danger_in_the_form_can_be_passed_on_with_its_button(resident: Resident):
    story = "Mijn man slaat mij en de kinderen."
    await resident.presses("Ik wil iets doorgeven")
    assert kinds(await resident.says(story)) == ["nood"]
    [read_back] = await resident.presses("Ik wil iets doorgeven")
    assert plain(read_back) == reading_back("Utrecht", story)
    reference = reference_in(await resident.presses("Ja, geef dit door"))
    assert await resident.contributions() == logged("GM0344", story, reference)


async def test_a_yes_after_the_question_about_erasing_passes_nothing_on(resident: Resident):
    await resident.presses("Ik wil iets doorgeven")
    await resident.says(CONCERN)
    [asked] = await resident.says("verwijder mijn gegevens")
    assert titles(asked) == ["Ja, wis alles", "Nee, bewaar het nog"]
    [read_back] = await resident.says("nee")
    assert plain(read_back) == reading_back("Utrecht", CONCERN)
    await resident.says("verwijder mijn gegevens")
    [done] = await resident.says("ja")
    assert done["tekst"].startswith("Ik heb alles gewist.")
    assert await resident.contributions() == []
