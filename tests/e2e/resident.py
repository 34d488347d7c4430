"""A resident at the chat API, doing what the widget does for them."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.e2e.instance import Instance

API = "/api/v1/chat"
REFERENCE = re.compile(r"SP-\d{4}-\d{6}-[A-Z]")

UNDERSTOOD = re.compile(r"(?:(?:Soort|Het gaat over|Plek): [^\n]+\n)+\n(?=Klopt dit\?)")
"""What the model made of a contribution stands in the read-back only where it is sure."""

ASKED = "Klopt dit? U kunt ook nog iets toevoegen. Typ het dan gewoon."
"""How every read-back ends."""

AS_BOT_SAID = {"tekst", "soort", "knoppen", "links", "meer"}

CONTRIBUTIONS = (
    "SELECT municipality_code, text, reference, channel FROM contribution "
    "WHERE conversation_id = %s ORDER BY created_at"
)
TYPED = "SELECT body->>'tekst' AS text FROM message WHERE conversation_id = %s AND sender = 'inwoner' ORDER BY id"

Message = dict[str, Any]


@dataclass
class Resident:
    """One conversation. Buttons are pressed by the title that stands on them, the newest first."""

    http: httpx.AsyncClient
    instance: Instance
    token: str
    conversation: str
    seen: list[Message] = field(default_factory=list)

    @classmethod
    async def opens(cls, http: httpx.AsyncClient, instance: Instance, municipality: str | None) -> "Resident":
        """Start a conversation."""
        body = {} if municipality is None else {"gemeente": municipality}
        answer = await http.post(f"{API}/gesprekken", json=body)
        assert answer.status_code == 201, answer.text
        opened = answer.json()
        return cls(http, instance, opened["token"], opened["gesprek"], list(opened["berichten"]))

    @property
    def headers(self) -> dict[str, str]:
        """The key to this conversation."""
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, **body: object) -> httpx.Response:
        """Send a turn as it is."""
        return await self.http.post(f"{API}/berichten", json=body, headers=self.headers)

    async def _turn(self, **body: object) -> list[Message]:
        answer = await self.post(**body)
        assert answer.status_code == 200, answer.text
        messages: list[Message] = answer.json()["berichten"]
        self.seen += messages
        return messages

    async def says(self, text: str, **more: object) -> list[Message]:
        """Type something."""
        return await self._turn(tekst=text, **more)

    async def presses(self, title: str, **more: object) -> list[Message]:
        """Press the button with this title."""
        return await self._turn(keuze=self.button(title), **more)

    def button(self, title: str) -> str:
        """The id of the newest button with this title."""
        found = [b["id"] for message in self.seen for b in message["knoppen"] if b["titel"] == title]
        assert found, f"no button {title!r}"
        return str(found[-1])

    async def tells(self, text: str) -> str:
        """Pass something on from the first button to the confirmation; returns the reference."""
        await self.presses("Ik wil iets doorgeven")
        await self.says(text)
        return reference_in(await self.presses("Ja, geef dit door"))

    async def history(self) -> list[Message]:
        """The conversation as a reload would show it."""
        answer = await self.http.get(f"{API}/gesprekken/huidig", headers=self.headers)
        assert answer.status_code == 200, answer.text
        messages: list[Message] = answer.json()["berichten"]
        return messages

    @contextlib.asynccontextmanager
    async def listens(self, last_event_id: int | None = None) -> AsyncIterator[AsyncIterator[tuple[int, Message]]]:
        """Keep the chat open; gives what comes in by itself, with the id of each event."""
        headers = self.headers | ({} if last_event_id is None else {"Last-Event-ID": str(last_event_id)})
        async with self.http.stream("GET", f"{API}/gebeurtenissen", headers=headers) as stream:
            lines = stream.aiter_lines()
            assert await anext(lines) == ": open"
            yield _events(lines)

    async def contributions(self) -> list[dict[str, Any]]:
        """What the database holds from this conversation."""
        return await self.instance.rows(CONTRIBUTIONS, self.conversation)

    async def typed(self) -> list[str]:
        """What the database holds of what this resident sent."""
        return [row["text"] for row in await self.instance.rows(TYPED, self.conversation)]


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[tuple[int, Message]]:
    event: dict[str, str] = {}
    async for line in lines:
        name, _, value = line.partition(": ")
        if name:
            event[name] = value
        elif event.get("event") == "bericht":
            yield int(event["id"]), json.loads(event["data"])
            event = {}


async def next_event(events: AsyncIterator[tuple[int, Message]], seconds: float) -> tuple[int, Message]:
    """The next message, within so many seconds."""
    async with asyncio.timeout(seconds):
        return await anext(events)


def reading_back(municipality: str, words: str) -> str:
    """What the bot says of a contribution before it is passed on, apart from what the model made of it."""
    return f"Dit geef ik door aan de griffie van {municipality}:\n\n„{words}”\n\n{ASKED}"


def plain(message: Message) -> str:
    """The text of a read-back without what the model made of it."""
    return UNDERSTOOD.sub("", message["tekst"])


def reference_in(messages: list[Message]) -> str:
    """The number that one confirmation gives."""
    found = [number for message in messages for number in REFERENCE.findall(message["tekst"])]
    assert len(found) == 1, [message["tekst"] for message in messages]
    return str(found[0])


def kinds(messages: list[Message]) -> list[str]:
    """What sort each message is."""
    return [message["soort"] for message in messages]


def titles(message: Message) -> list[str]:
    """The buttons of a message."""
    return [button["titel"] for button in message["knoppen"]]


def logged(code: str, text: str, reference: str) -> list[dict[str, Any]]:
    """The rows of exactly one contribution."""
    return [{"municipality_code": code, "text": text, "reference": reference, "channel": "web"}]
