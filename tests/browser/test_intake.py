"""Entering for somebody, signs and retention in a real browser: for everybody and on a small phone."""

import re

from playwright.async_api import expect

from tests.browser.axe import barriers
from tests.browser.conftest import Noise
from tests.browser.desk import Desk

NUMBER = re.compile(r"SP-\d{4}-\d{6}-[A-Z]")


async def test_what_came_by_phone_gets_a_number_and_shows_how_to_answer(desk: Desk, noise: Noise, picture) -> None:
    page = desk.page
    await page.get_by_role("link", name="Invoeren").click()
    assert await barriers(page) == []
    await picture(page, "invoeren.png")
    await page.get_by_role("button", name="Inbreng opslaan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Schrijf op wat de inwoner vertelde.")
    _refused_once(noise)
    assert await barriers(page) == []
    await page.get_by_label("Wat vertelde de inwoner?").fill("In het park is het ’s avonds te donker.")
    await page.get_by_label("Hoe kwam het binnen?").select_option("Telefoon")
    await page.get_by_label("Hoe wil de inwoner antwoord?").select_option("Bellen")
    await page.get_by_label("Nummer of adres voor het antwoord").fill("06-24681357")
    await page.get_by_role("button", name="Inbreng opslaan").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("De inbreng is opgeslagen")
    await expect(page.locator("#inhoud strong")).to_have_text(NUMBER)
    assert await barriers(page) == []
    await page.get_by_role("link", name="Bekijk de inbreng").click()
    await expect(page.get_by_text("06-24681357")).to_be_visible()
    assert await barriers(page) == []


async def test_signs_and_periods_are_for_everybody(desk: Desk, noise: Noise) -> None:
    page = desk.page
    await page.get_by_role("link", name="Signalen", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Signalen")
    assert await barriers(page) == []
    await page.get_by_role("link", name="Bewaren", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Bewaren en vernietigen")
    await page.get_by_text("Andere termijn kiezen voor oordelen over antwoorden").click()
    assert await barriers(page) == []
    await page.get_by_label("Aantal dagen voor oordelen over antwoorden").fill("100000")
    await page.locator("details[open]").get_by_role("button", name="Termijn opslaan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Kies een aantal dagen van 1 tot en met 90.")
    _refused_once(noise)
    assert await barriers(page) == []


def _refused_once(noise: Noise) -> None:
    """Chromium tells of a form that was refused; nothing else went wrong."""
    [error] = noise.errors
    assert "422" in error
    noise.errors.clear()
