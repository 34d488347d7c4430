"""Barriers in every state of the widget, by axe: light and dark, on a small phone and on a desktop."""

from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Frame, Page, Route, expect

from tests.browser.axe import BAR_PX, faults
from tests.browser.chat import Chat

SMALL_PHONE, DESKTOP = {"width": 320, "height": 568}, {"width": 1280, "height": 800}
FAULT: dict[str, Any] = {
    "id": 2**40,
    "van": "bot",
    "soort": "fout",
    "tekst": "Het lukt nu niet om antwoord te geven.",
    "tijd": datetime.now(UTC).isoformat(),
    "knoppen": [{"id": "a", "titel": "Probeer het nog een keer"}, {"id": "b", "titel": "Geef dit door aan de griffie"}],
    "links": [],
    "meer": None,
}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDGET = "[data-samenspel]"
TURNS = 5


async def test_no_state_of_the_widget_has_barriers(visits, noise):
    page = await visits(size=DESKTOP)
    await page.emulate_media(reduced_motion="reduce")
    found: dict[str, list[str]] = {}

    async def look(state: str, where: Page | Frame, *, within: str | None = None) -> None:
        """In the dark only the colours are others."""
        for name, size in (("phone", SMALL_PHONE), ("desktop", DESKTOP)):
            await page.set_viewport_size(size)
            found[f"{state}, {name}"] = await faults(where, within=within)
            await page.emulate_media(color_scheme="dark")
            found[f"{state}, {name}, dark"] = await faults(where, within=within, only_colours=True)
            await page.emulate_media(color_scheme="light")
            found[f"{state}, {name}, width"] = [] if await where.evaluate(TOO_WIDE) < BAR_PX else ["too wide"]

    await look("closed", page, within=WIDGET)
    chat = await Chat.opened_on(page)
    await look("around the open chat", page, within=WIDGET)
    frame = next(frame for frame in page.frames if "/widget/" in frame.url)
    await look("open", frame)
    await chat.says("Ik wil iets doorgeven")
    await chat.reads("Wat wilt u aan de gemeenteraad vertellen?")
    await chat.says("De stoep bij het verzorgingshuis is te smal voor een rolstoel.")
    await chat.reads("Klopt dit?")
    await look("buttons", frame)
    await chat.says("ik wil niet meer leven")
    await chat.reads("113")
    await look("danger", frame)

    async def fail(route: Route) -> None:
        await route.fulfill(json={"berichten": [FAULT]})

    await page.route("**/api/v1/chat/berichten", fail, times=1)
    await chat.says("Wat doet de burgemeester?")
    await chat.reads(FAULT["tekst"])
    await look("error", frame)
    await page.context.set_offline(True)
    await chat.says("Wat doet de wethouder?")
    await expect(frame.locator(".trouble")).to_contain_text("U hebt nu geen internet.")
    await expect(chat.last.get_by_role("button", name="Opnieuw proberen")).to_be_visible()
    await look("offline", frame)
    await page.context.set_offline(False)
    await chat.reads("Klopt dit?")  # what was sent without a network is answered, and then the form goes on
    await chat.button("Stoppen").click()
    for _ in range(TURNS):
        await chat.says("Wat doet het college?")
        await chat.reads("Het college is het dagelijks bestuur van de gemeente.")
    await chat.last.get_by_role("button", name="Lees meer").click()
    await look("long conversation", frame)
    assert {state: faults for state, faults in found.items() if faults} == {}
    assert [error for error in noise.errors if "ERR_INTERNET_DISCONNECTED" not in error] == []
    noise.errors.clear()
