"""How soon one can type with an old phone on a slow network: Lighthouse's "slow 4G", and a CPU four times slower."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from tests.browser.chat import Chat
from tests.e2e.instance import Instance

PHONE = {"width": 375, "height": 667}
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
CPU_TIMES = 4
MOST_MS = 1000
TRIES = 3
TYPED = "Wat doet de burgemeester?"

WATCH = """
addEventListener("click", () => (window.clicked ??= performance.timeOrigin + performance.now()), { capture: true });
const look = () => {
  const box = document.getElementById("bericht");
  const styled = [...document.querySelectorAll("link[rel=stylesheet]")].every((link) => link.sheet);
  if (box?.getClientRects().length && styled) window.usable = performance.timeOrigin + performance.now();
  else setTimeout(look, 20);
};
look();
"""
"""Note when somebody clicks and when the box to type in is there; in the page itself, since asking takes time too."""


async def slowed(page: Page) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await session.send("Network.emulateNetworkConditions", SLOW_4G)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_TIMES})


async def quickest(attempt: Callable[[], Awaitable[float]]) -> float:
    """Of some tries: what others do on this machine only makes it slower."""
    return min([await attempt() for _ in range(TRIES)])


def judge(took: float) -> None:
    """A busy machine says nothing of the target, so a slow one is no failure; docs/kanalen.md has the figures."""
    if took > MOST_MS:
        pytest.xfail(f"{took:.0f} ms, more than {MOST_MS}")


async def keeps_what_is_typed_meanwhile(chat: Chat) -> None:
    """Who types before the script is there, can send it when it is."""
    await chat.box.fill(TYPED)
    await chat.welcomed()
    await expect(chat.box).to_have_value(TYPED)
    await expect(chat.place.get_by_role("button", name="Verstuur")).to_be_enabled()


async def test_the_widget_can_be_typed_in_within_a_second_of_the_click(visits, instance: Instance):
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

    judge(await quickest(attempt))


async def test_the_page_can_be_typed_in_within_a_second(visits, instance: Instance):
    async def attempt() -> float:
        page = await visits(size=PHONE)
        await page.add_init_script(WATCH)
        await slowed(page)
        await page.goto(f"{instance.url}/chat/GM0344", wait_until="commit")
        await keeps_what_is_typed_meanwhile(Chat(page, page))
        usable: float = await page.evaluate("window.usable - performance.timeOrigin")
        return usable

    judge(await quickest(attempt))
