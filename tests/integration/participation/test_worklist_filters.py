"""Filters of the work list combine: list, order, pages and counts are those of plain Python over the same rows."""

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from participation.database import EVERY_MUNICIPALITY, Database
from participation.dates import AMSTERDAM
from participation.models import Clerk, Consent, Contribution, Resident, WorklistItem
from participation.models.consent import SHARE
from participation.models.contribution import STATUSES
from participation.models.worklist import WAITING
from participation.municipality_choices import PATIENCE
from participation.services import worklist, worklist_words
from participation.services.references import format_reference
from participation.services.worklist import NOBODY, Choice
from participation.services.worklist_views import EVERYTHING, FOR_CLERK, VIEWS, Asker
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, MakeClerk

ROWS, COMBINATIONS = 200, 30
THEMES, KINDS = ("verkeer", "wonen", "groen", None), ("vraag", "zorg", "idee", None)
CHANNELS, PLACES = ("web", "telegram", "papier"), ("Oost", "West", None)
CAMPAIGNS = ("autoluw", "zomerfeest", None)
WORDS = ("fietspad", "lantaarn", "speeltuin", "zwembad")


@dataclass(frozen=True)
class Told:
    """One row, as the list should see it."""

    id: uuid.UUID
    words: frozenset[str]
    shared: bool
    created_at: datetime
    status: str
    status_at: datetime
    reacted_at: datetime | None
    theme: str | None
    kind: str | None
    channel: str
    place: str | None
    campaign: str | None
    assignee_id: uuid.UUID | None

    @property
    def for_clerk(self) -> bool:
        return self.status in FOR_CLERK or self.reacted_at is not None

    def late(self, now: datetime) -> bool:
        unread = self.reacted_at is not None and self.reacted_at < now - PATIENCE["reactie_ontvangen"]
        return unread or (self.status in PATIENCE and self.status_at < now - PATIENCE[self.status])


IN_VIEW: Mapping[str, Callable[[Told, Asker], bool]] = {
    "nieuw": lambda row, _: row.for_clerk and row.assignee_id is None,
    "mij": lambda row, asker: row.for_clerk and row.assignee_id == asker.clerk_id,
    "inwoner": lambda row, _: row.status == "reactie_gevraagd",
    "te_laat": lambda row, asker: row.late(asker.now),
}


def is_chosen(row: Told, choice: Choice, words: tuple[str, ...], asker: Asker) -> bool:
    """What the list promises, without a database."""
    if choice.view != EVERYTHING:
        waits = row.status in WAITING or row.reacted_at is not None
        if not (waits and IN_VIEW[choice.view](row, asker)):
            return False
    day = row.created_at.astimezone(AMSTERDAM).date()
    pairs = (
        *((choice.themes, row.theme), (choice.kinds, row.kind), (choice.statuses, row.status)),
        *((choice.channels, row.channel), (choice.places, row.place), (choice.campaigns, row.campaign)),
    )
    return (
        all(value in wanted for wanted, value in pairs if wanted)
        and (choice.handler is None or row.assignee_id == (None if choice.handler == NOBODY else choice.handler))
        and (choice.since is None or day >= choice.since)
        and (choice.until is None or day <= choice.until)
        and all((word.removeprefix("-") in row.words) is not word.startswith("-") for word in words)
        and (asker.may_handle or row.shared)
    )


@pytest.fixture
def dice() -> random.Random:
    return random.Random(20261127)  # noqa: S311  the same combinations each time


@pytest.fixture
async def handlers(person: MakeClerk) -> list[Clerk]:
    return [await person(GM0344="griffier") for _ in range(2)]


@pytest.fixture
async def told(database: Database, handlers: list[Clerk], dice: random.Random, now: datetime) -> list[Told]:
    """Two hundred rows of Utrecht, and some alike of somebody else."""
    midnight = datetime.combine(now.astimezone(AMSTERDAM).date(), datetime.min.time(), AMSTERDAM)

    def row() -> Told:
        # Some at the very edge of a day, some at one and the same moment.
        minutes = dice.choice((dice.randrange(10 * 1440), 1440 * dice.randrange(10), 1440 * dice.randrange(10) + 1))
        return Told(
            id=uuid.UUID(int=dice.getrandbits(128), version=4),
            words=frozenset(dice.sample(WORDS, dice.randrange(1, 4))),
            shared=dice.random() < 0.7,
            created_at=midnight - timedelta(minutes=minutes),
            status=dice.choice(STATUSES),
            status_at=now - timedelta(days=dice.randrange(40), minutes=1),
            reacted_at=now - timedelta(days=dice.randrange(12), minutes=1) if dice.random() < 0.2 else None,
            theme=dice.choice(THEMES),
            kind=dice.choice(KINDS),
            channel=dice.choice(CHANNELS),
            place=dice.choice(PLACES),
            campaign=dice.choice(CAMPAIGNS),
            assignee_id=dice.choice((None, *(clerk.id for clerk in handlers))),
        )

    rows, elsewhere = [row() for _ in range(ROWS)], [row() for _ in range(ROWS // 10)]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(delete(Contribution))
        resident = Resident(id=uuid.uuid4(), pseudonym=uuid.uuid4().bytes, channel="web", created_at=now)
        resident.last_seen_at = now
        session.add(resident)
        await session.flush()
        for number, one in enumerate(rows + elsewhere):
            code = UTRECHT if number < ROWS else AMERSFOORT
            text = " ".join(sorted(one.words))
            session.add(
                Contribution(
                    id=one.id,
                    reference=format_reference(2026, 500_000 + number),
                    municipality_code=code,
                    draft=uuid.uuid4(),
                    text=text,
                    masked_text=text,
                    masked_at=now,
                    channel=one.channel,
                    created_at=one.created_at,
                )
            )
        await session.flush()
        columns = ("status", "status_at", "reacted_at", "theme", "kind", "place", "campaign", "assignee_id")
        values = [
            {"contribution_id": one.id} | {name: getattr(one, name) for name in columns} for one in rows + elsewhere
        ]
        await session.execute(update(WorklistItem), values)
        about = {"resident_id": resident.id, "channel": "web", "created_at": now, "text_version": 1}
        session.add_all(
            Consent(municipality_code=UTRECHT, contribution_id=one.id, purpose=SHARE, given=True, **about)
            for one in rows
            if one.shared
        )
    return rows


def combination(dice: random.Random, handlers: list[Clerk], today: date) -> tuple[Choice, tuple[str, ...], bool]:
    """Some filters, some words, and whether a clerk asks."""

    def some(values: tuple[str | None, ...]) -> tuple[str, ...]:
        present = [value for value in values if value]
        return tuple(dice.sample(present, dice.randrange(1, 3))) if dice.random() < 0.3 else ()

    first, last = sorted(today - timedelta(days=dice.randrange(11)) for _ in range(2))
    words = tuple(dice.sample(WORDS, dice.choice((0, 0, 1, 1, 2))))
    if dice.random() < 0.2:
        words = tuple(f"-{word}" for word in words)
    choice = Choice(
        view=dice.choice((EVERYTHING, *VIEWS)),
        themes=some(THEMES),
        kinds=some(KINDS),
        statuses=some(STATUSES),
        channels=some(CHANNELS),
        places=some(PLACES),
        campaigns=some(CAMPAIGNS),
        handler=dice.choice((None, None, NOBODY, *(clerk.id for clerk in handlers))),
        since=first if dice.random() < 0.3 else None,
        until=last if dice.random() < 0.3 else None,
        oldest_first=dice.random() < 0.5,
    )
    return choice, words, dice.random() < 0.8


async def test_any_filters_together_choose_and_count_what_plain_python_does(
    database: Database,
    told: list[Told],
    handlers: list[Clerk],
    dice: random.Random,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is found often is looked up the other way round, and is the same."""
    today, found_some = now.astimezone(AMSTERDAM).date(), 0
    for _ in range(COMBINATIONS):
        choice, words, may_handle = combination(dice, handlers, today)
        monkeypatch.setattr(worklist_words, "MANY", dice.choice((4000, 0)))
        asker = Asker(UTRECHT, handlers[0].id, now, may_handle=may_handle)
        expected = [row for row in told if is_chosen(row, choice, words, asker)]
        expected.sort(key=lambda row: (row.created_at, row.id), reverse=not choice.oldest_first)
        counts = {view: sum(is_chosen(row, replace(choice, view=view), words, asker) for row in told) for view in VIEWS}
        async with database.session(UTRECHT) as session:
            search = await worklist_words.understand(session, municipality_code=UTRECHT, typed=" ".join(words))
            wanted = replace(choice, search=search)
            page = await worklist.page(session, asker=asker, choice=wanted)
            pages = [page]
            while pages[-1].after:
                pages.append(await worklist.page(session, asker=asker, choice=wanted, after=pages[-1].after))
            back = pages[-1]
            while back.before:
                back = await worklist.page(session, asker=asker, choice=wanted, before=back.before)
            number = await worklist.count(session, asker=asker, choice=wanted)
        assert [row.id for one in pages for row in one.rows] == [row.id for row in expected], (choice, words)
        assert {row.id: (row.is_overdue, row.is_new) for one in pages for row in one.rows} == {
            row.id: (row.late(now), row.for_clerk and row.assignee_id is None) for row in expected
        }, (choice, words)
        assert [one.counts for one in pages] == [counts] * len(pages), (choice, words)
        assert (number, [row.id for row in back.rows][:1]) == (len(expected), [row.id for row in expected][:1])
        found_some += bool(expected)
    assert found_some > COMBINATIONS // 3
