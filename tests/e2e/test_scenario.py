"""From a resident's question to the griffier's desk and back."""

import html
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.clerk import Clerk
from tests.e2e.instance import Instance
from tests.e2e.resident import (
    REFERENCE,
    Message,
    Resident,
    kinds,
    logged,
    next_event,
    plain,
    reading_back,
    reference_in,
    titles,
)

CONCERN = (
    "Op de Amsterdamsestraatweg liggen al weken stoeptegels los & scheef. Mijn moeder is daar gevallen. "
    "Ik wil dat de raad hier iets aan doet."
)
ANSWER = "Dank u wel voor uw bericht.\nWij brengen dit <donderdag> bij de raad."
WITHIN = 5.0

CONTRIBUTION = "SELECT * FROM contribution WHERE reference = %s"
STATUSES = """
    SELECT number, status, municipality_code, reason, email FROM contribution_status LEFT JOIN clerk
    ON clerk.id = clerk_id WHERE contribution_id = %s ORDER BY number
"""
ENTRIES = """
    SELECT text, municipality_code, email, delivered_at >= contribution_entry.created_at AS delivered
    FROM contribution_entry JOIN clerk ON clerk.id = clerk_id WHERE contribution_id = %s
"""
UTRECHT = "griffier.utrecht@demo.example"


@dataclass
class Told:
    """A concern that was passed on, with who did it and the open chat."""

    resident: Resident
    read_back: list[Message]
    confirmed: list[Message]
    reference: str
    row: dict[str, Any]


@pytest.fixture(scope="module")
async def told(opens, instance: Instance) -> Told:
    resident = await opens("GM0344")
    await resident.says("Ik wil iets doorgeven")
    read_back = await resident.says(CONCERN)
    confirmed = await resident.presses("Ja, geef dit door")
    reference = reference_in(confirmed)
    [row] = await instance.rows(CONTRIBUTION, reference)
    return Told(resident, read_back, confirmed, reference, row)


async def test_the_chat_opens_with_who_is_talking_and_for_which_municipality(resident: Resident):
    [welcome] = resident.seen
    assert (welcome["van"], welcome["soort"]) == ("bot", "melding")
    assert welcome["tekst"].splitlines()[0] == "Welkom bij Samenspel van Utrecht. U praat met een computer."
    assert titles(welcome) == ["Wat doet de gemeenteraad?", "Ik wil iets doorgeven", "Wat kunt u voor mij doen?"]


async def test_a_question_gets_a_sourced_and_dated_answer(resident: Resident):
    [answer] = await resident.says("wat doet de gemeenteraad eigenlijk?")
    assert (answer["van"], answer["soort"]) == ("bot", "antwoord")
    assert answer["tekst"].startswith("De gemeenteraad is het hoogste bestuur van de gemeente.")
    assert re.fullmatch(r"Nagekeken op \d{1,2} [a-z]+ 20\d\d\.", answer["tekst"].splitlines()[-1])
    assert [link["url"] for link in answer["links"]][:2] == [
        "https://wetten.overheid.nl/BWBR0001840",
        "https://wetten.overheid.nl/BWBR0005416",
    ]
    assert answer["meer"].startswith("De raad heeft drie taken:")
    assert titles(answer)[0] == "Wat is het college van B en W?"


async def test_a_concern_is_read_back_before_it_is_passed_on(told: Told):
    *_, message = told.read_back  # it may be said first who repairs what is broken
    assert message["soort"] == "bevestiging"
    assert plain(message) == reading_back("Utrecht", CONCERN)
    assert titles(message) == [
        "Ja, geef dit door",
        "Mijn tekst aanpassen",
        "Een andere plek",
        "Een andere gemeente",
        "Soort of onderwerp",
        "Stoppen",
    ]


async def test_a_confirmed_concern_gets_a_reference(told: Told):
    message, consent = told.confirmed
    assert message["tekst"].splitlines()[0] == (
        f"Dank u wel. Ik heb uw inbreng doorgegeven aan de griffie van Utrecht. Uw nummer is {told.reference}."
    )
    assert REFERENCE.fullmatch(told.reference)
    assert (consent["soort"], titles(consent)) == ("vraag", ["Ja, naar de raad", "Nee, alleen de griffie"])


async def test_a_confirmed_concern_is_one_row_with_one_status(told: Told, instance: Instance):
    assert await told.resident.contributions() == logged("GM0344", CONCERN, told.reference)
    [first, *_] = await instance.rows(STATUSES, told.row["id"])
    assert first == {
        "number": 1,
        "status": "ontvangen",
        "municipality_code": "GM0344",
        "reason": None,
        "email": None,
    }
    assert datetime.now(UTC) - told.row["created_at"] < timedelta(minutes=5)


async def test_the_clerk_of_the_municipality_sees_the_concern(told: Told, desks):
    desk: Clerk = await desks("GM0344")
    assert (await desk.work_list()).count(f'id="rij-{told.reference}"') == 1
    page = await desk.http.get(desk.address(told.row["id"]))
    assert (page.status_code, html.unescape(page.text).count(f">{CONCERN}<")) == (200, 1)


async def test_the_clerk_of_another_municipality_gets_404_and_sees_nothing(told: Told, desks):
    """There is something to see: the same addresses show it to Utrecht's own clerk."""
    own, other = await desks("GM0344"), await desks("GM0307")
    for path in (f"/griffie/GM0344/inbreng/{told.row['id']}", "/griffie/GM0344/inbreng"):
        shown, refused = await own.http.get(path), await other.http.get(path)
        assert (shown.status_code, told.reference in shown.text) == (200, True)
        assert (refused.status_code, told.reference in refused.text) == (404, False)
    moved = await other.http.get(other.address(told.row["id"]))
    assert (moved.status_code, moved.text.count(told.reference)) == (404, 0)
    assert (await other.work_list()).count(told.reference) == 0


async def test_the_clerk_of_another_municipality_can_change_nothing(told: Told, desks, instance: Instance):
    other: Clerk = await desks("GM0307")
    before = await instance.rows(STATUSES, told.row["id"])
    for code in ("GM0344", "GM0307"):
        place = f"/griffie/{code}/inbreng/{told.row['id']}"
        form = {"to": f"{place}/status", "verzending": str(uuid.uuid4())}
        changed = await other.submit("/griffie/wachtwoord", **form, status="in_behandeling")
        form = {"to": f"{place}/antwoord", "verzending": str(uuid.uuid4())}
        written = await other.submit("/griffie/wachtwoord", **form, tekst="Ha!")
        assert (changed.status_code, written.status_code) == (404, 404)
    assert await instance.rows(STATUSES, told.row["id"]) == before
    assert await instance.rows("SELECT 1 FROM contribution_entry WHERE text = %s", "Ha!") == []


async def test_nobody_sees_the_desk_without_logging_in(told: Told, http):
    page = await http.get(f"/griffie/GM0344/inbreng/{told.row['id']}")
    assert (page.status_code, page.headers["location"].partition("?")[0]) == (303, "/griffie/aanmelden")
    assert told.reference not in page.text


async def test_a_clerks_reply_arrives_in_the_open_chat_and_stays_there(told: Told, desks, instance: Instance):
    desk: Clerk = await desks("GM0344")
    place = desk.address(told.row["id"])
    page = await desk.submit(place, to=f"{place}/status", status="in_behandeling")
    assert (page.status_code, page.url.path) == (200, place)
    async with told.resident.listens() as events:
        page = await desk.submit(place, to=f"{place}/antwoord", tekst=ANSWER)
        assert (page.status_code, page.url.path) == (200, place)
        event_id, heard = await next_event(events, WITHIN)
    assert (heard["van"], heard["soort"], heard["id"]) == ("griffie", "griffie", event_id)
    assert heard["tekst"].strip() == (
        f"Antwoord van de griffie van Utrecht op uw inbreng {told.reference}:\n\n{ANSWER}"
    )
    assert (await told.resident.history())[-1] == heard
    assert await instance.rows(STATUSES, told.row["id"]) == [
        {"number": 1, "status": "ontvangen", "municipality_code": "GM0344", "reason": None, "email": None},
        {"number": 2, "status": "in_behandeling", "municipality_code": "GM0344", "reason": None, "email": UTRECHT},
    ]
    assert await instance.rows(ENTRIES, told.row["id"]) == [
        {"text": ANSWER, "municipality_code": "GM0344", "email": UTRECHT, "delivered": True}
    ]
    async with told.resident.listens(last_event_id=event_id - 1) as events:
        assert await next_event(events, WITHIN) == (event_id, heard)


async def test_a_reply_reaches_only_the_conversation_it_belongs_to(opens, desks, instance: Instance):
    """Both tell something to the same municipality; the griffie answers one of them."""
    answered, bystander = await opens("GM0344"), await opens("GM0344")
    reference = await answered.tells("De lantaarnpaal voor het buurthuis is al een maand kapot.")
    await bystander.tells("De lantaarnpaal achter het buurthuis is al een maand kapot.")
    [row] = await instance.rows(CONTRIBUTION, reference)
    desk: Clerk = await desks("GM0344")
    async with answered.listens() as events:
        await desk.submit(desk.address(row["id"]), to=f"{desk.address(row['id'])}/antwoord", tekst="Wij kijken ernaar.")
        await next_event(events, WITHIN)
    said = [[m for m in await someone.history() if m["van"] == "griffie"] for someone in (answered, bystander)]
    assert [len(messages) for messages in said] == [1, 0]


async def test_a_resident_hears_where_their_own_contribution_stands(opens):
    """Another resident asks the same and sees nothing of it."""
    owner, stranger = await opens("GM0344"), await opens("GM0344")
    reference = await owner.tells("Er is te weinig plek voor fietsen bij het station in onze wijk.")
    [own] = await owner.says("hoe staat het met mijn inbreng?")
    [other] = await stranger.says("hoe staat het met mijn inbreng?")
    assert REFERENCE.findall(own["tekst"]) == [reference]
    assert other["tekst"].splitlines()[0] == "Ik zie nog niets dat u heeft doorgegeven."
    assert reference not in other["tekst"]
    assert kinds([own, other]) == ["antwoord", "antwoord"]
