"""Questions that the chat did not answer well: kept without personal data, and put together by likeness."""

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.database import EVERY_MUNICIPALITY, Database
from participation.language import encoder
from participation.language.likeness import alike
from participation.language.unsure import NOT_FOR_US
from participation.models import Message, UnsureQuestion
from participation.models.contribution import WITHDRAWN
from participation.services import masking

MOST = 1000
"""Newest questions that are put together: more takes longer than a page may, and nobody reads further."""

FEWEST_SHOWN = 3
"""Of fewer residents than this no example is shown: what only one or two people ask may tell who they are."""

EXAMPLES, TOPICS = 3, 3

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class QuestionGroup:
    """Questions that are alike. `examples` and `topics` are empty where too few residents asked.

    `unclear` counts those with an answer that was not clear; `topics` are what those answers were about.
    """

    questions: int
    residents: int
    examples: tuple[str, ...]
    unclear: int
    topics: tuple[str, ...]


async def remember(
    database: Database,
    *,
    conversation_id: uuid.UUID,
    municipality_code: str,
    text: str,
    embedding: "np.ndarray | None" = None,
    topic: str | None = None,
    turn_id: int | None = None,
    now: datetime,
) -> None:
    """Keep a question for the griffie. What can not be masked while a resident waits is not kept.

    Args:
        embedding: of the text, where somebody has encoded it already; it serves when there was nothing to mask.
        topic, turn_id: of the answer that was not clear.
        now: when it was asked.
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
        topic=topic,
        turn_id=turn_id,
        embedding=None if embedding is None else embedding.tobytes(),
        created_at=now,
    )
    async with database.session(EVERY_MUNICIPALITY) as session:
        session.add(row)


async def judged(
    database: Database, *, conversation_id: uuid.UUID, municipality_code: str, turn_id: int, topic: str, clear: bool
) -> None:
    """Keep the question of an answer that was not clear, once and as long as it is judged so.

    Only what was typed: a button says no more than its topic. What is not for the chat is kept without a verdict.
    """
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(
            delete(UnsureQuestion).where(
                UnsureQuestion.conversation_id == conversation_id, UnsureQuestion.turn_id == turn_id
            )
        )
        asked = await session.get(Message, turn_id)
    if clear or asked is None or topic == NOT_FOR_US or not asked.body.keys().isdisjoint(("keuze", "opdracht")):
        return
    if (text := asked.body["tekst"]) == WITHDRAWN:
        return
    await remember(
        database,
        conversation_id=conversation_id,
        municipality_code=municipality_code,
        text=text,
        topic=topic,
        turn_id=turn_id,
        now=asked.created_at,
    )


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
        shown.append(_group(group, residents, examples))
    shown.sort(key=lambda group: (-group.residents, -group.questions, group.examples))
    rest = [QuestionGroup(len(hidden), len({row.conversation_id for row in hidden}), (), 0, ())] if hidden else []
    return [*shown, *rest]


def _group(rows: Sequence[UnsureQuestion], residents: int, examples: tuple[str, ...]) -> QuestionGroup:
    topics = Counter(row.topic for row in rows if row.topic is not None)
    most = tuple(topic for topic, _ in topics.most_common(TOPICS))
    return QuestionGroup(len(rows), residents, examples, topics.total(), most)
