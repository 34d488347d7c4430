"""A real Chromium at the running instance. Each visitor has a browser profile of their own."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright, expect

from papers.facts import barrier_tests
from tests.browser import axe
from tests.browser.chat import Chat
from tests.browser.desk import Desk
from tests.e2e.instance import Instance

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PATIENCE_MS = 20_000
PICTURES = Path(__file__).parents[2] / "docs" / "beelden"
SIZE = {"width": 1280, "height": 800}

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What was never looked at can only be told after all others."""
    items.sort(key=lambda item: item.path.name == "test_every_page.py")


def pytest_sessionfinish() -> None:
    """Keep what axe found, when asked to and when all that look were there."""
    if os.environ.get("SAMENSPEL_SCREENSHOTS") == "1" and axe.LOOKED.keys() >= set(barrier_tests()):
        axe.keep()


@dataclass
class Noise:
    """What a visit should not cause: errors in the console, and requests to anyone else."""

    errors: list[str] = field(default_factory=list)
    requests_elsewhere: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext, *origins: str) -> None:
        """Listen to all pages of a visitor; `origins` are the sites that belong to the visit."""
        context.on("console", lambda said: self._heard(said.type, said.text))
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("request", lambda request: self._asked(request, origins))

    def expects_refusal(self, *statuses: str) -> None:
        """What was just asked is refused on purpose: the browser says so once for each, and that is no error.

        Args:
            statuses: with which the refusals are answered; one form with something to mend, where none are given.
        """
        expected = statuses or ("422",)
        assert len(self.errors) == len(expected), self.errors
        assert [status in error for status, error in zip(expected, self.errors, strict=True)] == [True] * len(expected)
        self.errors.clear()

    def _heard(self, kind: str, text: str) -> None:
        if kind in _BAD and _BUSY not in text:
            self.errors.append(text)

    def _asked(self, request: Request, origins: tuple[str, ...]) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and f"{parts.scheme}://{parts.netloc}" not in origins:
            self.requests_elsewhere.append(request.url)


_BAD = frozenset({"error", "warning"})
_BUSY = "but not used within a few seconds"
"""What Chromium says of a font that was fetched ahead, on a machine too busy to draw the page in time."""

Visits = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
def instance() -> Instance:
    """What `./samenspel test` started."""
    return Instance.of_environment()


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The Chromium of this machine."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=os.environ["SAMENSPEL_CHROMIUM"], args=ARGUMENTS, headless=True
        )
        yield chromium
        await chromium.close()


@pytest.fixture
def noise() -> Noise:
    """What this test's visitors caused."""
    return Noise()


@pytest.fixture
async def visits(browser: Browser, instance: Instance, noise: Noise) -> AsyncIterator[Visits]:
    """Open a page as somebody new; at the end nobody may have caused an error or a request to a third party."""
    contexts: list[BrowserContext] = []

    async def visit(
        path: str = "/", *, site: str = instance.url, size: dict[str, int] = SIZE, scripts: bool = True
    ) -> Page:
        context = await browser.new_context(
            viewport=size, locale="nl-NL", timezone_id="Europe/Amsterdam", java_script_enabled=scripts
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        noise.watch(context, instance.url, site)
        page = await context.new_page()
        await page.goto(f"{site}{path}")
        return page

    yield visit
    for context in contexts:
        await context.close()
    assert noise == Noise()


@pytest.fixture
async def chat(visits: Visits) -> Chat:
    """The opened widget on the demonstration page."""
    return await Chat.opened_on(await visits())


@pytest.fixture
async def desk(visits: Visits, instance: Instance) -> Desk:
    """The griffier of Utrecht, signed in at the desk in a browser of their own."""
    return await Desk.signed_in(await visits("/griffie/"), instance, "GM0344")


@pytest.fixture(scope="session")
def picture() -> Callable[[Page, str], Awaitable[None]]:
    """Keep what the page looks like for the README; only when SAMENSPEL_SCREENSHOTS asks for it."""

    async def take(page: Page, name: str) -> None:
        if os.environ.get("SAMENSPEL_SCREENSHOTS") == "1":
            PICTURES.mkdir(parents=True, exist_ok=True)
            await page.screenshot(path=PICTURES / name, animations="disabled", caret="hide")

    return take
