"""The chat for who can not see, read, type or script so well: letters, reading aloud, dictation, and plain forms."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.axe import barriers
from tests.browser.chat import Chat
from tests.e2e.instance import Instance
from tests.e2e.resident import REFERENCE

PAGE = "/chat/GM0344"
PLAIN = f"{PAGE}/eenvoudig"

SPEECH = """
window.read = [];
SpeechSynthesis.prototype.speak = (said) => window.read.push([said.lang, said.text]);
window.SpeechRecognition = window.webkitSpeechRecognition = class extends EventTarget {
  start() {
    this.dispatchEvent(new Event("start"));
    const result = Object.assign([{ transcript: " de stoep is te smal " }], { isFinal: true });
    this.dispatchEvent(Object.assign(new Event("result"), { resultIndex: 0, results: [result] }));
  }
  stop() { this.dispatchEvent(new Event("end")); }
};
"""
"""Headless Chromium has no voices and no service that writes down speech: these stand in for both."""


@pytest.fixture
async def page(visits) -> Page:
    """The chat as a page, in a browser that speaks and listens."""
    opened = await visits("/")
    await opened.add_init_script(SPEECH)
    await opened.goto(opened.url.rstrip("/") + PAGE)
    return opened


async def test_larger_letters_stay_after_a_reload_and_fit_on_a_phone(page: Page):
    chat = await Chat.as_page(page)
    await chat.chooses("Letters: gewoon")
    await chat.chooses("Letters: groot")
    await page.reload()
    await Chat.as_page(page)
    assert await page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    assert await barriers(page) == []
    await chat.chooses("Letters: heel groot")
    assert await page.evaluate("getComputedStyle(document.documentElement).fontSize") == "16px"


async def test_a_long_conversation_scrolls_between_its_header_and_the_box(page: Page):
    """What stands in it for screen readers alone takes no room below the screen."""
    chat = await Chat.as_page(page)
    questions = ("Wat doet de gemeenteraad?", "Wat doet de burgemeester?", "Wat doet een wethouder?")
    for number, question in enumerate(questions, start=1):
        await chat.says(question)
        await expect(chat.messages.filter(has_text="Bronnen")).to_have_count(number)
    assert await page.get_by_role("log").evaluate("log => log.scrollHeight > 2 * log.clientHeight")
    of_page = await page.evaluate(
        "(({scrollHeight, clientHeight}) => [scrollHeight, clientHeight])(document.documentElement)"
    )
    assert of_page[0] == of_page[1]


async def test_answers_are_read_aloud_from_the_moment_somebody_asks(page: Page):
    chat = await Chat.as_page(page)
    await chat.chooses("Lees antwoorden voor")
    await chat.says("Wat doet het college?")
    await chat.reads("Het college is het dagelijks bestuur van de gemeente.")
    [first, second] = await page.evaluate("window.read")
    assert (first[0], first[1][:22]) == ("nl-NL", "Welkom bij Samenspel v")
    assert second[1].startswith("Het college is het dagelijks bestuur van de gemeente.")
    await chat.chooses("Lees antwoorden voor")
    await chat.says("Wat doet de gemeenteraad?")
    await chat.reads("De gemeenteraad is het hoogste bestuur van de gemeente.")
    assert len(await page.evaluate("window.read")) == 2


async def test_who_speaks_is_first_told_where_the_sound_goes_and_sends_the_text_themselves(page: Page):
    chat = await Chat.as_page(page)
    speak = page.get_by_role("button", name="Spreek uw bericht in")
    await chat.box.fill("Ik vind:")
    await speak.click()
    asked = page.get_by_role("dialog", name="Wilt u uw bericht inspreken?")
    await expect(asked).to_be_visible()
    assert await barriers(page) == []
    await page.keyboard.press("Escape")
    await expect(chat.box).to_have_value("Ik vind:")
    await speak.click()
    await asked.get_by_role("button", name="Ja, inspreken").click()
    await expect(chat.box).to_have_value("Ik vind: de stoep is te smal")
    await expect(speak).to_have_attribute("aria-pressed", "true")
    await speak.click()
    await expect(speak).to_have_attribute("aria-pressed", "false")
    await expect(chat.messages).to_have_count(1)


async def test_the_open_menu_has_no_barriers(page: Page):
    await Chat.as_page(page)
    await page.get_by_role("button", name="Menu").click()
    assert await barriers(page) == []


async def test_without_javascript_a_concern_gets_its_number(browser: Browser, instance: Instance, picture):
    context = await browser.new_context(
        java_script_enabled=False, locale="nl-NL", viewport={"width": 420, "height": 900}
    )
    page = await context.new_page()
    await page.goto(f"{instance.url}{PAGE}")
    await page.wait_for_url(f"**{PLAIN}")

    async def says(text: str) -> None:
        await page.get_by_label("Uw vraag of bericht").fill(text)
        await page.get_by_role("button", name="Verstuur").click()

    await says("Wat doet de gemeenteraad?")
    await expect(page.locator(".message").last).to_contain_text("De gemeenteraad is het hoogste bestuur")
    await says("Ik wil iets doorgeven")
    await expect(page.locator(".message").last).to_contain_text("Wat wilt u aan de gemeenteraad vertellen?")
    await says("De stoep bij het verzorgingshuis is te smal voor een rolstoel.")
    await expect(page.locator(".message").last).to_contain_text("Klopt dit?")
    await picture(page, "chat-zonder-javascript.png")
    await page.get_by_role("button", name="Ja, geef dit door").click()
    told = page.locator(".message", has_text="Uw nummer is SP-")
    await expect(told).to_be_visible()
    assert REFERENCE.search(await told.inner_text())
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_plain_page_has_no_barriers(visits, scheme: str):
    page = await visits(PLAIN)
    await page.emulate_media(color_scheme=scheme)
    assert await barriers(page) == []
    await page.get_by_label("Uw vraag of bericht").fill("Wat doet het college?")
    await page.get_by_role("button", name="Verstuur").click()
    await expect(page.locator(".message").last).to_contain_text("Het college is het dagelijks bestuur")
    assert await barriers(page) == []
