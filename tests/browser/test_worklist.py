"""The work list with a keyboard, with what comes in while one reads, and as axe sees it."""

import re

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import barriers
from tests.browser.desk import Desk
from tests.e2e.instance import Instance
from tests.e2e.resident import Resident

NARROW = {"width": 320, "height": 900}


async def tells(instance: Instance, text: str) -> str:
    """Somebody tells something; returns its reference."""
    async with httpx.AsyncClient(base_url=instance.url, timeout=30, trust_env=False) as http:
        return await (await Resident.opens(http, instance, "GM0344")).tells(text)


async def test_the_list_is_worked_through_with_a_keyboard(instance: Instance, desk: Desk):
    references = [await tells(instance, text) for text in ("De brug piept.", "De sluis lekt.")]
    await desk.shows_list()
    await desk.page.keyboard.press("j")
    await expect(desk.row(references[1]).get_by_role("link")).to_be_focused()
    await desk.page.keyboard.press("j")
    await desk.page.keyboard.press("k")
    await desk.page.keyboard.press("a")
    await expect(desk.page.get_by_role("status").filter(has_text="1 bericht is toegewezen aan")).to_be_visible()
    await expect(desk.row(references[1])).to_contain_text("bij u")
    await desk.page.get_by_role("button", name="Maak ongedaan").click()
    await expect(desk.row(references[1])).not_to_contain_text("bij u")
    await desk.page.wait_for_load_state("load")  # only then the keys work
    await desk.page.keyboard.press("?")
    await expect(desk.page.get_by_role("dialog", name="Sneltoetsen")).to_be_visible()
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.get_by_role("dialog", name="Sneltoetsen")).to_be_hidden()
    await desk.page.keyboard.press("/")
    await expect(desk.page.get_by_role("searchbox")).to_be_focused()
    await desk.page.keyboard.type("sluis")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator("mark").first).to_have_text("sluis")
    await desk.page.wait_for_load_state("load")  # only then the keys work
    await desk.page.keyboard.press("j")
    await desk.page.keyboard.press("o")
    await expect(desk.page.get_by_role("heading", level=1)).to_contain_text("SP-")


async def test_the_keys_can_be_switched_off(instance: Instance, desk: Desk):
    await tells(instance, "De fontein spuit niet.")
    await desk.shows_list()
    await desk.page.keyboard.press("?")
    await desk.page.get_by_label("Sneltoetsen staan aan").uncheck()
    await desk.page.get_by_role("button", name="Sluit").click()
    await desk.page.reload()
    await desk.page.keyboard.press("j")
    await expect(desk.page.locator(".row__link:focus")).to_have_count(0)


async def test_what_comes_in_is_told_and_moves_nothing(instance: Instance, desk: Desk):
    await tells(instance, "De klok staat stil.")
    await desk.shows_list()
    first = desk.page.locator("li.row").first
    before, place = await first.inner_text(), await first.bounding_box()
    reference = await tells(instance, "De klok loopt weer.")
    told = desk.page.get_by_role("link", name=re.compile(r"nieuw(e)? bericht(en)?, toon"))
    await expect(told).to_be_visible()
    assert (await first.inner_text(), await first.bounding_box()) == (before, place)
    await told.click()
    await expect(desk.page.locator("li.row").first).to_contain_text(reference)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("narrow", [False, True])
async def test_no_state_of_the_list_has_a_barrier(instance: Instance, desk: Desk, picture, scheme, narrow):
    await tells(instance, "Er is te weinig straatverlichting bij het station.")
    page = desk.page
    if narrow:
        await page.set_viewport_size(NARROW)
    await page.emulate_media(color_scheme=scheme)
    list_ = f"{instance.url}/griffie/{desk.code}/inbreng"
    found = {}
    for name, query in STATES.items():
        await page.goto(f"{list_}{query}")
        await CHANGES.get(name, nothing)(page)
        found[name] = await barriers(page)
        if (scheme, narrow) == ("light", False) and name in PICTURES:
            await picture(page, PICTURES[name])
    assert found == {name: [] for name in STATES}


async def nothing(_: Page) -> None:
    """The page as it comes."""


async def choose_theme(page: Page) -> None:
    """Open the filter on theme."""
    await page.locator("summary", has_text="Thema").click()


async def open_kept(page: Page) -> None:
    """Open the kept filters."""
    await page.locator("summary", has_text="Bewaarde filters").click()


async def tick(page: Page) -> None:
    """Choose a message."""
    await page.locator("input[name=inbreng]").first.check()


async def ask_help(page: Page) -> None:
    """Open the help on keys."""
    await page.keyboard.press("?")


STATES = {
    "list": "",
    "search": "?zoek=straatverlichting&thema=verkeer&volgorde=oudste",
    "theme": "?soort=zorg",
    "kept": "?weergave=nieuw",
    "chosen": "",
    "help": "",
    "nothing": "?zoek=xylofoonorkest",
}
CHANGES = {"theme": choose_theme, "kept": open_kept, "chosen": tick, "help": ask_help}
PICTURES = {"list": "werklijst.png", "theme": "werklijst-filter.png", "chosen": "werklijst-samen.png"}
