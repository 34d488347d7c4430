"""How soon one can type with an old phone on a slow network: Lighthouse's "slow 4G", and a CPU four times slower."""

import time
from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from tests.browser.chat import Chat
from tests.e2e.instance import Instance

PHONE = {"width": 375, "height": 667}
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
CPU_TIMES = 4
MOST_SECONDS = 1.0
TRIES = 3


async def slow(page: Page) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await session.send("Network.emulateNetworkConditions", SLOW_4G)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_TIMES})


async def keeps_what_was_typed(chat: Chat) -> None:
    """Who types before the scripts are there, can send it when they are."""
    await chat.box.fill("Wat doet de burgemeester?")
    await chat.welcomed()
    await expect(chat.box).to_have_value("Wat doet de burgemeester?")
    await expect(chat.place.get_by_role("button", name="Verstuur")).to_be_enabled()


async def quickest(attempt: Callable[[], Awaitable[float]]) -> float:
    """Of some tries: what others do on this machine only makes it slower."""
    return min([await attempt() for _ in range(TRIES)])


async def test_the_widget_can_be_typed_in_within_a_second_of_the_click(visits):
    async def attempt() -> float:
        page = await visits(size=PHONE)
        launcher = page.get_by_role("button", name="Praat mee: open de chat")
        await expect(launcher).to_be_visible()
        await slow(page)
        chat = Chat(page, page.frame_locator("iframe[title='Chat van Samenspel']"))
        began = time.perf_counter()
        await launcher.click()
        await chat.box.focus()
        took = time.perf_counter() - began
        await keeps_what_was_typed(chat)
        return took

    took = await quickest(attempt)
    assert took <= MOST_SECONDS, f"{took * 1000:.0f} ms"


async def test_the_page_can_be_typed_in_within_a_second(visits, instance: Instance):
    async def attempt() -> float:
        page = await visits(size=PHONE)
        await slow(page)
        chat = Chat(page, page)
        began = time.perf_counter()
        await page.goto(f"{instance.url}/chat/GM0344", wait_until="commit")
        await chat.box.focus()
        took = time.perf_counter() - began
        await keeps_what_was_typed(chat)
        return took

    took = await quickest(attempt)
    assert took <= MOST_SECONDS, f"{took * 1000:.0f} ms"
