"""What is particular to the channel behind somebody else's service: signatures, numbers for buttons, pauses."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.relay import rendering, signing
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Conversation, Message
from participation.services import deep_links
from participation.settings import Settings
from tests.integration.bot.channels.conftest import RelayLine
from tests.integration.bot.conftest import UTRECHT, RasaDouble, always, echo, said
from tests.integration.bot.telegram.conftest import rows
from tests.relay_service import SECRET, Correspondent
from web.app import create_app

pytestmark = [pytest.mark.usefixtures("process"), pytest.mark.parametrize("line", ["koppeling"], indirect=True)]

CHOICES = said(
    "Wat wilt u weten?",
    knoppen=[
        {"titel": "De raad", "betekenis": {"intent": "vraag/raad"}},
        {"titel": "Iets anders", "betekenis": {"intent": "vraag/anders"}},
    ],
)


@pytest.fixture
async def person(line: RelayLine) -> Correspondent:
    """Somebody who has been welcomed."""
    someone = line.somebody()
    await someone.says("Hallo", 2)
    return someone


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"secret": "x" * 40}, 403),
        ({"at": datetime.now(UTC) - timedelta(minutes=6)}, 403),
        ({"at": datetime.now(UTC) + timedelta(minutes=20)}, 403),
        ({"tekst": None}, 422),
        ({"keuze": "abc"}, 422),
        ({"gemeente": UTRECHT}, 422),
        ({"id": ""}, 422),
        ({"afzender": 7}, 422),
        ({"link": "x\x00y"}, 422),
    ],
)
async def test_what_is_not_signed_lately_or_not_in_shape_is_refused_and_kept_nowhere(
    person: Correspondent, rasa: RasaDouble, database: Database, wrong: dict[str, Any], status: int
) -> None:
    before = len(await rows(database, Message))
    answer = await person.posts(**{"tekst": "Hallo?"} | wrong)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (len(await rows(database, Message)), len(rasa.turns)) == (before, 1)


async def test_a_changed_body_does_not_fit_its_signature(person: Correspondent, line: RelayLine) -> None:
    body = json.dumps({"id": "a", "afzender": person.name, "tekst": "Ja"}).encode()
    signed = signing.headers(SECRET, body, now=datetime.now(UTC))
    answer = await line.client.post("/api/v1/koppeling/berichten", content=body.replace(b"Ja", b"Ne"), headers=signed)
    assert answer.status_code == 403


@pytest.mark.parametrize("odd", ["", "vandaag", "-1", "1" * 30, "٣"])
def test_a_moment_that_is_no_number_is_no_moment(line: RelayLine, odd: str) -> None:
    assert not signing.is_signed(SECRET, b"", moment=odd, signature="sha256=0", now=datetime.now(UTC))


@pytest.mark.parametrize("typed", ["2", " 2. ", "2)"])
async def test_the_number_of_a_button_presses_it(person: Correspondent, rasa: RasaDouble, typed: str) -> None:
    rasa.behaviour = always(200, CHOICES)
    [asked] = await person.says("Vertel")
    assert asked.text == "Wat wilt u weten?\n\n1. De raad\n2. Iets anders"
    rasa.behaviour = echo
    [answer] = await person.says(typed)
    assert (answer.text, rasa.turns[-1]["keuze"]) == ("Gehoord: Iets anders", {"intent": "vraag/anders"})


@pytest.mark.parametrize("typed", ["3", "0", "12 bomen", "2025"])
async def test_another_number_is_what_somebody_says(person: Correspondent, rasa: RasaDouble, typed: str) -> None:
    rasa.behaviour = always(200, CHOICES)
    await person.says("Vertel")
    rasa.behaviour = echo
    [answer] = await person.says(typed)
    assert (answer.text, rasa.turns[-1]["keuze"]) == (f"Gehoord: {typed}", None)


async def test_a_link_brings_its_municipality(line: RelayLine, rasa: RasaDouble, database: Database) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        link = await deep_links.make(
            session, municipality_code=UTRECHT, campaign=None, place="markt", now=datetime.now(UTC)
        )
    person = line.somebody()
    await person.sends(link=link.id, id="wamid." + "x" * 58)
    [welcome] = await person.hears()
    assert "Samenspel van Utrecht" in welcome.text
    await person.says("Hallo")
    [kept] = await rows(database, Conversation, Conversation.id == rasa.turns[-1]["gesprek"])
    assert (kept.municipality_code, kept.place, kept.channel) == (UTRECHT, "markt", "koppeling")


async def test_an_unknown_link_says_so_and_goes_on(line: RelayLine) -> None:
    person = line.somebody()
    await person.sends(link="verzonnen", tekst="Hallo")
    told, welcome, asked, answer = await person.hears(4)
    assert told.text == content.text("telegram_link_onbekend")
    assert "Samenspel van uw gemeente" in welcome.text
    assert (asked.text, answer.text) == (content.text("gemeente_vraag"), "Gehoord: Hallo")


async def test_a_piece_of_which_the_receipt_got_lost_has_the_same_id_again(
    person: Correspondent, line: RelayLine
) -> None:
    line.fail(times=1, lost=True)
    [answer] = await person.says("Een")
    [after] = await person.says("Twee")
    ids = [message["id"] for message in line.service.asked if message["tekst"].startswith("Gehoord: ")]
    assert ids[-3:] == [answer.id, answer.id, after.id]


async def test_a_service_that_asks_for_a_pause_gets_it(person: Correspondent, line: RelayLine) -> None:
    line.service.faults.append(429)
    began = datetime.now(UTC)
    [answer] = await person.says("Een")
    assert answer.text == "Gehoord: Een"
    assert datetime.now(UTC) - began >= timedelta(seconds=1)


async def test_a_message_that_is_refused_for_good_does_not_hold_up_the_next(
    person: Correspondent, line: RelayLine
) -> None:
    line.service.faults.append(400)
    await person.sends(tekst="Een")
    [answer] = await person.says("Twee")
    assert answer.text == "Gehoord: Twee"


async def test_settings_of_the_service_that_do_not_fit_keep_messages_waiting(
    person: Correspondent, line: RelayLine, caplog: pytest.LogCaptureFixture
) -> None:
    line.service.faults.append(403)
    [answer] = await person.says("Een")
    assert answer.text == "Gehoord: Een"
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "A message waits, koppeling did not take it: HTTP 403"
    ]


def test_details_and_sources_are_part_of_the_text(line: RelayLine) -> None:
    body = {"tekst": "Kort.", "meer": "Lang.", "links": [{"titel": "Gemeentewet", "url": "https://wet.example"}]}
    assert rendering.pieces(body) == [rendering.Piece("Kort.\n\nLang.\n\nGemeentewet: https://wet.example")]


async def test_without_a_service_the_route_is_not_there(line: RelayLine) -> None:
    app = create_app(Settings(demo=True, database_url=line.settings.database_url))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://samenspel") as client:
        answer = await client.post("/api/v1/koppeling/berichten", content=b"{}")
    assert answer.status_code == 404
