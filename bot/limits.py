"""How much one conversation may ask, and one address of the web chat, so that nobody can keep others out.

Counted in memory, per process: an address is forgotten within a minute or two and stands nowhere. A whole school, or a
library, may share one address; what somebody in danger writes is never held up.
"""

import contextlib
import ipaddress
import math
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from bot.metrics import Metrics
from participation.errors import DomainError

TURNS = parse("60/minute")
"""Of one conversation: nobody who reads the answers writes faster. A button that is pressed counts too."""
OPENINGS = parse("300/minute")
"""From one address: three hundred pupils who open the chat when the teacher says so."""
TURNS_OF_ADDRESS = parse("3000/minute")
"""From one address: more than one process can answer."""
LOOKS = parse("120/minute")
"""Of one conversation: a page that is opened looks once, and listens once. Who has bad reception does so again."""
ASIDE = parse("120/minute")
"""Of one conversation: whether words that wait for their turn sound like danger; each is asked once."""
LISTENING = 20
"""Streams of one conversation at the same time: more than anybody has pages open."""
LISTEN_AGAIN_SECONDS = 60
SWEEP_SECONDS = 10.0
"""Between two looks at which counts are over."""

VOTES = parse("240/minute")
"""Of one conversation: four a second is faster than anybody reads. Not counted per address: a town may share one."""


class TooMuch(DomainError):
    """Wait before asking more."""

    def __init__(self, seconds: int) -> None:
        """`seconds`: after which it may be asked again."""
        super().__init__(seconds)
        self.seconds = seconds


class _Swept(threading.Timer):
    """Says that the storage is being swept already."""

    def is_alive(self) -> bool:
        return True


class Counts(MemoryStorage):
    """The library's, swept in passing: it starts a thread with almost every turn, and the turn waits for that."""

    def __init__(self) -> None:
        super().__init__()
        self.timer = _Swept(0, lambda: None)
        self._next_sweep = 0.0

    def sweep(self) -> None:
        """Forget what no limit looks at any more, if that is a while ago."""
        if (now := time.monotonic()) < self._next_sweep:
            return
        self._next_sweep = now + SWEEP_SECONDS
        for key in list(self.expirations):
            self.get(key)  # which forgets it when its time is up


class Limits:
    """The counts of one process."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._counts = Counts()
        self._counter = SlidingWindowCounterRateLimiter(self._counts)
        self._listening: Counter[uuid.UUID] = Counter()

    def opening(self, address: str) -> None:
        """Count a conversation that is opened.

        Raises:
            TooMuch: not this one.
        """
        self._count(OPENINGS, "gesprek", network(address))

    def turn(self, conversation_id: uuid.UUID) -> None:
        """Count a turn of a conversation, in whichever channel.

        Raises:
            TooMuch: not this one.
        """
        self._count(TURNS, "beurt", str(conversation_id))

    def turn_from(self, address: str) -> None:
        """Count a turn from an address.

        Raises:
            TooMuch: not this one.
        """
        self._count(TURNS_OF_ADDRESS, "beurten", network(address))

    def look(self, conversation_id: uuid.UUID) -> None:
        """Count that somebody looks at a conversation, or begins to listen to it.

        Raises:
            TooMuch: not this time.
        """
        self._count(LOOKS, "kijken", str(conversation_id))

    def aside(self, conversation_id: uuid.UUID) -> None:
        """Count that it is asked whether somebody is in danger, by words that are not.

        Raises:
            TooMuch: not this time.
        """
        self._count(ASIDE, "terzijde", str(conversation_id))

    def listen(self, conversation_id: uuid.UUID) -> None:
        """Count a stream that is opened.

        Raises:
            TooMuch: not one more.
        """
        self.look(conversation_id)
        if self._listening[conversation_id] >= LISTENING:
            self._metrics.refused("luisteren")
            raise TooMuch(LISTEN_AGAIN_SECONDS)

    @contextlib.contextmanager
    def listening(self, conversation_id: uuid.UUID) -> Iterator[None]:
        """Count a stream for as long as the block lasts."""
        self._listening[conversation_id] += 1
        try:
            yield
        finally:
            self._listening[conversation_id] -= 1
            if not self._listening[conversation_id]:
                del self._listening[conversation_id]

    def vote(self, conversation_id: uuid.UUID) -> None:
        """Count a vote that comes without a message.

        Raises:
            TooMuch: not this one.
        """
        self._count(VOTES, "stem", str(conversation_id))

    def _count(self, limit: RateLimitItem, what: str, whose: str) -> None:
        self._counts.sweep()
        if not self._counter.hit(limit, what, whose):
            self._metrics.refused(what)
            free_at = self._counter.get_window_stats(limit, what, whose).reset_time
            raise TooMuch(max(1, math.ceil(free_at - time.time())))


def network(address: str) -> str:
    """Whom an address belongs to: of IPv6 the first 64 bits, since one connection has all the rest."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
