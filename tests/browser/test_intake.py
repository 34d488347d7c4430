"""Entering for somebody, signs and retention in a real browser: for everybody and on a small phone."""

import re

from playwright.async_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import Noise
from tests.browser.desk import Desk

PHONE = {"width": 320, "height": 800}
BAR_PX = 1
NUMBER = re.compile(r"SP-\d{4}-\d{6}-[A-Z]")


async def test_what_came_by_phone_gets_a_number_and_shows_how_to_answer(desk: Desk, noise: Noise) -> None:
    page = desk.page
    await page.get_by_role("link", name="Invoeren").click()
    await _is_good(page)
    await page.get_by_role("button", name="Inbreng opslaan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Schrijf op wat de inwoner vertelde.")
    _refused_once(noise)
    await _is_good(page)
    await page.get_by_label("Wat vertelde de inwoner?").fill("In het park is het ’s avonds te donker.")
    await page.get_by_label("Hoe kwam het binnen?").select_option("Telefoon")
    await page.get_by_label("Hoe wil de inwoner antwoord?").select_option("Bellen")
    await page.get_by_label("Nummer of adres voor het antwoord").fill("06-24681357")
    await page.get_by_role("button", name="Inbreng opslaan").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("De inbreng is opgeslagen")
    await expect(page.locator("#inhoud strong")).to_have_text(NUMBER)
    await _is_good(page)
    await page.get_by_role("link", name="Bekijk de inbreng").click()
    await expect(page.get_by_text("06-24681357")).to_be_visible()
    await _is_good(page)


async def test_signs_and_periods_are_for_everybody(desk: Desk, noise: Noise) -> None:
    page = desk.page
    await page.get_by_role("link", name="Signalen", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Signalen")
    await _is_good(page)
    await page.get_by_role("link", name="Bewaren", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Bewaren en vernietigen")
    await page.get_by_text("Andere termijn kiezen voor oordelen over antwoorden").click()
    await _is_good(page)
    await page.get_by_label("Aantal dagen voor oordelen over antwoorden").fill("100000")
    await page.locator("details[open]").get_by_role("button", name="Termijn opslaan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Kies een aantal dagen van 1 tot en met 90.")
    _refused_once(noise)
    await _is_good(page)


def _refused_once(noise: Noise) -> None:
    """Chromium tells of a form that was refused; nothing else went wrong."""
    [error] = noise.errors
    assert "422" in error
    noise.errors.clear()


async def _is_good(page: Page) -> None:
    assert await faults(page) == []
    usual = page.viewport_size
    await page.set_viewport_size(PHONE)
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"] + BAR_PX
    if usual is not None:
        await page.set_viewport_size(usual)
