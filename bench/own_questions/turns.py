"""What 500 own questions add to a whole turn of a running instance.

`python -m bench.own_questions.turns URL FOLDER [TURNS]` with the address of an instance and its folder `run`, which
knows its database. The same messages go to a municipality with 500 own questions and to one without, in turns; the
questions are taken away at the end. Messages come from the test set, whatever the model makes of them.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

import httpx
import numpy as np

from bench.own_questions import many
from participation.database import Database

WITH, WITHOUT = "GM0344", "GM0307"
TEST_SET = Path(__file__).parents[2] / "tests" / "nlu" / "toetsset.tsv"
TURNS, TURNS_A_CONVERSATION, WARM_UP = 300, 6, 10
"""Turns with each of the two municipalities; the first few are not counted."""


def messages(turns: int) -> list[str]:
    """Every so many lines of the test set, so that all its subjects take part."""
    lines = TEST_SET.read_text(encoding="utf-8").splitlines()
    texts = [line.split("\t")[-1] for line in lines if "\t" in line and not line.startswith("#")]
    return [texts[number * len(texts) // turns] for number in range(turns)]


async def conversation(http: httpx.AsyncClient, code: str) -> dict[str, str]:
    """Open one; returns the header that goes with its turns."""
    answer = await http.post("/api/v1/chat/gesprekken", json={"gemeente": code})
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['token']}"}


async def measure(url: str, turns: int) -> dict[str, list[float]]:
    """Milliseconds of each turn by municipality, first the one and then the other."""
    taken: dict[str, list[float]] = {WITH: [], WITHOUT: []}
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as http:
        keys: dict[str, dict[str, str]] = {}
        for number, text in enumerate(messages(turns)):
            order = list(taken) if number % 2 else list(reversed(taken))
            for code in order:
                if number % TURNS_A_CONVERSATION == 0:
                    keys[code] = await conversation(http, code)
                begun = time.perf_counter()
                answer = await http.post("/api/v1/chat/berichten", json={"tekst": text}, headers=keys[code])
                answer.raise_for_status()
                taken[code].append((time.perf_counter() - begun) * 1000)
    return taken


async def run(url: str, folder: Path, turns: int) -> dict[str, list[float]]:
    """Measure with the questions there."""
    database = Database(json.loads((folder / "database.json").read_text())["url"])
    await many.put(database, WITH)
    try:
        return await measure(url, turns)
    finally:
        await many.take_away(database, WITH)
        await database.close()


def main() -> int:
    """Print the median and the 95th percentile of both, and what lies between."""
    turns = int(sys.argv[3]) if len(sys.argv) > 3 else TURNS
    every = asyncio.run(run(sys.argv[1], Path(sys.argv[2]), turns))
    taken = {code: np.array(times[WARM_UP:]) for code, times in every.items()}
    high = {code: np.percentile(times, [50, 95]) for code, times in taken.items()}
    for code, name in ((WITH, "500 questions"), (WITHOUT, "no questions")):
        sys.stdout.write(f"{name}: median {high[code][0]:.0f} ms, p95 {high[code][1]:.0f} ms\n")
    between = np.subtract(high[WITH], high[WITHOUT])
    sys.stdout.write(f"added: {between[0]:+.1f} ms at the median, {between[1]:+.1f} ms at the 95th percentile\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
