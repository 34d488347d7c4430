"""The chat API as a browser meets it: the whole web application, over ASGI, and over a socket where it streams."""

import asyncio
import json
import socket
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from itsdangerous import URLSafeTimedSerializer
from limits import parse
from sqlalchemy import delete, select, update

from desk.security import MAX_BODY_BYTES
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import BackupMade, Campaign, Conversation, Statement
from participation.services import conversations
from participation.settings import Settings
from tests.integration.bot.conftest import UTRECHT, RasaDouble, always, count_messages, said
from tests.integration.campaign_maker import Ask, make
from web.app import create_app

CHAT = "/api/v1/chat"


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The web process, running."""
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url="http://samenspel.example"
    ) as client:
        yield client


@pytest.fixture
async def token(http: httpx.AsyncClient) -> str:
    """The key to a fresh conversation about Utrecht."""
    return str((await http.post(f"{CHAT}/gesprekken", json={"gemeente": UTRECHT})).json()["token"])


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def refused(response: httpx.Response) -> tuple[int, str]:
    """Status and title of an error, which is a problem in Dutch."""
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body.keys() == {"type", "status", "title", "detail"}
    assert body["status"] == response.status_code
    return response.status_code, body["title"]


async def test_a_conversation_from_opening_to_reload(http: httpx.AsyncClient) -> None:
    opened = await http.post(f"{CHAT}/gesprekken", json={"gemeente": UTRECHT, "campagne": "fietsen", "taal": "nl"})
    assert opened.status_code == 201
    body = opened.json()
    assert body.keys() == {"token", "gesprek", "gemeente", "gemeente_naam", "berichten"}
    assert (body["gemeente"], body["gemeente_naam"]) == (UTRECHT, "Utrecht")
    answered = await http.post(f"{CHAT}/berichten", json={"tekst": "Hallo"}, headers=bearer(body["token"]))
    assert answered.status_code == 200
    [reply] = answered.json()["berichten"]
    assert reply.keys() == {"id", "van", "tijd", "tekst", "soort", "knoppen", "links", "meer"}
    assert (reply["van"], reply["tekst"], reply["soort"]) == ("bot", "Gehoord: Hallo", "antwoord")
    assert datetime.fromisoformat(reply["tijd"]).tzinfo is not None
    reloaded = (await http.get(f"{CHAT}/gesprekken/huidig", headers=bearer(body["token"]))).json()
    assert [(one["van"], one["tekst"]) for one in reloaded["berichten"][1:]] == [
        ("inwoner", "Hallo"),
        ("bot", "Gehoord: Hallo"),
    ]
    assert reloaded["berichten"][2] == reply


async def test_the_same_id_twice_is_one_turn(http: httpx.AsyncClient, token: str, rasa: RasaDouble) -> None:
    body = {"tekst": "Hallo", "bericht_id": "een"}
    first, again = [await http.post(f"{CHAT}/berichten", json=body, headers=bearer(token)) for _ in range(2)]
    assert first.json() == again.json()
    assert len(rasa.turns) == 1
    history = (await http.get(f"{CHAT}/gesprekken/huidig", headers=bearer(token))).json()["berichten"]
    assert [one.get("bericht_id") for one in history] == [None, "een", None]


async def test_a_button_is_pressed_by_its_id(http: httpx.AsyncClient, token: str, rasa: RasaDouble) -> None:
    [welcome] = (await http.get(f"{CHAT}/gesprekken/huidig", headers=bearer(token))).json()["berichten"]
    assert all(one.keys() == {"id", "titel"} for one in welcome["knoppen"])
    pressed = {"keuze": welcome["knoppen"][0]["id"]}
    assert (await http.post(f"{CHAT}/berichten", json=pressed, headers=bearer(token))).status_code == 200
    assert rasa.turns[-1]["keuze"] == {"intent": "vraag/raad_wat_is"}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer verzonnen", "Basic {token}", "Bearer {token}x"])
async def test_without_a_valid_token_nobody_gets_in(http: httpx.AsyncClient, token: str, header: str) -> None:
    headers = {"Authorization": header.replace("{token}", token)} if header else {}
    for response in (
        await http.get(f"{CHAT}/gesprekken/huidig", headers=headers),
        await http.get(f"{CHAT}/gebeurtenissen", headers=headers),
        await http.post(f"{CHAT}/berichten", json={"tekst": "Hallo"}, headers=headers),
    ):
        assert refused(response) == (401, "Geen gesprek")


async def test_a_token_of_another_installation_or_purpose_is_no_key(
    http: httpx.AsyncClient, token: str, settings: Settings
) -> None:
    gesprek = (await http.get(f"{CHAT}/gesprekken/huidig", headers=bearer(token))).json()["gesprek"]
    for key, salt in (("een andere sleutel", "gesprek"), (settings.secret_key, "desk")):
        forged = URLSafeTimedSerializer(key, salt=salt).dumps(gesprek)
        assert (await http.get(f"{CHAT}/gesprekken/huidig", headers=bearer(forged))).status_code == 401
    right = URLSafeTimedSerializer(settings.secret_key, salt="gesprek").dumps(gesprek)
    assert (await http.get(f"{CHAT}/gesprekken/huidig", headers=bearer(right))).status_code == 200


async def test_an_erased_conversation_says_so(http: httpx.AsyncClient, token: str, database: Database) -> None:
    gesprek = (await http.get(f"{CHAT}/gesprekken/huidig", headers=bearer(token))).json()["gesprek"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(delete(Conversation).where(Conversation.id == uuid.UUID(gesprek)))
    for response in (
        await http.get(f"{CHAT}/gesprekken/huidig", headers=bearer(token)),
        await http.get(f"{CHAT}/gebeurtenissen", headers=bearer(token)),
        await http.post(f"{CHAT}/berichten", json={"tekst": "Hallo"}, headers=bearer(token)),
    ):
        assert refused(response) == (404, "Gesprek onbekend")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"tekst": "a", "keuze": "b"},
        {"tekst": None},
        {"tekst": 5},
        {"tekst": ["a"]},
        {"tekst": "x" * 40_001},
        {"keuze": "x" * 65},
        {"tekst": "a", "bericht_id": ""},
        {"tekst": "a", "bericht_id": "x" * 65},
        {"tekst": "a", "bericht_id": "een\x00"},
        {"tekst": "a", "sender": "geheim-veld"},
        [],
        "tekst",
    ],
    ids=lambda body: json.dumps(body)[:40],
)
async def test_a_body_that_is_wrong_is_refused_without_repeating_it(
    http: httpx.AsyncClient, token: str, rasa: RasaDouble, body: Any
) -> None:
    response = await http.post(f"{CHAT}/berichten", json=body, headers=bearer(token))
    assert refused(response) == (422, "Verzoek onjuist")
    assert "x" * 20 not in response.text
    assert rasa.turns == []


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"tekst": "\\ud800"}', b'{"tekst": NaN}'])
async def test_a_body_that_is_no_json_is_refused(http: httpx.AsyncClient, token: str, raw: bytes) -> None:
    response = await http.post(
        f"{CHAT}/berichten", content=raw, headers={**bearer(token), "Content-Type": "application/json"}
    )
    assert refused(response) == (422, "Verzoek onjuist")


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ({"gemeente": "GM9999"}, "Gemeente onbekend"),
        ({"gemeente": "Utrecht"}, "Verzoek onjuist"),
        ({"gemeente": UTRECHT, "taal": "nederlands"}, "Verzoek onjuist"),
        ({"gemeente": UTRECHT, "campagne": "x" * 65}, "Verzoek onjuist"),
        ({"gemeente": UTRECHT, "campagne": "\x00"}, "Verzoek onjuist"),
        ({"gemeente": UTRECHT, "inwoner": "1"}, "Verzoek onjuist"),
    ],
)
async def test_a_conversation_that_can_not_be_opened_leaves_nothing(
    http: httpx.AsyncClient, database: Database, body: dict[str, str], title: str
) -> None:
    before = await count_messages(database)
    assert refused(await http.post(f"{CHAT}/gesprekken", json=body)) == (422, title)
    assert await count_messages(database) == before


async def test_a_huge_body_is_refused_before_it_is_read(http: httpx.AsyncClient, token: str) -> None:
    response = await http.post(f"{CHAT}/berichten", content=b"x" * (MAX_BODY_BYTES + 1), headers={**bearer(token)})
    assert refused(response) == (413, "Te groot")


async def test_an_unknown_address_of_the_api_is_a_problem_in_dutch(http: httpx.AsyncClient) -> None:
    assert refused(await http.get(f"{CHAT}/bestaat-niet")) == (404, "Niet gevonden")
    assert (await http.get(f"{CHAT}/berichten")).status_code == 405


async def test_nul_bytes_in_text_and_choice_do_no_harm(http: httpx.AsyncClient, token: str) -> None:
    for body in ({"tekst": "De \x00lamp"}, {"keuze": "\x00"}):
        assert (await http.post(f"{CHAT}/berichten", json=body, headers=bearer(token))).status_code == 200


async def test_every_answer_tells_the_browser_not_to_guess(http: httpx.AsyncClient, token: str) -> None:
    for response in (
        await http.get(f"{CHAT}/gesprekken/huidig", headers=bearer(token)),
        await http.get("/bestaat-niet"),
        await http.get("/gezondheid/levend"),
    ):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"


async def test_health_tells_which_part_fails(http: httpx.AsyncClient) -> None:
    assert (await http.get("/gezondheid/levend")).json() == {"status": "ok"}
    ready = await http.get("/gezondheid/gereed")
    assert ready.status_code == 503
    parts = ready.json()["onderdelen"]
    assert (ready.json()["status"], parts["database"], parts["rasa"], parts["worker"]) == (
        "storing",
        True,
        True,
        False,
    )


async def test_health_tells_when_the_last_back_up_was_made(
    http: httpx.AsyncClient, database_url: str, now: datetime
) -> None:
    assert (await http.get("/gezondheid/gereed")).json()["laatste_back_up"] is None
    owner = Database(database_url)
    async with owner.session(EVERY_MUNICIPALITY) as session:
        session.add_all(BackupMade(made_at=now - timedelta(days=ago), finished_at=now, size=1) for ago in (1, 3))
    await owner.close()
    told = (await http.get("/gezondheid/gereed")).json()["laatste_back_up"]
    assert datetime.fromisoformat(told) == now - timedelta(days=1)


@pytest.fixture
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The application behind a real socket, since a stream does not end."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error", ws="none"))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110  uvicorn tells no other way
            await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = server.force_exit = True
    await task
    listening.close()


class Stream:
    """Reads server-sent events."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self) -> dict[str, Any]:
        """The next message, with the id of the event."""
        event: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self._lines:
                if not line and event:
                    break
                if line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    event[name] = value
        message: dict[str, Any] = json.loads(event["data"])
        assert (event["id"], event["event"]) == (str(message["id"]), "bericht")
        return message


async def test_what_comes_later_is_heard_and_resumed(
    served: str, http: httpx.AsyncClient, token: str, database: Database, now: datetime
) -> None:
    gesprek = uuid.UUID((await http.get(f"{CHAT}/gesprekken/huidig", headers=bearer(token))).json()["gesprek"])

    async def griffie_says(text: str) -> None:
        async with database.session(EVERY_MUNICIPALITY) as session:
            await conversations.answer(
                session,
                conversation_id=gesprek,
                replies=[{"tekst": text, "soort": "griffie"}],
                in_reply_to=None,
                now=now,
                sender="griffie",
            )

    async with httpx.AsyncClient(base_url=served, trust_env=False) as browser:
        async with browser.stream("GET", f"{CHAT}/gebeurtenissen", headers=bearer(token)) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            assert response.headers["cache-control"] == "no-store"
            stream = Stream(response)
            await griffie_says("Eén")
            first = await stream.next()
            assert (first["van"], first["tekst"], first["soort"]) == ("griffie", "Eén", "griffie")
            await griffie_says("Twee")
            assert (await stream.next())["tekst"] == "Twee"
        await griffie_says("Drie")
        resume = {**bearer(token), "Last-Event-ID": str(first["id"])}
        async with browser.stream("GET", f"{CHAT}/gebeurtenissen", headers=resume) as response:
            stream = Stream(response)
            assert [(await stream.next())["tekst"] for _ in range(2)] == ["Twee", "Drie"]


@pytest.mark.parametrize("last", ["x", "-1", "9" * 30, "²"])
async def test_a_strange_last_event_id_does_no_harm(served: str, token: str, last: str) -> None:
    headers = [(b"Authorization", f"Bearer {token}".encode()), (b"Last-Event-ID", last.encode())]
    async with (
        httpx.AsyncClient(base_url=served, trust_env=False) as browser,
        browser.stream("GET", f"{CHAT}/gebeurtenissen", headers=headers) as response,
    ):
        assert response.status_code == 200
        async with asyncio.timeout(10):
            assert await anext(response.aiter_lines()) == ": open"


async def test_a_faulty_rasa_gives_an_answer_and_no_error(
    http: httpx.AsyncClient, token: str, rasa: RasaDouble
) -> None:
    for body in (b"[]", said("x").replace(b"tekst", b"iets")):
        rasa.behaviour = always(200, body)
        response = await http.post(f"{CHAT}/berichten", json={"tekst": "Hallo"}, headers=bearer(token))
        assert (response.status_code, response.json()["berichten"][0]["soort"]) == (200, "fout")


async def test_who_asks_too_much_hears_when_to_go_on_and_somebody_in_danger_is_heard(
    http: httpx.AsyncClient, token: str, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setattr("bot.limits.TURNS", parse("1/minute"))
    monkeypatch.setattr("bot.limits.OPENINGS", parse("1/minute"))
    turn = {"tekst": "Hallo", "bericht_id": "a"}
    assert (await http.post(f"{CHAT}/berichten", json=turn, headers=bearer(token))).status_code == 200
    before = await count_messages(database)
    too_much = await http.post(f"{CHAT}/berichten", json=turn | {"bericht_id": "b"}, headers=bearer(token))
    assert refused(too_much) == (429, "Even wachten")
    assert 1 <= int(too_much.headers["retry-after"]) <= 60
    assert await count_messages(database) == before
    danger = await http.post(f"{CHAT}/berichten", json={"tekst": "Ik wil dood"}, headers=bearer(token))
    assert danger.json()["berichten"][0]["soort"] == "nood"
    opened = [(await http.post(f"{CHAT}/gesprekken", json={})).status_code for _ in range(2)]
    assert 429 in opened


@pytest.mark.parametrize("path", ["gesprekken/huidig", "gebeurtenissen"])
async def test_looking_at_a_conversation_without_end_is_refused(
    http: httpx.AsyncClient, token: str, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr("bot.limits.LOOKS", parse("1/minute"))
    assert (await http.get(f"{CHAT}/gesprekken/huidig", headers=bearer(token))).status_code == 200
    assert refused(await http.get(f"{CHAT}/{path}", headers=bearer(token))) == (429, "Even wachten")


async def test_beginning_with_a_campaign_counts_as_a_turn(
    http: httpx.AsyncClient, token: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.limits.TURNS", parse("1/minute"))
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign = await make(session, Ask("stellingen", statements=("Meer bomen.",)), now=datetime.now(UTC))
    begun = [await http.post(f"{CHAT}/peilingen/{campaign.public_id}", headers=bearer(token)) for _ in range(2)]
    assert [one.status_code for one in begun] == [200, 429]


async def test_only_somebody_in_danger_is_answered_before_their_turn(
    http: httpx.AsyncClient, token: str, database: Database
) -> None:
    before = await count_messages(database)
    other = {"tekst": "Meer bankjes in het park", "bericht_id": "a", "alleen_gevaar": True}
    passed = await http.post(f"{CHAT}/berichten", json=other, headers=bearer(token))
    assert (passed.status_code, passed.content, await count_messages(database)) == (204, b"", before)
    help_me = {"tekst": "Er is brand, help!", "bericht_id": "b"}
    sent = [
        await http.post(f"{CHAT}/berichten", json=help_me | {"alleen_gevaar": aside}, headers=bearer(token))
        for aside in (True, False)
    ]
    assert [one.status_code for one in sent] == [200, 200]
    assert sent[0].json()["berichten"][0]["soort"] == "nood"
    assert (sent[1].json(), await count_messages(database)) == (sent[0].json(), before + 2)


async def test_votes_need_no_messages_and_count_as_those_of_the_buttons(
    http: httpx.AsyncClient, token: str, database: Database
) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        asked = Ask("stellingen", "Eens?", statements=("Meer bomen.", "Meer bankjes."))
        campaign = await make(session, asked, now=datetime.now(UTC))
    key = bearer(token)
    first = await http.post(f"{CHAT}/stemmen", json={"stelling": str(uuid.uuid4()), "waarde": 1}, headers=key)
    assert refused(first) == (404, "Stelling onbekend")
    assert refused(await http.post(f"{CHAT}/peilingen/bestaat-niet", headers=key)) == (404, "Peiling onbekend")
    begun = (await http.post(f"{CHAT}/peilingen/{campaign.public_id}", headers=key)).json()
    assert [one["waarde"] for one in begun["stellingen"]] == [None, None]
    voted = begun["stellingen"][1]["stelling"]
    before = await count_messages(database)
    for value in (1, -1):
        sent = await http.post(f"{CHAT}/stemmen", json={"stelling": voted, "waarde": value}, headers=key)
        assert sent.status_code == 204
    assert await count_messages(database) == before
    again = (await http.post(f"{CHAT}/peilingen/{campaign.public_id}", headers=key)).json()
    assert [one["waarde"] for one in again["stellingen"]] == [None, -1]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(update(Campaign).where(Campaign.id == campaign.id).values(state="gesloten"))
    late = await http.post(f"{CHAT}/stemmen", json={"stelling": voted, "waarde": 1}, headers=key)
    assert refused(late) == (409, "Peiling gesloten")


async def test_who_does_not_take_part_has_no_vote(http: httpx.AsyncClient, token: str, database: Database) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign = await make(session, Ask("stellingen", statements=("Meer bomen.",)), now=datetime.now(UTC))
        statement = await session.scalar(select(Statement.id).where(Statement.campaign_id == campaign.id))
    body = {"stelling": str(statement), "waarde": 1}
    assert refused(await http.post(f"{CHAT}/stemmen", json=body, headers=bearer(token)))[0] == 409
    assert (await http.post(f"{CHAT}/stemmen", json=body)).status_code == 401
