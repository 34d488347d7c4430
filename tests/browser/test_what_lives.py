"""What lives, in a real browser: light and dark, on a small phone, and with pictures that are really drawn."""

import re
import secrets
import uuid
from datetime import UTC, datetime

import psycopg
from playwright.async_api import Page, expect

from tests.browser.axe import barriers, faults
from tests.browser.conftest import Noise
from tests.browser.desk import Desk
from tests.browser.test_reports import tell
from tests.e2e.instance import Instance

SUBJECT = f"waterbus · {secrets.token_hex(3)}"
FIND = """
WITH found AS (
    INSERT INTO subject (id, municipality_code, words) VALUES (gen_random_uuid(), 'GM0344', %(words)s) RETURNING id
), compared AS (
    INSERT INTO contribution_likeness (contribution_id, municipality_code, embedding, created_at)
    SELECT id, municipality_code, decode(repeat('00', 1536), 'hex'), created_at
    FROM contribution WHERE id = ANY(%(told)s)
    ON CONFLICT (contribution_id) DO UPDATE SET created_at = excluded.created_at RETURNING contribution_id
)
INSERT INTO subject_member (contribution_id, subject_id, municipality_code)
SELECT contribution_id, found.id, 'GM0344' FROM compared, found
"""
"""As the worker does at night with what is much alike."""


async def test_figures_of_a_period_are_for_everybody(desk: Desk, noise: Noise, picture) -> None:
    page = desk.page
    await page.get_by_role("link", name="Wat leeft er").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Wat leeft er in "))
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await _is_good(page)
    await page.emulate_media(color_scheme="light")
    await page.evaluate("scrollTo(0, 0)")
    await page.locator(".insight__picture").first.evaluate("picture => picture.decode()")
    await picture(page, "wat-leeft.png")
    await page.get_by_role("link", name="Kwartaal", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("kwartaal")
    await _is_good(page)
    await page.get_by_text("Eigen dagen kiezen").click()
    await page.get_by_label("Eerste dag").fill("2026-02-01")
    await page.get_by_label("Laatste dag").fill("2026-01-01")
    await page.get_by_role("button", name="Toon deze dagen").click()
    await expect(page.get_by_role("alert")).to_contain_text("Kies een eerste en een laatste dag")
    noise.expects_refusal()
    await _is_good(page)
    await page.get_by_role("button", name="Zoek nu opnieuw").click()
    await expect(page.get_by_role("status")).to_have_text(
        "De computer zoekt opnieuw. Ververs deze pagina over een paar minuten."
    )


async def test_a_subject_is_read_and_put_together(instance: Instance, desk: Desk, noise: Noise) -> None:
    async with await psycopg.AsyncConnection.connect(instance.database_url) as connection:
        texts = [f"De waterbus moet ook bij steiger {number} stoppen." for number in range(6)]
        told: list[uuid.UUID] = [await tell(connection, datetime.now(UTC), "verkeer", one, ["delen"]) for one in texts]
        await connection.execute(FIND, {"words": SUBJECT, "told": told})
    page = desk.page
    await page.get_by_role("link", name="Wat leeft er").click()
    await page.get_by_role("link", name=SUBJECT).first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"Onderwerp {SUBJECT}")
    await expect(page.get_by_role("checkbox", checked=True)).to_have_count(6)
    assert await barriers(page) == []
    await page.emulate_media(color_scheme="dark")
    assert await faults(page) == []
    for one in await page.get_by_role("checkbox").all():
        await one.uncheck()
    await page.get_by_role("button", name="Maak er een bundel van").click()
    await expect(page.get_by_role("alert")).to_contain_text("Kies welke inbreng u samenvoegt.")
    noise.expects_refusal()
    assert await barriers(page) == []
    for text in texts[:3]:
        await page.get_by_label(text).check()
    await page.get_by_label("Naam van een nieuwe bundel").fill("Waterbus")
    await page.get_by_role("button", name="Maak er een bundel van").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Bundel Waterbus")
    await expect(page.get_by_text("De waterbus moet ook bij")).to_have_count(3)


async def _is_good(page: Page) -> None:
    drawings = page.locator(".insight__picture")
    for number in range(await drawings.count()):
        await drawings.nth(number).scroll_into_view_if_needed()
        await drawings.nth(number).evaluate("picture => picture.decode()")  # fails when it can not be drawn
    assert await barriers(page) == []
