"""The kinds of sources behind one interface: given an address, read it into a Harvest."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from participation.council import ical, ori, table
from participation.council.faults import AddressRefused
from participation.council.fetch import SECONDS, Fetcher
from participation.council.records import Harvest, web_address


@dataclass(frozen=True)
class Surroundings:
    """What sources are read with. The address of Open Raadsinformatie is the owner's; other addresses are typed."""

    typed: Fetcher
    owned: Fetcher
    ori_url: str

    @classmethod
    def usual(cls, ori_url: str, *, seconds: float = SECONDS) -> "Surroundings":
        """As in production: an address that somebody typed must be public.

        Args:
            seconds: the longest that one answer of the other side may take.
        """
        typed, owned = (Fetcher(public_only=only, seconds=seconds) for only in (True, False))
        return cls(typed=typed, owned=owned, ori_url=ori_url)


Read = Callable[[Surroundings, str, datetime], Awaitable[Harvest]]


@dataclass(frozen=True)
class Kind:
    """One kind of source: what its address looks like, and how it is read."""

    address: Callable[[str], str | None]
    read: Read


async def _read_ori(around: Surroundings, address: str, now: datetime) -> Harvest:
    return await ori.read(around.owned, around.ori_url, address, now=now)


async def _read_ical(around: Surroundings, address: str, now: datetime) -> Harvest:
    content = await around.typed.get(address)
    return await asyncio.to_thread(ical.read, content, now=now)


async def _read_table(around: Surroundings, address: str, now: datetime) -> Harvest:
    content = await around.typed.get(address)
    return await asyncio.to_thread(table.read, content)


def _web_page(typed: str) -> str | None:
    """Calendar programs hand out webcal: addresses, which are https."""
    return web_address(re.sub(r"^webcals?://", "https://", typed.strip(), flags=re.IGNORECASE))


def _index(typed: str) -> str | None:
    name = typed.strip().lower()
    return name if ori.INDEX.fullmatch(name) else None


KINDS: dict[str, Kind] = {
    "ori": Kind(_index, _read_ori),
    "ical": Kind(_web_page, _read_ical),
    "csv": Kind(_web_page, _read_table),
}
"""All kinds that are read from an address. A table that is handed over (`bestand`) has none."""


def checked_address(kind: str, typed: str) -> str:
    """The address of a feed as it is kept.

    Raises:
        AddressRefused: this can not be an address of this kind.
    """
    found = KINDS[kind].address(typed) if kind in KINDS else None
    if found is None:
        raise AddressRefused(kind)
    return found
