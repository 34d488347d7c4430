"""Changing what was passed on, from the receipt or later, with a real Rasa in between."""

from tests.e2e.clerk import Clerk
from tests.e2e.instance import Instance
from tests.e2e.resident import Resident, kinds, reference_in, titles

WORD = "sleutelbloemplein"
CONCERN = f"Op het {WORD} liggen al weken losse stoeptegels en daar valt iemand een keer over."
CHANGED = "Op het leeuwerikplein liggen al weken losse stoeptegels en daar viel gisteren iemand over."
KEPT = "SELECT id, text, kind, changed_at IS NOT NULL AS changed FROM contribution WHERE reference = %s"
SAID = (
    "SELECT (SELECT count(*) FROM message WHERE conversation_id::text = %s AND body::text LIKE %s) AS by_chat, "
    "(SELECT count(*) FROM rasa.events WHERE sender_id = %s AND data LIKE %s) AS by_rasa"
)
STATUS = "SELECT status FROM worklist_item WHERE contribution_id = %s AND reacted_at IS NOT NULL"
CHANGE, YES = "Mijn tekst wijzigen", "Ja, wijzig mijn tekst"


async def test_from_the_receipt_other_words_come_in_the_place_of_the_first(
    resident: Resident, instance: Instance, desks
):
    reference = await resident.tells(CONCERN)
    of_this = (resident.conversation, f"%{WORD}%")
    [before] = await instance.rows(SAID, *of_this, *of_this)
    assert min(before.values()) > 0
    [asked] = await resident.presses(CHANGE)
    assert (asked["soort"], titles(asked)) == ("vraag", ["Stoppen", "Iets toevoegen", "Mijn tekst intrekken"])
    assert f"„{CONCERN}”" in asked["tekst"]
    [read_back] = await resident.says(CHANGED)
    assert (read_back["soort"], titles(read_back)) == (
        "bevestiging",
        [YES, "Ik schrijf het opnieuw", "Nee, toch niet"],
    )
    assert f"„{CHANGED}”" in read_back["tekst"]
    [done] = await resident.says("ja")
    assert done["tekst"].startswith(f"Ik heb uw tekst bij {reference} gewijzigd.")
    [row] = await instance.rows(KEPT, reference)
    assert (row["text"], row["changed"]) == (CHANGED, True)
    assert await instance.rows(STATUS, row["id"]) == [{"status": "ontvangen"}]
    assert await instance.rows(SAID, *of_this, *of_this) == [{"by_chat": 0, "by_rasa": 0}]
    desk: Clerk = await desks("GM0344")
    page = (await desk.http.get(desk.address(row["id"]))).text
    assert ("leeuwerikplein" in page, "Tekst gewijzigd door de inwoner" in page, WORD in page) == (True, True, False)


async def test_later_one_of_several_is_changed_into_a_question_too_or_left_as_it_was(
    resident: Resident, instance: Instance
):
    first = await resident.tells(CONCERN)
    second = await resident.tells("Ook de bankjes in het park zijn al heel lang stuk en dat is jammer.")
    [choice] = await resident.says("ik wil mijn inbreng wijzigen")
    [title] = [title for title in titles(choice) if title.startswith(first)]
    await resident.presses(title)
    [read_back] = await resident.says("Waarom liggen die tegels nog los?")
    assert "„Waarom liggen die tegels nog los?”" in read_back["tekst"]
    await resident.presses("Ik schrijf het opnieuw")
    [stopped] = await resident.says("stop")
    assert stopped["tekst"].startswith("Goed, wij stoppen.")
    [row] = await instance.rows(KEPT, first)
    assert (row["text"], row["changed"]) == (CONCERN, False)
    await resident.says(f"ik wil {first} wijzigen")
    [read_back] = await resident.says(CHANGED)
    assert reference_in([read_back]) == first != second
    await resident.presses(YES)
    [row] = await instance.rows(KEPT, first)
    assert (row["text"], row["changed"]) == (CHANGED, True)


async def test_what_the_griffie_closed_is_not_changed_and_on_another_device_nothing_is(
    resident: Resident, instance: Instance, opens, desks
):
    reference = await resident.tells(CONCERN)
    elsewhere: Resident = await opens("GM0344")
    [asked] = await elsewhere.says(f"ik wil {reference} wijzigen")
    assert asked["tekst"].startswith(f"Ik ken {reference} niet van dit gesprek.")
    [row] = await instance.rows(KEPT, reference)
    desk: Clerk = await desks("GM0344")
    page = desk.address(row["id"])
    await desk.submit(page, to=f"{page}/doorsturen", iemand="Waterschap")
    [late] = await resident.says("ik wil mijn inbreng wijzigen")
    assert late["tekst"].startswith(f"U kunt dit niet meer wijzigen: {reference}.")
    assert titles(late) == ["Iets toevoegen"]
    [adding] = await resident.presses("Iets toevoegen")
    assert kinds([adding]) == ["vraag"]
    assert await instance.rows(KEPT, reference) == [row]
