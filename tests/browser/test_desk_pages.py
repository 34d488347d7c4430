"""Every main page of the desk for who works in the dark, on a small phone, with a keyboard only, or on paper."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import barriers, faults
from tests.browser.desk import Desk
from tests.e2e.instance import Instance

PAPER = {"width": 794, "height": 1123}
"""A4 at 96 dots an inch."""

ON_PAPER = """() => {
  const shown = (selector) => [...document.querySelectorAll(selector)].some((one) => one.checkVisibility());
  const root = document.documentElement;
  const light = (color) => color.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) > 384;
  return {
    controls: shown('nav, button, input, select, textarea'),
    title: shown('h1'),
    empty: [...document.querySelectorAll('.card')].filter(
      (card) => card.checkVisibility() && card.innerText.trim() === card.querySelector('h2')?.innerText.trim()
    ).length,
    wider: Math.max(0, root.scrollWidth - root.clientWidth),
    dark: getComputedStyle(root).colorScheme !== 'light' || light(getComputedStyle(document.body).color),
  };
}"""
BLANK = {"controls": False, "title": True, "empty": 0, "wider": 0, "dark": False}

REACHABLE = """() => new Set(
  [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0)
    .map((one) => (one.type === 'radio' ? `${one.form.action} ${one.name}` : one))
).size"""
"""Of radio buttons with one name, Tab comes at one."""

STOP = """async () => {
  await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  const one = document.activeElement;
  if (one === document.body || one === null) return null;
  window.stops = window.stops || new Map();
  if (!window.stops.has(one)) window.stops.set(one, window.stops.size);
  // The link of a row covers the whole row with what comes after it, and is marked there.
  const marked = ['', '::after'].some((part) => getComputedStyle(one, part).outlineStyle !== 'none');
  const box = one.getClientRects()[0];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const at = (part) => document.elementFromPoint(box.left + part * box.width, (top + bottom) / 2);
  return {
    number: window.stops.get(one),
    what: `${one.tagName} ${one.name || one.textContent.trim().slice(0, 40)}`,
    marked,
    inView: top < bottom && [0.1, 0.5, 0.9].map(at).some((it) => it && (one.contains(it) || it.contains(one))),
  };
}"""
"""In view is what is on the screen with nothing else over it."""


@pytest.mark.timeout(900)  # every page of the desk, several times
async def test_no_main_page_has_a_barrier_in_the_dark_on_a_phone_or_on_paper(instance: Instance, desk: Desk) -> None:
    page, found = desk.page, {}
    for address in await main_pages(instance, desk):
        await page.goto(address)
        await page.emulate_media(color_scheme="light", media="screen")
        wrong: list[object] = [*await barriers(page)]
        await page.emulate_media(color_scheme="dark", media="screen")
        wrong += [f"in the dark: {fault}" for fault in await faults(page)]
        usual = page.viewport_size
        await page.emulate_media(color_scheme="dark", media="print")
        await page.set_viewport_size(PAPER)
        paper = await page.evaluate(ON_PAPER)
        if paper != BLANK:
            wrong.append(paper)
        if usual:
            await page.set_viewport_size(usual)
        if wrong:
            found[address.removeprefix(instance.url)] = wrong
    assert found == {}


@pytest.mark.timeout(900)
async def test_a_keyboard_reaches_everything_and_shows_where_it_is(instance: Instance, desk: Desk) -> None:
    page, found = desk.page, {}
    await page.emulate_media(reduced_motion="reduce")  # else the page is still scrolling when one looks
    for address in await main_pages(instance, desk):
        await page.goto(address)
        await all_pictures(page)
        await choose_one(page)
        wrong = await walked(page)
        if wrong:
            found[address.removeprefix(instance.url)] = wrong
    assert found == {}


async def main_pages(instance: Instance, desk: Desk) -> list[str]:
    """The addresses of all parts, of a contribution, and of what belongs to it."""
    page = desk.page
    parts = await page.locator("nav.parts a").evaluate_all("links => links.map(link => link.href)")
    await page.get_by_role("link", name="Invoeren").click()
    await page.get_by_label("Wat vertelde de inwoner?").fill("De bank in het park is stuk.")
    await page.get_by_label("Hoe kwam het binnen?").select_option("Balie")
    await page.get_by_role("button", name="Inbreng opslaan").click()
    await page.get_by_role("link", name="Bekijk de inbreng").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Inbreng SP-")
    own = f"{instance.url}/griffie/{desk.code}"
    return [*parts, page.url, f"{own}/afhandeling", f"{instance.url}/griffie/wachtwoord"]


async def choose_one(page: Page) -> None:
    """Choose a message, where there are any to choose: what one can do with it then stays in sight."""
    messages = page.locator("input[name=inbreng]")
    if await messages.count():
        await messages.first.evaluate("one => one.click()")  # a real click moves where Tab begins


async def all_pictures(page: Page) -> None:
    """Load what else only comes when it is scrolled to, and then moves what one looks at."""
    await page.evaluate(
        """() => Promise.all([...document.images].map((one) => { one.loading = 'eager'; return one.decode(); }))"""
    )


async def walked(page: Page) -> list[object]:
    """Press Tab from the top to the end; returns what is wrong with where one comes."""
    await page.wait_for_load_state("load")
    reachable: int = await page.evaluate(REACHABLE)
    wrong: list[object] = []
    stops: set[int] = set()
    for _ in range(3 * reachable):  # a field for a date holds more stops than one
        await page.keyboard.press("Tab")
        stop = await page.evaluate(STOP)
        if stop is None or (stop["number"] == 0 and len(stops) > 1):
            break
        if stop["number"] not in stops and not (stop["marked"] and stop["inView"]):
            wrong.append(stop)
        stops.add(stop["number"])
    if len(stops) != reachable:
        wrong.append(f"{len(stops)} of {reachable} reached")
    return wrong
