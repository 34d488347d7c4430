"""Settings and standard texts in a real browser: for everybody, in the dark too; the preview as the chat has it."""

import re
from collections.abc import Awaitable, Callable

import httpx
from playwright.async_api import Page, expect

from bot.web.bundle import bundle
from bot.web.files import STATIC
from tests.browser.axe import barriers, faults
from tests.browser.conftest import Noise
from tests.browser.desk import Desk
from tests.e2e.instance import Instance
from tests.e2e.resident import Resident

Take = Callable[[Page, str], Awaitable[None]]

TYPED = """Dank u wel voor uw zorg & uw tip.
Lees https://utrecht.example/park?a=1&b=2. Of bel 030-286 00 00!

Wij doen dit:
- kijken
- u antwoorden via griffie@utrecht.example
"""
AS_CHAT = """async (text) => {
  SCRIPT
  const shape = (node) => node.nodeType === 3 ? node.textContent : node.className === "visually-hidden" ? "" : [
    node.tagName, node.getAttribute("href"), ...[...node.childNodes].map(shape).filter((one) => one !== "")];
  const chat = document.createElement("div");
  chat.append(...module_text.blocks(text, { newWindow: "" }));
  const preview = document.querySelector(".chat-preview__bubble [dir]").cloneNode(true);
  preview.querySelector("p").remove();  // the line above the text, which the griffier does not type
  return [shape(chat).slice(2), shape(preview).slice(2).filter((one) => typeof one !== "string")];
}""".replace("SCRIPT", bundle(STATIC, "text"))


async def test_settings_and_standard_texts_are_for_everybody(
    instance: Instance, desk: Desk, noise: Noise, picture: Take
) -> None:
    async with httpx.AsyncClient(base_url=instance.url, timeout=30, trust_env=False) as http:
        resident = await Resident.opens(http, instance, desk.code)
        reference = await resident.tells("Bij de vijver in het park ligt elke week rommel.")
    await desk.opens(reference)
    await begins_with_a_standard_text(desk.page, noise, picture)
    await changes_settings(desk.page, noise, picture)


async def begins_with_a_standard_text(page: Page, noise: Noise, picture: Take) -> None:
    """Choose one, leave a field open, look at what the resident gets."""
    answer = page.get_by_label("Uw antwoord aan de inwoner")
    form = page.locator("form", has=answer)
    await form.get_by_label("Beginnen met een standaardtekst").select_option(label="Dank, wij gaan ermee aan de slag")
    await form.get_by_role("button", name="Zet deze tekst erin").click()
    await expect(answer).to_have_value(re.compile(r"\[Wat u hierna gaat doen\]"))
    await expect(answer).to_be_focused()
    await _is_good(page)
    await form.get_by_role("button", name="Verstuur naar de inwoner").click()
    await expect(page.get_by_role("alert")).to_contain_text("[Wat u hierna gaat doen]")
    noise.expects_refusal()
    await _is_good(page)
    await answer.fill(TYPED)
    await form.get_by_role("button", name="Bekijk eerst wat de inwoner krijgt").click()
    await expect(page.get_by_role("heading", name="Zo krijgt de inwoner het")).to_be_visible()
    await _is_good(page)
    in_chat, in_preview = await page.evaluate(AS_CHAT, TYPED)
    assert in_preview == in_chat
    await page.locator(".chat-preview").scroll_into_view_if_needed()
    await picture(page, "standaardtekst.png")
    await page.get_by_role("link", name="De standaardteksten aanpassen").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Standaardteksten")
    await _is_good(page)
    await page.get_by_role("link", name="Waar is het precies?").click()
    await _is_good(page)


async def changes_settings(page: Page, noise: Noise, picture: Take) -> None:
    """Choose colours that can not be read, then some that can, and go back to the usual ones."""
    await page.get_by_role("link", name="Instellingen").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Instellingen")
    await _is_good(page)
    await picture(page, "instellingen.png")
    await page.get_by_label("Kleur van de balk bovenaan").fill("#ffcc00")
    await page.get_by_role("button", name=re.compile("Opslaan.*kleuren")).click()
    await expect(page.get_by_role("alert")).to_contain_text("De letters in de balk zijn slecht te lezen")
    noise.expects_refusal()
    await _is_good(page)
    await page.get_by_label("Kleur van de letters in die balk").fill("#16242d")
    await page.get_by_label("Kleur van knoppen en links").fill("#8a1538")
    await page.get_by_role("button", name=re.compile("Opslaan.*kleuren")).click()
    await expect(page.get_by_role("status")).to_contain_text("Uw instelling is opgeslagen.")
    await expect(page.locator(".utrecht-page-header")).to_have_css("background-color", "rgb(255, 204, 0)")
    await _is_good(page)
    await page.get_by_role("button", name="Terug naar de gewone kleuren").click()
    await expect(page.locator(".utrecht-page-header")).to_have_css("background-color", "rgb(11, 60, 93)")
    await page.get_by_role("link", name="Mail", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Mail over wat er ligt")
    await _is_good(page)


async def _is_good(page: Page) -> None:
    assert await barriers(page) == []
    await page.emulate_media(color_scheme="dark")
    assert await faults(page) == []
    await page.emulate_media(color_scheme="light")
