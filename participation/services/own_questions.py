"""Questions of a municipality's own: kept by the griffie, found by likeness, in force in all processes at once."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, String, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.dates import AMSTERDAM, dutch_date
from participation.errors import DomainError
from participation.language import encoder
from participation.language.nearest import Nearest, rows
from participation.language.unsure import NOT_FOR_US, may_give_way
from participation.models import Clerk, OwnQuestion
from participation.reply import Link, Reply
from participation.services import answers, audit, offer_uses
from participation.services.answers import slot_fault

LIKE_ENOUGH = 0.915
"""Cosine from which a message is taken for an own question; see docs/adr/0010."""

FEWEST_WAYS, MOST_WAYS = 3, 20
"""Ways to ask a question, besides the question itself."""

MOST_QUESTIONS = 500
"""In one municipality."""

LONGEST = {"vraag": 60, "manier": 200, "kort": 600, "meer": 1500, "bron": 100, "bron_adres": 300}
"""Characters; the question has to fit on a button."""

NOT_UNDERSTOOD = "nlu_fallback"
"""The label of what the trained model is too unsure of."""

TOPIC = "eigen:"
"""What the topic of an own question begins with, before its id."""


class OwnQuestionUnknown(DomainError):
    """There is no such question in this municipality."""


class OwnQuestionFaulty(DomainError):
    """A form can not be kept as it is. `faults` has a code for each wrong field."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in faults.items()))
        self.faults = faults


class OwnQuestionsFull(DomainError):
    """A municipality has as many questions of its own as can be kept."""


class EncoderMissing(DomainError):
    """Sentences can not be compared here."""


@dataclass(frozen=True)
class Text:
    """What the griffie types. The answer may hold {gemeente} and the {name} of any fact."""

    question: str
    ways: tuple[str, ...]
    short: str
    more: str
    source_name: str
    source_url: str
    checked_on: date

    @property
    def all_ways(self) -> list[str]:
        """The question and the other ways, each once."""
        return list(dict.fromkeys((self.question, *self.ways)))

    def check(self, *, today: date) -> None:
        """Refuse what is incomplete or too long, and a source that is read after today.

        Raises:
            OwnQuestionFaulty: `leeg`, `te_lang`, `te_weinig`, `te_veel`, `adres`, `dag`, `feit` or `accolade` for a
                field.
        """
        given = {
            "vraag": self.question,
            "kort": self.short,
            "bron": self.source_name,
            "bron_adres": self.source_url,
        }
        faults = {field: "leeg" for field, text in given.items() if not text}
        faults |= {
            field: "te_lang" for field, text in (*given.items(), ("meer", self.more)) if len(text) > LONGEST[field]
        }
        slots = {field: slot_fault(text) for field, text in (("kort", self.short), ("meer", self.more))}
        faults = {field: code for field, code in slots.items() if code} | faults
        others = len(self.all_ways) - 1
        if others < FEWEST_WAYS:
            faults["manieren"] = "te_weinig"
        elif others > MOST_WAYS:
            faults["manieren"] = "te_veel"
        elif any(len(way) > LONGEST["manier"] for way in self.ways):
            faults["manieren"] = "te_lang"
        if "bron_adres" not in faults and not _is_address(self.source_url):
            faults["bron_adres"] = "adres"
        if self.checked_on > today:
            faults["nagekeken"] = "dag"
        if faults:
            raise OwnQuestionFaulty(faults)


def _is_address(typed: str) -> bool:
    try:
        parts = urlsplit(typed)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not any(sign.isspace() for sign in typed)


Understand = Callable[[Sequence[str]], Awaitable[Sequence[tuple[str, float]] | None]]
"""What the trained model takes each text for, and how sure it is; none when it can not be asked now."""


async def not_to_be_asked(_: Sequence[str]) -> None:
    """Where no trained model is near."""
    return


@dataclass(frozen=True)
class Taken:
    """A way of asking that gets a trained answer: the label of that, and never the own question."""

    way: str
    label: str


def gives_way(label: str, confidence: float) -> bool:
    """Whether an own question may take the place of what the trained model takes a message for.

    Questions and referrals to the municipality's services do, when the model is not sure. Who is in need, reports
    something broken or has to be with another authority keeps the answer that was trained for it.
    """
    if label in (NOT_FOR_US, NOT_UNDERSTOOD):
        return True
    return label.startswith(("vraag/", "dienst_gemeente")) and may_give_way(label, confidence)


async def taken(text: Text, understand: Understand) -> list[Taken] | None:
    """Return the ways that residents would ask in vain; none when the model can not be asked now."""
    found = await understand(text.all_ways)
    if found is None:
        return None
    return [
        Taken(way, label)
        for way, (label, confidence) in zip(text.all_ways, found, strict=True)
        if not gives_way(label, confidence)
    ]


@dataclass(frozen=True)
class Conflict:
    """Something that a new question looks like: a topic of the library, or another own question."""

    question: str
    is_own: bool


async def of_municipality(session: AsyncSession, *, municipality_code: str) -> Sequence[OwnQuestion]:
    """Return all own questions, in the order of the alphabet."""
    found = await session.scalars(select(OwnQuestion).where(OwnQuestion.municipality_code == municipality_code))
    return sorted(found, key=lambda one: one.question.casefold())


async def get(session: AsyncSession, *, municipality_code: str, question_id: uuid.UUID) -> OwnQuestion:
    """Return one.

    Raises:
        OwnQuestionUnknown: not in this municipality.
    """
    found = await session.get(OwnQuestion, question_id)
    if found is None or found.municipality_code != municipality_code:
        raise OwnQuestionUnknown
    return found


async def conflicts(
    session: AsyncSession, *, municipality_code: str, text: Text, itself: uuid.UUID | None
) -> list[Conflict]:
    """Return what residents could mean as well by one of the ways: they would get one of the two answers."""
    embeddings = rows(await _embeddings(text.all_ways))
    others = [one for one in await of_municipality(session, municipality_code=municipality_code) if one.id != itself]
    own = Nearest(
        [one.question for one in others for _ in one.ways],
        np.vstack([np.zeros((0, encoder.DIMENSIONS), np.float32), *(rows(one.embeddings) for one in others)]),
    )
    trained = await asyncio.to_thread(_trained)
    found = [
        Conflict(question, is_own)
        for embedding in embeddings
        for nearest, is_own in ((trained, False), (own, True))
        for question, _ in nearest.above(embedding, LIKE_ENOUGH)
    ]
    return list(dict.fromkeys(found))


@lru_cache(maxsize=1)
def _trained() -> Nearest[str]:
    """The questions of the library; encoded once a process, at the first question that somebody adds."""
    questions = [answer.question for answer in content.answers().values()]
    return Nearest(questions, rows(_encode(questions)))


async def save(
    session: AsyncSession,
    *,
    municipality_code: str,
    question: OwnQuestion | None,
    text: Text,
    publish: bool,
    clerk: Clerk,
    now: datetime,
    origin: offer_uses.Version | None = None,
) -> OwnQuestion:
    """Add a question, or change one.

    Args:
        publish: whether residents get it. Who may not publish passes False: a change of theirs takes a question out of
            the chat until a griffier has seen it.
        origin: the version in the shared library that the text was taken over from.

    Raises:
        OwnQuestionFaulty, OwnQuestionsFull, EncoderMissing: nothing was kept.
    """
    text.check(today=now.astimezone(AMSTERDAM).date())
    if question is None:
        of_ours = select(func.count()).where(OwnQuestion.municipality_code == municipality_code)
        if (await session.scalar(of_ours) or 0) >= MOST_QUESTIONS:
            raise OwnQuestionsFull
        question = OwnQuestion(id=uuid.uuid4(), municipality_code=municipality_code, revision=0)
        session.add(question)
        action = "eigen_vraag.toegevoegd"
    else:
        action = "eigen_vraag.veranderd"
    question.embeddings = await _embeddings(text.all_ways)
    question.ways = text.all_ways
    question.short, question.more = text.short, text.more or None
    question.source_name, question.source_url = text.source_name, text.source_url
    question.checked_on = text.checked_on
    question.is_published = publish
    if origin:
        question.offer_id, question.offer_number = origin
    await _changed(session, question, action, clerk, now)
    return question


async def switch(session: AsyncSession, *, question: OwnQuestion, on: bool, clerk: Clerk, now: datetime) -> None:
    """Put a question into the chat, or take it out."""
    question.is_published = on
    await _changed(session, question, "eigen_vraag.aan" if on else "eigen_vraag.uit", clerk, now)


async def remove(session: AsyncSession, *, question: OwnQuestion, clerk: Clerk, now: datetime) -> None:
    """Delete a question."""
    await _used(session, question, after=None, now=now)
    await session.delete(question)
    await _record(session, question, "eigen_vraag.verwijderd", clerk, now)


async def _changed(session: AsyncSession, question: OwnQuestion, action: str, clerk: Clerk, now: datetime) -> None:
    question.revision += 1
    question.changed_by, question.changed_at = clerk.id, now
    after = offer_uses.taken_over(question) if question.is_published else None
    await _used(session, question, after=after, now=now)
    await _record(session, question, action, clerk, now)


async def _used(
    session: AsyncSession, question: OwnQuestion, *, after: offer_uses.Version | None, now: datetime
) -> None:
    await offer_uses.change(
        session, municipality_code=question.municipality_code, before=question.offer_id, after=after, now=now
    )


async def _record(session: AsyncSession, question: OwnQuestion, action: str, clerk: Clerk, now: datetime) -> None:
    await audit.record(
        session,
        action=action,
        clerk=clerk,
        municipality_code=question.municipality_code,
        record=str(question.id),
        details={"vraag": question.question, "in_de_chat": question.is_published},
        now=now,
    )
    await session.flush()


async def reply_of(session: AsyncSession, question: OwnQuestion, *, today: date) -> Reply | None:
    """The answer as residents get it; none when each of its sentences needs a fact that is not known."""
    short, more = await answers.filled_in(
        session,
        municipality_code=question.municipality_code,
        short=question.short,
        more=question.more,
        today=today,
    )
    if not short:
        return None
    return Reply(
        f"{short}\n\nNagekeken op {dutch_date(question.checked_on)}.",
        kind="antwoord",
        links=(Link(question.source_name, question.source_url),),
        more=more,
        topic=f"{TOPIC}{question.id}",
    )


async def answer(
    database: Database,
    *,
    municipality_code: str,
    text: str,
    today: date,
    embedding: "np.ndarray | None" = None,
) -> Reply | None:
    """Answer a message with the own question that it is most like, if one is like enough.

    Args:
        embedding: of the text, where somebody has encoded it already.
    """
    found = await nearest(
        database, municipality_code=municipality_code, text=text, embed=_embedding, embedding=embedding
    )
    if found is None:
        return None
    return await repeat(database, municipality_code=municipality_code, topic=f"{TOPIC}{found}", today=today)


async def nearest(
    database: Database,
    *,
    municipality_code: str,
    text: str,
    embed: Callable[[str], "np.ndarray | None"],
    embedding: "np.ndarray | None" = None,
) -> uuid.UUID | None:
    """Return the id of the own question that a message is most like; without questions nothing is encoded."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        known = await _known(database, session, municipality_code)
    if known is None:
        return None
    if embedding is None:
        embedding = await asyncio.to_thread(embed, text)
    found = known.above(embedding, LIKE_ENOUGH) if embedding is not None else []
    return found[0][0] if found else None


async def repeat(database: Database, *, municipality_code: str | None, topic: str, today: date) -> Reply | None:
    """Answer the own question that a topic names; none when it has been taken out of the chat."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        question = await session.get(OwnQuestion, uuid.UUID(topic.removeprefix(TOPIC)))
        if question is None or not question.is_published or question.municipality_code != municipality_code:
            return None
        return await reply_of(session, question, today=today)


_HELD: WeakKeyDictionary[Database, dict[str, tuple[int, Nearest[uuid.UUID]]]] = WeakKeyDictionary()
"""What this process holds of each database, by municipality, with the mark of the state it was read in."""


async def _known(database: Database, session: AsyncSession, municipality_code: str) -> Nearest[uuid.UUID] | None:
    """Return the questions in the chat, read again when anything has changed; none when there are none."""
    in_chat: ColumnElement[bool] = (OwnQuestion.municipality_code == municipality_code) & OwnQuestion.is_published
    each = func.hashtextextended(cast(OwnQuestion.id, String), cast(OwnQuestion.revision, BigInteger))
    mark = await session.scalar(select(func.bit_xor(each)).where(in_chat))
    if mark is None:
        return None
    held = _HELD.setdefault(database, {})
    if municipality_code not in held or held[municipality_code][0] != mark:
        stored = (await session.execute(select(OwnQuestion.id, OwnQuestion.embeddings).where(in_chat))).all()
        matrices = [rows(embeddings) for _, embeddings in stored]
        owners = [owner for (owner, _), matrix in zip(stored, matrices, strict=True) for _ in matrix]
        held[municipality_code] = (mark, Nearest(owners, np.vstack(matrices)))
    return held[municipality_code][1]


async def _embeddings(texts: list[str]) -> bytes:
    return await asyncio.to_thread(_encode, texts)


def _encode(texts: list[str]) -> bytes:
    loaded = encoder.load()
    if loaded is None:
        raise EncoderMissing
    return loaded.encode(texts).tobytes()


def _embedding(text: str) -> "np.ndarray | None":
    loaded = encoder.load()
    return loaded.encode([text])[0] if loaded else None
