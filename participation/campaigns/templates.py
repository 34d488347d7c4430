"""Campaigns to start from, in content/campagnes/: a copy that is changed freely, with fields in [brackets] to fill."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.campaigns import setups
from participation.campaigns.making import Texts
from participation.campaigns.part_writing import Typed
from participation.campaigns.setups import Part, Setup
from participation.errors import DomainError
from participation.models import Campaign, Clerk


class TemplateUnknown(DomainError):
    """There is no such template."""


@dataclass(frozen=True)
class Template(Setup):
    """What a municipality can begin with. `meant_for` helps to choose; residents never read it."""

    key: str
    name: str
    meant_for: str


@lru_cache
def usual() -> Mapping[str, Template]:
    """The templates, by name."""
    found = [
        _template(path.stem, content.read(f"campagnes/{path.name}"))
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
    return await setups.make(
        session,
        setup=usual()[key],
        title=title,
        municipality_code=municipality_code,
        submission=submission,
        clerk=clerk,
        now=now,
    )


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
    found = tuple(_part(one) for one in loaded["onderdelen"])
    return Template(texts, found, key, loaded["naam"], loaded["waarvoor"])


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
