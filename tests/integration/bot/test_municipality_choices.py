"""What a municipality chose, as residents meet it: welcome, name, colours, logo, sites, and Telegram or not."""

import io
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import text

from bot.gateway import Gateway
from bot.turn import Turn
from bot.visits import Opened
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.house_style import Colors
from participation.logo import drawn_again
from participation.models import Clerk
from participation.reply import Button, Reply
from participation.services import clerks, conversations, municipality_settings
from participation.settings import Settings
from tests.integration.bot.conftest import (
    AMERSFOORT,
    UTRECHT,
    RasaDouble,
    always,
    button,
    contributions_of,
    said,
    text_of,
)
from web.app import create_app

Chosen = Callable[..., Any]


@pytest.fixture
async def chosen(database: Database, now: datetime) -> AsyncIterator[Chosen]:
    """Set something for a municipality; afterwards nothing is set any more."""
    async with database.session("") as session:
        made, _ = await clerks.create_clerk(
            session, email=f"{uuid.uuid4().hex[:8]}@gemeente.example", name="Anna", roles={UTRECHT: "griffier"}, now=now
        )

    async def choose(what: str, code: str = UTRECHT, **values: Any) -> None:
        async with database.session(code) as session:
            clerk = await session.get_one(Clerk, made.id)
            setter = getattr(municipality_settings, f"set_{what}")
            await setter(session, municipality_code=code, clerk=clerk, now=now, **values)

    yield choose
    async with database.session(EVERY_MUNICIPALITY) as session:
        for table in ("municipality_setting", "municipality_logo"):
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608


@pytest.fixture
async def http(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The web process."""
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://samenspel.example") as client,
    ):
        yield client


async def test_the_welcome_is_the_municipalitys_own_and_who_is_talking_stays(gateway: Gateway, chosen: Chosen) -> None:
    usual = (await gateway.visits.open(channel="web", municipality_code=UTRECHT)).messages[0].body["tekst"]
    await chosen(
        "texts", name="Utrecht stad", welcome="Vertel ons wat u wilt.\n{dagen}", office_hours="Wij werken tot 17 uur."
    )
    opened = await gateway.visits.open(channel="web", municipality_code=UTRECHT)
    own = opened.messages[0].body["tekst"]
    first, *_, last = usual.replace("Utrecht", "Utrecht stad").split("\n\n")
    assert own == f"{first}\n\nVertel ons wat u wilt.\n{{dagen}}\n\n{last} Wij werken tot 17 uur."
    assert ("U praat met een computer." in own, "bewaren dit gesprek 28 dagen" in own) == (True, True)
    assert opened.municipality_name == "Utrecht stad"
    elsewhere = (await gateway.visits.open(channel="web", municipality_code=AMERSFOORT)).messages[0].body["tekst"]
    assert elsewhere == usual.replace("Utrecht", "Amersfoort")


async def test_name_colours_and_logo_are_on_the_pages_of_the_chat(http: httpx.AsyncClient, chosen: Chosen) -> None:
    usual = await http.get(f"/chat/{UTRECHT}")
    assert ("huisstijl.css" in usual.text, "Gemeente Utrecht<" in usual.text) == (False, True)
    assert (await http.get(f"/chat/{UTRECHT}/huisstijl.css")).text == ""
    assert (await http.get(f"/chat/{UTRECHT}/logo.png")).status_code == 404
    file = io.BytesIO()
    Image.new("RGB", (90, 30), "#cc0000").save(file, "PNG")
    logo = drawn_again(file.getvalue())
    await chosen("texts", name="Utrecht stad", welcome="", office_hours="")
    await chosen("colors", colors=Colors("#cc0000", "#ffffff", "#0b3c5d"))
    await chosen("logo", logo=logo)
    for page in (f"/chat/{UTRECHT}", f"/widget/{UTRECHT}", f"/chat/{UTRECHT}/eenvoudig"):
        html = (await http.get(page)).text
        assert f'<link rel="stylesheet" href="/chat/{UTRECHT}/huisstijl.css">' in html
        assert f'src="/chat/{UTRECHT}/logo.png?v={logo.version}"' in html
        assert "Gemeente Utrecht stad<" in html
    assert 'content="#cc0000"' in (await http.get(f"/chat/{UTRECHT}")).text
    style = await http.get(f"/chat/{UTRECHT}/huisstijl.css")
    assert style.text.startswith(":root { --brand: #cc0000; --on-brand: #ffffff; }")
    shown = await http.get(f"/chat/{UTRECHT}/logo.png")
    assert (shown.content, shown.headers["content-type"]) == (logo.image, "image/png")
    assert "huisstijl.css" not in (await http.get(f"/chat/{AMERSFOORT}")).text
    for nowhere in ("GM9999", "%00"):
        for page in ("", "/huisstijl.css", "/logo.png", "/eenvoudig"):
            assert (await http.get(f"/chat/{nowhere}{page}")).status_code == 404


async def test_the_widget_is_framed_by_the_sites_of_the_municipality_only(
    http: httpx.AsyncClient, chosen: Chosen
) -> None:
    async def ancestors(page: str) -> str:
        return (await http.get(page)).headers["content-security-policy"].split("frame-ancestors ")[1]

    assert await ancestors(f"/widget/{UTRECHT}") == "'self' *"
    await chosen("channels", on_telegram=False, sites=["https://www.utrecht.nl", "https://*.utrecht.example"])
    assert await ancestors(f"/widget/{UTRECHT}") == "'self' https://www.utrecht.nl https://*.utrecht.example"
    assert await ancestors(f"/widget/{AMERSFOORT}") == "'self' *"
    assert await ancestors(f"/chat/{UTRECHT}") == "'none'"


@pytest.fixture
async def in_telegram(gateway: Gateway) -> Opened:
    """Somebody on Telegram, in a municipality that has not said that it is there."""
    return await gateway.visits.open(channel="telegram", municipality_code=UTRECHT)


def notice(settings: Settings) -> str:
    return content.text("telegram_gemeente_niet", gemeente="Utrecht", adres=f"{settings.public_url}/chat/{UTRECHT}")


async def test_a_municipality_that_is_not_on_telegram_says_so_and_takes_nothing_in(
    gateway: Gateway, in_telegram: Opened, rasa: RasaDouble, database: Database, settings: Settings
) -> None:
    said_before = in_telegram.messages[0]
    turns = (
        Turn(in_telegram.conversation_id, "1", text="Er ligt overal rommel in het park"),
        Turn(in_telegram.conversation_id, "2", choice=button(said_before, content.text("knop_inbreng"))),
        Turn(in_telegram.conversation_id, "3", choice=button(said_before, content.text("knop_raad"))),
        Turn(in_telegram.conversation_id, "4", start=True),
    )
    for turn in turns:
        assert text_of(await gateway.handle(turn)) == [notice(settings)]
    assert (rasa.turns, await contributions_of(database, in_telegram)) == ([], [])


async def test_danger_own_data_and_another_municipality_are_heard_all_the_same(
    gateway: Gateway, in_telegram: Opened, rasa: RasaDouble
) -> None:
    [help_] = await gateway.handle(Turn(in_telegram.conversation_id, "1", text="Ik wil dood"))
    assert help_.body["soort"] == "nood"
    erase = Button("Mijn gegevens wissen", {"intent": "verwijder_gegevens"})
    for turn in (
        Turn(in_telegram.conversation_id, "2", command=erase),
        Turn(in_telegram.conversation_id, "3", text="verwijder mijn gegevens"),
        Turn(in_telegram.conversation_id, "4", text="Amersfoort"),
    ):
        await gateway.handle(turn)
    assert [turn["tekst"] for turn in rasa.turns] == ["Mijn gegevens wissen", "verwijder mijn gegevens", "Amersfoort"]


async def test_who_tells_something_for_a_municipality_that_is_not_there_hears_it_before_it_is_passed_on(
    gateway: Gateway, rasa: RasaDouble, settings: Settings
) -> None:
    somewhere = await gateway.visits.open(channel="telegram")
    draft = {"concept": str(uuid.uuid4()), "text": "Rommel in Utrecht", "municipality": UTRECHT}
    rasa.behaviour = always(200, said("Klopt dit?", verwacht={"inbreng": draft}))
    told = await gateway.handle(Turn(somewhere.conversation_id, "1", text="Rommel in het park in Utrecht"))
    assert text_of(told) == [notice(settings)]
    rasa.behaviour = always(200, said("Gehoord."))
    await gateway.handle(Turn(somewhere.conversation_id, "2", text="Hallo"))
    assert rasa.turns[-1]["metadata"]["concept"] is None  # the words are let go


async def test_a_municipality_on_telegram_and_the_web_chat_of_one_that_is_not_are_as_usual(
    gateway: Gateway, opened: Opened, chosen: Chosen, in_telegram: Opened
) -> None:
    assert text_of(await gateway.handle(Turn(opened.conversation_id, "1", text="Hallo"))) == ["Gehoord: Hallo"]
    await chosen("channels", on_telegram=True, sites=[])
    assert text_of(await gateway.handle(Turn(in_telegram.conversation_id, "1", text="Hallo"))) == ["Gehoord: Hallo"]
    welcome, *_ = await gateway.handle(Turn(in_telegram.conversation_id, "2", start=True))
    assert welcome.body["tekst"].startswith("Welkom bij Samenspel van Utrecht.")


@pytest.mark.parametrize("typed", ["De Kerkstraat, bij de brug.", "Bedoelt u de Kerkstraat?"])
async def test_what_the_griffie_asked_before_is_answered_all_the_same(
    gateway: Gateway, in_telegram: Opened, rasa: RasaDouble, database: Database, now: datetime, typed: str
) -> None:
    asked = Reply("Welke straat?", kind="griffie", expects={"woorden": {"intent": "inbreng_aanvullen", "over": "x"}})
    async with database.session(EVERY_MUNICIPALITY) as session:
        await conversations.answer(
            session,
            conversation_id=in_telegram.conversation_id,
            replies=[asked.to_json()],
            in_reply_to=None,
            now=now,
            sender="griffie",
        )
    await gateway.handle(Turn(in_telegram.conversation_id, "1", text=typed))
    assert [turn["tekst"] for turn in rasa.turns] == [typed]
