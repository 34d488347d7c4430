"""One's own data from end to end: seeing, withdrawing, adding to and erasing it, with a real Rasa in between."""

import secrets

from tests.e2e.clerk import Clerk
from tests.e2e.instance import Instance
from tests.e2e.resident import Resident, kinds, reference_in, titles
from tests.traces import traces

WORD = "kneukelstraatje"
CONCERN = f"In het {WORD} liggen al weken losse stoeptegels en daar valt iemand een keer over."
ADDITION = "Het is het ergst bij het schooltje op de hoek."
OWN_DATA = "/api/v1/mijn/gegevens"
STATUS = (
    "SELECT status, reason FROM contribution_status JOIN contribution ON contribution.id = contribution_id "
    "WHERE reference = %s ORDER BY number"
)
PERSON = (
    "SELECT resident.id::text AS resident, pseudonym FROM resident "
    "JOIN conversation ON conversation.resident_id = resident.id WHERE conversation.id = %s"
)
TEXTS = "SELECT id, text, masked_text FROM contribution WHERE reference = %s"


async def test_everything_that_is_kept_is_shown_and_can_be_fetched(resident: Resident):
    reference = await resident.tells(CONCERN)
    kept, passed_on = await resident.says("welke gegevens bewaren jullie van mij")
    assert kinds([kept, passed_on]) == ["antwoord", "antwoord"]
    assert "- Inbreng voor de raad: 1" in kept["tekst"].splitlines()
    assert reference in passed_on["tekst"]
    assert CONCERN in passed_on["tekst"]
    assert [link["titel"] for link in passed_on["links"]] == ["Alles in een bestand"]
    answer = await resident.http.get(OWN_DATA, headers=resident.headers)
    assert answer.status_code == 200
    everything = answer.json()
    assert [row["tekst"] for row in everything["inbreng"]] == [CONCERN]
    assert CONCERN in [row["tekst"] for row in everything["berichten"]]
    assert len(everything["geheugen"]) > 0


async def test_after_a_yes_no_table_of_any_schema_has_a_trace(resident: Resident, instance: Instance):
    """Rasa's own tables too; there is something to find before."""
    word = f"kneukel{secrets.token_hex(6)}"
    reference = await resident.tells(
        f"Bij de {word} liggen al weken losse stoeptegels en daar valt iemand een keer over."
    )
    [row] = await instance.rows(PERSON, resident.conversation)
    marks = {"word": word, "conversation": resident.conversation, **row}
    [question] = await resident.says("verwijder mijn gegevens")
    assert reference in question["tekst"]
    assert titles(question) == ["Ja, wis alles", "Nee, bewaar het nog"]
    found = traces(instance.database_url, marks)
    assert set(found) == set(marks)
    assert {"rasa.events.data", "public.contribution.text"} <= found["word"]
    assert "rasa.events.sender_id" in found["conversation"]
    [farewell] = await resident.presses("Ja, wis alles")
    assert (farewell["soort"], farewell["tekst"].splitlines()[0][:25]) == ("einde", "Ik heb alles gewist. Ook ")
    assert traces(instance.database_url, marks) == {}
    assert await instance.rows(TEXTS, reference) == []
    assert (await resident.post(tekst="hallo")).status_code == 404
    assert (await resident.http.get(OWN_DATA, headers=resident.headers)).status_code == 404


async def test_no_keeps_everything(resident: Resident):
    await resident.says("verwijder mijn gegevens")
    [kept] = await resident.presses("Nee, bewaar het nog")
    assert kept["tekst"].startswith("Goed, dan niet.")
    assert "verwijder mijn gegevens" in await resident.typed()


async def test_what_the_council_works_on_stays_without_the_resident(resident: Resident, instance: Instance, desks):
    reference = await resident.tells(CONCERN)
    [row] = await instance.rows(TEXTS, reference)
    desk: Clerk = await desks("GM0344")
    page = desk.address(row["id"])
    await desk.submit(page, to=f"{page}/status", status="in_behandeling")
    [question] = await resident.says("verwijder mijn gegevens")
    assert f"Dit blijft wel: {reference}." in question["tekst"]
    await resident.says("ja")
    assert traces(instance.database_url, {"conversation": resident.conversation}) == {}
    [kept] = await instance.rows(TEXTS, reference)
    assert kept["text"] == kept["masked_text"]
    assert "de chat is gewist" in (await desk.http.get(page)).text


async def test_a_contribution_is_withdrawn_after_a_yes(resident: Resident, instance: Instance, desks):
    reference = await resident.tells(CONCERN)
    [asked] = await resident.says("ik wil mijn inbreng intrekken")
    assert (asked["soort"], titles(asked)) == ("bevestiging", ["Ja, trek dit in", "Nee, toch niet"])
    assert CONCERN in asked["tekst"]
    [done] = await resident.says("ja")
    assert done["tekst"].startswith(f"Ik heb {reference} ingetrokken.")
    [row] = await instance.rows(TEXTS, reference)
    assert (row["text"], row["masked_text"]) == ("[ingetrokken]", "[ingetrokken]")
    assert await instance.rows(STATUS, reference) == [
        {"status": "ontvangen", "reason": None},
        {"status": "geannuleerd", "reason": "ingetrokken door inwoner"},
    ]
    desk: Clerk = await desks("GM0344")
    page = (await desk.http.get(desk.address(row["id"]))).text
    assert ("ingetrokken door inwoner" in page, WORD in page) == (True, False)


async def test_something_is_added_with_a_question_in_between(resident: Resident, instance: Instance, desks):
    first = await resident.tells(CONCERN)
    second = await resident.tells("Ook de bankjes in het park zijn al heel lang stuk en dat is jammer.")
    [choice] = await resident.says("ik wil nog iets toevoegen")
    assert len(choice["knoppen"]) == 2
    [title] = [title for title in titles(choice) if title.startswith(first)]
    [asked] = await resident.presses(title)
    assert first in asked["tekst"]
    *_, still_open = await resident.says("Wat doet de gemeenteraad?")
    assert still_open["tekst"].startswith("U kunt nu nog typen wat u wilt toevoegen.")
    [read_back] = await resident.says(ADDITION)
    assert f"„{ADDITION}”" in read_back["tekst"]
    assert reference_in([read_back]) == first != second
    [done] = await resident.presses("Ja, voeg dit toe")
    assert done["tekst"].startswith(f"Dank u wel. Ik heb dit toegevoegd aan {first}.")
    desk: Clerk = await desks("GM0344")
    [row] = await instance.rows(TEXTS, first)
    page = (await desk.http.get(desk.address(row["id"]))).text
    assert ("Aanvulling van de inwoner" in page, ADDITION in page) == (True, True)
