"""How soon one can send with an old phone on a slow network: Lighthouse's "slow 4G", and a CPU four times slower."""

import os
from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from tests.browser.chat import Chat
from tests.e2e.instance import Instance

PHONE = {"width": 375, "height": 667}
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
CPU_TIMES = 4
GOAL_MS = 1000
MOST_MS = GOAL_MS if os.environ.get("QUIET_MACHINE") == "1" else 3 * GOAL_MS
"""What others do on a machine makes it slower: the goal itself holds where nothing else runs."""
TRIES = 3
TYPED = "Wat doet de burgemeester?"

WATCH = """
addEventListener("click", () => (window.clicked ??= performance.timeOrigin + performance.now()), { capture: true });
const look = () => {
  const send = document.querySelector(".send");
  const styled = [...document.querySelectorAll("link[rel=stylesheet]")].every((link) => link.sheet);
  const works = send?.getClientRects().length && !send.disabled && styled;
  if (works) window.usable = performance.timeOrigin + performance.now();
  else setTimeout(look, 20);
};
look();
"""
"""Note when somebody clicks and when the button to send with works; in the page itself, since asking takes time too."""


async def slowed(page: Page) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await session.send("Network.emulateNetworkConditions", SLOW_4G)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_TIMES})


async def quickest(attempt: Callable[[], Awaitable[float]]) -> float:
    """Of some tries: what others do on this machine only makes it slower."""
    return min([await attempt() for _ in range(TRIES)])


async def keeps_what_is_typed_meanwhile(chat: Chat) -> None:
    """Who types before the script is there, can send it when it is."""
    await chat.box.fill(TYPED)
    await chat.welcomed()
    await expect(chat.box).to_have_value(TYPED)
    await expect(chat.place.get_by_role("button", name="Verstuur")).to_be_enabled()


async def test_one_can_send_soon_after_the_click_on_the_widget(visits, instance: Instance):
    async def attempt() -> float:
        page = await visits(size=PHONE)
        await page.add_init_script(WATCH)
        await page.goto(instance.url)
        launcher = page.get_by_role("button", name="Praat mee: open de chat")
        await expect(launcher).to_be_visible()
        await slowed(page)
        await launcher.click()
        await keeps_what_is_typed_meanwhile(Chat(page, page.frame_locator("iframe[title='Chat van Samenspel']")))
        frame = next(frame for frame in page.frames if "/widget/" in frame.url)
        usable: float = await frame.evaluate("window.usable")
        clicked: float = await page.evaluate("window.clicked")
        return usable - clicked

    assert await quickest(attempt) <= MOST_MS


async def test_one_can_send_soon_after_the_page_is_asked_for(visits, instance: Instance):
    async def attempt() -> float:
        page = await visits(size=PHONE)
        await page.add_init_script(WATCH)
        await slowed(page)
        await page.goto(f"{instance.url}/chat/GM0344", wait_until="commit")
        await keeps_what_is_typed_meanwhile(Chat(page, page))
        usable: float = await page.evaluate("window.usable - performance.timeOrigin")
        return usable

    assert await quickest(attempt) <= MOST_MS
