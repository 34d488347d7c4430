"""Entering for somebody, signs and retention in a real browser: for everybody and on a small phone."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import psycopg
from playwright.async_api import Locator, expect

from participation.database import EVERY_MUNICIPALITY, Database
from participation.services import destruction
from tests.browser.axe import barriers
from tests.browser.conftest import Noise
from tests.browser.desk import Desk
from tests.browser.test_reports import tell
from tests.e2e.instance import Instance

NUMBER = re.compile(r"SP-\d{4}-\d{6}-[A-Z]")
LONG_AGO = timedelta(days=8 * 365)
CLOSE = """
INSERT INTO contribution_status (id, contribution_id, municipality_code, number, status, created_at)
VALUES (gen_random_uuid(), %s, 'GM0344', 2, 'geannuleerd', %s)
"""


async def test_what_came_by_phone_gets_a_number_and_shows_how_to_answer(desk: Desk, noise: Noise, picture) -> None:
    page = desk.page
    await page.get_by_role("link", name="Invoeren").click()
    assert await barriers(page) == []
    await picture(page, "invoeren.png")
    await page.get_by_role("button", name="Inbreng opslaan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Schrijf op wat de inwoner vertelde.")
    noise.expects_refusal()
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
    noise.expects_refusal()
    assert await barriers(page) == []


async def test_of_a_list_of_destruction_one_line_is_kept_and_the_rest_may_go(
    instance: Instance, desk: Desk, noise: Noise
) -> None:
    gone, spared = await _had_its_time(instance, 2)
    page = desk.page
    await page.get_by_role("link", name="Bewaren", exact=True).click()
    await page.get_by_role("link", name="Bekijk en beslis").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Vernietigingslijst")
    assert await barriers(page) == []
    await page.get_by_role("button", name="Besluit opslaan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Kies eerst of deze inbreng vernietigd mag worden.")
    noise.expects_refusal()
    assert await barriers(page) == []

    def line(one: uuid.UUID) -> Locator:
        return page.locator("tr", has_text=f"SP-PROEF-{one.hex[:8]}")

    await line(spared).get_by_role("checkbox").check()
    await page.get_by_label("Ja, vernietig alles zonder vinkje").check()
    await page.get_by_label("Waarom?").fill("Selectielijst, regel 1.1")
    await page.get_by_role("button", name="Besluit opslaan").click()
    await expect(page.get_by_role("status")).to_contain_text("De lijst is goedgekeurd.")
    await expect(page.locator(".title-line")).to_contain_text("Goedgekeurd, wordt vannacht vernietigd")
    await expect(line(gone)).to_contain_text("Nog niet vernietigd")
    await expect(line(spared)).to_contain_text("Bewaard na uw besluit")
    assert await barriers(page) == []
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download de lijst").click()
    table = (await (await download.value).path()).read_text(encoding="utf-8")
    assert [f"SP-PROEF-{one.hex[:8]}" in table for one in (gone, spared)] == [True, True]


async def _had_its_time(instance: Instance, number: int) -> list[uuid.UUID]:
    """So many messages that were withdrawn long ago, on the list that the worker makes at night."""
    now = datetime.now(UTC)
    async with await psycopg.AsyncConnection.connect(instance.database_url) as connection:
        made = [await tell(connection, now - LONG_AGO, "groen", "Oude inbreng.", []) for _ in range(number)]
        for one in made:
            await connection.execute(CLOSE, (one, now - LONG_AGO))
    database = Database(instance.database_url)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await destruction.propose(session, days=28, now=now)
    await database.engine.dispose()
    return made
