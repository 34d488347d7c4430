"""Residents who go on while something is broken, as the widget does for them: with one id, until there is an answer."""

import asyncio
import contextlib
import json
import re
import secrets
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import httpx

from launcher.layout import REPOSITORY
from tests.e2e.resident import API, REFERENCE, Message, Resident, kinds
from tests.faults.world import World

CODE = "GM0344"
QUESTION, RIGHT = "Wat doet de gemeenteraad?", "De gemeenteraad is het hoogste bestuur van de gemeente"
BEGIN, YES, AGAIN = "Ik wil iets doorgeven", "Ja, geef dit door", "Probeer het opnieuw"
FIRST_WAIT, LONGEST_WAIT = 1.0, 5.0
AT_MOST = 200.0
TRIES = 80
AGAIN_AFTER = 3.0
"""Seconds until a resident presses the button of an apology; a minute may hold sixty turns of one conversation."""
WORDS, CHAT = ((REPOSITORY / "bot/web/static" / name).read_text() for name in ("words.js", "chat.js"))
[_milliseconds] = re.findall(r"TIMEOUT_MS = ([\d_]+);", (REPOSITORY / "bot/web/static/api.js").read_text())
WIDGET_WAITS = int(_milliseconds) / 1000
"""As long as the widget waits for an answer, in seconds."""


def in_widget(status: int | None) -> str:
    """What the widget shows of a failure, from its own words and by its own choice of them."""
    [busy] = re.findall(
        r"(\[[\d, ]+\])\.includes\(error\.status\) \? this\.words\.busy : this\.words\.unreachable", CHAT
    )
    name = "busy" if status in json.loads(busy) else "unreachable"
    [words] = re.findall(rf'^  {name}:\s+"(.*)",$', WORDS, re.MULTILINE)
    return str(words)


@dataclass
class Ledger:
    """What residents were told, to be compared with what is kept."""

    mark: str = field(default_factory=lambda: f"kenmerk{secrets.token_hex(6)}")
    confirmed: dict[str, str] = field(default_factory=dict)
    said: Counter[tuple[str, str]] = field(default_factory=Counter)
    begun: set[str] = field(default_factory=set)
    derailed: list[list[str]] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    raw: set[str] = field(default_factory=set)
    slowest: float = 0.0

    def words(self) -> str:
        """A concern that nobody else has."""
        text = f"De bussen rijden niet meer door de wijk bij {self.mark} {secrets.token_hex(5)}, dat is lastig."
        self.begun.add(text)
        return text


@dataclass
class Traffic:
    """Residents who ask something and pass something on, one after the other, until they are told to stop."""

    world: World
    http: httpx.AsyncClient
    ledger: Ledger
    stopping: bool = False
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    def start(self, residents: int) -> None:
        """Let so many be busy at the same time."""
        self.tasks += [asyncio.create_task(self._one_after_the_other()) for _ in range(residents)]

    async def finish(self) -> None:
        """Let those who are busy finish what they were at."""
        self.stopping = True
        await asyncio.gather(*self.tasks)

    async def _one_after_the_other(self) -> None:
        while not self.stopping:
            await self.passes_on()
            await asyncio.sleep(0.3)

    async def passes_on(self) -> None:
        """Somebody asks a question and then passes something on, whatever it takes."""
        resident = await self.opens()
        [answer, *_] = await self.turn(resident, tekst=QUESTION)
        if not answer["tekst"].startswith(RIGHT):
            self.ledger.derailed.append([answer["tekst"]])
        await self.turn(resident, keuze=resident.button(BEGIN))
        text = self.ledger.words()
        await self.turn(resident, tekst=text)
        if not any(button["titel"] == YES for message in resident.seen for button in message["knoppen"]):
            self.ledger.derailed.append([message["tekst"] for message in resident.seen[-2:]])
            return
        messages = await self.turn(resident, keuze=resident.button(YES))
        if any(button["titel"] == YES for message in messages for button in message["knoppen"]):
            self.ledger.seen[messages[0]["tekst"].strip()] += (
                1  # read back once more, after what looks like a long time
            )
            messages = await self.turn(resident, keuze=resident.button(YES))
        references = [number for message in messages for number in REFERENCE.findall(message["tekst"])]
        if len(references) == 1:
            self.ledger.confirmed[references[0]] = text
        else:
            self.ledger.derailed.append([message["tekst"] for message in messages])

    async def opens(self) -> Resident:
        """Open the chat, again for as long as it does not."""
        answer = await self._insist(lambda: self.http.post(f"{API}/gesprekken", json={"gemeente": CODE}))
        opened = answer.json()
        return Resident(self.http, self.world.instance, opened["token"], opened["gesprek"], list(opened["berichten"]))

    async def turn(self, resident: Resident, **body: Any) -> list[Message]:
        """One turn; after an apology the resident tries again, as the button offers."""
        messages: list[Message] = []
        for _ in range(TRIES):
            sent = body | {"bericht_id": uuid.uuid4().hex}
            started = monotonic()
            answer = await self._insist(lambda sent=sent: resident.post(**sent))
            self.ledger.slowest = max(self.ledger.slowest, monotonic() - started)
            messages = answer.json()["berichten"]
            resident.seen += messages
            if "tekst" in body:
                self.ledger.said[resident.conversation, body["tekst"]] += 1
            if kinds(messages)[:1] != ["fout"]:
                return messages
            self.ledger.seen[messages[0]["tekst"].strip()] += 1
            body = {"keuze": resident.button(AGAIN)}
            await asyncio.sleep(AGAIN_AFTER)
        return messages

    async def once(self, resident: Resident, **body: Any) -> list[Message]:
        """One turn, and whatever answer comes."""
        sent = body | {"bericht_id": uuid.uuid4().hex}
        messages: list[Message] = (await self._insist(lambda: resident.post(**sent))).json()["berichten"]
        return messages

    async def _insist(self, ask: Callable[[], Any]) -> httpx.Response:
        """As outbox.js: again after a failure that may pass, with longer and longer waits."""
        wait, until = FIRST_WAIT, monotonic() + AT_MOST
        while monotonic() < until:
            status: int | None = None
            with contextlib.suppress(httpx.TransportError):
                answer: httpx.Response = await ask()
                status = answer.status_code
                if answer.is_success:
                    return answer
                self.ledger.statuses[status] += 1
                self.ledger.raw.add(answer.text[:2_000])
                if status < 500 and status != 429:
                    break
            self.ledger.seen[in_widget(status)] += 1
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
        raise AssertionError(f"never answered: {status}")


async def answered_right(url: str) -> bool:
    """Whether somebody who opens the chat and asks gets the right answer, now."""
    with contextlib.suppress(httpx.HTTPError, KeyError, ValueError, IndexError):
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=WIDGET_WAITS) as http:
            opened = (await http.post(f"{API}/gesprekken", json={"gemeente": CODE})).json()
            headers = {"Authorization": f"Bearer {opened['token']}"}
            answer = await http.post(f"{API}/berichten", json={"tekst": QUESTION}, headers=headers)
            return bool(answer.json()["berichten"][0]["tekst"].startswith(RIGHT))
    return False


def log_files(folders: list[Path]) -> list[Path]:
    """Every file in these folders."""
    return [path for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_file()]
