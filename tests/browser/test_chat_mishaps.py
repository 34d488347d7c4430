"""The chat when something is not as it should be: an old browser, no script, no server, a day between two messages."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.chat import Chat
from tests.browser.conftest import Noise, Visits
from tests.e2e.instance import Instance

ADDRESS = "/chat/GM0344"
COLLEGE, COLLEGE_IS = "Wat doet het college?", "Het college is het dagelijks bestuur van de gemeente."
COUNCIL, COUNCIL_IS = "Wat doet de gemeenteraad?", "De gemeenteraad is het hoogste bestuur van de gemeente."
API = "**/api/v1/chat/**"
BUSY: dict[str, Any] = {"type": "about:blank", "status": 503, "title": "Erg druk", "detail": "Het is nu druk."}
LONGEST_TURN = "00:15"
DAY = timedelta(days=1)
YESTERDAY = (
    "UPDATE message SET created_at = created_at - interval '1 day' WHERE conversation_id = %s RETURNING created_at"
)

OLD = """
for (const [owner, name] of [
  [HTMLFormElement.prototype, "requestSubmit"], [Array.prototype, "at"], [Crypto.prototype, "randomUUID"],
  [window, "TextDecoderStream"], [HTMLElement.prototype, "showPopover"], [AbortSignal, "any"], [AbortSignal, "timeout"],
]) delete owner[name];
const Known = RegExp;
window.RegExp = class extends Known {
  constructor(source, flags) {
    if (String(source).includes("(?<!") || String(source).includes("(?<=")) throw new SyntaxError("no lookbehind");
    super(source, flags);
  }
};
"""
"""What browsers from the spring of 2022 lack; tests/unit/bot/test_old_browsers.py has the whole list."""


@pytest.fixture
async def page(visits: Visits) -> Page:
    """A tab that did not open the chat yet."""
    return await visits()


@pytest.fixture
def address(instance: Instance) -> str:
    """Of the chat as a page."""
    return f"{instance.url}{ADDRESS}"


async def test_an_old_browser_has_the_same_chat(page: Page, address: str):
    await page.add_init_script(OLD)
    await page.goto(address)
    chat = await Chat.as_page(page)
    await chat.says(COLLEGE)
    await chat.reads(COLLEGE_IS)
    await chat.says("ik wil niet meer leven")
    answer = await chat.reads("113")
    assert await answer.get_by_role("link", name="113", exact=True).first.get_attribute("href") == "tel:113"


async def test_words_are_kept_when_they_can_not_be_shown(page: Page, address: str, noise: Noise):
    await page.goto(address)
    chat = await Chat.as_page(page)
    await page.evaluate("() => void (String.prototype.matchAll = () => { throw new SyntaxError('broken') })")
    async with page.expect_response("**/api/v1/chat/berichten"):
        await chat.says(COLLEGE)
    await page.reload()
    await chat.reads(COLLEGE_IS)
    await expect(chat.messages.nth(1)).to_contain_text(COLLEGE)
    assert {"broken" in error for error in noise.errors} == {True}
    noise.errors.clear()


async def test_without_its_script_the_page_leads_to_the_plain_chat(page: Page, address: str, noise: Noise):
    await page.route("**/chat.js", lambda route: route.abort())
    await page.goto(address)
    link = page.get_by_role("link", name="de eenvoudige chat")
    await expect(page.locator(".late")).to_be_hidden()
    await page.evaluate("for (const animation of document.getAnimations()) animation.finish()")
    await link.click()
    await expect(page.get_by_label("Uw vraag of bericht")).to_be_visible()
    assert ["ERR_FAILED" in error for error in noise.errors] == [True]
    noise.errors.clear()


async def test_while_the_server_is_away_or_busy_words_wait(page: Page, address: str, noise: Noise):
    await page.clock.install()
    await page.goto(address)
    chat = await Chat.as_page(page)
    trouble = page.locator(".trouble")
    await page.route(API, lambda route: route.abort("connectionrefused"))
    await chat.says(COLLEGE)
    await expect(trouble).to_contain_text("De chat is nu niet bereikbaar.")
    await expect(page.get_by_role("status").filter(has_text="De chat is nu niet bereikbaar.")).to_have_count(1)
    await page.unroute_all()
    await page.route(API, lambda route: route.fulfill(status=503, json=BUSY))
    await chat.last.get_by_role("button", name="Opnieuw proberen").click()
    await expect(trouble).to_contain_text("Het is nu druk in de chat.")
    await page.unroute_all()
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await chat.reads(COLLEGE_IS)
    await expect(trouble).to_be_hidden()
    await page.route(API, lambda _: None)
    await chat.says(COUNCIL)
    await page.clock.fast_forward(LONGEST_TURN)
    await expect(trouble).to_contain_text("Het is nu druk in de chat.")
    await page.unroute_all(behavior="ignoreErrors")
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await chat.reads(COUNCIL_IS)
    await expect(trouble).to_be_hidden()
    assert [error for error in noise.errors if "503" not in error and "ERR_CONNECTION_REFUSED" not in error] == []
    noise.errors.clear()


async def test_who_comes_back_after_a_day_goes_on_where_they_were(page: Page, address: str, instance: Instance):
    async with page.expect_response("**/api/v1/chat/gesprekken") as opened:
        await page.goto(address)
    chat = await Chat.as_page(page)
    await chat.says(COLLEGE)
    await chat.reads(COLLEGE_IS)
    assert len(await instance.rows(YESTERDAY, (await (await opened.value).json())["gesprek"])) == 3
    await page.clock.install(time=datetime.now(UTC) - DAY)
    await page.reload()
    await chat.reads(COLLEGE_IS)
    days = page.locator(".day")
    await expect(days).to_have_text(["Vandaag"])
    async with page.expect_response("**/api/v1/chat/gebeurtenissen"):  # nothing was heard all the time it slept
        await page.clock.fast_forward("24:00:00")
    await chat.says(COUNCIL)
    await chat.reads(COUNCIL_IS)
    await expect(days).to_have_text(["Gisteren", "Vandaag"])
    await expect(chat.messages).to_have_count(5)


async def test_who_is_in_danger_does_not_wait_for_an_earlier_message(page: Page, address: str):
    await page.goto(address)
    chat = await Chat.as_page(page)
    arrived = asyncio.Event()

    async def slow(route: Route) -> None:
        if COLLEGE in (route.request.post_data_json or {}).get("tekst", ""):
            await arrived.wait()
        await route.continue_()

    await page.route("**/api/v1/chat/berichten", slow)
    await chat.says(COLLEGE)
    await chat.says(COUNCIL)
    await chat.says("er is brand bij de buren, help")
    await chat.reads("112")
    assert await page.get_by_text(COUNCIL_IS).count() == 0
    arrived.set()
    await expect(page.get_by_text(COLLEGE_IS)).to_be_visible()
    await chat.reads(COUNCIL_IS)
    await expect(page.get_by_role("link", name="Bel 112")).to_be_in_viewport()
    await expect(page.get_by_role("button", name=re.compile("nieuw"))).to_be_visible()


async def test_who_is_in_danger_does_not_wait_for_a_message_that_fails(page: Page, address: str, noise: Noise):
    await page.goto(address)
    chat = await Chat.as_page(page)
    fails = True

    async def refuse(route: Route) -> None:
        if fails and COLLEGE in (route.request.post_data_json or {}).get("tekst", ""):
            await route.fulfill(status=503, json=BUSY, headers={"Retry-After": "1"})
        else:
            await route.continue_()

    await page.route("**/api/v1/chat/berichten", refuse)
    await chat.says(COLLEGE)
    await expect(page.locator(".trouble")).to_contain_text("Het is nu druk in de chat.")
    await chat.says("er is brand bij de buren, help")
    await chat.reads("112")
    fails = False
    await chat.says(COUNCIL)
    await chat.reads(COUNCIL_IS)
    await expect(page.get_by_text(COLLEGE_IS)).to_be_visible()
    assert [error for error in noise.errors if "503" not in error] == []
    noise.errors.clear()
