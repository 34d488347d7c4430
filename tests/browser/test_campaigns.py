"""A campaign from an example to the page of residents, by two people, and every page on the way for everybody."""

import re
import secrets

from playwright.async_api import Page, expect

from tests.browser.axe import barriers
from tests.browser.conftest import Noise, Visits
from tests.browser.desk import Desk

TITLE = f"Minder auto's {secrets.token_hex(3)}"


async def test_two_people_make_a_campaign_and_start_it(desk: Desk, visits: Visits, noise: Noise) -> None:
    address = await makes(desk.page, noise)
    colleague = await desk.invites(visits)
    await desk.page.goto(address)
    await sends_in(desk.page)
    await colleague.goto(address)
    await agrees_and_starts(colleague)
    await shows_residents(desk.page, address)


async def makes(page: Page, noise: Noise | None = None) -> str:
    """Make a campaign from an example, change it, and go through it; returns its address."""
    await page.get_by_role("link", name="Campagnes", exact=True).click()
    assert await barriers(page) == []
    await page.get_by_label("Naam van de campagne").fill(TITLE)
    await page.get_by_label("Begin met").select_option("Minder auto's in het centrum")
    await page.get_by_role("button", name="Maak een concept").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    await expect(page.get_by_text("Vul in wat nog tussen [haken] staat.")).to_be_visible()
    address = page.url.partition("?")[0]
    assert await barriers(page) == []
    await page.get_by_role("link", name="Teksten", exact=True).click()
    assert await barriers(page) == []
    await page.get_by_label("Laatste bericht in de chat").fill("Dank u wel. In april hoort u wat de raad kiest.")
    await page.get_by_label("Wie beslist?").fill("De gemeenteraad")
    await page.get_by_label("Welke bestuurder gaat erover?").fill("De wethouder voor verkeer")
    await page.get_by_label("Wie is verantwoordelijk bij de gemeente?").fill("Team Verkeer")
    await page.get_by_role("group", name="Sluit op").get_by_label("Dag").fill("2030-03-31")
    await page.get_by_role("button", name="Opslaan").click()
    await expect(page.locator(".notice")).to_contain_text("opgeslagen")
    await page.get_by_role("link", name="Vragen", exact=True).click()
    assert await barriers(page) == []
    await page.get_by_role("link", name="Schaal", exact=True).click()
    await page.get_by_label("Vraag", exact=True).fill("Hoe veilig is het centrum voor fietsers?")
    await page.get_by_role("button", name="Opslaan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Schrijf bij beide einden van de schaal")
    if noise:
        noise.expects_refusal()
    assert await barriers(page) == []
    await page.get_by_label("Wat betekent het laagste cijfer?").fill("heel onveilig")
    await page.get_by_label("Wat betekent het hoogste cijfer?").fill("heel veilig")
    await page.get_by_role("button", name="Opslaan").click()
    await page.get_by_role("link", name=re.compile("Bent u het hiermee eens")).click()
    await page.get_by_text("Veranderen").first.click()
    assert await barriers(page) == []
    await page.goto(address)
    return address


async def sends_in(page: Page) -> None:
    """Go through it as a resident, and leave it to a colleague."""
    address = page.url
    await page.get_by_role("link", name="Begin de proef").click()
    assert await barriers(page) == []
    await page.get_by_role("button", name="Met de fiets").click()
    await page.get_by_role("button", name="Eens", exact=True).click()
    await expect(page.get_by_text("Met de fiets")).to_be_visible()
    assert await barriers(page) == []
    await page.goto(address)
    await page.get_by_role("button", name="Maak een link").click()
    await expect(page.get_by_alt_text("QR-code van de link: In de chat op de site")).to_be_visible()
    assert await barriers(page) == []
    await page.get_by_label(re.compile("niet van een politieke partij")).check()
    await page.get_by_role("button", name="Leg voor aan een collega").click()
    await expect(page.get_by_text("Een collega kijkt de campagne na.")).to_be_visible()


async def agrees_and_starts(page: Page) -> None:
    """Look at what a colleague made."""
    assert await barriers(page) == []
    await page.get_by_role("button", name="Keur goed").click()
    await page.get_by_role("button", name="Start nu").click()
    await expect(page.locator(".campaign-state")).to_contain_text("Loopt")


async def shows_residents(page: Page, address: str) -> None:
    """Make a link for a place, and follow it as a resident would, on a phone."""
    await page.goto(f"{address}/plekken")
    await page.get_by_label("Nieuwe plek").fill("Poster bibliotheek")
    await page.get_by_role("button", name="Voeg de plek toe").click()
    await expect(page.get_by_role("heading", name="Poster bibliotheek")).to_be_visible()
    for rest in ("plekken", "gemeenten", "van-inwoners", "teksten"):
        await page.goto(f"{address}/{rest}")
        assert await barriers(page) == []
    await page.goto(f"{address}/plekken")
    link = await page.locator(".campaign-address.small").first.inner_text()
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.goto(link.split()[0])
    await expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert await barriers(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= 320")
    await expect(page.get_by_role("link", name="Doe mee")).to_have_attribute("href", re.compile(r"\?campagne=\w+\."))
