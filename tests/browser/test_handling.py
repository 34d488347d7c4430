"""Asking a resident and the list of dispositions in a real browser: for everybody and on a small phone."""

import httpx
from playwright.async_api import expect

from tests.browser.axe import barriers
from tests.browser.desk import Desk
from tests.e2e.instance import Instance
from tests.e2e.resident import Resident


async def test_the_forms_of_a_contribution_and_the_list_of_dispositions_are_for_everybody(
    instance: Instance, desk: Desk
) -> None:
    async with httpx.AsyncClient(base_url=instance.url, timeout=30, trust_env=False) as http:
        resident = await Resident.opens(http, instance, desk.code)
        reference = await resident.tells("Bij het bankje in het park ligt elke week rommel.")
    await desk.opens(reference)
    page = desk.page
    await page.get_by_text("Iets vragen aan de inwoner").click()
    await page.get_by_text("Moet er meer verborgen worden?").click()
    assert await barriers(page) == []
    await page.get_by_label("Uw vraag aan de inwoner").fill("Bij welk bankje?")
    await page.get_by_role("button", name="Verstuur de vraag").click()
    await expect(page.get_by_role("status")).to_contain_text("Uw vraag is opgeslagen.")
    assert await barriers(page) == []
    await page.get_by_text("Andere status kiezen").click()
    await page.get_by_role("link", name="De lijst van afdoeningen aanpassen").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Zo handelt u inbreng af")
    assert await barriers(page) == []
    await page.goto(f"{instance.url}/griffie/{desk.code}/instellingen/leesbaar")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Woorden die leesbaar blijven")
    assert await barriers(page) == []
