"""Seeing and erasing one's data through the ways in: what the chat says, and what is left afterwards."""

import asyncio
import uuid
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import select

from bot.gateway import Gateway
from bot.turn import Turn
from bot.visits import Opened
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import ConversationUnknown
from participation.models import Conversation, Message, Resident
from participation.reply import ENDING
from participation.settings import Settings
from tests.integration.bot.conftest import UTRECHT, RasaDouble, always, button, said, text_of
from tests.traces import traces
from web.app import create_app

CHAT, OWN_DATA = "/api/v1/chat", "/api/v1/mijn/gegevens"
WORDS = "zwaluwstaartverbinding"
ERASE = {"poort": "wissen"}
YES = content.text("knop_wissen_ja")
ASKED = said("Zal ik alles wissen?", knoppen=[{"titel": YES, "betekenis": ERASE}], verwacht={"ja": ERASE})


async def say(gateway: Gateway, opened: Opened, text: str) -> list[Message]:
    return await gateway.handle(Turn(opened.conversation_id, uuid.uuid4().hex, text=text))


async def pseudonym_of(database: Database, opened: Opened) -> bytes:
    async with database.session(EVERY_MUNICIPALITY) as session:
        found = await session.scalar(
            select(Resident.pseudonym)
            .join(Conversation, Conversation.resident_id == Resident.id)
            .where(Conversation.id == opened.conversation_id)
        )
    assert found is not None
    return found


@pytest.mark.parametrize("how", ["typed", "pressed"])
async def test_after_a_yes_everything_is_gone_at_once_and_the_last_message_says_so(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, database_url: str, how: str
) -> None:
    await say(gateway, opened, f"Het gaat over een {WORDS}.")
    rasa.behaviour = always(200, ASKED)
    [question] = await say(gateway, opened, "verwijder mijn gegevens")
    marks = {
        "words": WORDS,
        "pseudonym": await pseudonym_of(database, opened),
        "conversation": str(opened.conversation_id),
    }
    assert traces(database_url, marks).keys() == marks.keys()
    turns = len(rasa.turns)
    last = Turn(opened.conversation_id, "laatste", text="ja")
    if how == "pressed":
        last = Turn(opened.conversation_id, "laatste", choice=button(question, YES))
    [farewell] = await gateway.handle(last)
    assert (farewell.body["tekst"], farewell.body["soort"]) == (content.text("gewist"), ENDING)
    assert len(rasa.turns) == turns, "what Rasa hears of, it keeps"
    assert traces(database_url, {**marks, "farewell": content.text("gewist").split(".")[0]}) == {}
    for again in (gateway.handle(last), gateway.visits.current(opened.conversation_id)):
        with pytest.raises(ConversationUnknown):
            await again


@pytest.mark.parametrize("text", ["nee", "ja maar wacht even", "wat gaat er dan weg?"])
async def test_anything_else_erases_nothing_and_then_a_yes_is_too_late(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, text: str
) -> None:
    rasa.behaviour = always(200, ASKED)
    await say(gateway, opened, "verwijder mijn gegevens")
    rasa.behaviour = always(200, said("Goed."))
    await say(gateway, opened, text)
    assert text_of(await say(gateway, opened, "ja")) == ["Goed."]
    assert [turn["tekst"] for turn in rasa.turns[-2:]] == [text, "ja"]


async def test_a_yes_that_nobody_asked_for_is_an_ordinary_message(
    gateway: Gateway, opened: Opened, rasa: RasaDouble
) -> None:
    assert text_of(await say(gateway, opened, "ja, wis alles")) == ["Gehoord: ja, wis alles"]


async def test_words_that_were_asked_for_go_to_rasa_with_what_they_mean(
    gateway: Gateway, opened: Opened, rasa: RasaDouble
) -> None:
    meaning = {"intent": "inbreng_aanvullen", "inbreng": "1"}
    rasa.behaviour = always(200, said("Wat wilt u toevoegen?", verwacht={"woorden": meaning}))
    await say(gateway, opened, "ik wil iets toevoegen")
    rasa.behaviour = always(200, said("De raad beslist."))
    assert text_of(await say(gateway, opened, "Wat doet de raad?")) == [
        "De raad beslist.",
        content.text("aanvullen_verder"),
    ]
    assert rasa.turns[-1]["keuze"] is None
    rasa.behaviour = always(500, b"{}")
    [apology] = await say(gateway, opened, "De lamp brandt ook overdag.")
    assert rasa.turns[-1]["keuze"] == {**meaning, "woorden": True}
    assert rasa.turns[-1]["metadata"]["keuze"] == rasa.turns[-1]["keuze"]
    assert apology.body["tekst"] == content.text("fout"), "the words can still go to the griffie"


@pytest.fixture
async def http(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    made = create_app(settings)
    async with (
        made.router.lifespan_context(made),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=made, raise_app_exceptions=False), base_url="http://samenspel.example"
        ) as client,
    ):
        yield client


async def test_the_key_of_a_conversation_opens_the_data_of_its_resident_alone(
    http: httpx.AsyncClient, rasa: RasaDouble
) -> None:
    keys = []
    for words in (WORDS, "iets anders"):
        opened = (await http.post(f"{CHAT}/gesprekken", json={"gemeente": UTRECHT})).json()
        keys.append({"Authorization": f"Bearer {opened['token']}"})
        await http.post(f"{CHAT}/berichten", json={"tekst": words}, headers=keys[-1])
    answer = await http.get(OWN_DATA, headers=keys[0])
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.headers["content-disposition"] == 'attachment; filename="mijn-gegevens.json"'
    assert [row["tekst"] for row in answer.json()["berichten"]][1:] == [WORDS, f"Gehoord: {WORDS}"]
    assert WORDS not in (await http.get(OWN_DATA, headers=keys[1])).text
    refused = await http.get(OWN_DATA)
    assert (refused.status_code, refused.headers["content-type"]) == (401, "application/problem+json")


async def test_after_erasing_the_key_opens_nothing(http: httpx.AsyncClient, rasa: RasaDouble) -> None:
    rasa.behaviour = always(200, ASKED)
    opened = (await http.post(f"{CHAT}/gesprekken", json={"gemeente": UTRECHT})).json()
    key = {"Authorization": f"Bearer {opened['token']}"}
    await http.post(f"{CHAT}/berichten", json={"tekst": "verwijder mijn gegevens"}, headers=key)
    answer = await http.post(f"{CHAT}/berichten", json={"tekst": "ja"}, headers=key)
    [farewell] = answer.json()["berichten"]
    assert (farewell["tekst"], farewell["soort"], farewell["knoppen"]) == (content.text("gewist"), "einde", [])
    answers = await asyncio.gather(
        http.get(OWN_DATA, headers=key),
        http.get(f"{CHAT}/gesprekken/huidig", headers=key),
        http.post(f"{CHAT}/berichten", json={"tekst": "hallo"}, headers=key),
    )
    assert [answer.status_code for answer in answers] == [404, 404, 404]
