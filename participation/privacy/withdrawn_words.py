"""Taking withdrawn words out of the conversation in which they were said.

A contribution is said more than once: typed, read back, hidden behind buttons, noted by Rasa. When it is withdrawn,
each text that repeats a run of its words becomes `WITHDRAWN`. The rows stay: Rasa counts its own. When other words
came in the place of some, what these say too stays.
"""

import json
import uuid
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import bindparam, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from participation.language import unsure
from participation.models import Choice, Message, UnsureQuestion
from participation.models.contribution import WITHDRAWN
from participation.privacy.shredders.tracker import tracker_exists
from participation.privacy.word_patterns import pattern_of

RUN = 5
"""Words in a row that two texts share when one repeats the other. A sentence of ours that a resident happens to use
as well is then taken for theirs: a line of the history less, which harms nobody."""

_UNTOUCHED = frozenset({"event", "name", "intent_name", "action_name", "policy", "soort", "intent", "url"})
"""Keys whose values are codes."""

_MADE_OF_THE_WORDS = ("entities", "text_tokens", unsure.KEY)
"""What Rasa notes of a message beside its text: pieces of it, and numbers from which its meaning can be told."""


class Words:
    """The words of texts that were withdrawn, without what is said in `kept` too."""

    def __init__(self, texts: Iterable[str], *, kept: Iterable[str] = ()) -> None:
        self._kept = [_words(one) for one in kept]
        self._runs: set[tuple[str, ...]] = set()
        self._short: set[tuple[str, ...]] = set()
        for one in texts:
            words = _words(one)
            self._runs |= _runs(words)
            if 0 < len(words) < RUN and not self._is_kept(words):
                self._short.add(words)
        self._runs -= {run for words in self._kept for run in _runs(words)}

    def __bool__(self) -> bool:
        """Whether there is anything to take out."""
        return bool(self._runs or self._short)

    def stand_in(self, said: str) -> bool:
        """Whether a text repeats them, as a whole or in part."""
        words = _words(said)
        if len(words) < RUN and self._is_kept(words):
            return False
        if len(words) < RUN:
            # Too short to tell a repetition from chance, except when it is a whole piece of what was withdrawn.
            return words in self._short or (len(words) > 1 and any(_holds(run, words) for run in self._runs))
        whole = any(_holds(words, short) for short in self._short if len(short) > 1)
        return whole or not self._runs.isdisjoint(_runs(words))

    def taken_out(self, value: Any) -> Any:
        """Return a JSON value without them; the same object when they were not in it."""
        if isinstance(value, str):
            return WITHDRAWN if self.stand_in(value) else value
        if isinstance(value, list):
            changed = [self.taken_out(one) for one in value]
            return value if all(new is old for new, old in zip(changed, value, strict=True)) else changed
        if isinstance(value, dict):
            changed_pairs = {
                key: one if key in _UNTOUCHED and isinstance(one, str) else self.taken_out(one)
                for key, one in value.items()
            }
            return value if all(changed_pairs[key] is value[key] for key in value) else changed_pairs
        return value

    def _is_kept(self, words: tuple[str, ...]) -> bool:
        return any(_holds(one, words) for one in self._kept)


async def take_out(
    session: AsyncSession, *, conversation_ids: Collection[uuid.UUID], texts: Iterable[str], kept: Iterable[str] = ()
) -> None:
    """Take texts out of these conversations: messages, buttons, what was not understood, and Rasa's own record.

    Args:
        kept: texts of which the words stay.
    """
    words = Words(texts, kept=kept)
    if not words or not conversation_ids:
        return
    for message in await session.scalars(select(Message).where(Message.conversation_id.in_(conversation_ids))):
        message.body = words.taken_out(message.body)
    for choice in await session.scalars(select(Choice).where(Choice.conversation_id.in_(conversation_ids))):
        choice.meaning, choice.title = words.taken_out(choice.meaning), words.taken_out(choice.title)
    not_understood = await session.execute(
        select(UnsureQuestion.id, UnsureQuestion.masked_text).where(
            UnsureQuestion.conversation_id.in_(conversation_ids)
        )
    )
    repeating = [row_id for row_id, said in not_understood if words.stand_in(said)]
    await session.execute(delete(UnsureQuestion).where(UnsureQuestion.id.in_(repeating)))
    await session.flush()
    if await tracker_exists(session):
        await _take_out_of_tracker(session, conversation_ids, words)


async def take_out_details(
    session: AsyncSession, *, conversation_ids: Collection[uuid.UUID], details: Iterable[str]
) -> None:
    """Take a name, a number or an address out of what a resident typed, and out of what was said back to that.

    Only these words go and not the message around them: a name can be a word that stands in many of them. Rasa has no
    part in asking for them, so its record has none.
    """
    found = [pattern for detail in details if (pattern := pattern_of(detail))]
    if not found or not conversation_ids:
        return
    about = select(Message).where(Message.conversation_id.in_(conversation_ids)).order_by(Message.id)
    typed: set[int] = set()
    for message in await session.scalars(about):
        if message.sender != "inwoner" and message.in_reply_to not in typed:
            continue
        said = message.body.get("tekst") or ""
        without = said
        for pattern in found:
            without = pattern.sub(WITHDRAWN, without)
        if without != said:
            message.body = {**message.body, "tekst": without}
            typed.add(message.id)
    await session.flush()


async def _take_out_of_tracker(session: AsyncSession, conversation_ids: Collection[uuid.UUID], words: Words) -> None:
    senders = [str(conversation_id) for conversation_id in conversation_ids]
    found = await session.execute(
        text("SELECT id, data FROM rasa.events WHERE sender_id IN :senders").bindparams(
            bindparam("senders", expanding=True)
        ),
        {"senders": senders},
    )
    for row_id, data in found.all():
        event = json.loads(data)
        without = words.taken_out(event)
        if without is not event:
            for piece in _MADE_OF_THE_WORDS:
                without.get("parse_data", {}).pop(piece, None)
            await session.execute(
                text("UPDATE rasa.events SET data = :data WHERE id = :id"), {"data": json.dumps(without), "id": row_id}
            )


def _words(said: str) -> tuple[str, ...]:
    return tuple("".join(c if c.isalnum() else " " for c in said.casefold()).split())


def _runs(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    return {words[at : at + RUN] for at in range(len(words) - RUN + 1)}


def _holds(words: tuple[str, ...], piece: tuple[str, ...]) -> bool:
    return any(words[at : at + len(piece)] == piece for at in range(len(words) - len(piece) + 1))
