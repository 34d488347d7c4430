"""What axe finds wrong with a page for people who can not see, point or read well: WCAG 2.2, levels A and AA."""

import json
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Frame, Page

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
    "iframes": False,  # axe would wait for an axe of its own in each frame: those are looked at by themselves
}
BAR_PX = 1
CUT = """() => [...document.querySelectorAll('header *, main *, footer *')].filter((one) =>
  ['hidden', 'clip'].includes(getComputedStyle(one).overflowY) && !one.matches('input, select, textarea, svg')
  && one.clientWidth > 1 && one.checkVisibility({visibilityProperty: true})
  && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
).map((one) => `cut off on a small phone: ${one.textContent.trim().slice(0, 40)}`)"""
"""What is there and can not be read: its box is too small. What is for screen readers only has a box of 1 px."""

LOOKED: Counter[str] = Counter()
"""How often in each file of tests, in this run."""
PAGES: set[str] = set()
"""The templates of the pages of the desk that were looked at, in this run."""
BROKEN: Counter[str] = Counter()
"""The rules that something broke, in this run."""
KEPT = Path(__file__).parents[2] / "docs" / "metingen" / "toegankelijkheid.json"


def keep() -> None:
    """Write down what this run looked at and found; `./samenspel papers` tells it to municipalities."""
    told = {"datum": f"{datetime.now(UTC):%d-%m-%Y}", "bestanden": dict(sorted(LOOKED.items())), "regels": dict(BROKEN)}
    KEPT.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


async def faults(page: Page | Frame, *, within: str | None = None, only_colours: bool = False) -> list[str]:
    """The rules that a page, or what is in a frame, breaks; each with where."""
    await page.wait_for_load_state("load")  # without its style sheet a page breaks rules that it does not break
    options = {**OPTIONS, "runOnly": ["color-contrast"]} if only_colours else OPTIONS
    found = (await Axe().run(page, context=within, options=options)).response
    LOOKED[Path(os.environ["PYTEST_CURRENT_TEST"].partition("::")[0]).name] += 1
    BROKEN.update(rule["id"] for rule in found["violations"])
    if not only_colours and (template := await page.evaluate("document.body.dataset.sjabloon")):
        PAGES.add(template)
    return [f"{rule['id']}: {node['target']}" for rule in found["violations"] for node in rule["nodes"]]


async def barriers(page: Page) -> list[str]:
    """What axe finds, and whether something sticks out or is cut off on a phone of 320 px, which is 1280 px at 400%."""
    found = await faults(page)
    size = page.viewport_size or {"width": 1280, "height": 800}
    await page.set_viewport_size({"width": 320, "height": 568})
    found += await page.evaluate(CUT)
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    await page.set_viewport_size(size)
    return found if wide < BAR_PX else [*found, f"{wide} px too wide on a small phone"]
