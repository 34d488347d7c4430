"""Which Rasa answers which conversation: the same one for as long as it works, whichever gateway asks.

Rendezvous hashing (Thaler and Ravishankar, 1998): every gateway ranks the replicas in the same way for a conversation,
without keeping or sharing anything. When a replica goes, only its own conversations move, spread over all others.
"""

import asyncio
import contextlib
import hashlib
import logging
import socket
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

logger = logging.getLogger(__name__)

LOOK_EVERY = 3.0
"""Seconds after which names are resolved anew, and replicas that were left out are asked whether they work."""
LEFT_OUT_AT_LEAST = 5.0
"""Seconds without turns after a fault, even if it says at once that it works."""

Resolve = Callable[[str], Awaitable[Sequence[str]]]
Ask = Callable[[str], Awaitable[bool]]


@dataclass(eq=False)
class Replica:
    """One Rasa process, by the address that turns go to."""

    url: str
    left_out_since: float | None = None


class Replicas:
    """What one process knows of them. It learns from turns that fail, and looks again by itself."""

    def __init__(
        self, addresses: Sequence[str], *, resolve: Resolve, ask: Ask, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Args:
        resolve: gives the addresses behind one of `addresses`; raises OSError when that can not be told now.
        ask: whether the replica at an address works.
        """
        self._addresses = addresses
        self._resolve = resolve
        self._ask = ask
        self._clock = clock
        self._behind: dict[str, Sequence[str]] = {}
        self._known: dict[str, Replica] = {}
        self._looked = -LOOK_EVERY
        self._looking: asyncio.Task[None] | None = None
        self._later: asyncio.TimerHandle | None = None

    async def ranked(self, conversation_id: uuid.UUID) -> list[Replica]:
        """Return all replicas for a conversation, best first; those that are left out come last."""
        if self._clock() - self._looked >= LOOK_EVERY:
            self._look_again()
        if not self._known and self._looking is not None:
            await asyncio.shield(self._looking)
        by_weight = sorted(self._known.values(), key=lambda one: weight(conversation_id, one.url), reverse=True)
        return sorted(by_weight, key=lambda one: one.left_out_since is not None)

    def leave_out(self, replica: Replica) -> None:
        """Send no turns to it for a while, unless there is no other."""
        if replica.left_out_since is None:
            logger.warning("Rasa at %s is left out for now", replica.url)
        replica.left_out_since = self._clock()
        self._look_later(LEFT_OUT_AT_LEAST)

    def counts(self) -> tuple[int, int]:
        """Return how many get turns and how many are left out, as far as is known without asking anybody."""
        left_out = sum(one.left_out_since is not None for one in self._known.values())
        return len(self._known) - left_out, left_out

    async def working(self) -> tuple[int, int]:
        """Return how many replicas answer now, and how many there are."""
        await self._find()
        answers = await asyncio.gather(*(self._ask(url) for url in self._known))
        return sum(answers), len(answers)

    async def close(self) -> None:
        """Stop looking."""
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking
        if self._later is not None:
            self._later.cancel()

    def _look_again(self) -> None:
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
            self._looking.add_done_callback(self._looked_again)

    def _looked_again(self, _: "asyncio.Task[None]") -> None:
        self._looking, self._looked = None, self._clock()
        if self.counts()[1]:
            self._look_later(LOOK_EVERY)

    def _look_later(self, seconds: float) -> None:
        """Look while somebody is left out, also in the night when no turn comes in that would."""
        if self._later is not None:
            self._later.cancel()
        self._later = asyncio.get_running_loop().call_later(seconds, self._look_again)

    async def _look(self) -> None:
        await self._find()
        for replica in list(self._known.values()):
            since = replica.left_out_since
            if since is None or self._clock() - since < LEFT_OUT_AT_LEAST:
                continue
            if await self._ask(replica.url):
                replica.left_out_since = None
                logger.warning("Rasa at %s works again", replica.url)

    async def _find(self) -> None:
        """Resolve the names; what was behind a name stays when it can not be resolved now."""
        for address in self._addresses:
            try:
                self._behind[address] = await self._resolve(address)
            except (OSError, UnicodeError) as error:  # the second of a name that can not be one
                logger.warning("The address %s can not be found: %s", address, type(error).__name__)
                self._behind.setdefault(address, [address])
        found = dict.fromkeys(url for address in self._addresses for url in self._behind[address])
        self._known = {url: self._known.get(url) or Replica(url) for url in found}


def weight(conversation_id: uuid.UUID, url: str) -> bytes:
    """Rank a replica for a conversation: as good as random, and the same everywhere."""
    return hashlib.blake2b(conversation_id.bytes + url.encode(), digest_size=8).digest()


async def resolved(address: str) -> list[str]:
    """Return the addresses behind an address with a name in it, such as Compose or Kubernetes give to replicas.

    An https address stays as it is: its certificate is for the name.

    Raises:
        OSError: the name can not be found now.
    """
    parts = urlsplit(address)
    if parts.scheme == "https":
        return [address]
    found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    # A name with both kinds of addresses would make two of every replica.
    family = min((one[0] for one in found), key=lambda one: one != socket.AF_INET)
    hosts = sorted({str(one[4][0]) for one in found if one[0] == family})
    port = parts.port or 80
    return [f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}" for host in hosts]
