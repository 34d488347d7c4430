"""How soon a griffier sees the list: first contentful paint in a real Chromium, each time in a fresh profile."""

import shutil
import statistics
from typing import Any
from urllib.parse import urlsplit

from bench.desk.serving import CODE, Bench

TIMES = 5
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PAINT = """() => new Promise(done => {
    const seen = () => performance.getEntriesByName("first-contentful-paint")[0];
    const look = () => seen() ? done(seen().startTime) : setTimeout(look, 20);
    look();
})"""


async def first_paint(bench: Bench) -> dict[str, Any]:
    """Return the median and the slowest of five; nothing where there is no Chromium or no Playwright."""
    chromium = next((path for path in map(shutil.which, NAMES) if path), None)
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        chromium = None
    if chromium is None:
        return {"first_paint_ms": None}
    times = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(TIMES + 1):
            context = await browser.new_context(viewport={"width": 1280, "height": 800})
            host = str(urlsplit(bench.url).hostname)
            await context.add_cookies(
                [{"name": name, "value": value, "domain": host, "path": "/"} for name, value in bench.cookies.items()]
            )
            page = await context.new_page()
            await page.goto(f"{bench.url}/griffie/{CODE}/inbreng")
            times.append(float(await page.evaluate(_PAINT)))
            await context.close()
        await browser.close()
    warm = times[1:]
    return {"first_paint_ms": {"median": round(statistics.median(warm), 1), "slowest": round(max(warm), 1)}}
