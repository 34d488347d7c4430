"""Votes on a campaign at a steady pace: how long each takes, and whether all that were taken are kept.

Each resident has a conversation, takes part, and votes on the address for votes. Votes leave at their moment, whether
or not the earlier ones are answered. At the end the rows of the database are read, by a query of its own: a vote that
was taken and is not there is lost.
"""

import asyncio
import itertools
import statistics
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
import psycopg

from bench.campaign.residents import imagine

CODE = "GM0344"
KEPT = """SELECT participant.conversation_id, vote.statement_id, vote.value
    FROM vote JOIN participant ON participant.id = vote.participant_id WHERE participant.conversation_id = ANY(%s)"""
VALUES = (1, 0, -1)
AT_ONCE = 20
CLIENTS, CONNECTIONS = 25, 8
"""httpx looks at all connections of a client at each request: with two hundred in one, we would measure the client."""


@dataclass
class Voter:
    """A resident with the key to their conversation, and the votes that were taken of them."""

    conversation: uuid.UUID
    headers: dict[str, str]
    statements: list[str]
    taken: dict[str, int] = field(default_factory=dict)


async def begun(http: httpx.AsyncClient, campaign: str, number: int) -> Voter:
    """Take part, from an address of one's own: the range for examples (RFC 3849); each /64 counts as one connection."""
    headers = {"X-Forwarded-For": f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::1"}
    opened = (await http.post("/api/v1/chat/gesprekken", json={"gemeente": CODE}, headers=headers)).raise_for_status()
    headers["Authorization"] = f"Bearer {opened.json()['token']}"
    answer = (await http.post(f"/api/v1/chat/peilingen/{campaign}", headers=headers)).raise_for_status().json()
    return Voter(uuid.UUID(opened.json()["gesprek"]), headers, sorted(one["stelling"] for one in answer["stellingen"]))


async def vote(http: httpx.AsyncClient, voter: Voter, statement: str, value: int, due: float) -> tuple[float, bool]:
    """Vote; returns the milliseconds since it was due, by time.perf_counter, and whether it was taken."""
    body = {"stelling": statement, "waarde": value}
    try:
        answer = await http.post("/api/v1/chat/stemmen", json=body, headers=voter.headers)
    except httpx.TransportError:
        return (time.perf_counter() - due) * 1000, False
    took = (time.perf_counter() - due) * 1000
    taken = answer.status_code == httpx.codes.NO_CONTENT
    if taken:
        voter.taken[statement] = value
    return took, taken


def lost(database_url: str, voters: list[Voter]) -> int:
    """How many votes were taken and are not kept, by the rows themselves."""
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(KEPT, [[voter.conversation for voter in voters]]).fetchall()
    kept = {(conversation, str(statement)): value for conversation, statement, value in rows}
    return sum(
        kept.get((voter.conversation, statement)) != value
        for voter in voters
        for statement, value in voter.taken.items()
    )


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Clients that together hold as many connections as are used."""
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=60, trust_env=False, limits=limits))
            for _ in range(CLIENTS)
        ]


async def measure(
    url: str, database_url: str, campaign: str, *, people: int, per_second: int, seconds: int
) -> dict[str, Any]:
    """Measure one installation."""
    async with connected(url) as clients:
        places = asyncio.Semaphore(AT_ONCE)

        async def one(number: int) -> Voter:
            async with places:
                return await begun(clients[number % CLIENTS], campaign, number)

        voters = await asyncio.gather(*(one(number) for number in range(people)))
        cast = votes(people, len(voters[0].statements), per_second * seconds)
        tasks = []
        began = time.perf_counter()
        for number, (person, statement, value) in enumerate(cast):
            due = began + number / per_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            voter = voters[person]
            http = clients[person % CLIENTS]
            tasks.append(asyncio.create_task(vote(http, voter, voter.statements[statement], value, due)))
        answers = await asyncio.gather(*tasks)
        took = time.perf_counter() - began
    cuts = statistics.quantiles((milliseconds for milliseconds, _ in answers), n=100, method="inclusive")
    return {
        "votes": len(answers),
        "votes_per_second": round(len(answers) / took, 1),
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "refused": sum(not taken for _, taken in answers),
        "lost": await asyncio.to_thread(lost, database_url, voters),
    }


def votes(people: int, statements: int, number: int) -> list[tuple[int, int, int]]:
    """So many votes of people who think in groups, spread over the people.

    Who ends begins again and changes every vote: one that is lost then leaves another value than was given last.
    """
    imagined = imagine(people=people, statements=statements, groups=3, rng=np.random.default_rng(7), stop=0.0)
    by_person = [[(person, *one) for one in theirs] for person, theirs in imagined.by_person()]
    in_turn = [one for several in itertools.zip_longest(*by_person) for one in several if one is not None]
    rounds = (
        (person, statement, VALUES[(VALUES.index(value) + turn) % len(VALUES)])
        for turn in itertools.count()
        for person, statement, value in in_turn
    )
    return list(itertools.islice(rounds, number))
