"""Looking at links, politely: a few sites at once, one question at a time to each, and a stop when it asks for one."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlsplit

from participation.council.faults import FeedFault
from participation.council.fetch import Fetcher
from participation.links.outcomes import GOOD, Outcome, of_status

USER_AGENT = "Samenspel (open source; kijkt of links in antwoorden nog werken)"
SECONDS = 15.0
SITES_AT_ONCE = 3
PAUSE = 2.0
"""Seconds between two questions to one site."""

SLOW_DOWN = (429, 503)


def usual_fetcher() -> Fetcher:
    """As in production: desk users type links, so only public addresses are asked."""
    return Fetcher(public_only=True, seconds=SECONDS, user_agent=USER_AGENT)


@dataclass(frozen=True)
class Looking:
    """How links are looked at; tests reach a site on loopback and do not pause."""

    fetcher: Fetcher = field(default_factory=usual_fetcher)
    pause: float = PAUSE
    sites_at_once: int = SITES_AT_ONCE

    async def at_all(self, urls: Iterable[str]) -> dict[str, Outcome]:
        """Look at links; those of a site that asked for patience are left out and stay due."""
        sites = [list(of_one) for _, of_one in groupby(sorted(urls, key=_site), key=_site)]
        room = asyncio.Semaphore(self.sites_at_once)

        async def of_site(of_one: list[str]) -> dict[str, Outcome]:
            async with room:
                return await self._one_by_one(of_one)

        found: dict[str, Outcome] = {}
        for outcomes in await asyncio.gather(*map(of_site, sites)):
            found |= outcomes
        return found

    async def at(self, url: str) -> Outcome:
        """Look at one link. Only the headers are asked for; sites that do not answer that are asked for the page."""
        try:
            outcome = of_status(await self.fetcher.status(url, method="HEAD"))
        except FeedFault as fault:
            outcome = Outcome(fault.code, fault.details.get("status"))
        if outcome.code in (GOOD, "niet_toegestaan") or outcome.status in SLOW_DOWN:
            return outcome
        await asyncio.sleep(self.pause)
        try:
            return of_status(await self.fetcher.status(url, method="GET"))
        except FeedFault as fault:
            return Outcome(fault.code, fault.details.get("status"))

    async def _one_by_one(self, urls: list[str]) -> dict[str, Outcome]:
        found: dict[str, Outcome] = {}
        for number, url in enumerate(urls):
            if number:
                await asyncio.sleep(self.pause)
            found[url] = await self.at(url)
            if found[url].status in SLOW_DOWN:
                break
        return found


def _site(url: str) -> str:
    return urlsplit(url).netloc.lower()
