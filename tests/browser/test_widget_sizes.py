"""The widget on a phone, on a desktop that is zoomed in far, and with the colours of a site."""

from playwright.async_api import Page, expect

from tests.browser.chat import Chat
from tests.browser.conftest import Visits
from tests.browser.site import Site, served
from tests.e2e.instance import Instance

PHONE, DESKTOP = {"width": 375, "height": 667}, {"width": 1280, "height": 800}
ZOOMED = {"width": 320, "height": 256}
"""1280 by 1024 at 400 % (WCAG 2.2, 1.4.10)."""
OPEN, MODAL = "[data-samenspel] dialog[open]", "[data-samenspel] dialog:modal"
IN_CHAT = "document.activeElement === document.body || document.activeElement.hasAttribute('data-samenspel')"
MOVING = "document.querySelector('[data-samenspel]').shadowRoot.getAnimations().length"
TABS = 25


async def test_on_a_phone_the_keyboard_stays_in_the_chat_until_it_is_closed(visits: Visits) -> None:
    page = await visits(size=PHONE)
    chat = await Chat.opened_on(page)
    await expect(page.locator(MODAL)).to_have_count(1)
    for _ in range(TABS):
        await page.keyboard.press("Tab")
        assert await page.evaluate(IN_CHAT)
    await chat.box.focus()
    await page.keyboard.press("Escape")
    await expect(page.locator(OPEN)).to_have_count(0)
    await expect(page.get_by_role("button", name="Praat mee: open de chat")).to_be_focused()


async def test_an_open_chat_stays_open_when_the_screen_turns(visits: Visits) -> None:
    page = await visits(size=PHONE)
    await Chat.opened_on(page)
    for size, modal in ((DESKTOP, 0), (PHONE, 1)):
        await page.set_viewport_size(size)
        await expect(page.locator(MODAL)).to_have_count(modal)
        await expect(page.locator(OPEN)).to_have_count(1)


async def test_zoomed_in_far_one_can_still_type_send_and_read(visits: Visits) -> None:
    page = await visits(size=ZOOMED)
    chat = await Chat.opened_on(page)
    send = chat.place.get_by_role("button", name="Verstuur")
    await chat.box.fill("Wat doet het college?")
    await expect(chat.box).to_be_in_viewport(ratio=0.5)  # what is typed, if not all of the edge
    await expect(send).to_be_in_viewport(ratio=0.5)
    await send.click()
    answer = await chat.reads("Het college is het dagelijks bestuur van de gemeente.")
    await expect(answer).to_be_in_viewport()


async def test_who_wants_less_movement_sees_none(visits: Visits) -> None:
    page = await visits(size=DESKTOP)
    assert await _moves(page)
    await page.emulate_media(reduced_motion="reduce")
    assert not await _moves(page)


async def _moves(page: Page) -> bool:
    """Whether anything moves when the chat opens."""
    launcher = page.get_by_role("button", name="Praat mee: open de chat")
    await launcher.click()
    moves = int(await page.evaluate(MOVING)) > 0
    await page.get_by_role("button", name="Sluit de chat").first.click()
    await expect(launcher).to_be_visible()
    await page.mouse.move(1, 1)
    return moves


async def test_a_site_chooses_the_words_and_the_colour_of_the_button(visits: Visits, instance: Instance) -> None:
    colours = {"#ffd400": ("rgb(255, 212, 0)", "rgb(0, 0, 0)"), "#0b4a6f": ("rgb(11, 74, 111)", "rgb(255, 255, 255)")}
    for colour, expected in colours.items():
        tag = (
            f'<script src="{instance.url}/widget.js" data-gemeente="GM0344" data-kleur="{colour}" '
            'data-tekst="Vraag het ons" async></script>'
        )
        with served(Site(tag)) as site:
            page = await visits(site=site)
            launcher = page.get_by_role("button", name="Vraag het ons: open de chat")
            await expect(launcher).to_be_visible()
            style = "node => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
            assert tuple(await launcher.evaluate(style)) == expected
