"""How much may be sent to the desk, through the whole web process as it runs in production."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from desk.security import MAX_BODY_BYTES, MAX_TABLE_BYTES
from participation.settings import Settings
from web.app import create_app

DESK = "/griffie/GM0344"
HEAD = "kanaal;ontvangen_op;tekst;plek;soort;thema;antwoord_via;contact"


@pytest.fixture
def now() -> datetime:
    """The present: the web process looks at the real clock."""
    return datetime.now(UTC)


@pytest.fixture
async def site(database_url: str) -> AsyncIterator[FastAPI]:
    """The chat, the API and the desk together."""
    settings = Settings(
        demo=True, secret_key="s" * 40, public_url="https://samenspel.example", database_url=database_url
    )
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


async def hand_over(browser, address, content):
    """Send a table with the form of a page."""
    token = (await browser.get(f"{DESK}/invoeren")).text.partition('name="csrf" value="')[2].partition('"')[0]
    return await browser.post(address, data={"csrf": token}, files={"bestand": ("t.csv", content, "text/csv")})


async def test_a_table_larger_than_any_form_is_taken_in(clerk_with, now):
    clerk = await clerk_with(GM0344="griffier")
    text = "Het plein is te donker. " * 40
    table = "\n".join([HEAD, *(f"kraam;{now:%d-%m-%Y};{text}{n};;;;;" for n in range(300))]).encode()
    assert len(table) > MAX_BODY_BYTES
    answer = await hand_over(clerk, f"{DESK}/invoeren/tabel", table)
    assert (answer.status_code, answer.text.count("300 regels zijn ingelezen.")) == (200, 1)


@pytest.mark.parametrize(
    ("address", "size"), [("/invoeren/tabel", MAX_TABLE_BYTES), ("/feiten/inlezen", MAX_BODY_BYTES)]
)
async def test_a_file_that_is_too_large_is_refused_in_words_about_a_file(clerk_with, address, size):
    clerk = await clerk_with(GM0344="griffier")
    answer = await hand_over(clerk, f"{DESK}{address}", b"x" * size)
    assert (answer.status_code, answer.text.count("Uw bestand is te groot")) == (413, 2)
    assert "maak uw tekst korter" not in answer.text


async def test_a_text_that_is_too_large_is_refused_by_the_desk_itself(clerk_with):
    clerk = await clerk_with(GM0344="griffier")
    answer = await clerk.send_form(f"{DESK}/invoeren", "/invoeren", tekst="a" * MAX_BODY_BYTES)
    assert (answer.status_code, answer.text.count("Uw tekst is te lang")) == (413, 2)
