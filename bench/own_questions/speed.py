"""What 500 own questions add to looking one up: `python -m bench.own_questions.speed`.

The same is asked of a municipality that has none, in turns, so that both meet the same machine. What a whole turn takes
is measured by `bench.own_questions.turns`.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.own_questions import many
from participation.database import EVERY_MUNICIPALITY, Database
from participation.database.embedded import EmbeddedPostgres
from participation.database.migrate import migrate
from participation.language import encoder
from participation.services import municipalities, own_questions

WITH, WITHOUT, TURNS = "GM0344", "GM0307", 400


async def measure(url: str) -> tuple[list[float], list[float]]:
    """Milliseconds of each look-up with 500 questions and with none; the message itself has been encoded."""
    database, owner, random = Database(url, become_app_role=True), Database(url), np.random.default_rng(1)
    async with owner.session(EVERY_MUNICIPALITY) as session:
        await municipalities.seed(session)
    await many.put(database, WITH)
    taken: dict[str, list[float]] = {WITH: [], WITHOUT: []}
    for _ in range(TURNS):
        embedding = random.normal(size=encoder.DIMENSIONS).astype(np.float32)
        for code, times in taken.items():
            begun = time.perf_counter()
            await own_questions.nearest(
                database, municipality_code=code, text="x", embed=lambda _: None, embedding=embedding
            )
            times.append((time.perf_counter() - begun) * 1000)
    await database.close()
    await owner.close()
    return taken[WITH], taken[WITHOUT]


def tell(name: str, times: list[float]) -> None:
    """Print the median and the 95th percentile."""
    median, high = np.percentile(times, [50, 95])
    sys.stdout.write(f"{name}: median {median:.1f} ms, p95 {high:.1f} ms\n")


def main() -> int:
    """Print a line for each."""
    with tempfile.TemporaryDirectory(prefix="samenspel-") as folder, EmbeddedPostgres(Path(folder) / "pg") as server:
        migrate(server.url)
        [first, *having], [_, *lacking] = asyncio.run(measure(server.url))
    tell("500 questions", having)
    tell("no questions", lacking)
    tell("added", [one - other for one, other in zip(having, lacking, strict=True)])
    loaded, encoding = encoder.load(), []
    for number in range(50 if loaded else 0):
        begun = time.perf_counter()
        loaded.encode([f"Wanneer komt de kermis dit jaar naar ons dorp, nummer {number}?"])
        encoding.append((time.perf_counter() - begun) * 1000)
    if encoding:
        tell("encoding, which Rasa has done", encoding)
    sys.stdout.write(f"first look-up after a change: {first:.1f} ms\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
