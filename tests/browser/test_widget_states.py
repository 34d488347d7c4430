"""Barriers in every state of the widget, by axe: light and dark, on a small phone and on a desktop."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Frame, Page, Route, expect

from tests.browser.axe import BAR_PX, faults
from tests.browser.chat import Chat
from tests.browser.conftest import Noise, Visits
from tests.browser.desk import Desk
from tests.e2e.instance import Instance

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
TURN = "**/api/v1/chat/berichten"
BUSY: dict[str, Any] = {"type": "about:blank", "status": 503, "title": "Erg druk", "detail": "Het is nu druk."}
LISTENS = "window.SpeechRecognition = window.webkitSpeechRecognition = class extends EventTarget {};"


@dataclass
class Looks:
    """What was found in each state of a page."""

    page: Page
    found: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    async def at(cls, page: Page) -> "Looks":
        """Begin; nothing moves while one looks."""
        await page.emulate_media(reduced_motion="reduce")
        return cls(page)

    async def look(self, state: str, where: Page | Frame, *, within: str | None = None) -> None:
        """In the dark only the colours are others."""
        for name, size in (("phone", SMALL_PHONE), ("desktop", DESKTOP)):
            await self.page.set_viewport_size(size)
            self.found[f"{state}, {name}"] = await faults(where, within=within)
            await self.page.emulate_media(color_scheme="dark")
            self.found[f"{state}, {name}, dark"] = await faults(where, within=within, only_colours=True)
            await self.page.emulate_media(color_scheme="light")
            self.found[f"{state}, {name}, width"] = [] if await where.evaluate(TOO_WIDE) < BAR_PX else ["too wide"]

    @property
    def barriers(self) -> dict[str, list[str]]:
        """The states in which there were any."""
        return {state: faults for state, faults in self.found.items() if faults}


def frame_of(page: Page) -> Frame:
    return next(frame for frame in page.frames if "/widget/" in frame.url)


async def test_no_state_of_a_conversation_has_barriers(visits: Visits, noise: Noise) -> None:
    page = await visits(size=DESKTOP)
    looks = await Looks.at(page)
    look = looks.look
    await look("closed", page, within=WIDGET)
    chat = await Chat.opened_on(page)
    await look("around the open chat", page, within=WIDGET)
    frame = frame_of(page)
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
    assert looks.barriers == {}
    assert [error for error in noise.errors if "ERR_INTERNET_DISCONNECTED" not in error] == []
    noise.errors.clear()


async def test_no_state_around_a_conversation_has_barriers(
    visits: Visits, desk: Desk, instance: Instance, noise: Noise
) -> None:
    page = await visits(size=DESKTOP)
    await page.add_init_script(LISTENS)
    await page.goto(instance.url)
    looks = await Looks.at(page)
    chat, frame = await Chat.opened_on(page), frame_of(page)
    for state, title, name, away in (
        ("starting over", "Opnieuw beginnen", "Wilt u opnieuw beginnen?", "Annuleren"),
        ("speaking", None, "Wilt u uw bericht inspreken?", "Nee, ik typ liever"),
    ):
        await (chat.chooses(title) if title else chat.place.get_by_role("button", name="Spreek uw bericht in").click())
        dialog = chat.place.get_by_role("dialog", name=name)
        await expect(dialog).to_be_visible()
        await looks.look(state, frame)
        await dialog.get_by_role("button", name=away).click()
    await chat.place.get_by_role("button", name="Menu").click()
    await looks.look("the menu", frame)
    await chat.place.get_by_role("button", name="Menu").click()
    await chat.box.fill("a" * 10_050)
    await expect(chat.place.get_by_text("tekens te lang").first).to_be_visible()
    await looks.look("too long", frame)
    await chat.box.fill("")
    reference = await chat.tells("Op het schoolplein staan auto's, kinderen kunnen er niet spelen.")
    await desk.opens(reference)
    await desk.replies("Wij vragen de politie om te kijken.")
    await chat.reads("Wij vragen de politie om te kijken.")
    await looks.look("the griffie", frame)
    await page.route(TURN, lambda route: route.fulfill(status=503, json=BUSY))
    await chat.says("Wat doet het college?")
    await expect(frame.locator(".trouble")).to_contain_text("Het is nu druk in de chat.")
    await looks.look("busy", frame)
    await page.unroute_all(behavior="ignoreErrors")
    await page.route("**/api/v1/chat/**", lambda route: route.abort("connectionrefused"))
    await chat.last.get_by_role("button", name="Opnieuw proberen").click()
    await expect(frame.locator(".trouble")).to_contain_text("De chat is nu niet bereikbaar.")
    await looks.look("away", frame)
    assert looks.barriers == {}
    assert [error for error in noise.errors if "503" not in error and "ERR_CONNECTION_REFUSED" not in error] == []
    noise.errors.clear()


async def test_no_state_before_the_chat_is_there_has_barriers(visits: Visits, noise: Noise) -> None:
    page = await visits(size=DESKTOP)
    looks = await Looks.at(page)
    await page.clock.install()
    await page.route("**/widget/GM0344**", lambda route: route.abort("connectionrefused"))
    await page.get_by_role("button", name="Praat mee: open de chat").click()
    await looks.look("loading", page, within=WIDGET)
    await page.clock.fast_forward("00:09")
    await expect(page.get_by_text("De chat laadt nog.")).to_be_visible()
    await looks.look("not loaded", page, within=WIDGET)
    assert looks.barriers == {}
    assert [error for error in noise.errors if "ERR_CONNECTION_REFUSED" not in error] == []
    noise.errors.clear()
