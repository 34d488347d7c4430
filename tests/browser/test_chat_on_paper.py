"""A conversation that somebody takes along: as a file, on paper, and in the colours that they chose themselves."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Download, Page, expect

from tests.browser.axe import barriers
from tests.browser.chat import Chat

SMALL_PHONE = {"width": 320, "height": 568}
COUNCIL, COUNCIL_IS = "Wat doet de gemeenteraad?", "De gemeenteraad is het hoogste bestuur van de gemeente."
OVERFLOW = "log => log.scrollHeight - log.clientHeight"
BORDER = "element => getComputedStyle(element).borderTopStyle + ' ' + getComputedStyle(element).borderTopWidth"


@pytest.fixture
async def chat(visits) -> Chat:
    """A question that was answered, on a small phone."""
    chat = await Chat.as_page(await visits("/chat/GM0344", size=SMALL_PHONE))
    await chat.says(COUNCIL)
    await chat.reads(COUNCIL_IS)
    return chat


async def kept(download: Download) -> list[str]:
    """The lines of the file, without when it was kept."""
    assert re.fullmatch(r"gesprek-samenspel-\d{4}-\d\d-\d\d\.txt", download.suggested_filename)
    lines = _text_of(await download.path()).splitlines()
    assert (lines[0], lines[1][:10]) == ("Gesprek met Samenspel, gemeente Utrecht", "Bewaard op")
    return lines[2:]


async def test_the_conversation_is_kept_as_a_text_file(chat: Chat):
    async with chat.page.expect_download() as first:
        await chat.chooses("Bewaar dit gesprek")
    lines = await kept(await first.value)
    assert [re.sub(r"^\[.*\] ", "", line) for line in lines if line.startswith("[")] == [
        "Samenspel:",
        "U:",
        "Samenspel:",
    ]
    assert [line for line in lines if line == COUNCIL or line.startswith(COUNCIL_IS)] == [
        COUNCIL,
        lines[lines.index(COUNCIL) + 3],
    ]
    assert [line for line in lines if line.endswith("<https://wetten.overheid.nl/BWBR0005416>")]
    await chat.chooses("Opnieuw beginnen")
    async with chat.page.expect_download() as again:
        await chat.page.get_by_role("button", name="Bewaar het gesprek eerst").click()
    assert await kept(await again.value) == lines
    await expect(chat.messages).to_have_count(3)


async def test_on_paper_stands_all_that_was_said_and_nothing_to_press(chat: Chat):
    page = chat.page
    await page.evaluate("() => void (window.print = () => (window.printed = true))")
    await chat.chooses("Print dit gesprek")
    assert await page.evaluate("window.printed")
    log = page.get_by_role("log")
    assert await log.evaluate(OVERFLOW) > 0
    await page.emulate_media(media="print")
    assert await log.evaluate(OVERFLOW) <= 0
    await expect(page.get_by_text("De raad heeft drie taken:")).to_be_visible()
    await expect(page.get_by_role("button")).to_have_count(0)
    await expect(chat.box).to_be_hidden()


async def test_in_forced_colours_edges_show_what_fills_showed(chat: Chat):
    page: Page = chat.page
    await page.emulate_media(forced_colors="active")
    for part in (
        page.get_by_role("banner"),
        page.get_by_role("button", name="Verstuur"),
        page.locator(".message--eigen .bubble"),
    ):
        assert await part.evaluate(BORDER) == "solid 1px"
    assert await barriers(page) == []


def _text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8-sig")
