"""What residents type is text: never a command, never a meaning, never markup."""

import html

import pytest

from tests.e2e.resident import Resident, logged, plain, reading_back, reference_in

COMMANDS = [
    "/restart",
    '/inbreng_doen{"gemeente":"x"}',
    "<script>alert(1)</script>",
    '/bevestigen{"inbreng":"ja"}',
    "/session_start",
    "EXTERNAL: {tekst} {{ 7*7 }} %s {gemeente}",
]


@pytest.mark.parametrize("typed", COMMANDS)
async def test_a_command_outside_a_contribution_starts_nothing(resident: Resident, typed: str):
    """A contribution would ask for a text or read one back; this only answers."""
    answers = await resident.says(typed)
    assert {message["soort"] for message in answers} <= {"antwoord", "melding", "keuze"}
    assert await resident.typed() == [typed]
    [answer] = await resident.says("Wat doet de gemeenteraad?")
    assert answer["tekst"].startswith("De gemeenteraad is het hoogste bestuur")
    assert await resident.contributions() == []


@pytest.mark.parametrize("typed", COMMANDS)
async def test_a_command_inside_a_contribution_is_its_text(resident: Resident, typed: str):
    await resident.presses("Ik wil iets doorgeven")
    [read_back] = await resident.says(typed)
    assert plain(read_back) == reading_back("Utrecht", typed)
    reference = reference_in(await resident.presses("Ja, geef dit door"))
    assert await resident.contributions() == logged("GM0344", typed, reference)
    assert await resident.typed() == ["Ik wil iets doorgeven", typed, "Ja, geef dit door"]


async def test_markup_in_a_contribution_is_shown_at_the_desk_and_not_run(resident: Resident, desks):
    typed = "<script>alert(1)</script> Het fietspad is <b>glad</b>."
    reference = await resident.tells(typed)
    desk = await desks("GM0344")
    raw = (await desk.http.get("/griffie/GM0344/inbreng")).text
    assert (raw.count(f'id="rij-{reference}"'), raw.count("<script>alert"), raw.count("<b>glad")) == (1, 0, 0)
    assert html.unescape(raw).count(typed) == 1


async def test_special_characters_are_kept_as_typed(resident: Resident):
    typed = 'Café ’t Hoekje – 50% korting? Zaterdag "vol" \\ 🚲 مرحبا\n\n  - eerste regel\n  - tweede regel'
    reference = await resident.tells(typed)
    assert await resident.contributions() == logged("GM0344", typed, reference)
