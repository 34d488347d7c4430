"""How much one conversation and one address may ask of the web chat, so that nobody can keep others out.

Counted in memory, per process: an address is forgotten within a minute or two and stands nowhere. A whole school, or a
library, may share one address; what somebody in danger writes is never held up.
"""

import ipaddress
import math
import time
import uuid

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


VOTES = parse("240/minute")
"""Of one conversation: four a second is faster than anybody reads. Not counted per address: a town may share one."""


class TooMuch(DomainError):
    """Wait before asking more."""

    def __init__(self, seconds: int) -> None:
        """`seconds`: after which it may be asked again."""
        super().__init__(seconds)
        self.seconds = seconds


class Limits:
    """The counts of one process."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._counter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def opening(self, address: str) -> None:
        """Count a conversation that is opened.

        Raises:
            TooMuch: not this one.
        """
        self._count(OPENINGS, "gesprek", network(address))

    def turn(self, conversation_id: uuid.UUID, address: str) -> None:
        """Count a turn.

        Raises:
            TooMuch: not this one.
        """
        self._count(TURNS, "beurt", str(conversation_id))
        self._count(TURNS_OF_ADDRESS, "beurten", network(address))

    def vote(self, conversation_id: uuid.UUID) -> None:
        """Count a vote that comes without a message.

        Raises:
            TooMuch: not this one.
        """
        self._count(VOTES, "stem", str(conversation_id))

    def _count(self, limit: RateLimitItem, what: str, whose: str) -> None:
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
