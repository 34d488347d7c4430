"""Visiting as the widget does: open, listen, and send each turn at its moment, answered or not what came before."""

import asyncio
import contextlib
import re
import time
import uuid
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.chat import QUESTIONS
from bench.load.planning import Planned, Visit

API = "/api/v1/chat"
GOOD, APOLOGY, BUSY, ERROR = "good", "apology", "busy", "error"
MARK = re.compile(r"kenmerk[0-9a-f]{10}")
BUSY_BEGINS = "Het is nu erg druk"
OPENED_BEFORE = 1.5
"""Seconds before its first turn that somebody opens the chat."""

References = Mapping[tuple[int, int], Set[str]]
"""What is answered when nobody else asks anything: the first message, by the kind of visit and its place there."""


def place_in(number: int, position: int) -> tuple[int, int]:
    """Where the reference for a turn of a visit stands."""
    return number % len(QUESTIONS), position


@dataclass(frozen=True)
class Outcome:
    """What became of one turn. Times in seconds; `took` counts from when it was meant to be sent."""

    at: float
    took: float
    late: float
    how: str
    mixed_up: bool


@dataclass
class Visited:
    """What became of a visit."""

    visit: Visit
    outcomes: list[Outcome] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    heard: dict[str, list[str]] = field(default_factory=dict)
    key: dict[str, str] = field(default_factory=dict)
    opened_in: float | None = None


async def visit(http: httpx.AsyncClient, wanted: Visit, references: References, zero: float) -> Visited:
    """Make one visit; `zero` is the moment, by time.perf_counter, from which its times count."""
    done = Visited(wanted)
    await _until(zero + wanted.turns[0].at - OPENED_BEFORE)
    began = time.perf_counter()
    try:
        opened = await http.post(
            f"{API}/gesprekken", json={"gemeente": wanted.municipality}, headers={"X-Forwarded-For": wanted.address}
        )
        opened.raise_for_status()
    except httpx.HTTPError:
        done.outcomes = [Outcome(one.at, 0.0, 0.0, ERROR, mixed_up=False) for one in wanted.turns]
        return done
    done.opened_in = time.perf_counter() - began
    done.key = {"Authorization": f"Bearer {opened.json()['token']}", "X-Forwarded-For": wanted.address}
    buttons = {one["titel"]: one["id"] for message in opened.json()["berichten"] for one in message["knoppen"]}
    listening = asyncio.create_task(_listen(http, done.key))
    turns = [asyncio.create_task(_turn(http, done, one, buttons, references, zero)) for one in wanted.turns]
    outcomes = await asyncio.gather(*turns)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    done.outcomes = _judged(outcomes)
    return done


def _judged(outcomes: list[Outcome]) -> list[Outcome]:
    """After a turn that failed the conversation is elsewhere, and another answer than usual is not a mix-up."""
    judged, all_good = [], True
    for one in outcomes:
        judged.append(one if all_good else Outcome(one.at, one.took, one.late, one.how, mixed_up=False))
        all_good = all_good and one.how == GOOD
    return judged


async def _turn(
    http: httpx.AsyncClient,
    done: Visited,
    wanted: Planned,
    buttons: dict[str, str],
    references: References,
    zero: float,
) -> Outcome:
    await _until(zero + wanted.at)
    late = time.perf_counter() - zero - wanted.at
    turn_id = uuid.uuid4().hex
    done.sent.append(turn_id)
    body = {"keuze": buttons[wanted.text]} if wanted.presses else {"tekst": wanted.text}
    try:
        answer = await http.post(f"{API}/berichten", json={**body, "bericht_id": turn_id}, headers=done.key)
        answer.raise_for_status()
        messages: list[dict[str, Any]] = answer.json()["berichten"]
    except (httpx.HTTPError, ValueError, KeyError):
        return Outcome(wanted.at, time.perf_counter() - zero - wanted.at, late, ERROR, mixed_up=False)
    took = time.perf_counter() - zero - wanted.at
    texts = [message["tekst"] for message in messages]
    done.heard[turn_id] = texts
    how = how_answered(messages)
    wrong = how == GOOD and not is_own(
        texts, wanted, references.get(place_in(done.visit.number, wanted.position), frozenset())
    )
    return Outcome(wanted.at, took, late, how, mixed_up=wrong)


def how_answered(messages: list[dict[str, Any]]) -> str:
    """An answer, the apology, or that it is busy."""
    if not messages:
        return ERROR
    if any(message["soort"] == "fout" for message in messages):
        return BUSY if messages[0]["tekst"].startswith(BUSY_BEGINS) else APOLOGY
    return GOOD


def is_own(texts: list[str], wanted: Planned, references: Set[str]) -> bool:
    """Whether these words answer this turn: one's own are read back, a question gets what it gets when all is quiet."""
    marks = set(MARK.findall(" ".join(texts)))
    if wanted.mark:
        return marks == {wanted.mark}
    return not marks and (not references or texts[0] in references)


async def _listen(http: httpx.AsyncClient, key: dict[str, str]) -> None:
    """Keep the chat open, as the widget does for what comes later."""
    with contextlib.suppress(httpx.HTTPError):
        async with http.stream("GET", f"{API}/gebeurtenissen", headers=key, timeout=60) as stream:
            async for _ in stream.aiter_lines():
                pass


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.perf_counter()))


async def is_whole(http: httpx.AsyncClient, done: Visited) -> tuple[int, int]:
    """Read a conversation back; returns how many turns are lost, and how many stand there twice or in disorder."""
    if not done.key:
        return 0, 0
    answer = await http.get(f"{API}/gesprekken/huidig", headers=done.key)
    messages = answer.raise_for_status().json()["berichten"]
    kept = [message["bericht_id"] for message in messages if message["van"] == "inwoner"]
    lost = len(set(done.heard) - set(kept))
    doubled = len(kept) - len(set(kept))
    if set(done.heard) == set(done.sent):
        said = [message["tekst"] for message in messages if message["van"] == "bot"][1:]
        expected = [text for turn_id in kept for text in done.heard.get(turn_id, [])]
        doubled += said != expected
    return lost, doubled
