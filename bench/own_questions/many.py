"""As many own questions as a municipality can have, made of chance: nothing is like any of them."""

import uuid
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import delete

from participation.database import Database
from participation.language import encoder
from participation.models import OwnQuestion
from participation.services.own_questions import MOST_QUESTIONS

WAYS = 4
SOURCE = "https://meting.example"


def made(code: str, random: np.random.Generator) -> list[OwnQuestion]:
    """The questions with their embeddings."""
    embeddings = random.normal(size=(MOST_QUESTIONS, WAYS, encoder.DIMENSIONS)).astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=2, keepdims=True)
    return [
        OwnQuestion(
            id=uuid.uuid4(),
            municipality_code=code,
            ways=[f"Vraag {number}, manier {way}" for way in range(WAYS)],
            embeddings=rows.tobytes(),
            short="Zo zit het.",
            source_name="Bron",
            source_url=SOURCE,
            checked_on=datetime.now(UTC).date(),
            is_published=True,
            revision=1,
            changed_at=datetime.now(UTC),
        )
        for number, rows in enumerate(embeddings)
    ]


async def put(database: Database, code: str) -> None:
    """Keep them."""
    async with database.session(code) as session:
        session.add_all(made(code, np.random.default_rng(1)))


async def take_away(database: Database, code: str) -> None:
    """Delete them, and no other question."""
    async with database.session(code) as session:
        await session.execute(delete(OwnQuestion).where(OwnQuestion.source_url == SOURCE))
