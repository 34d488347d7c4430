"""Somebody in a test who chats, whatever the channel: what they heard is what they have not looked at before."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar

PATIENCE = 10.0
"""Seconds to wait for what has to come."""


Message = TypeVar("Message")


class Service(Protocol):
    """The double of a channel."""

    async def until(self, true: Callable[[], bool], seconds: float) -> None:
        """Wait until something is so."""


class Hearing(ABC, Generic[Message]):
    """Looks at each message once."""

    seen: int

    @property
    @abstractmethod
    def chat(self) -> Sequence[Message]:
        """All that was said to them."""

    @property
    @abstractmethod
    def reached_by(self) -> Service:
        """What their messages go through."""

    @abstractmethod
    async def types(self, text: str) -> Any:
        """Send a text."""

    async def hears(self, count: int = 1, seconds: float = PATIENCE) -> Sequence[Message]:
        """Wait for so many messages that were not looked at yet."""
        await self.reached_by.until(lambda: len(self.chat) >= self.seen + count, seconds)
        new = self.chat[self.seen : self.seen + count]
        self.seen += count
        return new

    async def says(self, text: str, count: int = 1) -> Sequence[Message]:
        """Type something and wait for what comes back."""
        await self.types(text)
        return await self.hears(count)
