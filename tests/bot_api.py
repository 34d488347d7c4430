"""A double of Telegram's Bot API: real HTTP on loopback, as strict as the real one where it matters, faults to order.

python-telegram-bot talks to it unmodified. Residents write and press buttons with `Person`.
"""

import asyncio
import contextlib
import itertools
import json
import math
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl

import httpx

from tests.hearing import PATIENCE, Hearing

TOKEN = "123456:proef-van-samenspel"
BOT = {"id": 123456, "is_bot": True, "first_name": "Samenspel", "username": "samenspel_proefbot"}
TAGS = {"a", "b", "i", "blockquote"}

Answer = tuple[int, dict[str, Any]]

_numbers = itertools.count(1001)


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request: an HTTP status, a delay in seconds, or a connection that breaks.

    `lost` breaks it after the request was carried out, `refused` before.
    """

    status: int | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    delay: float = 0.0
    lost: bool = False
    refused: bool = False


@dataclass
class Sent:
    """A message of the bot as it stands in a chat."""

    chat_id: int
    message_id: int
    html: str
    keyboard: list[list[dict[str, str]]]
    at: float = field(default_factory=time.monotonic)

    @property
    def text(self) -> str:
        """What a person reads."""
        return shown(self.html)

    @property
    def titles(self) -> list[str]:
        """The buttons under it."""
        return [button["text"] for row in self.keyboard for button in row]


@dataclass
class Limit:
    """So many messages a second, and a short burst of `holds` at once."""

    per_second: float
    holds: float
    left: float = field(init=False)
    at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.left = self.holds

    def wait(self) -> float:
        """Count a message, or return after how many seconds it may come."""
        now = time.monotonic()
        self.left = min(self.holds, self.left + (now - self.at) * self.per_second)
        self.at = now
        if self.left < 1:
            return (1 - self.left) / self.per_second
        self.left -= 1
        return 0.0


DELIVERED_AGAIN_SECONDS = 0.1
"""The real one takes longer, and longer each time."""

BURST_IN_A_CHAT = 3
"""Messages that a chat takes at once: the Bot API FAQ allows short bursts over its limit, and not how short."""


class _Shown(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text, self.open = "", list[str]()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in TAGS:
            raise ValueError(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ValueError(tag)


def shown(html: str) -> str:
    """The text without its mark-up.

    Raises:
        ValueError: the mark-up is not right.
    """
    parser = _Shown()
    parser.feed(html)
    parser.close()
    if parser.open:
        raise ValueError("not closed")
    return parser.text


@dataclass
class TelegramDouble:
    """The server, everything it was asked, and what stands in the chats.

    With `per_second` and `in_a_chat` it takes so many messages a second, in all and in one chat, and refuses what is
    too fast, as the real one does; `too_fast` is how many that were.

    While a webhook is set, updates are sent to it one by one, `via` a transport that knows its address, and again
    until it answers 2xx; `faults["deliver"]` are what goes wrong with that.
    """

    url: str = ""
    per_second: float | None = None
    in_a_chat: float | None = None
    too_fast: int = 0
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)
    via: httpx.AsyncBaseTransport | None = None
    blocked: set[int] = field(default_factory=set)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    _limits: dict[int | None, Limit] = field(default_factory=dict)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _server: asyncio.Server | None = None
    _serving: set["asyncio.Task[None]"] = field(default_factory=set)
    conflicts: int = 0
    refused: int = 0
    _polls: int = 0
    _delivering: "asyncio.Task[None] | None" = None

    async def start(self, port: int = 0) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Be gone, with all connections, as when the network is."""
        if self._server is not None:
            self._server.close()
            for task in list(self._serving):
                task.cancel()
            await self._server.wait_closed()
            self._server = None

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def number(self) -> int:
        """The next number for a message or an update; two doubles never give the same, as they share a database."""
        return next(_numbers)

    async def add(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """Have an update ready for the bot."""
        update = {"update_id": self.number(), kind: content}
        async with self._changed:
            self.updates.append(update)
            self._changed.notify_all()
        return update

    def asked(self, method: str) -> list[dict[str, Any]]:
        """The parameters of each request of a method."""
        return [parameters for name, parameters in self.requests if name == method]

    async def until(self, true: Any, seconds: float = PATIENCE) -> None:
        """Wait until something is so.

        Raises:
            AssertionError: it was not, in time.
        """
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(true)
        except TimeoutError:
            raise AssertionError([(one.chat_id, one.text) for one in self.sent]) from None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._serving.add(task)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._request(reader, writer):
                pass
        self._serving.discard(task)
        writer.transport.abort()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
        body = (await reader.readexactly(int(headers.get("content-length", "0")))).decode()
        _, token, method = head[0].split(" ")[1].split("/")
        parameters = {name: _value(value) for name, value in parse_qsl(body)}
        async with self._changed:
            fault = self.faults[method].pop(0) if self.faults[method] else Fault()
            self._changed.notify_all()
        await asyncio.sleep(fault.delay)
        if fault.refused:
            writer.transport.abort()
            return False
        if token != f"bot{TOKEN}":
            status, answer = 401, {"description": "Unauthorized"}
        elif fault.status:
            status, answer = fault.status, {"description": "Fault", "parameters": fault.parameters}
        else:
            status, answer = await self._carry_out(method, parameters)
        async with self._changed:
            self.requests.append((method, parameters))
            self._changed.notify_all()
        if fault.lost:
            writer.transport.abort()
            return False
        told = {"ok": status == 200, **answer, **({} if status == 200 else {"error_code": status})}
        data = json.dumps(told).encode()
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
        await writer.drain()
        return True

    async def _carry_out(self, method: str, parameters: dict[str, Any]) -> Answer:
        carried_out = getattr(self, f"_{method}", None)
        if carried_out is None:
            return 404, {"description": "Not Found"}
        answer: Answer = await carried_out(parameters)
        return answer

    async def _getMe(self, _: dict[str, Any]) -> Answer:  # noqa: N802  named after the methods of the Bot API
        return 200, {"result": BOT}

    async def _setMyCommands(self, _: dict[str, Any]) -> Answer:  # noqa: N802
        return 200, {"result": True}

    async def _setWebhook(self, parameters: dict[str, Any]) -> Answer:  # noqa: N802
        self.webhook = parameters
        if self.via is not None and self._delivering is None:
            self._delivering = asyncio.create_task(self._deliver(self.via))
            self._serving.add(self._delivering)
        return 200, {"result": True}

    async def _deliver(self, via: httpx.AsyncBaseTransport) -> None:
        """Send what waits, in order, while a webhook is set."""
        async with httpx.AsyncClient(transport=via) as http:
            while True:
                async with self._changed:
                    await self._changed.wait_for(lambda: self.updates and self.webhook)
                    update = self.updates[0]
                    fault = self.faults["deliver"].pop(0) if self.faults["deliver"] else Fault()
                if fault.refused or not await self._taken(http, update) or fault.lost:
                    await asyncio.sleep(DELIVERED_AGAIN_SECONDS)
                    continue
                async with self._changed:
                    self.updates.remove(update)
                    self._changed.notify_all()

    async def _taken(self, http: httpx.AsyncClient, update: dict[str, Any]) -> bool:
        """Send one update; a method that the answer holds is carried out."""
        secret = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]}
        answer = await http.post(self.webhook["url"], json=update, headers=secret)
        if not answer.is_success:
            self.refused += 1
            return False
        if answer.content:
            parameters = answer.json()
            method = parameters.pop("method")
            await self._carry_out(method, parameters)
            self.requests.append((method, parameters))
        return True

    async def _deleteWebhook(self, _: dict[str, Any]) -> Answer:  # noqa: N802
        async with self._changed:
            self.webhook = {}
            self._changed.notify_all()
        return 200, {"result": True}

    async def _getUpdates(self, parameters: dict[str, Any]) -> Answer:  # noqa: N802
        if self.webhook:
            return 409, {"description": "Conflict: can't use getUpdates method while webhook is active"}
        offset = parameters.get("offset", 0)
        async with self._changed:
            self._polls = mine = self._polls + 1
            self._changed.notify_all()
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(parameters.get("timeout", 0)):
                    await self._changed.wait_for(lambda: self.updates or self._polls != mine)
            if self._polls != mine:
                self.conflicts += 1
                return 409, {"description": "Conflict: terminated by other getUpdates request"}
        return 200, {"result": self.updates[:100]}

    async def _sendMessage(self, parameters: dict[str, Any]) -> Answer:  # noqa: N802
        chat, text = parameters["chat_id"], parameters.get("text", "")
        keyboard = (parameters.get("reply_markup") or {}).get("inline_keyboard", [])
        try:
            read = shown(text) if parameters.get("parse_mode") == "HTML" else text
        except ValueError:
            return 400, {"description": "Bad Request: can't parse entities"}
        if chat in self.blocked:
            return 403, {"description": "Forbidden: bot was blocked by the user"}
        if not read.strip():
            return 400, {"description": "Bad Request: message text is empty"}
        if len(read.encode("utf-16-le")) // 2 > 4096:
            return 400, {"description": "Bad Request: message is too long"}
        if any(not 1 <= len(button["callback_data"].encode()) <= 64 for row in keyboard for button in row):
            return 400, {"description": "Bad Request: BUTTON_DATA_INVALID"}
        if wait := self._wait(chat):
            self.too_fast += 1
            return 429, {"description": "Too Many Requests", "parameters": {"retry_after": math.ceil(wait)}}
        message = Sent(chat, self.number(), text, keyboard)
        self.sent.append(message)
        return 200, {"result": message_of(message)}

    def _wait(self, chat: int) -> float:
        if self.per_second is None or self.in_a_chat is None:
            return 0.0
        whole = self._limits.setdefault(None, Limit(self.per_second, self.per_second))
        own = self._limits.setdefault(chat, Limit(self.in_a_chat, BURST_IN_A_CHAT))
        return own.wait() or whole.wait()

    async def _editMessageReplyMarkup(self, parameters: dict[str, Any]) -> Answer:  # noqa: N802
        for message in self.sent:
            if (message.chat_id, message.message_id) == (parameters["chat_id"], parameters["message_id"]):
                message.keyboard = (parameters.get("reply_markup") or {}).get("inline_keyboard", [])
                return 200, {"result": message_of(message)}
        return 400, {"description": "Bad Request: message to edit not found"}

    async def _answerCallbackQuery(self, _: dict[str, Any]) -> Answer:  # noqa: N802
        return 200, {"result": True}

    async def _leaveChat(self, parameters: dict[str, Any]) -> Answer:  # noqa: N802
        self.blocked.add(parameters["chat_id"])
        return 200, {"result": True}


def message_of(sent: Sent) -> dict[str, Any]:
    """A message of the bot in the Bot API's form."""
    chat = {"id": sent.chat_id, "type": "private"}
    keyboard = {"reply_markup": {"inline_keyboard": sent.keyboard}} if sent.keyboard else {}
    return {
        "message_id": sent.message_id,
        "date": 1_700_000_000,
        "chat": chat,
        "text": sent.text,
        "from": BOT,
    } | keyboard


def _value(text: str) -> Any:
    """Parameters come as text; numbers, booleans and structures are JSON in it."""
    try:
        return json.loads(text)
    except ValueError:
        return text


@dataclass
class Person(Hearing[Sent]):
    """Someone with Telegram. What they heard is what they have not looked at before."""

    telegram: TelegramDouble
    id: int
    seen: int = 0

    @property
    def user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": "Sanne", "language_code": "nl"}

    @property
    def chat(self) -> list[Sent]:
        """All that the bot said to them."""
        return [message for message in self.telegram.sent if message.chat_id == self.id]

    def message(self, **content: Any) -> dict[str, Any]:
        """A message of theirs in the Bot API's form."""
        text = content.get("text", "")
        command = {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split(" ")[0])}]}
        return {
            "message_id": self.telegram.number(),
            "date": 1_700_000_000,
            "chat": {"id": self.id, "type": "private", "first_name": "Sanne"},
            "from": self.user,
            **(command if text.startswith("/") else {}),
            **content,
        }

    async def sends(self, **content: Any) -> dict[str, Any]:
        """Send anything; returns the update."""
        return await self.telegram.add("message", self.message(**content))

    @property
    def reached_by(self) -> TelegramDouble:
        return self.telegram

    async def types(self, text: str) -> None:
        await self.sends(text=text)

    def press(self, title: str) -> dict[str, Any]:
        """A press of the newest button with this title, in the Bot API's form."""
        for message in reversed(self.chat):
            for row in message.keyboard:
                for button in row:
                    if button["text"] == title:
                        return {
                            "id": str(self.telegram.number()),
                            "from": self.user,
                            "chat_instance": "1",
                            "message": message_of(message),
                            "data": button["callback_data"],
                        }
        raise AssertionError([message.titles for message in self.chat])

    async def presses(self, title: str, count: int = 1) -> Sequence[Sent]:
        """Press a button and wait for what comes back."""
        await self.telegram.add("callback_query", self.press(title))
        return await self.hears(count)

    async def membership(self, status: str) -> None:
        """Block the bot (`kicked`) or let it in again (`member`)."""
        member = {"user": BOT, "status": status} | ({"until_date": 0} if status == "kicked" else {})
        (self.telegram.blocked.add if status == "kicked" else self.telegram.blocked.discard)(self.id)
        await self.telegram.add(
            "my_chat_member",
            {
                "chat": {"id": self.id, "type": "private"},
                "from": self.user,
                "date": 1_700_000_000,
                "old_chat_member": {"user": BOT, "status": "member"},
                "new_chat_member": member,
            },
        )
