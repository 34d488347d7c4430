"""Somebody with the web chat open. Nothing is pushed to them: their page sends, and looks for what is new."""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.hearing import PATIENCE, Hearing

CHAT = "/api/v1/chat"


@dataclass(frozen=True)
class Shown:
    """What stands in the chat."""

    text: str
    buttons: dict[str, str]


@dataclass
class WebSide:
    """The way to the web process. `faults` are of the next messages: lost after they got there, or (false) before."""

    http: httpx.AsyncClient | None = None
    faults: list[bool] = field(default_factory=list)

    async def post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> httpx.Response | None:
        """Send something; nothing comes back when that went wrong."""
        assert self.http
        lost = self.faults.pop(0) if self.faults else None
        if lost is False:
            return None
        answer = await self.http.post(f"{CHAT}/{path}", json=body, headers=headers)
        return None if lost else answer


@dataclass
class Visitor(Hearing[Shown]):
    """Opens a conversation with their first message, and sends a message again until it is answered."""

    side: WebSide
    seen: int = 0
    _chat: list[Shown] = field(default_factory=list)
    _known: set[int] = field(default_factory=set)
    _headers: dict[str, str] = field(default_factory=dict)

    @property
    def chat(self) -> list[Shown]:
        return self._chat

    @property
    def reached_by(self) -> "Visitor":
        return self

    async def until(self, true: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Look again and again until something is so.

        Raises:
            AssertionError: it was not, in time.
        """
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    await self._look()
                    await asyncio.sleep(0.2)
        except TimeoutError:
            raise AssertionError([one.text for one in self._chat]) from None

    async def types(self, text: str) -> None:
        await self.sends(tekst=text)

    async def presses(self, title: str, count: int = 1) -> Sequence[Shown]:
        """Press the newest button with this title and wait for what comes back."""
        await self.sends(keuze=next(one.buttons[title] for one in reversed(self._chat) if title in one.buttons))
        return await self.hears(count)

    async def sends(self, **content: str) -> None:
        """Send something until there is an answer."""
        if not self._headers:
            opened = (await self._post("gesprekken", {})).json()
            self._headers = {"Authorization": f"Bearer {opened['token']}"}
            self._keep(opened["berichten"])
        answer = await self._post("berichten", {"bericht_id": uuid.uuid4().hex} | content)
        self._keep(answer.json()["berichten"])

    async def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        for _ in range(5):
            answer = await self.side.post(path, body, self._headers)
            if answer is not None:
                assert answer.is_success, answer.text
                return answer
        raise AssertionError("never answered")

    async def _look(self) -> None:
        assert self.side.http
        answer = await self.side.http.get(f"{CHAT}/gesprekken/huidig", headers=self._headers)
        if answer.is_success:
            self._keep(answer.json()["berichten"])

    def _keep(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            if message["van"] != "inwoner" and message["id"] not in self._known:
                self._known.add(message["id"])
                buttons = {button["titel"]: button["id"] for button in message["knoppen"]}
                self._chat.append(Shown(message["tekst"], buttons))
