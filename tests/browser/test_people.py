"""From an invitation to a log-in with a code, in a real browser, and every page on the way for everybody."""

import secrets

import pyotp
from playwright.async_api import Page, expect

from tests.browser.axe import barriers
from tests.browser.conftest import Noise, Visits
from tests.browser.desk import Desk

PASSWORD = f"proef {secrets.token_hex(8)}"


async def test_somebody_is_invited_sets_up_a_second_factor_and_logs_in_with_it(
    desk: Desk, visits: Visits, noise: Noise, picture
) -> None:
    email = f"{secrets.token_hex(4)}@demo.example"
    link = await _invites(desk.page, email)
    page = await visits(link)
    assert await barriers(page) == []
    await page.get_by_label("Uw naam").fill("Bo Jansen")
    await page.get_by_label("Kies een wachtwoord").fill(PASSWORD)
    await page.get_by_label("Hetzelfde wachtwoord, nog een keer").fill(PASSWORD)
    await page.get_by_role("button", name="Maak mijn account").click()
    await expect(page.locator(".notice")).to_contain_text("Meld u aan")
    assert await barriers(page) == []
    await page.get_by_label("E-mailadres").fill(email)
    await page.get_by_label("Wachtwoord").fill(PASSWORD)
    await page.get_by_role("button", name="Aanmelden").click()
    await expect(page.get_by_role("status").filter(has_text="Welkom.")).to_be_visible()
    await page.get_by_role("link", name="Account").click()
    await expect(page.get_by_text("Dit apparaat")).to_be_visible()
    assert await barriers(page) == []
    await picture(page, "account.png")
    recovery = await _sets_up(page, noise)
    await page.get_by_role("link", name="Ik heb de codes bewaard, ga verder").click()
    await page.get_by_role("button", name="Afmelden").click()
    await page.get_by_label("E-mailadres").fill(email)
    await page.get_by_label("Wachtwoord").fill(PASSWORD)
    await page.get_by_role("button", name="Aanmelden").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Vul uw code in")
    assert await barriers(page) == []
    await page.get_by_label("Code").fill(recovery)
    await page.get_by_role("button", name="Aanmelden").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Inbreng van inwoners")
    await desk.page.get_by_role("link", name="Medewerkers", exact=True).click()
    await picture(desk.page, "medewerkers.png")
    await desk.page.get_by_role("link", name="Logboek", exact=True).click()
    await expect(desk.page.get_by_text("Uitnodiging aangenomen").first).to_be_visible()
    assert await barriers(desk.page) == []
    await picture(desk.page, "logboek.png")


async def _invites(page: Page, email: str) -> str:
    await page.get_by_role("link", name="Medewerkers", exact=True).click()
    await page.get_by_text("Veranderen").first.click()
    assert await barriers(page) == []
    await page.get_by_label("E-mailadres").fill(email)
    await page.get_by_label("Rol", exact=True).select_option("Medewerker van de griffie")
    await page.get_by_role("button", name="Maak een uitnodiging").click()
    assert await barriers(page) == []
    link = await page.get_by_label("Link om te versturen").input_value()
    return link[link.index("/griffie/") :]


async def _sets_up(page: Page, noise: Noise) -> str:
    """Type the secret over, as an app would, and return one of the recovery codes."""
    await page.get_by_role("link", name="Tweede stap instellen").click()
    await expect(page.get_by_alt_text("QR-code met uw geheime sleutel")).to_be_visible()
    secret = (await page.locator(".secret").inner_text()).replace(" ", "")
    await page.get_by_label("Code uit de app").fill("12")
    await page.get_by_role("button", name="Zet de tweede stap aan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Deze code klopt niet")
    noise.expects_refusal()
    assert await barriers(page) == []
    await page.get_by_label("Code uit de app").fill(pyotp.TOTP(secret).now())
    await page.get_by_role("button", name="Zet de tweede stap aan").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Bewaar uw herstelcodes")
    assert await barriers(page) == []
    return await page.locator(".codes code").first.inner_text()
