"""A campaign of three municipalities with residents who do not exist, written straight into the tables."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bench.campaign.residents import imagine
from participation.models import (
    Campaign,
    CampaignAnswer,
    CampaignMunicipality,
    CampaignPart,
    Participant,
    Statement,
    Vote,
)
from participation.models.taking_part import AGE_BANDS

CODES = ("GM0344", "GM0307", "GM0363")
COLOURS, SHAPE, RANK = ["rood", "groen", "blauw"], ["rond", "recht"], ["eerst", "dan", "later"]
TYPED = "Kwikstaartpad"
"""What people type as a place; some of them of each municipality."""

BATCH = 5000
WRITERS = 36
"""Of the people, who writes something: encoding takes time."""


@dataclass(frozen=True)
class Simulated:
    """What was written."""

    campaign: Campaign
    parts: dict[str, CampaignPart]


def place_of(place: str) -> dict[str, object]:
    """The answer of who chose this place, or typed one."""
    return {"place": place} if place == TYPED else {"options": [place], "place": place}


def in_words(kind: str, person: int, value: dict[str, object]) -> tuple[str | None, str | None]:
    """What they wrote, and what the desk reads of it."""
    if kind == "open":
        masked = f"Meer zonnepanelen op daken van scholen, zegt nummer {person}."
        return f"Meer zonnepanelen, zegt {person}.", masked
    return (TYPED, TYPED) if value.get("place") == TYPED else (None, None)


def options_of(texts: list[str]) -> list[dict[str, str]]:
    return [{"id": text, "text": text.capitalize()} for text in texts]


async def simulate(
    session: AsyncSession,
    *,
    clerk_id: uuid.UUID,
    people: int,
    statements: int,
    now: datetime,
    rng: np.random.Generator,
    state: str = "gesloten",
    codes: tuple[str, ...] = CODES,
) -> Simulated:
    """Write a campaign of all kinds of parts, and what people did in it: they stop halfway and change their minds."""
    campaign = Campaign(
        public_id=secrets.token_hex(4),
        municipality_code=codes[0],
        title="Energie in de buurt",
        why="De raad kiest in maart.",
        intro="Wat vindt u?",
        thanks="Dank u wel.",
        level="adviseren",
        phase="Alles kan nog.",
        decides="De gemeenteraad",
        official="Team Energie",
        portfolio_holder="De wethouder energie",
        asks_age=True,
        asks_area=True,
        state=state,
        revision=1,
        made_by=clerk_id,
        made_at=now - timedelta(days=30),
        opens_at=now - timedelta(days=20),
        started_at=now - timedelta(days=20),
        closes_at=now,
        closed_at=now if state == "gesloten" else None,
    )
    session.add(campaign)
    await session.flush()
    at = {"campaign_id": campaign.id, "municipality_code": codes[0]}
    for code in codes:
        session.add(
            CampaignMunicipality(
                campaign_id=campaign.id,
                municipality_code=code,
                leader_code=codes[0],
                asked_at=now,
                agreed_at=now,
            )
        )
    kinds = {
        "stellingen": ([], {"own": True, "most": None}),
        "keuze": (options_of(COLOURS), {"most": 1, "words": False}),
        "schaal": ([], {"lowest": 1, "highest": 5, "low_text": "slecht", "high_text": "goed"}),
        "rangorde": (options_of(RANK), {"most": 3}),
        "dilemma": (options_of(SHAPE), {"words": False}),
        "open": ([], {"most_characters": 1000}),
        "plaats": (options_of(["Noord", "Zuid"]), {"words": True}),
    }
    parts = {
        kind: CampaignPart(
            **at,
            position=place,
            kind=kind,
            text=f"Wat vindt u van {kind}?",
            options=options,
            rules=rules,
            condition=None,  # as the desk keeps it: null as JSON
        )
        for place, (kind, (options, rules)) in enumerate(kinds.items(), 1)
    }
    session.add_all(parts.values())
    await session.flush()
    # Everybody answers it: who chose something else changed that later.
    parts["dilemma"].condition = {"part": str(parts["keuze"].id), "options": COLOURS[:1]}
    session.add_all(
        Statement(
            **at,
            part_id=parts["stellingen"].id,
            number=number,
            text=f"Stelling {number} over energie.",
            state="goed",
            created_at=now,
        )
        for number in range(1, statements + 1)
    )
    await session.flush()
    statement_ids = list(
        await session.scalars(
            select(Statement.id).where(Statement.campaign_id == campaign.id).order_by(Statement.number)
        )
    )
    ids = [uuid.uuid4() for _ in range(people)]
    shares = np.array([0.6, 0.3, 0.1, 0.05, 0.05])[: len(codes)]
    homes = [codes[index] for index in rng.choice(len(codes), people, p=shares / shares.sum())]
    started = [now - timedelta(hours=float(rng.uniform(1, 400))) for _ in range(people)]
    ended = rng.random(people) > 0.25
    await write(
        session,
        Participant,
        [
            {
                "id": one,
                "campaign_id": campaign.id,
                "municipality_code": home,
                "channel": "web" if rng.random() < 0.7 else "telegram",
                "area": str(rng.choice(["Noord", "Zuid"])) if rng.random() < 0.8 else None,
                "age_band": str(rng.choice(AGE_BANDS)) if rng.random() < 0.6 else None,
                "wants_outcome": bool(rng.random() < 0.4),
                "started_at": begin,
                "last_at": begin + timedelta(minutes=5),
                "finished_at": begin + timedelta(minutes=5) if end else None,
            }
            for one, home, begin, end in zip(ids, homes, started, ended, strict=True)
        ],
    )
    opinions = imagine(people=people, statements=statements, groups=3, rng=rng)
    await write(
        session,
        Vote,
        [
            {
                "participant_id": ids[person],
                "statement_id": statement_ids[statement],
                "campaign_id": campaign.id,
                "municipality_code": homes[person],
                "value": value,
                "cast_at": started[person] + timedelta(seconds=5 * place),
            }
            for person, cast in opinions.by_person()
            for place, (statement, value) in enumerate(dict(cast).items())
        ],
    )
    answers = []
    for person in range(people):
        chosen = {
            "keuze": {"options": [str(rng.choice(COLOURS, p=[0.6, 0.38, 0.02]))]},
            "schaal": {"score": int(rng.integers(1, 6))},
            "rangorde": {"options": [str(one) for one in rng.permutation(RANK)[: int(rng.integers(1, 4))]]},
            "dilemma": {"options": [str(rng.choice(SHAPE))]},
            "open": {},
            "plaats": place_of(str(rng.choice(["Noord", "Zuid", TYPED], p=[0.4, 0.4, 0.2]))),
        }
        answers += [
            {
                "participant_id": ids[person],
                "part_id": parts[kind].id,
                "campaign_id": campaign.id,
                "municipality_code": homes[person],
                "value": {} if rng.random() < 0.1 else value,
                "words": words,
                "masked_words": masked,
                "may_quote": kind == "open" and person % 2 == 0,
                "answered_at": started[person] + timedelta(minutes=2),
            }
            for kind, value in chosen.items()
            for words, masked in [in_words(kind, person, value)]
            if ended[person] and (kind != "open" or person < WRITERS)
        ]
    await write(session, CampaignAnswer, answers)
    return Simulated(campaign, parts)


async def write(session: AsyncSession, table: type, rows: list[dict]) -> None:
    """Insert many rows."""
    for start in range(0, len(rows), BATCH):
        await session.execute(insert(table), rows[start : start + BATCH])
