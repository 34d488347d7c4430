"""What 500 own questions add to a turn: `python -m bench.own_questions.speed`."""

import asyncio
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from participation.database import EVERY_MUNICIPALITY, Database
from participation.database.embedded import EmbeddedPostgres
from participation.database.migrate import migrate
from participation.language import encoder
from participation.models import OwnQuestion
from participation.services import municipalities, own_questions

CODE, QUESTIONS, WAYS, TURNS = "GM0344", 500, 4, 300


async def measure(url: str) -> list[float]:
    """Milliseconds of each turn: reading the mark, comparing; without encoding the message."""
    database, random = Database(url, become_app_role=True), np.random.default_rng(1)
    made = random.normal(size=(QUESTIONS, WAYS, encoder.DIMENSIONS)).astype(np.float32)
    made /= np.linalg.norm(made, axis=2, keepdims=True)
    owner = Database(url)
    async with owner.session(EVERY_MUNICIPALITY) as session:
        await municipalities.seed(session)
    async with database.session(CODE) as session:
        session.add_all(
            OwnQuestion(
                id=uuid.uuid4(),
                municipality_code=CODE,
                ways=[f"Vraag {number}, manier {way}" for way in range(WAYS)],
                embeddings=rows.tobytes(),
                short="Zo zit het.",
                source_name="Bron",
                source_url="https://gemeente.example",
                is_published=True,
                revision=1,
                changed_at=datetime.now(UTC),
            )
            for number, rows in enumerate(made)
        )
    taken = []
    for _ in range(TURNS):
        embedding = random.normal(size=encoder.DIMENSIONS).astype(np.float32)
        begun = time.perf_counter()
        await own_questions.nearest(database, municipality_code=CODE, embed=lambda _, found=embedding: found, text="x")
        taken.append((time.perf_counter() - begun) * 1000)
    await database.close()
    await owner.close()
    return taken


def main() -> int:
    """Print the first turn, the median and the 95th percentile."""
    with tempfile.TemporaryDirectory(prefix="samenspel-") as folder, EmbeddedPostgres(Path(folder) / "pg") as server:
        migrate(server.url)
        first, *others = asyncio.run(measure(server.url))
    loaded, encoding = encoder.load(), []
    for number in range(50 if loaded else 0):
        begun = time.perf_counter()
        loaded.encode([f"Wanneer komt de kermis dit jaar naar ons dorp, nummer {number}?"])
        encoding.append((time.perf_counter() - begun) * 1000)
    for name, times in (("compare", others), ("encode", encoding)):
        if times:
            median, high = np.percentile(times, [50, 95])
            sys.stdout.write(f"{name}: median {median:.1f} ms, p95 {high:.1f} ms\n")
    sys.stdout.write(f"first turn after a change: {first:.1f} ms\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
