"""Papers for the council in a real browser: from choosing to the file, for everybody and on a small phone."""

import re
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import psycopg
from playwright.async_api import Page, expect

from tests.browser.axe import barriers
from tests.browser.conftest import Noise
from tests.browser.desk import Desk
from tests.e2e.instance import Instance

SAID = {
    "verkeer": "Bij de school rijden auto’s veel te hard. Mijn kinderen durven niet over te steken.",
    "groen": "Laat de oude bomen aan de singel staan, die geven schaduw.",
    "wonen": "Mijn zoon zoekt al vier jaar een huis en blijft maar thuis wonen.",
}
NAMED, OPINION = "Noor de Proef", "Er moet een bankje bij de speeltuin komen."
TELL = """
WITH person AS (
    INSERT INTO resident (id, pseudonym, channel, created_at, last_seen_at)
    VALUES (gen_random_uuid(), decode(%(pseudonym)s, 'hex'), 'web', %(at)s, %(at)s) RETURNING id
), told AS (
    INSERT INTO contribution (id, reference, municipality_code, resident_id, draft, kind, theme, text, masked_text,
                              masked_at, channel, created_at)
    SELECT %(id)s, %(reference)s, 'GM0344', id, gen_random_uuid(), 'zorg', %(theme)s, %(text)s, %(text)s, %(at)s, 'web',
           %(at)s FROM person RETURNING id, resident_id
), status AS (
    INSERT INTO contribution_status (id, contribution_id, municipality_code, number, status, created_at)
    SELECT gen_random_uuid(), id, 'GM0344', 1, 'ontvangen', %(at)s FROM told
)
INSERT INTO consent (resident_id, municipality_code, contribution_id, purpose, given, text_version, channel, created_at)
SELECT resident_id, 'GM0344', id, purpose, true, 1, 'web', %(at)s FROM told, unnest(%(purposes)s::text[]) AS purpose
"""
NAME = """
INSERT INTO consent_detail (consent_id, contribution_id, municipality_code, value)
SELECT id, contribution_id, municipality_code, %s FROM consent WHERE purpose = 'naam' AND contribution_id = %s
"""


async def much_was_told(instance: Instance) -> None:
    """Last month, as the chat and the worker leave it."""
    at = datetime.now(UTC).replace(day=1) - timedelta(days=3)
    async with await psycopg.AsyncConnection.connect(instance.database_url) as connection:
        for number in range(22):
            theme = list(SAID)[number % 3]
            await tell(connection, at + timedelta(minutes=number), theme, SAID[theme], ["delen"])
        named = await tell(connection, at, "groen", OPINION, ["delen", "naam"])
        await connection.execute(NAME, (NAMED, named))


async def tell(
    connection: psycopg.AsyncConnection, at: datetime, theme: str, text: str, purposes: list[str]
) -> uuid.UUID:
    told = uuid.uuid4()
    values = {"id": told, "at": at, "theme": theme, "text": text, "purposes": purposes}
    await connection.execute(
        TELL, values | {"pseudonym": uuid.uuid4().hex * 2, "reference": f"SP-PROEF-{told.hex[:8]}"}
    )
    return told


async def test_a_report_on_signals_is_chosen_looked_at_issued_and_downloaded(
    instance: Instance, desk: Desk, noise: Noise, picture: Callable[[Page, str], Awaitable[None]]
) -> None:
    await much_was_told(instance)
    page = desk.page
    await page.get_by_role("link", name="Naar de raad").click()
    await _is_good(page)
    await page.get_by_role("link", name="Maak een stuk").click()
    await picture(page, "raad-kiezen.png")
    await page.get_by_role("button", name="Maak een concept").click()
    await expect(page.get_by_role("alert")).to_contain_text("Kies welk stuk u wilt maken.")
    await _is_good(page)
    await page.get_by_label("Signalen van inwoners").check()
    await page.get_by_role("button", name="Maak een concept").click()
    await expect(page.get_by_role("heading", name="Per thema")).to_be_visible()
    await expect(page.locator("blockquote").first).to_be_visible()
    await _is_good(page)
    await picture(page, "raad-concept.png")
    await page.get_by_role("button", name="Stel vast").click()
    await expect(page.get_by_role("alert")).to_contain_text("Zet eerst een vinkje")
    await _is_good(page)
    await page.get_by_label("Ik heb het stuk nagekeken").check()
    await page.get_by_role("button", name="Stel vast").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Signalen van inwoners \d{4}-\d{3}"))
    await expect(page.get_by_text("Citaat 1:")).to_be_visible()
    await _is_good(page)
    ready = page.get_by_role("link", name="PDF")
    for _ in range(60):
        if await ready.count() and await page.get_by_role("link", name="CSV").count():
            break
        await page.wait_for_timeout(500)
        await page.reload()
    await picture(page, "raad-vastgesteld.png")
    async with page.expect_download() as download:
        await ready.click()
    path = await (await download.value).path()
    assert path.read_bytes().startswith(b"%PDF")
    await page.get_by_role("link", name="Naar de raad").first.click()
    await page.get_by_role("link", name="Maak een stuk").click()
    await page.get_by_label("Lijst van ingekomen stukken").check()
    await page.get_by_role("button", name="Maak een concept").click()
    await expect(page.get_by_role("cell", name=NAMED)).to_be_visible()
    await page.get_by_label("Voorstel bij regel 1").fill("Naar het college")
    await page.get_by_role("button", name="Lijst bijwerken").click()
    await expect(page.get_by_role("cell", name="Naar het college")).to_be_visible()
    await _is_good(page)
    assert [error for error in noise.errors if "422" not in error] == []
    noise.errors.clear()  # two forms were refused on purpose


async def _is_good(page: Page) -> None:
    assert await barriers(page) == []
