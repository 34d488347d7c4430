"""What can still change once people may answer: what keeps the answers comparable, and all of it is written down."""

import difflib
import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import events
from participation.campaigns.faults import CampaignFixed, FieldsWrong
from participation.campaigns.making import LONGEST
from participation.models import Campaign, CampaignEvent, CampaignPart, Clerk, Statement

AROUND = ("title", "why", "intro", "thanks", "phase", "decides", "official", "portfolio_holder")
"""Texts around the questions: these can be written better. Every change is shown with what stood there."""

STARTED = ("loopt", "pauze")
"""Not `klaar`: who wants to change what a colleague agreed to makes a draft of it again, and is looked at again."""

MOST_CHANGED, SHARE_CHANGED = 3, 0.06
"""Characters of a question, statement or option that a slip of the pen has: at most three, or one in sixteen."""

_TURNS = re.compile(r"\b(niet|geen|nooit|niets|niemand|nergens|zonder|wel|alle|alleen|meer|minder|altijd)\b|\d+", re.I)
"""Words that turn a sentence round, and numbers: these stay as they are."""


def is_slip(before: str, after: str) -> bool:
    """Whether only a slip of the pen was mended: few characters, the same numbers, no word that turns the meaning."""
    if not after or [one.group().casefold() for one in _TURNS.finditer(before)] != [
        one.group().casefold() for one in _TURNS.finditer(after)
    ]:
        return False
    steps = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    changed = sum(max(b - a, d - c) for step, a, b, c, d in steps if step != "equal")
    if _prefixed(before) != _prefixed(after):
        return False
    return changed <= max(MOST_CHANGED, len(before) * SHARE_CHANGED)


def _prefixed(text: str) -> int:
    """How many words begin with on-, as in `onveilig`."""
    return len(re.findall(r"\bon\w{3,}", text, re.IGNORECASE))


async def mend_around(
    session: AsyncSession, campaign: Campaign, *, field: str, text: str, clerk: Clerk, now: datetime
) -> None:
    """Write a text around the questions anew.

    Raises:
        CampaignFixed: it has not started or has ended, or there is no such text.
        FieldsWrong: the field to `leeg` or `lang`.
    """
    if campaign.state not in STARTED or field not in AROUND:
        raise CampaignFixed
    text = " ".join(text.split())
    if not text or len(text) > LONGEST[field]:
        raise FieldsWrong({field: "lang" if text else "leeg"})
    before = getattr(campaign, field)
    if text != before:
        setattr(campaign, field, text)
        await _changed(session, campaign, {"wat": field, "van": before, "naar": text}, clerk, now)


async def mend_part(
    session: AsyncSession,
    campaign: Campaign,
    part: CampaignPart,
    *,
    text: str,
    options: list[str],
    clerk: Clerk,
    now: datetime,
) -> None:
    """Mend slips of the pen in a question and its options; their number and order stay.

    What is written is compared with what people read first: slip after slip would make another question of it.

    Raises:
        CampaignFixed: this would ask something else, or it has not started or has ended.
    """
    text, options = " ".join(text.split()), [" ".join(one.split()) for one in options]
    if campaign.state not in STARTED or len(part.options) != len(options):
        raise CampaignFixed
    what = {"wat": str(part.position)}
    mended = [(what, part.text, text)] + [
        (what | {"antwoord": str(number)}, str(option["text"]), new)
        for number, (option, new) in enumerate(zip(part.options, options, strict=True), start=1)
    ]
    first = await _read_first(session, campaign)
    if not all(before == after or is_slip(first.get(_key(of), before), after) for of, before, after in mended):
        raise CampaignFixed
    part.text = text
    part.options = [option | {"text": new} for option, new in zip(part.options, options, strict=True)]
    for of, before, after in mended:
        if before != after:
            await _changed(session, campaign, of | {"van": before, "naar": after}, clerk, now)


async def mend_statement(
    session: AsyncSession, campaign: Campaign, statement: Statement, *, text: str, clerk: Clerk, now: datetime
) -> None:
    """Mend a slip of the pen in a statement of the team, compared with what people read first.

    What a participant wrote stays as it is.

    Raises:
        CampaignFixed: this would be another statement, or it has not started or has ended.
    """
    text = " ".join(text.split())
    before, of = statement.text, {"wat": f"stelling {statement.number}"}
    if campaign.state not in STARTED or statement.writer_code is not None:
        raise CampaignFixed
    if text == before:
        return
    if not is_slip((await _read_first(session, campaign)).get(_key(of), before), text):
        raise CampaignFixed
    statement.text = statement.masked_text = text
    await _changed(session, campaign, of | {"van": before, "naar": text}, clerk, now)


def told(event: CampaignEvent) -> str | None:
    """Say which text was written anew, as everybody may read it; None for the one that only the municipality reads."""
    if event.detail["wat"] == "official":
        return None
    return f"“{event.detail['van']}” werd “{event.detail['naar']}”."


async def extend(
    session: AsyncSession, campaign: Campaign, *, closes_at: datetime, clerk: Clerk, now: datetime
) -> None:
    """Close later than was said. Never sooner: who counted on the date would be too late.

    Raises:
        CampaignFixed: it has not started or has ended.
        FieldsWrong: `closes_at` is not later.
    """
    if campaign.state not in STARTED:
        raise CampaignFixed
    before = campaign.closes_at
    if closes_at <= now or (before is not None and closes_at <= before):
        raise FieldsWrong({"closes_at": "eerder"})
    campaign.closes_at = closes_at
    campaign.revision += 1
    await events.record(
        session,
        campaign,
        what="verlengen",
        clerk=clerk,
        now=now,
        detail={"van": before.isoformat() if before else "", "naar": closes_at.isoformat()},
    )


async def _read_first(session: AsyncSession, campaign: Campaign) -> dict[tuple[str, str], str]:
    """Return what people read first of each text that was mended."""
    first: dict[tuple[str, str], str] = {}
    for event in reversed(await events.of(session, campaign.id)):
        if event.what == "verbeterd":
            first.setdefault(_key(event.detail), event.detail["van"])
    return first


def _key(detail: Mapping[str, str]) -> tuple[str, str]:
    """Which text it is: an option has the number of its question and its own."""
    return detail["wat"], detail.get("antwoord", "")


async def _changed(
    session: AsyncSession, campaign: Campaign, detail: dict[str, str], clerk: Clerk, now: datetime
) -> None:
    campaign.revision += 1
    await events.record(session, campaign, what="verbeterd", clerk=clerk, now=now, detail=detail)
