"""The griffie's desk as a griffier sees it."""

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pyotp
from playwright.async_api import Locator, Page, expect

from tests.e2e.clerk import account, known_password, new_password, remember_password
from tests.e2e.instance import Instance


@dataclass
class Desk:
    """Somebody who is signed in, mostly a griffier."""

    page: Page
    code: str

    @classmethod
    async def signed_in(cls, page: Page, instance: Instance, code: str, role: str = "griffier") -> "Desk":
        """Log in, choosing a new password where the one-time one is still in force."""
        email, one_time = account(instance, code, role)
        own = known_password(instance, email)
        await page.get_by_label("E-mailadres").fill(email)
        await page.get_by_label("Wachtwoord").fill(own or one_time or "")
        await page.get_by_role("button", name="Aanmelden").click()
        if own is None:
            await expect(page.get_by_role("heading", level=1)).to_have_text("Kies een nieuw wachtwoord")
            own = new_password()
            await page.get_by_label("Eenmalig wachtwoord").fill(one_time or "")
            await page.get_by_label("Nieuw wachtwoord", exact=True).fill(own)
            await page.get_by_label("Nieuw wachtwoord, nog een keer").fill(own)
            await page.get_by_role("button", name="Wachtwoord opslaan").click()
            remember_password(instance, email, own)
        if role == "beheerder":
            await sets_up_second_step(page)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Inbreng van inwoners")
        return cls(page, code)

    def row(self, reference: str) -> Locator:
        """The line of a contribution in the work list."""
        return self.page.locator("li.row", has_text=reference)

    async def shows_list(self) -> None:
        """Go to the work list as it is now."""
        await self.page.get_by_role("link", name="Samenspel griffie").click()
        await expect(self.page).to_have_url(re.compile(rf"/griffie/{self.code}/inbreng"))

    async def opens(self, reference: str) -> None:
        """Open a contribution from the work list."""
        await self.shows_list()
        await self.row(reference).get_by_role("link").click()
        await expect(self.page.get_by_role("heading", level=1)).to_have_text(f"Inbreng {reference}")

    async def takes_up(self) -> None:
        """Say that the griffie works on it."""
        await self.page.get_by_role("button", name="In behandeling nemen").click()
        await expect(self.page.get_by_role("status")).to_have_text("De status is veranderd.")

    async def replies(self, text: str) -> None:
        """Write to the resident."""
        await self.page.get_by_label("Uw antwoord aan de inwoner").fill(text)
        await self.page.get_by_role("button", name="Verstuur naar de inwoner").click()
        await expect(self.page.get_by_role("status")).to_contain_text("Uw antwoord is opgeslagen.")

    async def goes(self, path: str) -> Page:
        """Open a page of the municipality."""
        await self.page.goto(f"{self.page.url.partition('/griffie/')[0]}/griffie/{self.code}/{path}")
        return self.page

    async def invites(
        self, visits: Callable[[str], Awaitable[Page]], role: str = "Griffier", name: str = "Bo Jansen"
    ) -> Page:
        """Invite a colleague, a second griffier unless told otherwise; returns their browser, with an account made."""
        await self.page.get_by_role("link", name="Medewerkers", exact=True).click()
        email = f"{secrets.token_hex(4)}@demo.example"
        await self.page.get_by_label("E-mailadres").fill(email)
        await self.page.get_by_label("Rol", exact=True).select_option(role)
        await self.page.get_by_role("button", name="Maak een uitnodiging").click()
        link = await self.page.get_by_label("Link om te versturen").input_value()
        colleague, password = await visits(link[link.index("/griffie/") :]), new_password()
        await colleague.get_by_label("Uw naam").fill(name)
        await colleague.get_by_label("Kies een wachtwoord").fill(password)
        await colleague.get_by_label("Hetzelfde wachtwoord, nog een keer").fill(password)
        await colleague.get_by_role("button", name="Maak mijn account").click()
        await colleague.get_by_label("E-mailadres").fill(email)
        await colleague.get_by_label("Wachtwoord").fill(password)
        await colleague.get_by_role("button", name="Aanmelden").click()
        if role == "Beheerder":
            await sets_up_second_step(colleague)
        await expect(colleague.get_by_role("heading", level=1)).to_have_text("Inbreng van inwoners")
        return colleague


async def sets_up_second_step(page: Page) -> None:
    """Do what a beheerder has to do before anything else, and go to the work list."""
    await expect(page.get_by_role("heading", level=1)).to_have_text("Tweede stap bij het aanmelden")
    secret = (await page.locator(".secret").inner_text()).replace(" ", "")
    await page.get_by_label("Code uit de app").fill(pyotp.TOTP(secret).now())
    await page.get_by_role("button", name="Zet de tweede stap aan").click()
    await page.get_by_role("link", name="Ik heb de codes bewaard, ga verder").click()
    await page.get_by_role("link", name="Samenspel griffie").click()
