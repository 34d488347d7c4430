"""Writing what a draft asks: parts, their order, and the statements of the team."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import parts
from participation.campaigns.faults import CampaignFixed, FieldsWrong, StatementUnknown
from participation.campaigns.making import assert_editable
from participation.models import Campaign, CampaignPart, Clerk, Statement
from participation.models.campaign import LONGEST_STATEMENT

MOST_PARTS = 20
MOST_STATEMENTS = 100
"""Of the team; more than anybody answers, and a sign that it should be two campaigns."""

WHILE_RUNNING = ("concept", "loopt", "pauze")
"""States in which the team may add statements: what others answered before stays comparable. Not between the agreement
of a colleague and the start: nothing changes then."""


@dataclass(frozen=True)
class Typed:
    """A part as it was typed. `lines` are its options, one a line."""

    kind: str
    text: str
    lines: str = ""
    rules: Mapping[str, Any] | None = None
    condition: Mapping[str, Any] | None = None


async def add(session: AsyncSession, campaign: Campaign, typed: Typed) -> CampaignPart:
    """Add a part at the end.

    Raises:
        CampaignFixed, FieldsWrong: nothing was kept.
    """
    assert_editable(campaign)
    present = await parts.of(session, campaign.id)
    if len(present) >= MOST_PARTS:
        raise FieldsWrong({"soort": "aantal"})
    asked = _checked(typed, known=[], before=present)
    part = CampaignPart(
        campaign_id=campaign.id,
        municipality_code=campaign.municipality_code,
        position=len(present) + 1,
        kind=asked.kind,
        text=asked.text,
        options=asked.options,
        rules=asked.rules,
        condition=asked.condition,
    )
    session.add(part)
    campaign.revision += 1
    await session.flush()
    return part


async def change(session: AsyncSession, campaign: Campaign, part: CampaignPart, typed: Typed) -> None:
    """Replace a part; its kind stays.

    Raises:
        CampaignFixed, FieldsWrong: nothing was kept; for one, because a later part depends on an option that went.
    """
    assert_editable(campaign)
    present = await parts.of(session, campaign.id)
    before = [one for one in present if one.position < part.position]
    asked = _checked(Typed(part.kind, typed.text, typed.lines, typed.rules, typed.condition), part.options, before)
    left = {option["id"] for option in asked.options}
    if any(not left.issuperset(one.condition["options"]) for one in _depending(present, part) if one.condition):
        raise FieldsWrong({"opties": "voorwaarde"})
    part.text, part.options, part.rules, part.condition = asked.text, asked.options, asked.rules, asked.condition
    campaign.revision += 1
    await session.flush()


async def remove(session: AsyncSession, campaign: Campaign, part: CampaignPart) -> None:
    """Take a part out of a draft, with its statements.

    Raises:
        CampaignFixed: it is no draft.
        FieldsWrong: a later part depends on it.
    """
    assert_editable(campaign)
    present = await parts.of(session, campaign.id)
    if _depending(present, part):
        raise FieldsWrong({"volgorde": "voorwaarde"})
    await session.delete(part)
    await session.flush()
    for position, one in enumerate((one for one in present if one.id != part.id), start=1):
        one.position = position
    campaign.revision += 1
    await session.flush()


async def move(session: AsyncSession, campaign: Campaign, part: CampaignPart, *, up: bool) -> None:
    """Change places with the part before or after; at an end nothing happens.

    Raises:
        CampaignFixed: it is no draft.
        FieldsWrong: then a part would come before the one that it depends on.
    """
    assert_editable(campaign)
    present = await parts.of(session, campaign.id)
    at = present.index(part)
    to = at + (-1 if up else 1)
    if not 0 <= to < len(present):
        return
    first, second = sorted((part, present[to]), key=lambda one: one.position)
    if second.condition is not None and second.condition["part"] == str(first.id):
        raise FieldsWrong({"volgorde": "voorwaarde"})
    part.position, present[to].position = present[to].position, part.position
    campaign.revision += 1
    await session.flush()


async def add_statements(
    session: AsyncSession, campaign: Campaign, part: CampaignPart, *, lines: str, clerk: Clerk, now: datetime
) -> list[Statement]:
    """Add statements of the team, one a line; what is there already is not added again.

    Raises:
        CampaignFixed: it is being looked at, waits for its start, or has ended.
        FieldsWrong: `stellingen` to `leeg`, `lang` or `aantal`; nothing was kept.
    """
    if campaign.state not in WHILE_RUNNING or part.kind != "stellingen":
        raise CampaignFixed
    # Residents add statements too, and numbers count per campaign: who adds one waits for who adds one before.
    await session.execute(select(func.pg_advisory_xact_lock(campaign.id.int % 2**63)))
    present = (await session.scalars(select(Statement).where(Statement.part_id == part.id))).all()
    known = {one.text.casefold() for one in present}
    tidy = [" ".join(line.split()) for line in lines.splitlines()]
    new = list(dict.fromkeys(text for text in tidy if text and text.casefold() not in known))
    if not new:
        raise FieldsWrong({"stellingen": "leeg"})
    if any(len(text) > LONGEST_STATEMENT for text in new):
        raise FieldsWrong({"stellingen": "lang"})
    if len([one for one in present if one.writer_code is None]) + len(new) > MOST_STATEMENTS:
        raise FieldsWrong({"stellingen": "aantal"})
    last = await session.scalar(select(func.max(Statement.number)).where(Statement.campaign_id == campaign.id)) or 0
    added = [
        Statement(
            campaign_id=campaign.id,
            part_id=part.id,
            municipality_code=campaign.municipality_code,
            number=number,
            text=text,
            masked_text=text,
            state="goed",
            decided_by=clerk.id,
            decided_at=now,
            created_at=now,
        )
        for number, text in enumerate(new, start=last + 1)
    ]
    session.add_all(added)
    campaign.revision += 1
    await session.flush()
    return added


async def change_statement(session: AsyncSession, campaign: Campaign, statement: Statement, *, text: str) -> None:
    """Write a statement of a draft anew; without text it goes.

    Raises:
        CampaignFixed, FieldsWrong: nothing was kept.
    """
    assert_editable(campaign)
    text = " ".join(text.split())
    if len(text) > LONGEST_STATEMENT:
        raise FieldsWrong({"stellingen": "lang"})
    if text:
        statement.text = statement.masked_text = text
    else:
        await session.delete(statement)
    campaign.revision += 1
    await session.flush()


async def find_statement(session: AsyncSession, *, campaign_id: uuid.UUID, statement_id: uuid.UUID) -> Statement:
    """Return one statement.

    Raises:
        StatementUnknown: not of this campaign.
    """
    found = await session.get(Statement, statement_id)
    if found is None or found.campaign_id != campaign_id:
        raise StatementUnknown
    return found


async def statements_by_part(session: AsyncSession, campaign_id: uuid.UUID) -> dict[uuid.UUID, list[Statement]]:
    """Return the statements that are shown to residents, by part and in order."""
    found = await session.scalars(
        select(Statement)
        .where(Statement.campaign_id == campaign_id, Statement.state == "goed")
        .order_by(Statement.number)
    )
    by_part: dict[uuid.UUID, list[Statement]] = {}
    for one in found:
        by_part.setdefault(one.part_id, []).append(one)
    return by_part


def _checked(typed: Typed, known: Sequence[Mapping[str, Any]], before: Sequence[CampaignPart]) -> parts.Asked:
    return parts.checked(
        kind=typed.kind,
        text=typed.text,
        options=_with_ids(typed.lines, known),
        rules=typed.rules or {},
        condition=typed.condition,
        before=before,
    )


def _with_ids(lines: str, known: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the lines with the ids of the options that they are: by their text, or else by their place."""
    texts = [text for line in lines.splitlines() if (text := " ".join(line.split()))]
    ids = {option["text"].casefold(): str(option["id"]) for option in known}
    named = [(ids.pop(text.casefold(), ""), text) for text in texts]
    if len(texts) == len(known):
        left = set(ids.values())
        named = [
            (name or (str(option["id"]) if option["id"] in left else ""), text)
            for (name, text), option in zip(named, known, strict=True)
        ]
    return named


def _depending(present: Sequence[CampaignPart], part: CampaignPart) -> list[CampaignPart]:
    return [one for one in present if one.condition is not None and one.condition["part"] == str(part.id)]
