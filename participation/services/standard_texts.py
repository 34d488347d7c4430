"""Standard texts: the national ones, and what a municipality changed or added; all versions are kept."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

import yaml
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.dates import AMSTERDAM, dutch_date
from participation.errors import (
    FieldUnknown,
    StandardTextChanged,
    StandardTextUnknown,
    TextMissing,
    TextTooLong,
)
from participation.language.themes import themes
from participation.models import Clerk, Contribution, StandardText
from participation.models.standard_text import PURPOSES
from participation.services import audit, municipality_settings, offer_uses
from participation.text_fields import filled, unknown_fields

MAX_NAME_CHARACTERS = 60
MAX_WORDS_CHARACTERS = 3000
"""With its fields filled and some words added it still fits in one message of 4000."""


@dataclass(frozen=True)
class Standard:
    """One standard text as it holds in a municipality.

    `number` is that of its version, 0 for a national one that was never changed; `is_national` says whose words it has;
    `origin` which version of what in the shared library it was taken over from.
    """

    key: str
    name: str
    purpose: str
    words: str
    is_offered: bool = True
    number: int = 0
    is_national: bool = True
    origin: offer_uses.Version | None = None
    changed_at: datetime | None = field(default=None, compare=False)

    @property
    def is_own(self) -> bool:
        """Whether the griffie can choose it and its words are the municipality's own."""
        return self.is_offered and not self.is_national


@lru_cache
def usual() -> Mapping[str, Standard]:
    """The national texts, in the order in which they are offered."""
    loaded = yaml.safe_load((content.FOLDER / "standaardteksten.yml").read_text(encoding="utf-8"))
    return {key: Standard(key, entry["naam"], entry["doel"], entry["tekst"].strip()) for key, entry in loaded.items()}


async def all_of(session: AsyncSession, *, municipality_code: str) -> Sequence[Standard]:
    """Return all texts: the national ones first, then its own by name, offered or not."""
    rows = await session.scalars(
        select(StandardText)
        .ext(distinct_on(StandardText.key))
        .where(StandardText.municipality_code == municipality_code)
        .order_by(StandardText.key, StandardText.number.desc())
    )
    changed = {row.key: _standard(row) for row in rows}
    national = [changed.pop(key, text) for key, text in usual().items()]
    return national + sorted((text for text in changed.values() if text.words), key=lambda text: text.name.casefold())


async def offered(session: AsyncSession, *, municipality_code: str) -> Mapping[str, Sequence[Standard]]:
    """Return what the griffie can choose now, by the form it is for."""
    texts = [text for text in await all_of(session, municipality_code=municipality_code) if text.is_offered]
    return {purpose: [text for text in texts if text.purpose == purpose] for purpose in PURPOSES}


async def find(session: AsyncSession, *, municipality_code: str, key: str) -> Standard:
    """Return one text.

    Raises:
        StandardTextUnknown: not in this municipality.
    """
    newest = (await versions(session, municipality_code=municipality_code, key=key))[:1]
    if newest:
        return _standard(newest[0])
    if key in usual():
        return usual()[key]
    raise StandardTextUnknown


async def versions(session: AsyncSession, *, municipality_code: str, key: str) -> Sequence[StandardText]:
    """Return all that was ever kept of one text, the newest first."""
    found = await session.scalars(
        select(StandardText)
        .where(StandardText.municipality_code == municipality_code, StandardText.key == key)
        .order_by(StandardText.number.desc())
    )
    return found.all()


async def add(
    session: AsyncSession,
    *,
    municipality_code: str,
    name: str,
    purpose: str,
    words: str,
    submission: uuid.UUID,
    clerk: Clerk,
    now: datetime,
) -> Standard:
    """Add one of the municipality's own. `submission` is the id of the form: sending it twice adds one.

    Raises:
        TextMissing, TextTooLong, FieldUnknown: nothing was kept.
    """
    text = Standard(f"eigen-{submission.hex[:12]}", *_checked(name, purpose, words), number=1, is_national=False)
    try:
        await _keep(session, municipality_code, text, clerk, now)
    except StandardTextChanged:
        return await find(session, municipality_code=municipality_code, key=text.key)
    return text


async def change(
    session: AsyncSession,
    *,
    municipality_code: str,
    key: str,
    number: int,
    name: str,
    words: str,
    is_offered: bool,
    clerk: Clerk,
    now: datetime,
) -> Standard:
    """Keep a new version. `number` is that of the version that was on the page.

    A text for one form never becomes one for another: who chose it by name would send something else.

    Raises:
        StandardTextUnknown: not in this municipality.
        StandardTextChanged: there is a newer version than the one on the page.
        TextMissing, TextTooLong, FieldUnknown: nothing was kept.
    """
    before = await find(session, municipality_code=municipality_code, key=key)
    if before.number != number:
        raise StandardTextChanged
    name, purpose, words = _checked(name, before.purpose, words)
    national = key in usual() and words == usual()[key].words
    after = Standard(key, name, purpose, words, is_offered, number, national, None if national else before.origin)
    if after == before:
        return before
    after = replace(after, number=number + 1)
    await _keep(session, municipality_code, after, clerk, now, before=before)
    return after


async def take_over(
    session: AsyncSession,
    *,
    municipality_code: str,
    name: str,
    purpose: str,
    words: str,
    origin: offer_uses.Version,
    clerk: Clerk,
    now: datetime,
) -> Standard:
    """Keep a text of the shared library: as one of the municipality's own, or as the next version of what came of it.

    Raises:
        TextMissing, TextTooLong, FieldUnknown: nothing was kept.
        StandardTextChanged: a colleague changed it at the same moment.
    """
    name, purpose, words = _checked(name, purpose, words)
    before = await taken_over_from(session, municipality_code=municipality_code, offer_id=origin[0])
    if before is None:
        key = f"eigen-{uuid.uuid4().hex[:12]}"
        after = Standard(key, name, purpose, words, number=1, is_national=False, origin=origin)
    else:
        after = replace(before, name=name, words=words, number=before.number + 1, origin=origin)
    await _keep(session, municipality_code, after, clerk, now, before=before)
    return after


async def taken_over_from(session: AsyncSession, *, municipality_code: str, offer_id: uuid.UUID) -> Standard | None:
    """Return the text that was taken over of an offer, if one was."""
    texts = await all_of(session, municipality_code=municipality_code)
    return next((text for text in texts if text.origin and text.origin[0] == offer_id), None)


async def forget_origin(
    session: AsyncSession, *, municipality_code: str, offer_id: uuid.UUID, clerk: Clerk, now: datetime
) -> None:
    """Keep what was taken over of an offer without its link: as a next version, since no version ever changes."""
    before = await taken_over_from(session, municipality_code=municipality_code, offer_id=offer_id)
    if before is not None:
        after = replace(before, number=before.number + 1, origin=None)
        await _keep(session, municipality_code, after, clerk, now, before=before)


def _checked(name: str, purpose: str, words: str) -> tuple[str, str, str]:
    name, words = " ".join(name.split()), words.strip()
    if not name or not words or purpose not in PURPOSES:
        raise TextMissing
    if len(name) > MAX_NAME_CHARACTERS or len(words) > MAX_WORDS_CHARACTERS:
        raise TextTooLong
    if unknown := unknown_fields(words):
        raise FieldUnknown(unknown)
    return name, purpose, words


async def _keep(
    session: AsyncSession,
    municipality_code: str,
    text: Standard,
    clerk: Clerk,
    now: datetime,
    *,
    before: Standard | None = None,
) -> None:
    """Add a version, and tell the shared library who can choose what was taken over from it."""
    statement = (
        insert(StandardText)
        .values(
            municipality_code=municipality_code,
            key=text.key,
            number=text.number,
            name=text.name,
            purpose=text.purpose,
            words=None if text.is_national else text.words,
            is_offered=text.is_offered,
            changed_by=clerk.id,
            changed_at=now,
            offer_id=text.origin[0] if text.origin else None,
            offer_number=text.origin[1] if text.origin else None,
        )
        .on_conflict_do_nothing()
        .returning(StandardText.number)
    )
    if await session.scalar(statement) is None:
        raise StandardTextChanged
    await offer_uses.change(
        session,
        municipality_code=municipality_code,
        before=before.origin[0] if before and before.origin else None,
        after=text.origin if text.is_offered else None,
        now=now,
    )
    await audit.record(
        session,
        action="standaardtekst.veranderd",
        clerk=clerk,
        municipality_code=municipality_code,
        record=text.key,
        details={"naam": text.name, "versie": text.number, "aangeboden": text.is_offered},
        now=now,
    )
    await session.flush()


def _standard(row: StandardText) -> Standard:
    national = usual().get(row.key)
    words = row.words if row.words is not None else national.words if national else ""
    return Standard(
        row.key,
        row.name,
        row.purpose,
        words,
        row.is_offered,
        row.number,
        is_national=row.words is None,
        origin=offer_uses.taken_over(row),
        changed_at=row.changed_at,
    )


async def filled_for(
    session: AsyncSession, text: Standard, *, contribution: Contribution, clerk: Clerk, now: datetime
) -> str:
    """Return the words with what is known of this contribution; the rest is for the writer to fill."""
    name = await municipality_settings.shown_name(session, contribution.municipality_code)
    values = {
        "kenmerk": contribution.reference,
        "gemeente": name,
        "datum": dutch_date(now.astimezone(AMSTERDAM).date()),
        "ontvangen": dutch_date(contribution.created_at.astimezone(AMSTERDAM).date()),
        "naam_medewerker": clerk.name,
        "naam_griffie": f"griffie van {name}",
    }
    if contribution.kind:
        values["soort"] = contribution.kind
    if contribution.theme in themes():
        subject = themes()[contribution.theme].name
        values["onderwerp"] = subject[:1].lower() + subject[1:]
    return filled(text.words, values)
