"""The running instance that the launcher made for these tests, as its variables describe it."""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import httpx
import psycopg
from psycopg.rows import dict_row

LOOK_EVERY = 0.05


@dataclass(frozen=True)
class Instance:
    """Where it answers, where it keeps its state, and the accounts of its demonstration."""

    url: str
    state: Path
    accounts: list[dict[str, Any]]

    @classmethod
    def of_environment(cls) -> "Instance":
        """Read what `./samenspel test` told."""
        return cls(
            url=os.environ["SAMENSPEL_TEST_URL"],
            state=Path(os.environ["SAMENSPEL_TEST_STATE"]),
            accounts=json.loads(os.environ["SAMENSPEL_TEST_ACCOUNTS"]),
        )

    @property
    def database_url(self) -> str:
        """Of the owner, who sees the rows of all municipalities."""
        url: str = json.loads((self.state / "database.json").read_text())["url"]
        return url

    @property
    def log_files(self) -> list[Path]:
        """All that any part writes down, PostgreSQL's own log too."""
        logs = list((self.state.parent / "logs").iterdir())
        own = self.state.parent / "postgres" / "log"
        return sorted(logs + (list(own.iterdir()) if own.is_dir() else [own] if own.exists() else []))

    def pid(self, part: str) -> int:
        """The process of a part, which leads the group of that part."""
        pid: int = json.loads((self.state / "supervisor.json").read_text())["parts"][part]["pid"]
        return pid

    async def rows(self, query: LiteralString, *values: object) -> list[dict[str, Any]]:
        """What stands in the database."""
        async with (
            await psycopg.AsyncConnection.connect(self.database_url, row_factory=dict_row) as connection,
            connection.cursor() as cursor,
        ):
            await cursor.execute(query, values)
            return await cursor.fetchall()

    async def ready(self) -> bool:
        """Whether every part of a conversation works."""
        async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
            return (await http.get(f"{self.url}/gezondheid/gereed")).status_code == 200


async def until(true: Callable[[], Awaitable[bool]], *, seconds: float, what: str) -> None:
    """Wait until something is so.

    Raises:
        AssertionError: it still was not after so many seconds.
    """
    deadline = time.monotonic() + seconds
    while not await true():
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still not: {what}"
        await asyncio.sleep(LOOK_EVERY)
