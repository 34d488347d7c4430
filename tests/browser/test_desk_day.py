"""A stretch of work at the desk, with the keys of the list where it has them; axe looks at what other tests pass by."""

from playwright.async_api import expect

from tests.browser.axe import barriers, faults
from tests.browser.conftest import Noise, Visits
from tests.browser.desk import Desk
from tests.browser.test_worklist import tells
from tests.e2e.instance import Instance


async def test_a_message_is_sorted_noted_read_in_full_closed_and_opened_again(instance: Instance, desk: Desk) -> None:
    reference = await tells(instance, "De zeemeeuwen bij de haven van Jan de Vries maken zakken open.")
    page, told = desk.page, desk.page.locator(".utrecht-alert--ok[role=status]")
    await desk.shows_list()
    await page.get_by_role("searchbox").fill("zeemeeuwen")
    await page.keyboard.press("Enter")
    await expect(page.locator("li.row").first).to_contain_text(reference)

    await page.get_by_text("Bewaarde filters").click()
    await page.get_by_label("Bewaar wat u nu ziet als").fill("Meeuwen")
    await page.get_by_role("button", name="Bewaar", exact=True).click()
    await expect(told).to_contain_text("Het filter is bewaard.")

    await page.wait_for_load_state("load")  # only then the keys work
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.locator("#samen-thema").select_option("groen")
    await page.get_by_role("button", name="Zet thema").click()
    await expect(told).to_contain_text("1 bericht is onder het thema")
    assert await barriers(page) == []
    await page.get_by_role("button", name="Maak ongedaan").click()

    await page.wait_for_load_state("load")
    await page.keyboard.press("j")
    await page.keyboard.press("n")
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"Inbreng {reference}")
    await expect(page.locator("#notitie")).to_be_focused()
    await page.keyboard.type("Besproken met beheer.")
    await page.get_by_role("button", name="Notitie bewaren").click()
    await expect(told).to_contain_text("Uw notitie is bewaard.")

    await page.get_by_text("Hele tekst lezen", exact=True).click()
    await page.get_by_label("Waarom wilt u de hele tekst lezen?").fill("De naam doet ertoe.")
    await page.get_by_role("button", name="Toon de hele tekst").click()
    await expect(page.locator("blockquote.words").first).to_contain_text("Jan de Vries")
    assert await barriers(page) == []

    await page.get_by_text("Andere status kiezen").click()
    await page.get_by_label("Nieuwe status").select_option("Afgehandeld")
    await page.get_by_label("Wat is er met de inbreng gedaan?").select_option(index=1)
    await page.get_by_label("Toelichting").fill("Er komen andere bakken.")
    await page.get_by_role("button", name="Status opslaan").click()
    await expect(told).to_contain_text("De inbreng is gesloten.")
    await page.get_by_label("Nieuwe status").select_option("Heropend")
    await page.get_by_role("button", name="Status opslaan").click()
    await expect(told).to_contain_text("De status is veranderd.")
    await expect(page.locator(".title-line .utrecht-status-badge")).to_have_text("Heropend")


async def test_pages_that_few_come_to_are_for_everybody_also_in_the_dark(
    instance: Instance, desk: Desk, visits: Visits, noise: Noise
) -> None:
    page, found = desk.page, {}

    async def look(name: str) -> None:
        found[name] = await barriers(page)
        await page.emulate_media(color_scheme="dark")
        found[name] += await faults(page, only_colours=True)
        await page.emulate_media(color_scheme="light")

    for path in ("gemeenten", "account/gemeente"):
        await page.goto(f"{instance.url}/griffie/{path}")
        await look(path)
    await page.goto(f"{instance.url}/griffie/{desk.code}/uitnodiging/{'x' * 43}")
    [error] = noise.errors
    assert "404" in error
    noise.errors.clear()
    await look("uitnodiging")
    await page.goto(f"{instance.url}/griffie/{desk.code}/inbreng")
    await desk.invites(visits)
    await page.get_by_role("link", name="Medewerkers", exact=True).click()
    colleague = page.locator("li.person", has_text="Bo Jansen").last
    await colleague.get_by_text("Veranderen").click()
    await colleague.get_by_role("button", name="wachtwoord").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("wachtwoord")
    await look("eenmalig")
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


async def test_two_who_say_the_same_are_put_together_and_answered_at_once(instance: Instance, desk: Desk) -> None:
    first = await tells(instance, "De ijsbaan in het park moet langer open blijven.")
    await tells(instance, "Laat de ijsbaan in het park langer open.")
    page, alike = desk.page, desk.page.get_by_role("group", name="Dit lijkt erop. Zegt het hetzelfde?")
    await desk.opens(first)
    for _ in range(20):  # the worker compares texts within seconds
        if await alike.is_visible():
            break
        await page.wait_for_timeout(1000)
        await page.reload()
    await alike.get_by_role("checkbox").first.check()
    await page.get_by_label("Naam van een nieuwe bundel").fill("IJsbaan")
    await page.get_by_role("button", name="Samenvoegen").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("IJsbaan")
    assert await barriers(page) == []
    await page.get_by_label("Uw antwoord aan de inwoners").fill("De ijsbaan is in de vakantie langer open.")
    await page.get_by_role("button", name="Verstuur naar allemaal").click()
    await expect(page.locator(".notice[role=status]")).to_contain_text("Uw antwoord is opgeslagen.")
