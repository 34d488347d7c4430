"""What axe finds wrong with a page for people who can not see, point or read well: WCAG 2.2, levels A and AA."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


async def faults(page: Page) -> list[str]:
    """The rules that a page breaks, each with where."""
    found = (await Axe().run(page, options=OPTIONS)).response
    return [f"{rule['id']}: {node['target']}" for rule in found["violations"] for node in rule["nodes"]]
