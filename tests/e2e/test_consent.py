"""Consent from end to end: asked after passing on, shown at the desk, and taken back with one message."""

import html

from tests.e2e.clerk import Clerk
from tests.e2e.instance import Instance
from tests.e2e.resident import Resident, logged, reference_in, titles

CONCERN = "De bussen rijden 's avonds niet meer door onze wijk, dat is lastig voor ouderen."
NAME, NUMBER = "Noor de Proef", "06 24681357"
ROWS = (
    "SELECT purpose, given, text_version, consent.channel, consent.municipality_code FROM consent "
    "JOIN conversation ON conversation.resident_id = consent.resident_id WHERE conversation.id = %s ORDER BY consent.id"
)
DETAILS = "SELECT value FROM consent_detail JOIN contribution ON contribution.id = contribution_id WHERE reference = %s"
ID = "SELECT id FROM contribution WHERE reference = %s"


def row(purpose: str, *, given: bool = True) -> dict[str, object]:
    """One consent of somebody in the widget of Utrecht."""
    return {
        "purpose": purpose,
        "given": given,
        "text_version": 2 if purpose == "delen" else 1,
        "channel": "web",
        "municipality_code": "GM0344",
    }


async def page_of(desk: Clerk, instance: Instance, reference: str) -> str:
    [found] = await instance.rows(ID, reference)
    return html.unescape((await desk.http.get(desk.address(found["id"]))).text)


async def shares(resident: Resident) -> str:
    reference = await resident.tells(CONCERN)
    assert titles(resident.seen[-1]) == ["Ja, naar de raad", "Nee, alleen de griffie"]
    await resident.presses("Ja, naar de raad")
    return reference


async def test_who_skips_stays_anonymous(resident: Resident, instance: Instance):
    await shares(resident)
    assert titles(resident.seen[-1]) == ["Ja, dat mag", "Nee, liever niet", "Overslaan"]
    [done] = await resident.presses("Overslaan")
    assert done["tekst"] == "Goed. U blijft anoniem."
    assert await instance.rows(ROWS, resident.conversation) == [row("delen")]


async def test_who_asks_something_else_agreed_to_nothing_and_is_not_asked_again(resident: Resident, instance: Instance):
    await resident.tells(CONCERN)
    [answer] = await resident.says("Wat doet de gemeenteraad?")
    assert answer["soort"] == "antwoord"
    assert await instance.rows(ROWS, resident.conversation) == []


async def test_number_and_name_reach_the_desk_and_go_with_one_message(resident: Resident, instance: Instance, desks):
    reference = await shares(resident)
    await resident.presses("Ja, dat mag")
    [again] = await resident.says("bel maar")
    assert again["tekst"] == "Dit lijkt geen telefoonnummer of e-mailadres. Wilt u het nog eens typen?"
    [asked] = await resident.says(NUMBER)
    assert titles(asked) == ["Ja, met mijn naam", "Nee, zonder naam"]
    await resident.says("ja")
    [done] = await resident.says(NAME)
    assert done["tekst"].startswith(f"Goed, deze naam staat erbij: {NAME}.")
    desk: Clerk = await desks("GM0344")
    page = await page_of(desk, instance, reference)
    assert (page.count(NAME), page.count(NUMBER), page.count(f">{CONCERN}<")) == (1, 1, 1)
    assert await resident.contributions() == logged("GM0344", CONCERN, reference)

    [gone] = await resident.says("trek mijn toestemming in")
    assert gone["tekst"].splitlines() == [
        "Ik heb uw toestemming ingetrokken. Dit geldt meteen:",
        "",
        "- De griffie ziet dat uw inbreng niet meer naar de raad mag.",
        "- De griffie mag u niet bellen of mailen. Uw nummer of adres is gewist.",
        "- De raad hoort uw naam niet. Uw naam is gewist.",
    ]
    page = await page_of(desk, instance, reference)
    assert (page.count(NAME), page.count(NUMBER), "geeft geen toestemming (meer)" in page) == (0, 0, True)
    assert await instance.rows(DETAILS, reference) == []
    rows = await instance.rows(ROWS, resident.conversation)
    assert rows[:3] == [row("delen"), row("contact"), row("naam")]
    assert sorted(one["purpose"] for one in rows[3:] if not one["given"]) == ["contact", "delen", "naam"]


async def test_withdrawing_the_words_takes_name_and_number_along(resident: Resident, instance: Instance):
    reference = await shares(resident)
    await resident.presses("Ja, dat mag")
    await resident.says(NUMBER)
    await resident.presses("Nee, zonder naam")
    assert await instance.rows(DETAILS, reference) == [{"value": NUMBER}]
    await resident.says("ik wil mijn inbreng intrekken")
    await resident.presses("Ja, trek dit in")
    assert await instance.rows(DETAILS, reference) == []
    [nothing] = await resident.says("trek mijn toestemming in")
    assert nothing["tekst"] == "U heeft mij geen toestemming gegeven. Er is dus niets om in te trekken."


async def test_a_question_about_consent_belongs_to_both_halves_of_one_story(resident: Resident, instance: Instance):
    await resident.presses("Ik wil iets doorgeven")
    await resident.says(
        "Er wordt veel te hard gereden in onze straat en dat is gevaarlijk voor kinderen. "
        "Daarnaast zijn er veel te weinig woningen voor jongeren in dit dorp."
    )
    await resident.presses("Maak er twee van")
    first, _ = await resident.presses("Ja, geef dit door")
    second, _ = await resident.presses("Ja, geef dit door")
    await resident.presses("Ja, naar de raad")
    await resident.presses("Nee, liever niet")
    await resident.presses("Ja, met mijn naam")
    await resident.says(NAME)
    for reference in (reference_in([first]), reference_in([second])):
        assert await instance.rows(DETAILS, reference) == [{"value": NAME}]
