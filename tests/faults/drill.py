"""One drill: residents go on, something breaks, it ends, and everything that counts is counted."""

import asyncio
import contextlib
import json
import os
import re
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import httpx

from launcher.layout import REPOSITORY
from tests.e2e.instance import until
from tests.faults.residents import Ledger, Traffic, answered_right
from tests.faults.world import World

WITHIN = 30.0
"""Seconds in which a right answer has to come again."""
GIVE_UP = 240.0
RESIDENTS = 3
PAGES = ("/", "/chat/GM0344", "/chat/GM0344/eenvoudig", "/griffie/aanmelden")
NEVER_SHOWN = re.compile(r"Traceback|Internal Server Error|sqlalchemy|psycopg|Exception", re.IGNORECASE)
TAGS = re.compile(r"<(style|script|title).*?</\1>|<[^>]+>", re.DOTALL)

KEPT = "SELECT reference, text FROM contribution WHERE text LIKE %s"
TYPED = (
    "SELECT conversation_id::text AS conversation, body->>'tekst' AS text, count(*) AS times FROM message "
    "WHERE sender = 'inwoner' AND body->>'tekst' LIKE %s GROUP BY 1, 2"
)


@dataclass
class Drill:
    """What is known of it so far. `counts` are figures of one drill alone, such as how many texts were delivered."""

    world: World
    key: str
    title: str
    how: str
    traffic: Traffic
    counts_from: str = "de klap"
    pages: dict[str, str] = field(default_factory=dict)
    extra: list[str] = field(default_factory=list)
    probe_at: str = ""
    _since: float = 0.0
    recovered: float | None = None

    @property
    def ledger(self) -> Ledger:
        return self.traffic.ledger

    async def going(self) -> None:
        """Wait until residents have passed something on: there is something to lose."""

        async def confirmed() -> bool:
            return len(self.ledger.confirmed) >= RESIDENTS

        await until(confirmed, seconds=GIVE_UP, what="something was passed on")
        await asyncio.sleep(1.5)  # they end together; now each is in the middle of the next

    def strikes(self) -> None:
        """From here recovery counts, for what happens at once and is over."""
        self._since = monotonic()

    def ends(self) -> None:
        """From here recovery counts, for what lasted until now."""
        self._since, self.counts_from = monotonic(), "het einde van de storing"

    async def lasts(self, seconds: float) -> None:
        """Let it last, and look at pages meanwhile."""
        deadline = monotonic() + seconds
        while monotonic() < deadline:
            await self._look_at_pages()
            await asyncio.sleep(1.0)

    async def normal_again(self, right: Callable[[], Awaitable[bool]] | None = None) -> None:
        """Ask until the right answer comes. `right` tells so when that is not in the web chat."""
        looking = asyncio.create_task(self.lasts(GIVE_UP))
        try:
            asking = right or (lambda: answered_right(self.probe_at or self.world.instance.url))
            await until(asking, seconds=GIVE_UP, what="a right answer again")
            self.recovered = monotonic() - self._since
        finally:
            looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await looking

    async def _look_at_pages(self) -> None:
        async with httpx.AsyncClient(base_url=self.world.instance.url, trust_env=False, timeout=10) as http:
            for path in PAGES:
                with contextlib.suppress(httpx.HTTPError):
                    page = await http.get(path)
                    if page.status_code >= 500:
                        shown = " ".join(TAGS.sub(" ", page.text).split())
                        self.pages[path] = shown
                        self.ledger.raw.add(page.text[:2_000])

    async def count(self) -> dict[str, Any]:
        """Compare what residents were told with what is kept, and write the row down."""
        ledger = self.ledger
        like = f"%{ledger.mark}%"
        kept = await self.world.instance.rows(KEPT, like)
        right = [ref for ref, text in ledger.confirmed.items() if kept.count({"reference": ref, "text": text}) == 1]
        texts = [row["text"] for row in kept]
        typed = {
            (row["conversation"], row["text"]): row["times"] for row in await self.world.instance.rows(TYPED, like)
        }
        marked = {key: times for key, times in ledger.said.items() if ledger.mark in key[1]}
        logs = self.world.instance.log_files
        return {
            "sleutel": self.key,
            "storing": self.title,
            "hoe": self.how,
            "inwoner": [text for text, _ in ledger.seen.most_common()],
            "paginas": sorted(set(self.pages.values())),
            "bevestigd": len(ledger.confirmed),
            "een_keer_bewaard": len(right),
            "dubbel": len(texts) - len(set(texts)),
            "berichten": len(marked),
            "berichten_een_keer": sum(typed.get(key) == times for key, times in marked.items()),
            "ontspoord": ledger.derailed,
            "vaktaal": sorted({match for text in ledger.raw for match in NEVER_SHOWN.findall(text)}),
            "in_logboek": sorted(path.name for path in logs if ledger.mark in path.read_text(errors="replace")),
            "langzaamste_beurt": round(ledger.slowest, 1),
            "statussen": dict(ledger.statuses),
            "ook_geteld": self.extra,
            "hersteld_na": None if self.recovered is None else round(self.recovered, 1),
            "gerekend_vanaf": self.counts_from,
            "wanneer": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
            "versie": _version(),
            "kernen": os.cpu_count(),
            "belasting": round(os.getloadavg()[0], 1),
        }


def _version() -> str:
    command = ["git", "-C", str(REPOSITORY), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


@contextlib.asynccontextmanager
async def drilled(
    world: World, key: str, title: str, how: str, *, url: str | None = None, residents: int = RESIDENTS
) -> AsyncIterator[Drill]:
    """Hold a drill: start the residents, and judge afterwards.

    Args:
        url: where the residents chat, when that is not where the instance serves.
    """

    async def ready() -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return await world.instance.ready()
        return False

    await until(ready, seconds=GIVE_UP, what="all parts work before the drill")
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(
        base_url=url or world.instance.url, trust_env=False, timeout=20, limits=limits
    ) as http:
        drill = Drill(world, key, title, how, Traffic(world, http, Ledger()), probe_at=url or "")
        drill.traffic.start(residents)
        wrong: AssertionError | None = None
        try:
            yield drill
        except AssertionError as error:
            wrong = error
        try:
            await drill.traffic.finish()
        except AssertionError as error:
            wrong = wrong or error
    row = await drill.count() | {"ook_mislukt": [str(wrong).splitlines()[0]] if wrong else []}
    _write(row)
    if wrong is not None:
        raise wrong
    judge(row)


def _write(row: dict[str, Any]) -> None:
    folder = Path(os.environ["SAMENSPEL_VAR"]) / "uitkomsten"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{row['sleutel']}.json").write_text(json.dumps(row, indent=1, ensure_ascii=False))


def judge(row: dict[str, Any]) -> None:
    """What must hold of every drill.

    Raises:
        AssertionError: it does not; the row was written down all the same.
    """
    assert row["bevestigd"] > 0
    assert row["een_keer_bewaard"] == row["bevestigd"], "something confirmed was lost"
    assert row["dubbel"] == 0, "something was taken down twice"
    assert row["berichten_een_keer"] == row["berichten"], "a message was lost or doubled"
    assert row["ontspoord"] == [], "a resident was led astray"
    assert row["vaktaal"] == [], "a page of ours shows what only we understand"
    assert row["in_logboek"] == [], "a log holds a resident's words"
    assert row["hersteld_na"] is not None
    assert row["hersteld_na"] <= WITHIN, f"recovery took {row['hersteld_na']} s"
