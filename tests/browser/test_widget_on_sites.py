"""What a site may expect of the widget: it shows only where it may, leaves the page alone, and says when it can not."""

import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.chat import Chat
from tests.browser.conftest import Noise, Visits
from tests.browser.site import Site, served
from tests.e2e.instance import Instance

CHOSEN, LAUNCHER = "GM0363", "Praat mee: open de chat"
PATIENCE_OF_WIDGET = "00:09"
LATE = "De chat laadt nog. Lukt het niet?"
FORM = "<h1>Site</h1><form><label>Naam <input id=naam></label></form>" + "<p>Tekst</p>" * 80

SETTINGS = """
    INSERT INTO municipality_setting (municipality_code, name, value, changed_by, changed_at)
    SELECT %s, 'widget_sites', %s::jsonb, id, now() FROM clerk LIMIT 1 RETURNING name
"""
FORGET = "DELETE FROM municipality_setting WHERE municipality_code = %s AND name = 'widget_sites' RETURNING name"

STATE = """() => ({
  globals: Object.keys(window).filter((name) => !["clicked", "usable"].includes(name)).sort(),
  html: document.documentElement.getAttributeNames().map((name) => [name, document.documentElement.getAttribute(name)]),
  head: document.head.outerHTML, body: document.body.outerHTML,
  storage: [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie],
  at: [scrollX, scrollY], focused: document.activeElement.id || document.activeElement.tagName,
  wide: document.documentElement.scrollWidth, high: document.documentElement.scrollHeight, title: document.title,
  history: history.length,
})"""
"""All of a page that a widget could have changed."""


def tag(instance: Instance, code: str = "GM0344", *, src: str = "") -> str:
    return f'<script src="{src or instance.url}/widget.js" data-gemeente="{code}" async></script>'


@pytest.fixture
def allowed_and_not(instance: Instance) -> Iterator[tuple[str, str]]:
    """Two sites with the widget of a municipality."""
    page = Site(tag(instance, CHOSEN))
    with served(page) as allowed, served(page) as other:
        yield allowed, other


@pytest.fixture
async def chosen(instance: Instance, allowed_and_not: tuple[str, str]) -> AsyncIterator[None]:
    """The municipality has chosen one of them."""
    assert await instance.rows(SETTINGS, CHOSEN, json.dumps([allowed_and_not[0]]))
    yield
    await instance.rows(FORGET, CHOSEN)


@pytest.mark.usefixtures("chosen")
async def test_only_on_the_sites_of_a_municipality_its_chat_opens(
    visits: Visits, allowed_and_not: tuple[str, str], noise: Noise
) -> None:
    allowed, other = allowed_and_not
    chat = await Chat.opened_on(await visits(site=allowed))
    await expect(chat.messages.first).to_contain_text("Welkom bij Samenspel van Amsterdam.")
    page = await visits(site=other)
    await page.clock.install()
    await page.get_by_role("button", name=LAUNCHER).click()
    await expect(page.frame_locator("iframe[title='Chat van Samenspel']").locator(".message")).to_have_count(0)
    await leads_to_the_page(page, CHOSEN)
    assert ["frame-ancestors" in error for error in noise.errors] == [True], noise.errors
    noise.errors.clear()


async def test_when_samenspel_is_away_the_widget_says_so_and_can_be_closed(
    visits: Visits, instance: Instance, noise: Noise
) -> None:
    page = await visits()
    await page.clock.install()
    await page.route("**/widget/GM0344**", lambda route: route.abort("connectionrefused"))
    await page.get_by_role("button", name=LAUNCHER).click()
    await leads_to_the_page(page, "GM0344")
    await page.get_by_role("button", name="Sluiten").click()
    await expect(page.get_by_role("button", name=LAUNCHER)).to_be_focused()
    assert [error for error in noise.errors if "ERR_CONNECTION_REFUSED" not in error] == []
    noise.errors.clear()


async def leads_to_the_page(page: Page, code: str) -> None:
    """After eight seconds there is a link to the chat as a page."""
    await expect(page.get_by_text("De chat wordt geladen…")).to_be_visible()
    await expect(page.get_by_text(LATE)).to_have_count(0)
    await page.clock.fast_forward(PATIENCE_OF_WIDGET)
    await expect(page.get_by_text(LATE)).to_be_visible()
    link = page.get_by_role("link", name="Open de chat in een nieuw venster")
    assert (await link.get_attribute("href") or "").endswith(f"/chat/{code}")


async def test_the_page_of_a_site_is_the_same_before_and_after_a_conversation(
    visits: Visits, instance: Instance
) -> None:
    with served(Site("", body=FORM)) as without, served(Site(tag(instance), body=FORM)) as site:
        bare = await visits(site=without)
        untouched = await bare.evaluate(STATE)
        page = await visits(site=site)
        await expect(page.get_by_role("button", name=LAUNCHER)).to_be_visible()
        assert await page.evaluate(STATE) == untouched | {
            "body": untouched["body"].replace("</body>", f"{tag(instance)}</body>").replace(" async>", ' async="">')
        }
        await page.locator("#naam").fill("Sanne")
        await page.evaluate("scrollTo(0, 300)")
        before = await page.evaluate(STATE)
        chat = await Chat.opened_on(page)
        await chat.says("Wat doet het college?")
        await chat.reads("Het college is het dagelijks bestuur van de gemeente.")
        assert await page.locator("#naam").input_value() == "Sanne"
        await page.get_by_role("button", name="Sluit de chat").first.click()
        await page.locator("#naam").focus()
        await page.evaluate("scrollTo(0, 300)")
        assert await page.evaluate(STATE) == before


async def test_with_the_colours_of_the_system_the_button_has_an_edge_and_can_be_seen(
    visits: Visits,
) -> None:
    page = await visits()
    await page.emulate_media(forced_colors="active")
    launcher = page.get_by_role("button", name=LAUNCHER)
    border, ground, letters = await launcher.evaluate(
        "node => ['borderColor', 'backgroundColor', 'color'].map((name) => getComputedStyle(node)[name])"
    )
    assert len({border, ground}) == 2
    assert letters != ground
    chat = await Chat.opened_on(page)
    edge = await page.locator("[data-samenspel] dialog").evaluate("node => getComputedStyle(node).borderStyle")
    assert edge == "solid"
    await chat.says("Wat doet het college?")
    await chat.reads("Het college is het dagelijks bestuur van de gemeente.")


async def test_on_a_phone_a_concern_can_be_told_by_keys_alone(visits: Visits) -> None:
    page = await visits(size={"width": 375, "height": 667})
    keys = page.keyboard
    chat = await Chat.opened_by_keys_on(page)
    await expect(chat.box).to_be_focused()
    await keys.type("Ik wil iets doorgeven")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.press("Space")  # of the button to send with: on a phone Enter may begin a new line
    await chat.reads("Wat wilt u aan de gemeenteraad vertellen?")
    story = f"De bushalte {uuid.uuid4().hex[:6]} heeft geen dak, wij staan in de regen."
    await chat.box.focus()
    await keys.type(story)
    await keys.press("Enter")
    await chat.reads("Klopt dit?")
    until = time.monotonic() + 20
    frame = next(frame for frame in page.frames if "/widget/" in frame.url)
    while await frame.evaluate("document.activeElement.textContent.trim()") != "Ja, geef dit door":
        await keys.press("Shift+Tab")
        assert time.monotonic() < until
    await keys.press("Enter")
    assert await chat.reference()
