"""Asking a resident, passing on, planning and the list of dispositions in a real browser: for everybody, on a phone."""

import re

import httpx
from playwright.async_api import Page, expect

from tests.browser.axe import barriers
from tests.browser.conftest import Noise
from tests.browser.desk import Desk
from tests.e2e.instance import Instance, until
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


async def test_a_message_goes_to_somebody_and_to_a_meeting_and_the_resident_reads_both(
    instance: Instance, desk: Desk, noise: Noise
) -> None:
    async with httpx.AsyncClient(base_url=instance.url, timeout=30, trust_env=False) as http:
        resident = await Resident.opens(http, instance, desk.code)
        reference = await resident.tells("Het water in de gracht staat te hoog voor de woonboten.")
        await desk.opens(reference)
        await _goes_to_somebody(desk.page, noise)
        meeting = await _goes_to_a_meeting(desk.page, noise)
        for told in ("De griffie heeft uw inbreng doorgestuurd naar: Waterschap", f": {meeting}."):
            await until(lambda told=told: _reads(resident, told), seconds=20, what=f"the resident reads {told!r}")
    await desk.page.get_by_role("link", name="Vergaderingen", exact=True).click()
    planned = desk.page.locator("li.meeting", has=desk.page.get_by_role("link", name=reference, include_hidden=True))
    await expect(planned.locator(".meeting__name")).to_have_text(meeting)
    await planned.get_by_text("ingepland").click()
    assert await barriers(desk.page) == []
    await planned.get_by_role("link", name=reference).click()
    await expect(desk.page.get_by_role("heading", level=1)).to_have_text(f"Inbreng {reference}")


async def _goes_to_somebody(page: Page, noise: Noise) -> None:
    await page.locator("summary", has_text="Doorsturen").click()
    await page.get_by_role("button", name="Doorsturen", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("Kies eerst naar wie dit gaat")
    noise.expects_refusal()
    assert await barriers(page) == []
    await page.locator("#iemand").fill("Waterschap")
    await page.get_by_role("button", name="Doorsturen", exact=True).click()
    await expect(page.locator(".notice[role=status]")).to_contain_text("De inbreng is doorgestuurd.")
    await page.get_by_text("Tekst om te kopiëren").click()
    await expect(page.get_by_label("Tekst zonder persoonlijke gegevens")).to_have_value(re.compile("woonboten"))
    assert await barriers(page) == []


async def _goes_to_a_meeting(page: Page, noise: Noise) -> str:
    """Plan it for the first meeting of the calendar; returns its name."""
    await page.locator("summary", has_text="Inplannen").click()
    await page.get_by_role("button", name="Inplannen", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("Kies eerst een vergadering uit de lijst")
    noise.expects_refusal()
    assert await barriers(page) == []
    calendar = page.get_by_label("Voor welke vergadering?")
    name = (await calendar.locator("option").nth(1).inner_text()).rpartition(", ")[0]
    await calendar.select_option(index=1)
    await page.get_by_role("button", name="Inplannen", exact=True).click()
    await expect(page.locator(".notice[role=status]")).to_contain_text("De inbreng is ingepland.")
    await expect(page.locator(".title-line .utrecht-status-badge")).to_have_text("Ingepland")
    return name


async def _reads(resident: Resident, text: str) -> bool:
    return any(text in message["tekst"] for message in await resident.history())
