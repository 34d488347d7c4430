"""Questions that got no answer from the chat: kept without personal data, and put together by likeness."""

import asyncio
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.database import EVERY_MUNICIPALITY, Database
from participation.language import encoder
from participation.language.likeness import alike
from participation.models import UnsureQuestion
from participation.services import masking

MOST = 1000
"""Newest questions that are put together: more takes longer than a page may, and nobody reads further."""

FEWEST_SHOWN = 3
"""Of fewer residents than this no example is shown: what only one or two people ask may tell who they are."""

EXAMPLES = 3

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class QuestionGroup:
    """Questions that are alike. `examples` is empty where too few residents asked."""

    questions: int
    residents: int
    examples: tuple[str, ...]


async def remember(
    database: Database,
    *,
    conversation_id: uuid.UUID,
    municipality_code: str,
    text: str,
    embedding: "np.ndarray | None" = None,
    now: datetime,
) -> None:
    """Keep a question for the griffie. What can not be masked while a resident waits is not kept.

    Args:
        embedding: of the text, where somebody has encoded it already; it serves when there was nothing to mask.
    """
    masked = await masking.readable(text, now=now)
    if masked.at is None:
        return
    if embedding is None or masked.text != text:
        embedding = await asyncio.to_thread(_embedding, masked.text)
    row = UnsureQuestion(
        conversation_id=conversation_id,
        municipality_code=municipality_code,
        masked_text=masked.text,
        embedding=None if embedding is None else embedding.tobytes(),
        created_at=now,
    )
    async with database.session(EVERY_MUNICIPALITY) as session:
        session.add(row)


def _embedding(text: str) -> "np.ndarray | None":
    loaded = encoder.load()
    return loaded.encode([text])[0] if loaded else None


async def grouped(
    session: AsyncSession, *, municipality_code: str, days: int, now: datetime
) -> Sequence[QuestionGroup]:
    """Return the questions of the last days, those that are alike together, the largest group first.

    Questions whose groups are too small to show are added up in one group at the end.
    """
    query = (
        select(UnsureQuestion)
        .where(
            UnsureQuestion.municipality_code == municipality_code,
            UnsureQuestion.created_at >= now - timedelta(days=days),
        )
        .order_by(UnsureQuestion.created_at.desc())
        .limit(MOST)
    )
    rows = (await session.scalars(query)).all()
    return await asyncio.to_thread(_grouped, rows)


def _grouped(rows: Sequence[UnsureQuestion]) -> Sequence[QuestionGroup]:
    known = [row for row in rows if row.embedding is not None]
    vectors = np.array([np.frombuffer(row.embedding or b"", dtype=np.float32) for row in known])
    groups = [[known[number] for number in group] for group in alike(vectors)]
    groups += [[row] for row in rows if row.embedding is None]
    shown, hidden = [], []
    for group in groups:
        residents = len({row.conversation_id for row in group})
        if residents < FEWEST_SHOWN:
            hidden += group
            continue
        # One example of each resident: somebody who asks ten times does not speak for others.
        texts = {row.conversation_id: row.masked_text for row in group}
        examples = tuple(dict.fromkeys(texts.values()))[:EXAMPLES]
        shown.append(QuestionGroup(len(group), residents, examples))
    shown.sort(key=lambda group: (-group.residents, -group.questions, group.examples))
    rest = [QuestionGroup(len(hidden), len({row.conversation_id for row in hidden}), ())] if hidden else []
    return [*shown, *rest]
