"""The desk's pages for what goes wrong on the way: too much text, and a fault of ours."""

import psycopg
from playwright.async_api import expect

from tests.browser.axe import barriers
from tests.browser.conftest import Noise
from tests.browser.desk import Desk
from tests.e2e.instance import Instance

FAR_TOO_MANY = 300_000
"""Characters: more than a form may bring (desk/security.py)."""


async def test_a_text_that_is_far_too_long_is_told_so_and_the_page_before_still_has_it(
    desk: Desk, noise: Noise
) -> None:
    await desk.goes("standaardteksten")
    text = desk.page.locator("textarea").first
    await text.evaluate("field => field.removeAttribute('maxlength')")
    await text.evaluate("(field, many) => { field.value = 'x'.repeat(many) }", FAR_TOO_MANY)
    await text.evaluate("field => field.form.submit()")
    await expect(desk.page.get_by_role("heading", level=1)).to_have_text("Uw tekst is te lang")
    noise.expects_refusal("413")
    assert await barriers(desk.page) == []
    await desk.page.go_back()
    assert len(await desk.page.locator("textarea").first.input_value()) == FAR_TOO_MANY


async def test_a_fault_of_ours_is_told_in_plain_words_with_a_way_on(
    instance: Instance, desk: Desk, noise: Noise
) -> None:
    async with await psycopg.AsyncConnection.connect(instance.database_url, autocommit=True) as connection:
        await connection.execute("ALTER TABLE standard_text RENAME TO standard_text_elsewhere")
        try:
            await desk.goes("standaardteksten")
        finally:
            await connection.execute("ALTER TABLE standard_text_elsewhere RENAME TO standard_text")
    await expect(desk.page.get_by_role("heading", level=1)).to_have_text("Er ging iets mis bij ons")
    noise.expects_refusal("500")
    assert await barriers(desk.page) == []
    await desk.page.get_by_role("link", name="Naar de werklijst").click()
    await expect(desk.page.get_by_role("heading", level=1)).to_have_text("Inbreng van inwoners")
