"""From the last count of a campaign to its final report, by one griffier, and every page on the way for everybody."""

import asyncio
import uuid
from datetime import UTC, datetime

import numpy as np
from playwright.async_api import Page, expect
from sqlalchemy import text

from participation.campaigns import recounting
from participation.database import EVERY_MUNICIPALITY, Database
from tests.browser.axe import barriers, faults
from tests.browser.conftest import Noise
from tests.browser.desk import Desk
from tests.e2e.instance import Instance
from tests.integration.participation.simulated_campaign import simulate

SAME = """
UPDATE campaign_answer SET words = :words WHERE words IS NOT NULL AND participant_id IN (
    SELECT DISTINCT participant_id FROM campaign_answer
    WHERE campaign_id = :campaign AND words IS NOT NULL AND municipality_code = 'GM0344' ORDER BY 1 LIMIT 6
)
"""
POINT = {
    "Wat hoorden wij?": "Veel mensen willen zonnepanelen op scholen.",
    "Wat is besloten?": "De raad geeft er geld voor.",
    "Waarom?": "Het is goed voor de buurt.",
    "Wat gebeurt er nu?": "In maart begint de bouw.",
}


async def ended(database: Database) -> uuid.UUID:
    """A campaign of Utrecht that sixty people took part in; six of them wrote the very same words."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        made = await simulate(
            session,
            clerk_id=await session.scalar(text("SELECT id FROM clerk WHERE email = 'griffier.utrecht@demo.example'")),
            people=60,
            statements=8,
            now=datetime.now(UTC),
            rng=np.random.default_rng(8),
            codes=("GM0344",),
        )
        told = {"words": "Dit plan moet er komen, zegt de hele buurt.", "campaign": made.campaign.id}
        await session.execute(text(SAME), told)
    return made.campaign.id


async def test_what_came_out_is_checked_published_answered_and_reported(
    instance: Instance, desk: Desk, noise: Noise
) -> None:
    database = Database(instance.database_url)
    campaign = await ended(database)
    await puts_aside_and_back(await desk.goes(f"campagnes/{campaign}/eerlijkheid"), noise)
    await recounting.recount(database, campaign_id=campaign, theme_of=None, now=datetime.now(UTC))
    await database.engine.dispose()
    await publishes(desk.page)
    await answers(desk.page, noise)
    await writes(desk.page, noise)
    await shares(await desk.goes(f"campagnes/{campaign}"), noise)


async def puts_aside_and_back(page: Page, noise: Noise) -> None:
    """Leave six out of the count, for a reason, and count them again."""
    await expect(page.get_by_text("6 deelnemers schreven precies dezelfde tekst.")).to_be_visible()
    await is_good(page)
    await page.get_by_role("button", name="Zet deze deelnames opzij").first.click()
    await expect(page.get_by_role("alert")).to_contain_text("Schrijf op waarom deze deelnames niet tellen")
    noise.expects_refusal()
    await is_good(page)
    await page.get_by_label("Waarom tellen deze 6 deelnames niet mee?").fill("Eén folder met een vaste tekst.")
    await page.get_by_role("button", name="Zet deze deelnames opzij").first.click()
    await expect(page.get_by_role("status")).to_contain_text("De deelnames tellen niet meer mee.")
    await is_good(page)
    await page.get_by_role("button", name="Tel deze weer mee").click()
    await expect(page.get_by_role("status")).to_contain_text("De deelnames tellen weer mee.")


async def publishes(page: Page) -> None:
    """Show the outcome to everybody, with one quote."""
    await page.get_by_role("link", name="Uitkomst", exact=True).click()
    await expect(page.get_by_text("Dit is de laatste telling.")).to_be_visible()
    await is_good(page)
    await page.emulate_media(color_scheme="dark")
    assert await faults(page, only_colours=True) == []
    await page.emulate_media(color_scheme="light")
    await page.get_by_role("group", name="Welke zinnen mag iedereen lezen?").get_by_role("checkbox").first.check()
    await page.get_by_role("button", name="Publiceer de uitkomst").click()
    await expect(page.get_by_role("status")).to_contain_text("De uitkomst is gepubliceerd.")
    await is_good(page)


async def answers(page: Page, noise: Noise) -> None:
    """Tell people what is done with it, and freeze the report."""
    await page.get_by_role("link", name="Terugkoppeling", exact=True).click()
    await is_good(page)
    await page.get_by_role("button", name="Zet dit punt erbij").click()
    await expect(page.get_by_role("alert")).to_contain_text("Vul in: Wat hoorden wij?")
    noise.expects_refusal()
    await is_good(page)
    for label, words in POINT.items():
        await page.get_by_label(label).fill(words)
    await page.get_by_role("button", name="Zet dit punt erbij").click()
    await expect(page.get_by_role("status")).to_have_text("Het punt is opgeslagen.")
    await page.get_by_text("Verander punt 1").click()
    await is_good(page)
    await page.get_by_role("button", name="Publiceer de terugkoppeling").click()
    await expect(page.get_by_role("status")).to_contain_text("De terugkoppeling is gepubliceerd.")
    await page.get_by_role("button", name="Stel het eindverslag vast").click()
    await expect(page.get_by_role("status")).to_contain_text("Het eindverslag is vastgesteld.")
    await is_good(page)
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Eindverslag 1 (PDF)").click()
    report = await (await download.value).path()
    assert (await asyncio.to_thread(report.read_bytes)).startswith(b"%PDF")


async def writes(page: Page, noise: Noise) -> None:
    """Look at the message to who wanted to know, and write one more."""
    await page.get_by_role("link", name="Berichten", exact=True).click()
    await is_good(page)
    await page.get_by_role("button", name="Bekijk het bericht").click()
    await expect(page.get_by_role("alert")).to_contain_text("Typ een tekst van hooguit 1500 tekens.")
    noise.expects_refusal()
    await is_good(page)
    await page.get_by_role("textbox", name="Tekst").fill("In maart begint de bouw.")
    await page.get_by_label("Soort bericht").select_option("Bericht tussendoor")
    await page.get_by_role("button", name="Bekijk het bericht").click()
    await expect(page.locator("blockquote")).to_contain_text("In maart begint de bouw.")
    await is_good(page)
    await page.get_by_role("button", name="Gooi weg").click()
    await expect(page.get_by_role("heading", name="Gestopt")).to_be_visible()
    await is_good(page)


async def shares(page: Page, noise: Noise) -> None:
    """Offer the set-up to other municipalities, and take it back."""
    await page.get_by_role("link", name="Aanbieden aan andere gemeenten").click()
    await is_good(page)
    await page.get_by_role("button", name="Aanbieden", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("De campagne staat in de bibliotheek.")
    await is_good(page)
    await page.get_by_role("button", name="Intrekken").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    noise.expects_refusal()
    await is_good(page)
    await page.get_by_label("Ja, trek deze campagne in").check()
    await page.get_by_role("button", name="Intrekken").click()
    await expect(page.get_by_role("status")).to_contain_text("De campagne is ingetrokken.")
    await is_good(page)
    await page.get_by_role("link", name="Terug naar de bibliotheek").click()
    await page.get_by_role("link", name="Minder auto's in het centrum").click()
    await expect(page.get_by_role("heading", name="Hiermee beginnen")).to_be_visible()
    await is_good(page)


async def is_good(page: Page) -> None:
    """For everybody, on a small phone too."""
    assert await barriers(page) == []
