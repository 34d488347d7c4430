"""What lives, in a real browser: light and dark, on a small phone, and with pictures that are really drawn."""

import re

from playwright.async_api import Page, expect

from tests.browser.axe import barriers
from tests.browser.conftest import Noise
from tests.browser.desk import Desk


async def test_figures_of_a_period_are_for_everybody(desk: Desk, noise: Noise, picture) -> None:
    page = desk.page
    await page.get_by_role("link", name="Wat leeft er").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Wat leeft er in "))
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await _is_good(page)
    await page.emulate_media(color_scheme="light")
    await page.evaluate("scrollTo(0, 0)")
    await page.locator(".insight__picture").first.evaluate("picture => picture.decode()")
    await picture(page, "wat-leeft.png")
    await page.get_by_role("link", name="Kwartaal", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("kwartaal")
    await _is_good(page)
    await page.get_by_text("Eigen dagen kiezen").click()
    await page.get_by_label("Eerste dag").fill("2026-02-01")
    await page.get_by_label("Laatste dag").fill("2026-01-01")
    await page.get_by_role("button", name="Toon deze dagen").click()
    await expect(page.get_by_role("alert")).to_contain_text("Kies een eerste en een laatste dag")
    noise.expects_refusal()
    await _is_good(page)
    await page.get_by_role("button", name="Zoek nu opnieuw").click()
    await expect(page.get_by_role("status")).to_have_text(
        "De computer zoekt opnieuw. Ververs deze pagina over een paar minuten."
    )


async def _is_good(page: Page) -> None:
    drawings = page.locator(".insight__picture")
    for number in range(await drawings.count()):
        await drawings.nth(number).scroll_into_view_if_needed()
        await drawings.nth(number).evaluate("picture => picture.decode()")  # fails when it can not be drawn
    assert await barriers(page) == []
