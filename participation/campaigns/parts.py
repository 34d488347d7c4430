"""The things that a campaign asks, in order: what each kind holds, and reading and checking it.

| kind | options | rules |
|---|---|---|
| stellingen | none | `own`: own statements are welcome; `most`: how many one person gets to see, null for all |
| keuze | 2 to 12 | `most`: how many may be chosen; `words`: a choice may be given words |
| schaal | none | `lowest` 1; `highest` 5, 7 or 10; `low_text` and `high_text`: what the ends mean |
| rangorde | 2 to 8 | `most`: how many are put in order |
| dilemma | exactly 2 | `words`: a choice may be given words |
| open | none | `most_characters`: at most 1000 |
| plaats | areas, or none | `words`: a place may be typed |

The statements of a part are rows of `statement`.
Every option is `{"id": str, "text": str}`; its id never changes. A part with `condition`
`{"part": id, "options": [id, ...]}` is asked only of who chose one of these options at that earlier part.
"""

import secrets
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns.faults import FieldsWrong, PartUnknown
from participation.models import CampaignPart, Statement
from participation.models.campaign import PART_KINDS

MAX_TEXT, MAX_OPTION, MAX_END = 300, 80, 40
"""Characters: a question that fits on a phone, an option that fits on a button, the words at an end of a scale."""

OPTIONS = {"keuze": (2, 12), "rangorde": (2, 8), "dilemma": (2, 2), "plaats": (0, 12)}
"""Kind to the least and most options; the other kinds have none."""

SCALES = (5, 7, 10)
MOST_CHARACTERS = 1000
STEERING = ("keuze", "dilemma")
"""Kinds on whose options a later part may depend."""


@dataclass(frozen=True)
class Asked:
    """A part as it can be kept."""

    kind: str
    text: str
    options: list[dict[str, Any]]
    rules: dict[str, Any]
    condition: dict[str, Any] | None = None


async def of(session: AsyncSession, campaign_id: uuid.UUID) -> list[CampaignPart]:
    """Return the parts of a campaign in order."""
    found = await session.scalars(
        select(CampaignPart).where(CampaignPart.campaign_id == campaign_id).order_by(CampaignPart.position)
    )
    return list(found.all())


async def find(session: AsyncSession, *, campaign_id: uuid.UUID, part_id: uuid.UUID) -> CampaignPart:
    """Return one part.

    Raises:
        PartUnknown: not of this campaign.
    """
    found = await session.get(CampaignPart, part_id)
    if found is None or found.campaign_id != campaign_id:
        raise PartUnknown
    return found


async def statements_of(session: AsyncSession, part_id: uuid.UUID) -> list[Statement]:
    """Return the statements that residents vote on, by number."""
    found = await session.scalars(
        select(Statement).where(Statement.part_id == part_id, Statement.state == "goed").order_by(Statement.number)
    )
    return list(found.all())


def applies(part: CampaignPart, chosen: Mapping[str, Collection[str]]) -> bool:
    """Whether a part is asked of somebody. `chosen`: id of a part as text to the ids of the options chosen there."""
    if part.condition is None:
        return True
    return not set(part.condition["options"]).isdisjoint(chosen.get(part.condition["part"], ()))


def asked_of(parts: Sequence[CampaignPart], chosen: Mapping[str, Collection[str]]) -> list[CampaignPart]:
    """Return the parts that are asked of somebody, by what they chose now; `parts` in order, `chosen` as above.

    What was chosen at a part that is not asked (any more) decides nothing.
    """
    found: list[CampaignPart] = []
    counts: dict[str, Collection[str]] = {}
    for part in parts:
        if applies(part, counts):
            found.append(part)
            counts[str(part.id)] = chosen.get(str(part.id), ())
    return found


def checked(
    *,
    kind: str,
    text: str,
    options: Sequence[tuple[str, str]] = (),
    rules: Mapping[str, Any],
    condition: Mapping[str, Any] | None = None,
    before: Sequence[CampaignPart] = (),
) -> Asked:
    """Return a part as it can be kept.

    Args:
        options: id and text; a new option has an empty id and gets one here.
        rules: what was chosen; what does not belong to the kind is left out.
        before: the parts that are asked earlier; a condition can only name one of those.

    Raises:
        FieldsWrong: field (`soort`, `tekst`, `opties`, `regels`, `voorwaarde`) to what is wrong.
    """
    if kind not in PART_KINDS:
        raise FieldsWrong({"soort": "onbekend"})
    text = " ".join(text.split())
    faults = {}
    if not text or len(text) > MAX_TEXT:
        faults["tekst"] = "leeg" if not text else "lang"
    kept = [
        {"id": known or secrets.token_hex(4), "text": " ".join(words.split())}
        for known, words in options
        if words.strip()
    ]
    least, most = OPTIONS.get(kind, (0, 0))
    kept = kept if kind in OPTIONS else []
    texts = [option["text"].casefold() for option in kept]
    if not least <= len(kept) <= most:
        faults["opties"] = "aantal"
    elif any(len(one) > MAX_OPTION for one in texts):
        faults["opties"] = "lang"
    elif len(set(texts)) < len(texts):
        faults["opties"] = "dubbel"
    fitting, wrong = _rules(kind, rules, len(kept))
    if wrong:
        faults["regels"] = wrong
    found = _condition(condition, before)
    if condition and found is None:
        faults["voorwaarde"] = "onbekend"
    if faults:
        raise FieldsWrong(faults)
    return Asked(kind, text, kept, fitting, found)


def _rules(kind: str, given: Mapping[str, Any], options: int) -> tuple[dict[str, Any], str]:
    """Return the rules of this kind, and what is wrong with them."""
    if kind == "stellingen":
        most = given.get("most") or None
        return {"own": bool(given.get("own")), "most": most}, "" if most is None or 5 <= most <= 100 else "aantal"
    if kind in ("keuze", "rangorde"):
        most = given.get("most") or (1 if kind == "keuze" else options)
        rules = {"most": most} | ({"words": bool(given.get("words"))} if kind == "keuze" else {})
        return rules, "" if 1 <= most <= max(options, 1) else "aantal"
    if kind == "schaal":
        low, high = (" ".join(str(given.get(end, "")).split()) for end in ("low_text", "high_text"))
        highest = given.get("highest", 5)
        fits = highest in SCALES and low and high and max(len(low), len(high)) <= MAX_END
        return {"lowest": 1, "highest": highest, "low_text": low, "high_text": high}, "" if fits else "schaal"
    if kind == "open":
        most = given.get("most_characters") or MOST_CHARACTERS
        return {"most_characters": most}, "" if 50 <= most <= MOST_CHARACTERS else "aantal"
    return {"words": bool(given.get("words")) or (kind == "plaats" and not options)}, ""


def _condition(given: Mapping[str, Any] | None, before: Sequence[CampaignPart]) -> dict[str, Any] | None:
    """Return a condition that can come true, or None."""
    if not given:
        return None
    for part in before:
        if str(part.id) == given.get("part") and part.kind in STEERING:
            chosen = [option["id"] for option in part.options if option["id"] in given.get("options", ())]
            return {"part": str(part.id), "options": chosen} if chosen else None
    return None
