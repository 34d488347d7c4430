"""The set-up of a campaign: what it says and asks, without people, places, moments and what came of it.

A template of content/campagnes/ is one, and so is what municipalities offer each other. Making a campaign of one gives
a draft, with fields in [brackets] to fill.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import making, part_writing, parts
from participation.campaigns.making import Texts
from participation.campaigns.part_writing import Typed
from participation.models import Campaign, CampaignPart, Clerk, Statement

SHARED = ("title", "why", "intro", "thanks", "theme", "level", "phase", "asks_age", "asks_area")
"""What of the texts belongs to the set-up. Who decides and who answers for it are people; the moments are one's own."""


@dataclass(frozen=True)
class Part:
    """One part. `condition`: the number of an earlier part, and the texts of its options."""

    typed: Typed
    statements: tuple[str, ...]
    condition: tuple[int, tuple[str, ...]] | None


@dataclass(frozen=True)
class Setup:
    """What can be made into a campaign elsewhere."""

    texts: Texts
    parts: tuple[Part, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything in it that somebody reads."""
        found = [self.texts.title, self.texts.why, self.texts.intro, self.texts.thanks, self.texts.phase]
        for part in self.parts:
            rules = part.typed.rules or {}
            found += [part.typed.text, *part.typed.lines.splitlines()]
            found += [str(rules.get("low_text") or ""), str(rules.get("high_text") or ""), *part.statements]
        return tuple(text for text in found if text)


def set_up_as(
    campaign: Campaign, asked: Sequence[CampaignPart], statements: Mapping[uuid.UUID, Sequence[Statement]]
) -> Setup:
    """Return the set-up of a campaign, with the statements of the team only.

    The areas of a question for a place are left out: they are of one municipality.

    Args:
        statements: by id of their part.
    """
    numbers = {str(part.id): number for number, part in enumerate(asked, start=1)}
    words = {(str(part.id), option["id"]): option["text"] for part in asked for option in part.options}
    found = []
    for part in asked:
        lines = [] if part.kind == "plaats" else [option["text"] for option in part.options]
        rules = {"words": True} if part.kind == "plaats" else dict(part.rules)
        only = part.condition
        found.append(
            Part(
                Typed(part.kind, part.text, "\n".join(lines), rules),
                tuple(one.text for one in statements.get(part.id, ()) if one.writer_code is None),
                (numbers[only["part"]], tuple(words[only["part"], one] for one in only["options"])) if only else None,
            )
        )
    return Setup(Texts(**{name: getattr(campaign, name) for name in SHARED}), tuple(found))


def written(setup: Setup) -> dict[str, Any]:
    """Return a set-up as it is kept in the library."""
    return {
        "texts": {name: getattr(setup.texts, name) for name in SHARED},
        "parts": [
            {
                "kind": part.typed.kind,
                "text": part.typed.text,
                "options": part.typed.lines.splitlines(),
                "rules": dict(part.typed.rules or {}),
                "statements": list(part.statements),
                "condition": [part.condition[0], list(part.condition[1])] if part.condition else None,
            }
            for part in setup.parts
        ],
    }


def read(kept: Mapping[str, Any]) -> Setup:
    """Return a set-up that was `written`."""
    return Setup(
        Texts(**kept["texts"]),
        tuple(
            Part(
                Typed(one["kind"], one["text"], "\n".join(one["options"]), one["rules"]),
                tuple(one["statements"]),
                (one["condition"][0], tuple(one["condition"][1])) if one["condition"] else None,
            )
            for one in kept["parts"]
        ),
    )


async def make(
    session: AsyncSession,
    *,
    setup: Setup,
    title: str = "",
    municipality_code: str,
    submission: uuid.UUID,
    clerk: Clerk,
    now: datetime,
) -> Campaign:
    """Make a draft that holds all of a set-up. Sending the form twice makes one.

    Args:
        title: what the clerk typed; without, that of the set-up.

    Raises:
        FieldsWrong: something in it can not be kept.
        CampaignUnknown: the id is that of a campaign elsewhere.
    """
    texts = replace(setup.texts, title=title) if title.strip() else setup.texts
    is_new = await session.get(Campaign, submission) is None
    campaign = await making.make(
        session, municipality_code=municipality_code, texts=texts, submission=submission, clerk=clerk, now=now
    )
    made: list[CampaignPart] = []
    for part in setup.parts if is_new else ():
        made.append(await part_writing.add(session, campaign, _with_condition(part, made)))
        if part.statements:
            await part_writing.add_statements(
                session, campaign, made[-1], lines="\n".join(part.statements), clerk=clerk, now=now
            )
    return campaign


@dataclass(frozen=True)
class Sketch:
    """A campaign that is kept nowhere: to measure a set-up, and to show what residents would get."""

    campaign: Campaign
    parts: tuple[CampaignPart, ...]
    statements: Mapping[uuid.UUID, Sequence[Statement]]


def sketched(setup: Setup) -> Sketch:
    """Return what would come of a set-up."""
    campaign = Campaign(id=uuid.UUID(int=0), **asdict(setup.texts))
    made: list[CampaignPart] = []
    statements: dict[uuid.UUID, list[Statement]] = {}
    for number, part in enumerate(setup.parts, start=1):
        typed = _with_condition(part, made)
        asked = parts.checked(
            kind=typed.kind,
            text=typed.text,
            options=[(f"o{place}", text) for place, text in enumerate(typed.lines.splitlines(), start=1)],
            rules=typed.rules or {},
            condition=typed.condition,
            before=made,
        )
        part_id = uuid.UUID(int=number)
        made.append(CampaignPart(id=part_id, campaign_id=campaign.id, position=number, **asdict(asked)))
        statements[part_id] = [
            Statement(id=uuid.UUID(int=number * 1000 + place), text=text, masked_text=text)
            for place, text in enumerate(part.statements, start=1)
        ]
    return Sketch(campaign, tuple(made), statements)


def _with_condition(part: Part, made: Sequence[CampaignPart]) -> Typed:
    if part.condition is None:
        return part.typed
    number, texts = part.condition
    earlier = made[number - 1]
    chosen = [option["id"] for option in earlier.options if option["text"] in texts]
    typed = part.typed
    return Typed(typed.kind, typed.text, typed.lines, typed.rules, {"part": str(earlier.id), "options": chosen})
