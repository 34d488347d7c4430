"""The chat without JavaScript: plain forms, one cookie, and nothing that a form can do twice."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI
from itsdangerous import URLSafeTimedSerializer
from limits import parse
from sqlalchemy import delete, func, select

from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Conversation
from participation.settings import Settings
from tests.integration.bot.conftest import UTRECHT, RasaDouble, always, said
from tests.integration.campaign_maker import Ask, make
from web.app import create_app

PAGE = f"/chat/{UTRECHT}/eenvoudig"


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The web process, running."""
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that keeps cookies and follows where it is sent."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="https://samenspel.example", follow_redirects=True
    ) as client:
        yield client


async def conversations(database: Database) -> int:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await session.scalar(select(func.count()).select_from(Conversation)) or 0


def bubbles(page: httpx.Response) -> list[str]:
    """What is said on a page, without markup."""
    assert page.status_code == 200
    return [
        re.sub(r"<[^>]+>|\s+", " ", one).strip()
        for one in re.findall(r"<p>(.*?)</p>\s*(?:<details|<div|</div>)", page.text, re.S)
    ]


def form_id(page: httpx.Response) -> str:
    """The id that the form to write with has on this page."""
    return re.findall(r'name="bericht" value="([\w-]{36})"', page.text)[-1]


async def test_looking_opens_no_conversation_and_writing_opens_one(
    browser: httpx.AsyncClient, database: Database
) -> None:
    before = await conversations(database)
    first = await browser.get(PAGE)
    assert (first.status_code, await conversations(database)) == (200, before)
    assert "form-action 'self'" in first.headers["content-security-policy"]
    answered = await browser.post(PAGE, data={"tekst": "Hallo", "bericht": form_id(first)})
    assert answered.url.path == PAGE
    assert "Welkom bij Samenspel van Utrecht" in answered.text
    assert bubbles(answered)[-2:] == ["Hallo", "Gehoord: Hallo"]
    assert await conversations(database) == before + 1
    assert (await browser.get(PAGE)).text.count("Gehoord: Hallo") == 1


async def test_the_cookie_is_for_this_page_and_not_for_scripts(browser: httpx.AsyncClient) -> None:
    sent = await browser.post(PAGE, data={"tekst": "Hallo"}, follow_redirects=False)
    assert sent.status_code == 303
    assert sent.headers["location"] == f"{PAGE}#laatste"
    marks = {part.strip().lower() for part in sent.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=lax", f"path={PAGE}".lower()} < marks


async def test_a_form_that_is_sent_twice_is_one_turn(browser: httpx.AsyncClient, rasa: RasaDouble) -> None:
    page = await browser.post(PAGE, data={"tekst": "Hallo"})
    form = {"tekst": "Nog iets", "bericht": form_id(page)}
    for _ in range(2):
        page = await browser.post(PAGE, data=form)
    assert [turn["tekst"] for turn in rasa.turns] == ["Hallo", "Nog iets"]
    assert page.text.count("Gehoord: Nog iets") == 1


async def test_a_button_is_a_submit_button(browser: httpx.AsyncClient, rasa: RasaDouble) -> None:
    rasa.behaviour = always(200, said("Kies", knoppen=[{"titel": "De raad <1>", "betekenis": {"intent": "vraag/x"}}]))
    page = await browser.post(PAGE, data={"tekst": "Wat kan ik kiezen?"})
    [choice] = re.findall(r'name="keuze" value="([^"]+)">De raad &lt;1&gt;</button>', page.text)
    rasa.behaviour = always(200, said("Goed"))
    page = await browser.post(PAGE, data={"keuze": choice})
    assert (rasa.turns[-1]["keuze"], bubbles(page)[-2:]) == ({"intent": "vraag/x"}, ["De raad &lt;1&gt;", "Goed"])


async def test_what_was_typed_is_text_and_sources_are_links(browser: httpx.AsyncClient, rasa: RasaDouble) -> None:
    rasa.behaviour = always(
        200,
        said(
            "Kort.",
            meer="Lang.",
            links=[{"titel": "De wet", "url": "https://wet.example/a"}, {"titel": "Kwaad", "url": "javascript:x()"}],
        ),
    )
    page = await browser.post(PAGE, data={"tekst": "<script>alert(1)</script>"})
    assert "<script" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert '<a href="https://wet.example/a">De wet</a>' in page.text
    assert ("Kwaad" in page.text, "<summary>Lees meer</summary>" in page.text) == (False, True)


async def test_nothing_typed_does_nothing(browser: httpx.AsyncClient, rasa: RasaDouble) -> None:
    assert (await browser.post(PAGE, data={"tekst": "  \n"})).status_code == 200
    assert (rasa.turns, dict(browser.cookies)) == ([], {})


@pytest.mark.parametrize("forged", ["onzin", "x.y.z"])
async def test_a_forged_key_opens_nobodys_conversation(browser: httpx.AsyncClient, forged: str) -> None:
    await browser.post(PAGE, data={"tekst": "Geheim"})
    browser.cookies.clear()
    page = await browser.get(PAGE, headers={"Cookie": f"samenspel_{UTRECHT}={forged}"})
    assert (page.status_code, "Geheim" in page.text) == (200, False)


async def test_a_key_signed_for_something_else_is_none(browser: httpx.AsyncClient, settings: Settings) -> None:
    other = URLSafeTimedSerializer(settings.secret_key, salt="bureau").dumps("x")
    page = await browser.get(PAGE, headers={"Cookie": f"samenspel_{UTRECHT}={other}"})
    assert page.status_code == 200


async def test_each_municipality_has_a_conversation_of_its_own(browser: httpx.AsyncClient) -> None:
    await browser.post(PAGE, data={"tekst": "Over Utrecht"})
    other = await browser.post(PAGE.replace(UTRECHT, "GM0307"), data={"tekst": "Over Amersfoort"})
    assert ("Over Utrecht" in other.text, "Over Amersfoort" in other.text) == (False, True)
    assert "Over Utrecht" in (await browser.get(PAGE)).text


async def test_an_expired_conversation_says_so_and_the_words_begin_a_new_one(
    browser: httpx.AsyncClient, database: Database, rasa: RasaDouble
) -> None:
    await browser.post(PAGE, data={"tekst": "Hallo"})
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(delete(Conversation).where(Conversation.id == rasa.turns[-1]["gesprek"]))
    assert "Uw vorige gesprek is verlopen." in (await browser.get(PAGE)).text
    assert "hoorde bij het vorige gesprek" in (await browser.post(PAGE, data={"keuze": "oud"})).text
    assert bubbles(await browser.post(PAGE, data={"tekst": "Opnieuw"}))[-1] == "Gehoord: Opnieuw"


async def test_starting_over_forgets_the_conversation_here(browser: httpx.AsyncClient) -> None:
    await browser.post(PAGE, data={"tekst": "Hallo"})
    page = await browser.post(f"{PAGE}/opnieuw")
    assert (page.url.path, "Hallo" in page.text, dict(browser.cookies)) == (PAGE, False, {})


async def test_after_erasing_the_farewell_is_shown_and_the_key_is_gone(
    browser: httpx.AsyncClient, rasa: RasaDouble
) -> None:
    erase = {"poort": "wissen"}
    rasa.behaviour = always(200, said("Zal ik alles wissen?", verwacht={"ja": erase}))
    await browser.post(PAGE, data={"tekst": "Wis alles"})
    page = await browser.post(PAGE, data={"tekst": "ja"})
    assert content.text("gewist").split(".")[0] in page.text
    assert dict(browser.cookies) == {}


async def test_ones_own_data_is_a_file_that_a_link_leads_to(browser: httpx.AsyncClient, rasa: RasaDouble) -> None:
    download = {"titel": "Alles in een bestand", "url": "https://samenspel.example/api/v1/mijn/gegevens"}
    rasa.behaviour = always(200, said("Dit bewaren wij.", links=[download]))
    page = await browser.post(PAGE, data={"tekst": "Wat bewaart u van mij?"})
    [address] = re.findall(r'<a href="([^"]+)">Alles in een bestand</a>', page.text)
    file = await browser.get(address)
    assert file.headers["content-disposition"] == 'attachment; filename="mijn-gegevens.json"'
    assert "Wat bewaart u van mij?" in [row["tekst"] for row in file.json()["berichten"]]
    browser.cookies.clear()
    assert (await browser.get(address)).url.path == PAGE


async def test_who_has_a_conversation_and_follows_the_link_of_a_campaign_is_offered_it_once(
    browser: httpx.AsyncClient, database: Database
) -> None:
    before = bubbles(await browser.post(PAGE, data={"tekst": "Hallo"}))
    async with database.session(EVERY_MUNICIPALITY) as session:
        made = await make(session, Ask("open", "Wat nog?", rules={}), now=datetime.now(UTC))
    pages = [await browser.get(PAGE, params={"campagne": made.public_id}) for _ in range(2)]
    assert [page.text.count(">Ik doe mee</button>") for page in pages] == [1, 1]
    assert bubbles(pages[1])[: len(before)] == before
    [choice] = re.findall(r'name="keuze" value="([^"]+)">Ik doe mee</button>', pages[1].text)
    begun = await browser.post(PAGE, data={"keuze": choice, "bericht": form_id(pages[1])})
    assert "Wat nog?" in begun.text


async def test_an_unknown_municipality_is_a_page_that_does_not_exist(browser: httpx.AsyncClient) -> None:
    assert [(await browser.get("/chat/GM9999/eenvoudig")).status_code] == [404]


async def test_the_chat_leads_there_when_a_browser_runs_no_scripts(browser: httpx.AsyncClient) -> None:
    page = (await browser.get(f"/chat/{UTRECHT}")).text
    assert f'<noscript><meta http-equiv="refresh" content="0; url={PAGE}"></noscript>' in page
    widget = (await browser.get(f"/widget/{UTRECHT}")).text
    assert "http-equiv" not in widget
    assert [re.findall(rf'class="late".*href="{PAGE}" target="_top"', shown) != [] for shown in (page, widget)] == [
        True,
        True,
    ]


async def test_who_asks_too_much_keeps_what_they_typed(
    browser: httpx.AsyncClient, rasa: RasaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.limits.TURNS", parse("1/minute"))
    monkeypatch.setattr("bot.limits.OPENINGS", parse("1/minute"))
    await browser.post(PAGE, data={"tekst": "Hallo"})
    page = await browser.post(PAGE, data={"tekst": "Nog <iets>"})
    assert page.status_code == 429
    assert "Het is nu druk." in page.text
    assert ">Nog &lt;iets&gt;</textarea>" in page.text
    assert [turn["tekst"] for turn in rasa.turns] == ["Hallo"]
    browser.cookies.clear()
    assert (await browser.post(PAGE, data={"tekst": "Nog iemand"})).status_code == 429
    assert 'class="message message--nood"' in (await browser.post(PAGE, data={"tekst": "Ik wil dood"})).text
