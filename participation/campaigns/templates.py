"""Campaigns to start from, in content/campagnes/: a copy that is changed freely, with fields in [brackets] to fill."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.campaigns import making, part_writing
from participation.campaigns.making import Texts
from participation.campaigns.part_writing import Typed
from participation.errors import DomainError
from participation.models import Campaign, CampaignPart, Clerk


class TemplateUnknown(DomainError):
    """There is no such template."""


@dataclass(frozen=True)
class Part:
    """One part. `condition`: the number of an earlier part, and the texts of its options."""

    typed: Typed
    statements: Sequence[str]
    condition: tuple[int, Sequence[str]] | None


@dataclass(frozen=True)
class Template:
    """What a municipality can begin with. `meant_for` helps to choose; residents never read it."""

    key: str
    name: str
    meant_for: str
    texts: Texts
    parts: Sequence[Part]


@lru_cache
def usual() -> Mapping[str, Template]:
    """The templates, by name."""
    found = [
        _template(path.stem, yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in (content.FOLDER / "campagnes").glob("*.yml")
    ]
    return {one.key: one for one in sorted(found, key=lambda one: one.name)}


async def make_from(
    session: AsyncSession,
    *,
    key: str,
    title: str,
    municipality_code: str,
    submission: uuid.UUID,
    clerk: Clerk,
    now: datetime,
) -> Campaign:
    """Make a draft that holds all of a template. Sending the form twice makes one.

    Args:
        title: what the clerk typed; without, the template's own.

    Raises:
        TemplateUnknown: nothing was made.
        FieldsWrong: the title can not be kept.
    """
    if key not in usual():
        raise TemplateUnknown
    template = usual()[key]
    texts = replace(template.texts, title=title) if title.strip() else template.texts
    is_new = await session.get(Campaign, submission) is None
    campaign = await making.make(
        session, municipality_code=municipality_code, texts=texts, submission=submission, clerk=clerk, now=now
    )
    made: list[CampaignPart] = []
    for part in template.parts if is_new else ():
        made.append(await part_writing.add(session, campaign, _with_condition(part, made)))
        if part.statements:
            await part_writing.add_statements(
                session, campaign, made[-1], lines="\n".join(part.statements), clerk=clerk, now=now
            )
    return campaign


def _with_condition(part: Part, made: Sequence[CampaignPart]) -> Typed:
    if part.condition is None:
        return part.typed
    number, texts = part.condition
    earlier = made[number - 1]
    chosen = [option["id"] for option in earlier.options if option["text"] in texts]
    typed = part.typed
    return Typed(typed.kind, typed.text, typed.lines, typed.rules, {"part": str(earlier.id), "options": chosen})


def _template(key: str, loaded: Mapping[str, Any]) -> Template:
    texts = Texts(
        title=loaded["titel"],
        why=loaded["waarom"].strip(),
        intro=loaded["intro"],
        thanks=loaded["dank"],
        theme=loaded["thema"],
        level=loaded["niveau"],
        phase=loaded["fase"],
    )
    return Template(key, loaded["naam"], loaded["waarvoor"], texts, [_part(one) for one in loaded["onderdelen"]])


def _part(loaded: Mapping[str, Any]) -> Part:
    rules = {
        "most": loaded.get("hoeveel"),
        "own": loaded.get("eigen", False),
        "words": loaded.get("woorden", False),
        "highest": loaded.get("tot", 5),
        "low_text": loaded.get("laag", ""),
        "high_text": loaded.get("hoog", ""),
    }
    only = loaded.get("alleen")
    return Part(
        Typed(loaded["soort"], loaded["tekst"], "\n".join(loaded.get("opties", ())), rules),
        tuple(loaded.get("stellingen", ())),
        (only["onderdeel"], tuple(only["opties"])) if only else None,
    )
