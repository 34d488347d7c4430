"""The desk for who is no griffier: what each role finds in the menu, what it may open, and what it can not do."""

import secrets
from datetime import UTC, datetime

import psycopg
from playwright.async_api import Page, expect

from tests.browser.axe import barriers
from tests.browser.conftest import Noise, Visits
from tests.browser.desk import Desk
from tests.browser.test_reports import tell
from tests.e2e.instance import Instance

EVERYBODY = ("Inbreng", "Wat leeft er", "Campagnes", "Vergaderingen", "Antwoorden", "Feiten", "Bibliotheek")
MENUS = {
    "Raadslid": (*EVERYBODY, "Naar de raad"),
    "Campagneleider": EVERYBODY,
    "Medewerker van de griffie": (
        *EVERYBODY,
        *("Naar de raad", "Eigen vragen", "Wat kan beter", "Signalen", "Invoeren"),
    ),
}
NOT_FOR_ALL = {
    "naar-de-raad": "Naar de raad",
    "eigen-vragen": "Eigen vragen",
    "beter": "Wat kan beter",
    "signalen": "Signalen",
    "invoeren": "Invoeren",
    "medewerkers": "Medewerkers",
    "logboek": "Logboek",
}
"""The pages that only some may open, with how the menu calls them; for the others there are no such pages."""

TYPED = "Nagevraagd: de beheerder van het pleintje kijkt ernaar."


async def test_each_role_finds_its_own_pages_in_the_menu_and_no_others_by_address(
    instance: Instance, desk: Desk, visits: Visits, noise: Noise
) -> None:
    for role, menu in MENUS.items():
        colleague = Desk(await desk.invites(visits, role), desk.code)
        assert tuple(await colleague.page.locator("nav.parts a").all_inner_texts()) == menu
        begins = colleague.page.get_by_label("Naam van de campagne")
        await colleague.goes("campagnes")
        await expect(begins).to_have_count(1 if role == "Campagneleider" else 0)
        where = f"{instance.url}/griffie/{desk.code}"
        statuses = {path: (await colleague.page.request.get(f"{where}/{path}")).status for path in NOT_FOR_ALL}
        assert statuses == {path: 200 if title in menu else 404 for path, title in NOT_FOR_ALL.items()}
        await colleague.goes("logboek")
        noise.expects_refusal("404")
        await expect(colleague.page.get_by_role("heading", level=1)).to_have_text("Deze pagina bestaat niet")
        assert await barriers(colleague.page) == []
        await colleague.goes("instellingen")  # everybody knows that there are settings
        noise.expects_refusal("403")
        await expect(colleague.page.get_by_role("heading", level=1)).to_have_text("Dit mag niet met uw rol")


async def test_only_a_beheerder_makes_a_beheerder_who_first_sets_up_a_second_step_and_then_handles_contributions(
    instance: Instance, desk: Desk, visits: Visits, noise: Noise
) -> None:
    beheerder = await Desk.signed_in(await visits("/griffie/"), instance, desk.code, "beheerder")
    roles = "select[name=rol] option"
    await desk.goes("medewerkers")
    assert "Beheerder" not in await desk.page.locator("form", has_text="uitnodiging").locator(roles).all_inner_texts()
    other = Desk(await beheerder.invites(visits, "Beheerder"), desk.code)
    for colleague in (beheerder, other):
        await colleague.goes("medewerkers")
        offered = await colleague.page.locator("form", has_text="uitnodiging").locator(roles).all_inner_texts()
        assert "Beheerder" in offered
        assert await barriers(colleague.page) == []
    for path, title in (("logboek", "Logboek"), ("instellingen", "Instellingen")):
        await other.goes(path)
        await expect(other.page.get_by_role("heading", level=1)).to_have_text(title)
        assert await barriers(other.page) == []
    async with await psycopg.AsyncConnection.connect(instance.database_url) as connection:
        reference = await _reference(
            connection, await tell(connection, datetime.now(UTC), "groen", "Op het pleintje mag een boom.", ["delen"])
        )
    await other.opens(reference)
    await other.takes_up()
    assert await barriers(other.page) == []


async def test_who_may_only_read_from_now_on_gets_the_answer_back_and_sees_what_is_shared(
    instance: Instance, desk: Desk, visits: Visits, noise: Noise
) -> None:
    async with await psycopg.AsyncConnection.connect(instance.database_url) as connection:
        shared, private = [
            await _reference(connection, await tell(connection, datetime.now(UTC), "groen", text, purposes))
            for text, purposes in (("Op het pleintje mag een boom.", ["delen"]), ("Het pleintje is te kaal.", []))
        ]
    name = f"Bo van {secrets.token_hex(3)}"
    colleague = Desk(await desk.invites(visits, "Medewerker van de griffie", name), desk.code)
    await colleague.opens(private)
    address = colleague.page.url
    await colleague.opens(shared)
    await colleague.page.locator("#notitie").fill(TYPED)
    await _becomes(desk.page, name, "Raadslid")
    await colleague.page.get_by_role("button", name="Notitie bewaren").click()
    await expect(colleague.page.get_by_role("heading", level=1)).to_have_text("Dit mag niet met uw rol")
    await expect(colleague.page.get_by_label("Uw tekst")).to_have_value(TYPED)
    noise.expects_refusal("403")
    assert await barriers(colleague.page) == []

    await colleague.page.get_by_role("link", name="Naar de werklijst").click()
    await expect(colleague.row(shared)).to_have_count(1)
    await expect(colleague.row(private)).to_have_count(0)
    await expect(colleague.page.locator("input[name=inbreng]")).to_have_count(0)
    assert await barriers(colleague.page) == []
    await colleague.opens(shared)
    await expect(colleague.page.locator("main form")).to_have_count(0)
    assert await barriers(colleague.page) == []
    await colleague.page.goto(address)
    await expect(colleague.page.get_by_role("heading", level=1)).to_have_text("Deze pagina bestaat niet")
    noise.expects_refusal("404")


async def _reference(connection: psycopg.AsyncConnection, contribution: object) -> str:
    found = await connection.execute("SELECT reference FROM contribution WHERE id = %s", [contribution])
    row = await found.fetchone()
    assert row is not None
    return str(row[0])


async def _becomes(page: Page, name: str, role: str) -> None:
    """Give a colleague another role."""
    await page.get_by_role("link", name="Medewerkers", exact=True).click()
    colleague = page.locator("li.person", has_text=name)
    await colleague.get_by_text("Veranderen").click()
    await colleague.get_by_label(f"Rol van {name}").select_option(role)
    await colleague.get_by_role("button", name="Rol opslaan").click()
    await expect(page.get_by_role("status")).to_have_text("De rol is veranderd.")
