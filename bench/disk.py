"""How much disk does a conversation take? `./samenspel bench disk` holds some and looks how its database has grown.

In each a resident asks two questions and passes something on, as in `./samenspel bench load`, and confirms it. Counted
is what PostgreSQL has in use for its tables and indexes, kilobytes a conversation. What is not counted: its log (WAL),
and what clerks write.
"""

import argparse
import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import psycopg

from bench.load import own_instance
from bench.load.planning import BEGIN, Visit, asked, place_of
from participation.settings import settings

API = "/api/v1/chat"
CONFIRM = "Ja, geef dit door"
WARM_UPS = 3
SETTLE_SECONDS = 75.0
"""Each minute the worker does what is left: masking, sorting, comparing."""
SIZES = """
SELECT namespace.nspname || '.' || class.relname, pg_total_relation_size(class.oid)
FROM pg_class AS class JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
WHERE class.relkind = 'r' AND namespace.nspname IN ('public', 'rasa', 'jobs')
"""


class NotConfirmed(Exception):
    """A conversation went another way than this measurement thought."""


def sizes(database_url: str) -> dict[str, int]:
    """Bytes of each table with its indexes."""
    with psycopg.connect(database_url) as connection:
        return dict(connection.execute(SIZES).fetchall())


def grown(before: Mapping[str, int], after: Mapping[str, int], *, conversations: int) -> dict[str, Any]:
    """Kilobytes a conversation: of all tables, of Rasa's, and of the five others that grew most."""
    each = {table: (size - before.get(table, 0)) / 1024 / conversations for table, size in after.items()}
    rasa = sum(size for table, size in each.items() if table.startswith("rasa."))
    others = sorted((size, table) for table, size in each.items() if not table.startswith("rasa."))[-5:]
    return {
        "conversations": conversations,
        "kb": round(sum(each.values()), 1),
        "rasa_kb": round(rasa, 1),
        "most": {table.removeprefix("public."): round(size, 1) for size, table in reversed(others)},
    }


async def converse(http: httpx.AsyncClient, number: int) -> None:
    """Hold one conversation.

    Raises:
        NotConfirmed: nothing was passed on at its end.
    """
    key = {"X-Forwarded-For": Visit(number, place_of(number), ()).address}
    opened = (await http.post(f"{API}/gesprekken", json={"gemeente": place_of(number)}, headers=key)).raise_for_status()
    key["Authorization"] = f"Bearer {opened.json()['token']}"
    messages = opened.json()["berichten"]
    words = f"Bij paal {number} is het fietspad kapot en dat is gevaarlijk voor kinderen."
    for text in (*asked(number), words, CONFIRM):
        buttons = {button["titel"]: button["id"] for message in messages for button in message["knoppen"]}
        body = {"keuze": buttons[text]} if text in (BEGIN, CONFIRM) and text in buttons else {"tekst": text}
        answer = (await http.post(f"{API}/berichten", json=body, headers=key)).raise_for_status()
        messages = [*messages, *answer.json()["berichten"]]
    if "SP-" not in messages[-1]["tekst"] + messages[-2]["tekst"]:
        raise NotConfirmed(messages[-1]["tekst"])


async def hold(url: str, numbers: range) -> None:
    """Hold conversations, one after the other.

    Raises:
        NotConfirmed: one of them went another way.
    """
    async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as http:
        for number in numbers:
            await converse(http, number)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="samenspel bench disk", description="Measure the disk that conversations take"
    )
    parser.add_argument("--count", type=int, default=200, metavar="N", help="conversations (200)")
    options = parser.parse_args()
    var = Path(settings().var).absolute() / "bench-load"
    with own_instance.running(var, replicas=1) as url:
        database_url = own_instance.database_of(var)
        for number in range(WARM_UPS):  # the first turns after a start may take longer than residents wait
            with contextlib.suppress(NotConfirmed):
                asyncio.run(hold(url, range(number, number + 1)))
        before = sizes(database_url)
        try:
            asyncio.run(hold(url, range(WARM_UPS, WARM_UPS + options.count)))
        except NotConfirmed as other:
            sys.stderr.write(f"A conversation went another way: {other}\n")
            return 1
        time.sleep(SETTLE_SECONDS)
        print(json.dumps(grown(before, sizes(database_url), conversations=options.count)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
