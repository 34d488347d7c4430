"""The shared library in a real browser: from one municipality to another, for everybody and on a small phone."""

from playwright.async_api import Page, expect

from tests.browser.axe import barriers
from tests.browser.desk import Desk
from tests.e2e.instance import Instance

TOPIC = "rekenkamer"
TEXT = {
    "Kort antwoord": "De rekenkamer van {gemeente} kijkt of geld goed is besteed. Mail {griffie_email} voor een tip.",
    "Waar staat dit?": "Verordening op de rekenkamer",
    "Adres van de bron": "https://raad.example/rekenkamer",
}


async def test_a_text_is_offered_found_taken_over_and_followed(visits, instance: Instance, desk: Desk) -> None:
    colleague = await desk.invites(visits)
    await _publishes(desk, colleague)
    question = await desk.page.get_by_role("heading", level=1).inner_text()
    await desk.page.get_by_role("link", name="Aanbieden aan andere gemeenten").click()
    assert await barriers(desk.page) == []
    await desk.page.get_by_role("button", name="Aanbieden").click()
    await expect(desk.page.get_by_role("status")).to_contain_text("De tekst staat in de bibliotheek.")
    assert await barriers(desk.page) == []

    other = await Desk.signed_in(await visits("/griffie/"), instance, "GM0307")
    other_colleague = await other.invites(visits)
    page = other.page
    await page.get_by_role("link", name="Bibliotheek").click()
    await page.get_by_label("Zoek op woorden").fill("rekenkamer")
    await page.get_by_role("button", name="Zoek").click()
    assert await barriers(page) == []
    await page.get_by_role("link", name=question).click()
    preview = page.locator(".preview")
    await expect(preview).to_contain_text("De rekenkamer van Amersfoort kijkt of geld goed is besteed.")
    await expect(preview).to_contain_text("griffie@amersfoort.demo.example")
    assert await barriers(page) == []
    item = page.url
    await page.get_by_role("button", name="Overnemen").click()
    await expect(page.get_by_role("status")).to_contain_text("De tekst is overgenomen als concept.")
    await expect(page.get_by_text("Overgenomen van Utrecht, versie 1.")).to_be_visible()
    assert await barriers(page) == []
    await _submits_and_publishes(page, other_colleague)

    await _publishes(desk, colleague, short=TEXT["Kort antwoord"].replace("kijkt of geld", "onderzoekt of geld"))
    await desk.page.get_by_role("link", name="Nieuwe versie aanbieden").click()
    await desk.page.get_by_role("button", name="Nieuwe versie aanbieden").click()
    await expect(desk.page.get_by_text("Amersfoort, versie 1")).to_be_visible()

    await page.get_by_role("link", name="Antwoorden", exact=True).click()
    await expect(page.get_by_text("Van 1 overgenomen tekst is er een nieuwere versie.")).to_be_visible()
    assert await barriers(page) == []
    await page.get_by_role("link", name="Bekijk wat u overnam").click()
    assert await barriers(page) == []
    await page.goto(item)
    await expect(page.locator("ins")).to_contain_text("onderzoekt")
    await expect(page.locator("del")).to_contain_text("kijkt")
    assert await barriers(page) == []
    await page.get_by_role("button", name="Versie 2 overnemen").click()
    await expect(page.get_by_text("Overgenomen van Utrecht, versie 2.")).to_be_visible()

    await desk.page.get_by_label("Ja, trek deze tekst in").check()
    await desk.page.get_by_role("button", name="Intrekken").click()
    await expect(desk.page.get_by_role("status")).to_contain_text("De tekst is ingetrokken.")
    await desk.page.get_by_role("link", name="Terug naar de bibliotheek").click()
    await desk.page.get_by_role("link", name="Door ons aangeboden").click()
    assert await barriers(desk.page) == []
    await page.goto(item)
    await expect(page.get_by_role("heading", name="Utrecht trok deze tekst in")).to_be_visible()
    assert await barriers(page) == []


async def _publishes(desk: Desk, colleague: Page, short: str = TEXT["Kort antwoord"]) -> None:
    """Put an own answer in the chat."""
    await desk.page.goto(f"{desk.page.url.partition('/griffie/')[0]}/griffie/{desk.code}/antwoorden/{TOPIC}")
    for label, value in (TEXT | {"Kort antwoord": short}).items():
        await desk.page.get_by_label(label).fill(value)
    await _submits_and_publishes(desk.page, colleague)


async def _submits_and_publishes(page: Page, colleague: Page) -> None:
    """Go through the review: a colleague puts it in the chat."""
    await page.get_by_role("button", name="Opslaan en laten controleren").click()
    await expect(page.get_by_role("status")).to_have_text("De tekst staat klaar voor controle door een collega.")
    await colleague.goto(page.url)
    await colleague.get_by_role("button", name="Publiceren").click()
    await expect(colleague.get_by_role("status")).to_have_text("De tekst staat nu in de chat.")
    await page.reload()
