"""Residents of three municipalities who do not exist, on Telegram: what they do when a campaign comes to them."""

import asyncio
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bench.campaign.making import Begun
from bench.campaign.residents import imagine
from bench.campaign.subscribers import subscribe
from participation.campaigns import taking_part
from participation.campaigns.taking_part import Coming
from participation.campaigns.texts import text
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models.taking_part import AGE_BANDS
from tests.bot_api import Person, TelegramDouble

CODES = ("GM0344", "GM0307", "GM0363")
SHARES = (0.6, 0.3, 0.1)
AREAS = ("Noord", "Zuid", "Centrum", "Oost")
FIRST_CHAT = 5_000_001
ANSWERS = 0.6
"""The share of residents that takes part; far more than usual, so that there is much to count."""

COMES_BACK, WRITES, WANTS_OUTCOME = 0.2, 0.02, 0.4
AT_ONCE = 8
PATIENCE = 120.0


@dataclass
class Town:
    """Everybody: their chat and their municipality, by the id of the resident."""

    telegram: TelegramDouble
    chats: dict[uuid.UUID, int]
    homes: dict[uuid.UUID, str]

    def some(
        self, share: float, rng: np.random.Generator, *, among: Collection[uuid.UUID] | None = None
    ) -> list[Person]:
        """Choose a share of all, or of some, and at least one."""
        pool = sorted(self.chats if among is None else among)
        chosen = rng.choice(len(pool), size=max(1, round(share * len(pool))), replace=False)
        return [Person(self.telegram, self.chats[pool[index]]) for index in chosen]

    def without(self, people: Sequence[Person]) -> list[uuid.UUID]:
        """Everybody else."""
        gone = {person.id for person in people}
        return [resident for resident, chat in self.chats.items() if chat not in gone]

    async def have_heard(self, people: Sequence[Person]) -> None:
        """Wait until each of them was told that no message comes any more.

        Raises:
            AssertionError: somebody was not.
        """
        chats = {person.id for person in people}
        goodbye = text("afgemeld")

        def all_told() -> bool:
            return chats <= {one.chat_id for one in self.telegram.sent if one.text == goodbye}

        await self.telegram.until(all_told, PATIENCE)

    def after_opting_out(self, person: Person) -> int:
        """How many messages somebody got after they were told that none would come."""
        told = [one.text for one in person.chat]
        return len(told) - told.index(text("afgemeld")) - 1


async def settle(
    database: Database, telegram: TelegramDouble, *, people: int, key: str, rng: np.random.Generator
) -> Town:
    """Let so many people agree to messages, spread unevenly over the municipalities."""
    numbers = np.bincount(rng.choice(len(CODES), people, p=SHARES), minlength=len(CODES)).tolist()
    town, first = Town(telegram, {}, {}), FIRST_CHAT
    for code, number in zip(CODES, numbers, strict=True):
        chats = range(first, first + number)
        first += number
        async with database.session(EVERY_MUNICIPALITY) as session:
            residents = await subscribe(session, key=key, now=_now(), code=code, chats=chats)
        town.chats |= dict(zip(residents, chats, strict=True))
        town.homes |= dict.fromkeys(residents, code)
    return town


async def opt_out(telegram: TelegramDouble, people: Sequence[Person], words: str, *, seconds: float) -> None:
    """From the first message on, opt out one after the other: by the button of a message, or else in words.

    Args:
        words: what stands in the message.
        seconds: over how long.
    """
    await telegram.until(lambda: any(words in one.text for one in telegram.sent), PATIENCE)
    for person in people:
        await asyncio.sleep(seconds / len(people))
        if any(words in one.text for one in person.chat):
            await telegram.add("callback_query", person.press(text("knop_afmelden")))
        else:
            await person.types("afmelden")


@dataclass
class Taking:
    """What was done by those who took part. `given`: the last vote of each of them on each statement."""

    people: int
    returns: int = 0
    votes: int = 0
    given: dict[tuple[uuid.UUID, uuid.UUID], int] = field(default_factory=dict)
    wants_outcome: set[uuid.UUID] = field(default_factory=set)


@dataclass(frozen=True)
class Visit:
    """What somebody does in one go: votes, and at the end of the campaign the rest of it."""

    resident: uuid.UUID
    votes: Sequence[tuple[int, int]]
    ends: bool
    wants_outcome: bool = False


async def take_part(
    database: Database, begun: Begun, town: Town, residents: Sequence[uuid.UUID], *, rng: np.random.Generator
) -> Taking:
    """Let most of these vote and answer: some stop halfway, some come back later, some change their minds."""
    chosen = rng.permutation(len(residents))[: round(ANSWERS * len(residents))]
    statements = len(begun.statements)
    opinions = imagine(people=len(chosen), statements=statements, groups=3, rng=rng)
    taking = Taking(len(chosen))
    first, later = [], []
    for person, votes in opinions.by_person():
        resident = residents[int(chosen[person])]
        ends = len(dict(votes)) == statements
        wants_outcome = ends and bool(rng.random() < WANTS_OUTCOME)
        before = len(votes) // 2 if rng.random() < COMES_BACK else 0
        if before:
            first.append(Visit(resident, votes[:before], ends=False))
            later.append(Visit(resident, votes[before:], ends, wants_outcome))
        else:
            first.append(Visit(resident, votes, ends, wants_outcome))
        taking.votes += len(votes)
        taking.given |= {(resident, begun.statements[statement]): value for statement, value in votes}
        if wants_outcome:
            taking.wants_outcome.add(resident)
    taking.returns = len(later)
    places = asyncio.Semaphore(AT_ONCE)

    async def visit(one: Visit) -> None:
        async with places:
            await _visit(database, begun, one, town.homes[one.resident], rng)

    for visits in (first, later):
        await asyncio.gather(*(visit(one) for one in visits))
    return taking


async def _visit(database: Database, begun: Begun, visit: Visit, code: str, rng: np.random.Generator) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        coming = Coming(visit.resident, code, None, "telegram")
        participant, _ = await taking_part.start(session, campaign=begun.campaign, coming=coming, now=_now())
        for statement, value in visit.votes:
            await taking_part.vote(
                session,
                participant_id=participant.id,
                statement_id=begun.statements[statement],
                value=value,
                now=_now(),
            )
        if not visit.ends:
            return
        option = str(rng.choice([one["id"] for one in begun.parts["keuze"].options], p=(0.6, 0.38, 0.02)))
        given: dict[str, dict[str, Any]] = {
            "keuze": {"options": [option]},
            "schaal": {"score": int(rng.integers(1, 6))},
        }
        for kind, answer in given.items():
            await taking_part.answer(session, participant=participant, part=begun.parts[kind], value=answer, now=_now())
        if rng.random() < WRITES:
            words = f"Denk ook aan mensen met weinig geld, zeg ik als nummer {participant.id.hex[:6]}."
            await taking_part.answer_in_words(
                session, participant=participant, part=begun.parts["open"], words=words, now=_now()
            )
        participant.age_band = str(rng.choice(AGE_BANDS)) if rng.random() < 0.6 else None
        participant.area = str(rng.choice(AREAS)) if rng.random() < 0.8 else None
        participant.wants_outcome = visit.wants_outcome
        await taking_part.finish(session, participant=participant, now=_now())


def _now() -> datetime:
    return datetime.now(UTC)
