"""The griffie's work list and the page of a contribution in a browser."""

import httpx
from playwright.async_api import expect

from tests.browser.axe import barriers
from tests.browser.conftest import Noise, Visits
from tests.browser.desk import Desk
from tests.e2e.instance import Instance
from tests.e2e.resident import Resident

CONCERNS = (
    "Kan de raad iets doen aan de hoge parkeerkosten bij het ziekenhuis? Mijn man ligt er al zes weken.",
    "Compliment voor de nieuwe speeltuin in Overvecht. Onze kinderen spelen daar nu elke dag.",
    "In de Vogelenbuurt fietsen jongeren hard over de stoep. Ouderen durven er niet meer te lopen.",
    "Ik heb een idee: laat bewoners zelf het plantsoen aan de Jutfaseweg onderhouden. Wij hebben al twaalf mensen.",
    "De bus van Leidsche Rijn naar het centrum rijdt na tien uur niet meer. Mijn zoon kan nu niet naar zijn werk.",
    "Bij de basisschool in Zuilen is het verkeer om half negen gevaarlijk. Wij willen graag een schoolstraat.",
)
REPLY = (
    "Dank u wel voor uw bericht. De raadscommissie praat op donderdag 3 december over veilige schoolroutes. "
    "Uw bericht ligt dan bij de raadsleden. U bent welkom om te komen luisteren."
)


async def test_the_work_list_shows_what_residents_told_newest_first(instance: Instance, desk: Desk, picture):
    async with httpx.AsyncClient(base_url=instance.url, timeout=30, trust_env=False) as http:
        references = [await (await Resident.opens(http, instance, "GM0344")).tells(text) for text in CONCERNS]
    await desk.opens(references[3])
    await desk.takes_up()
    await desk.shows_list()
    rows = desk.page.locator("li.row")
    newest = list(reversed(list(zip(references, CONCERNS, strict=True))))
    for place, (reference, text) in enumerate(newest):
        await expect(rows.nth(place)).to_contain_text(reference)
        await expect(rows.nth(place).get_by_role("link")).to_have_text(text)
    badges = [await rows.nth(place).locator(".utrecht-status-badge").inner_text() for place in range(len(newest))]
    assert badges == ["Ontvangen", "Ontvangen", "In behandeling", "Ontvangen", "Ontvangen", "Ontvangen"]
    await picture(desk.page, "griffie.png")
    await desk.opens(references[-1])
    await desk.takes_up()
    await desk.replies(REPLY)
    await expect(desk.page.locator(".words--ours")).to_have_text(REPLY)
    await picture(desk.page, "griffie-inbreng.png")


async def test_the_list_of_one_status_holds_no_other(instance: Instance, desk: Desk):
    """There is one of each: the first list shows both."""
    async with httpx.AsyncClient(base_url=instance.url, timeout=30, trust_env=False) as http:
        new, taken_up = [await (await Resident.opens(http, instance, "GM0344")).tells(text) for text in CONCERNS[:2]]
    await desk.opens(taken_up)
    await desk.takes_up()
    await desk.shows_list()
    await expect(desk.row(new).or_(desk.row(taken_up))).to_have_count(2)
    await desk.page.locator("summary", has_text="Status").click()
    await desk.page.get_by_label("In behandeling", exact=True).check()
    await desk.page.get_by_role("group", name="Status").get_by_role("button", name="Toon").click()
    await expect(desk.row(taken_up)).to_have_count(1)
    await expect(desk.row(new)).to_have_count(0)


async def test_another_municipalitys_clerk_sees_a_page_that_does_not_exist(
    visits, instance: Instance, desk: Desk, noise
):
    async with httpx.AsyncClient(base_url=instance.url, timeout=30, trust_env=False) as http:
        reference = await (await Resident.opens(http, instance, "GM0344")).tells(CONCERNS[0])
    await desk.opens(reference)
    other = await Desk.signed_in(await visits("/griffie/"), instance, "GM0307")
    await expect(other.row(reference)).to_have_count(0)
    answer = await other.page.goto(desk.page.url)
    assert answer is not None
    assert answer.status == 404
    await expect(other.page.get_by_role("heading", level=1)).to_have_text("Deze pagina bestaat niet")
    [error] = noise.errors
    assert "404" in error
    noise.errors.clear()


async def test_logging_out_closes_the_desk(desk: Desk):
    here = desk.page.url
    await desk.page.get_by_role("button", name="Afmelden").click()
    await expect(desk.page.get_by_role("status")).to_have_text("U bent afgemeld.")
    await desk.page.goto(here)
    await expect(desk.page.get_by_role("heading", level=1)).to_have_text("Aanmelden bij de griffie")


async def test_who_logs_out_elsewhere_gets_back_there_what_was_being_written(
    instance: Instance, desk: Desk, visits: Visits, noise: Noise
):
    async with httpx.AsyncClient(base_url=instance.url, timeout=30, trust_env=False) as http:
        reference = await (await Resident.opens(http, instance, "GM0344")).tells(CONCERNS[1])
    elsewhere = await Desk.signed_in(await visits("/griffie/"), instance, "GM0344")
    await elsewhere.opens(reference)
    await elsewhere.page.get_by_label("Uw antwoord aan de inwoner").fill(REPLY)
    await desk.page.get_by_role("link", name="Account").click()
    devices = desk.page.locator("[aria-labelledby=kop-apparaten] li.person")
    await expect(devices.filter(has_text="Dit apparaat").get_by_role("button")).to_have_count(0)
    await devices.get_by_role("button", name="Afmelden").first.click()  # the last that was used
    await expect(desk.page.get_by_role("status")).to_have_text("Dat apparaat is afgemeld.")

    await elsewhere.page.get_by_role("button", name="Verstuur naar de inwoner").click()
    await expect(elsewhere.page.get_by_role("heading", level=1)).to_have_text("U bent afgemeld")
    noise.expects_refusal("401")
    await expect(elsewhere.page.get_by_label("Uw tekst")).to_have_value(REPLY)
    assert await barriers(elsewhere.page) == []
    await elsewhere.page.get_by_role("link", name="Opnieuw aanmelden").click()
    await expect(elsewhere.page.get_by_role("heading", level=1)).to_have_text("Aanmelden bij de griffie")
    await desk.opens(reference)
    await expect(desk.page.locator(".words--ours")).to_have_count(0)

    await Desk.signed_in(elsewhere.page, instance, "GM0344")
    await desk.page.get_by_role("link", name="Account").click()
    await desk.page.get_by_role("button", name="Meld alle andere apparaten af").click()
    await expect(desk.page.get_by_role("status")).to_have_text("Alle andere apparaten zijn afgemeld.")
    await expect(devices).to_have_count(1)
    await elsewhere.page.reload()
    await expect(elsewhere.page.get_by_role("heading", level=1)).to_have_text("Aanmelden bij de griffie")
