"""What a municipality offers to the shared library: a copy of what its residents get, never of a draft.

A copy is frozen. When the municipality changes its own text, others see nothing of that until somebody offers it again.
"""

import asyncio
import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from sqlalchemy import Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.campaigns import leaving_out, making, part_writing, parts, setups
from participation.campaigns.faults import CampaignUnknown
from participation.campaigns.setups import Setup
from participation.dates import AMSTERDAM
from participation.errors import StandardTextUnknown
from participation.models import AnswerOverride, Campaign, Clerk, Municipality, Offer, OfferVersion, OwnQuestion
from participation.models.offer import ANSWER, CAMPAIGN, OFFER_KINDS, OWN_QUESTION, STANDARD_TEXT
from participation.offer_faults import NothingNew, NothingToOffer, OfferUnknown, PersonalDataFound, TextChanged
from participation.privacy.masking import mask
from participation.services import audit, municipality_settings, offer_uses, own_questions, standard_texts
from participation.services.answers import OwnText, own_text
from participation.services.standard_texts import Standard


@dataclass(frozen=True)
class Words:
    """The text of an answer, an own question, a standard text or a campaign, wherever it is kept.

    Only an own question has `ways`. Only a standard text has a `purpose`, and no source; its name is its `question`.
    Only a campaign has a `setup`, and no source either; its title is its `question`.
    """

    question: str
    ways: tuple[str, ...]
    short: str
    more: str | None
    source_name: str
    source_url: str
    checked_on: date
    purpose: str | None = None
    setup: Setup | None = None

    @property
    def all_text(self) -> str:
        """Everything that residents can read or ask, and the source."""
        asked = self.setup.lines if self.setup else ()
        return "\n".join((self.question, *self.ways, self.short, self.more or "", self.source_name, *asked))

    @property
    def fingerprint(self) -> str:
        """The same for the same text, so that nobody offers or takes over another one than was on the page."""
        return hashlib.sha256(repr(asdict(self)).encode()).hexdigest()[:32]

    def as_own_question(self) -> own_questions.Text:
        """The text as the form of an own question has it."""
        return own_questions.Text(
            self.question,
            self.ways,
            self.short,
            self.more or "",
            self.source_name,
            self.source_url,
            self.checked_on,
        )

    def says_the_same_as(self, other: "Words") -> bool:
        """Whether nothing but the day of checking differs."""
        return self == replace(other, checked_on=self.checked_on)


def words_of(version: OfferVersion) -> Words:
    """The text of a version in the library."""
    return Words(
        version.question,
        tuple(version.ways),
        version.short,
        version.more,
        version.source_name,
        version.source_url,
        version.checked_on,
        version.purpose,
        setups.read(version.setup) if version.setup else None,
    )


def words_of_answer(topic: str, text: OwnText) -> Words:
    """The text of an own answer; its question is the national one."""
    known = content.answers().get(topic)
    question = known.question if known else topic
    return Words(question, (), text.short, text.more, text.source_name, text.source_url, text.checked_on)


def words_of_question(found: OwnQuestion) -> Words:
    """The text of an own question."""
    return Words(
        found.question,
        tuple(found.ways[1:]),
        found.short,
        found.more,
        found.source_name,
        found.source_url,
        found.checked_on,
    )


def words_of_standard(text: Standard) -> Words:
    """The text of a standard text of the municipality's own; it was checked when it was last changed."""
    changed_on = text.changed_at.astimezone(AMSTERDAM).date() if text.changed_at else date.min
    return Words(text.name, (), text.words, None, "", "", changed_on, text.purpose)


def words_of_setup(setup: Setup) -> Words:
    """The text of a campaign. It has no day on which it was checked: its moments are nobody else's business."""
    return Words(setup.texts.title, (), setup.texts.why, None, "", "", date.min, None, setup)


async def words_of_campaign(session: AsyncSession, campaign: Campaign) -> Words:
    """What others may read of a campaign: its set-up, without what is of one municipality."""
    asked = await parts.of(session, campaign.id)
    statements = await part_writing.statements_by_part(session, campaign.id)
    official = (await session.get_one(Municipality, campaign.municipality_code)).name
    choices = await municipality_settings.of(session, campaign.municipality_code)
    setup = setups.set_up_as(campaign, asked, statements)
    # "Bergen (L)" is how lists tell it from the other one; people write Bergen.
    names = {official, official.partition(" (")[0], choices.shown_name or official}
    return words_of_setup(leaving_out.left_out(setup, municipality=names, areas=choices.areas))


@dataclass(frozen=True)
class InChat:
    """What a municipality could offer, and what it has offered of it."""

    words: Words
    taken_over: offer_uses.Version | None
    offer: Offer | None
    newest: Words | None
    """The last version that was offered, also when it has been withdrawn."""

    @property
    def is_new(self) -> bool:
        """Whether the library does not show this text yet."""
        withdrawn = self.offer is None or self.offer.withdrawn_at is not None
        return withdrawn or self.newest is None or not self.words.says_the_same_as(self.newest)


async def in_chat(session: AsyncSession, *, municipality_code: str, kind: str, subject: str) -> InChat:
    """Return what residents of the municipality get now, or what its griffie can begin a text with.

    Args:
        subject: the topic of an answer, the id of an own question or a campaign, or the key of a standard text.

    Raises:
        NothingToOffer: they get no such text of their municipality's own.
    """
    words, origin = await _own_text(session, municipality_code, kind, subject)
    offer = await session.scalar(
        select(Offer).where(Offer.municipality_code == municipality_code, Offer.kind == kind, Offer.subject == subject)
    )
    newest = await session.get(OfferVersion, (offer.id, offer.newest)) if offer else None
    return InChat(words, origin, offer, words_of(newest) if newest else None)


async def texts_in_chat(session: AsyncSession, *, municipality_code: str) -> dict[tuple[str, str], Words]:
    """Return every text of its own that the municipality uses now, by kind and subject; of campaigns the offered."""
    known = content.answers()
    live = await session.scalars(select(AnswerOverride).where(AnswerOverride.municipality_code == municipality_code))
    own = await own_questions.of_municipality(session, municipality_code=municipality_code)
    found = {(ANSWER, one.topic): words_of_answer(one.topic, own_text(one)) for one in live.all() if one.topic in known}
    standard = await standard_texts.all_of(session, municipality_code=municipality_code)
    found |= {(STANDARD_TEXT, one.key): words_of_standard(one) for one in standard if one.is_own}
    found |= {(OWN_QUESTION, str(one.id)): words_of_question(one) for one in own if one.is_published}
    offered = await session.scalars(
        select(Campaign)
        .join(Offer, (Offer.kind == CAMPAIGN) & (Offer.subject == cast(Campaign.id, Text)))
        .where(Campaign.municipality_code == municipality_code, Offer.municipality_code == municipality_code)
    )
    return found | {(CAMPAIGN, str(one.id)): await words_of_campaign(session, one) for one in offered.all()}


async def _own_text(
    session: AsyncSession, municipality_code: str, kind: str, subject: str
) -> tuple[Words, offer_uses.Version | None]:
    if kind not in OFFER_KINDS:
        raise NothingToOffer
    if kind == ANSWER:
        live = await session.get(AnswerOverride, (municipality_code, subject))
        if live is None or subject not in content.answers():
            raise NothingToOffer
        return words_of_answer(subject, own_text(live)), offer_uses.taken_over(live)
    if kind == STANDARD_TEXT:
        try:
            text = await standard_texts.find(session, municipality_code=municipality_code, key=subject)
        except StandardTextUnknown:
            raise NothingToOffer from None
        if not text.is_own:
            raise NothingToOffer
        return words_of_standard(text), text.origin
    if kind == CAMPAIGN:
        return await _campaign(session, municipality_code, subject)
    try:
        found = await own_questions.get(session, municipality_code=municipality_code, question_id=uuid.UUID(subject))
    except (ValueError, own_questions.OwnQuestionUnknown):
        raise NothingToOffer from None
    if not found.is_published:
        raise NothingToOffer
    return words_of_question(found), offer_uses.taken_over(found)


async def _campaign(
    session: AsyncSession, municipality_code: str, subject: str
) -> tuple[Words, offer_uses.Version | None]:
    """Only what residents were asked already: a colleague looked at it, and it is nobody's plan any more."""
    try:
        campaign = await making.led(session, municipality_code=municipality_code, campaign_id=uuid.UUID(subject))
    except (ValueError, CampaignUnknown):
        raise NothingToOffer from None
    if campaign.started_at is None:
        raise NothingToOffer
    return await words_of_campaign(session, campaign), offer_uses.taken_over(campaign)


def personal_data(words: Words) -> tuple[str, ...]:
    """The pieces of a text that seem to be data of persons. Takes seconds at the first call of a process."""
    text = words.all_text
    return tuple(dict.fromkeys(text[start:end] for start, end, _ in mask(text).spans))


def names_place(words: Words, municipality: str) -> bool:
    """Whether a text holds the name of a municipality, which is not true of another one."""
    return re.search(rf"(?<!\w){re.escape(municipality)}(?!\w)", words.all_text, re.IGNORECASE) is not None


async def offer(
    session: AsyncSession,
    *,
    municipality_code: str,
    kind: str,
    subject: str,
    fingerprint: str,
    checked: bool,
    clerk: Clerk,
    now: datetime,
) -> Offer:
    """Put what residents get now into the library: as something new, or as the next version.

    Args:
        fingerprint: of the text that was on the page.
        checked: somebody has seen what seems to be data of persons, and says that it may be read by all.

    Raises:
        NothingToOffer, TextChanged, PersonalDataFound: nothing is offered.
        NothingNew: it is there already, or it is the text of another municipality, unchanged.
    """
    await _lock(session, municipality_code, kind, subject)
    found = await in_chat(session, municipality_code=municipality_code, kind=kind, subject=subject)
    words, offered = found.words, found.offer
    if words.fingerprint != fingerprint:
        raise TextChanged
    if not found.is_new or await _is_as_taken_over(session, found):
        raise NothingNew
    if not checked and (personal := await asyncio.to_thread(personal_data, words)):
        raise PersonalDataFound(personal)
    if offered is None:
        offered = Offer(
            id=uuid.uuid4(), municipality_code=municipality_code, kind=kind, subject=subject, newest=0, offered_at=now
        )
        session.add(offered)
    offered.newest, offered.withdrawn_at = offered.newest + 1, None
    await session.flush()
    text = asdict(words) | {
        "ways": list(words.ways),
        "setup": setups.written(words.setup) if words.setup else None,
    }
    session.add(
        OfferVersion(
            offer_id=offered.id,
            number=offered.newest,
            municipality_code=municipality_code,
            search_text=words.all_text.lower(),
            offered_at=now,
            **text,
        )
    )
    await _record(session, "aangeboden", offered, clerk, now)
    return offered


async def withdraw(
    session: AsyncSession, *, municipality_code: str, offer_id: uuid.UUID, clerk: Clerk, now: datetime
) -> None:
    """Take something out of the library. Who took it over keeps it, and sees that it was withdrawn.

    Raises:
        OfferUnknown: this municipality offers no such thing.
    """
    found = await session.get(Offer, offer_id, with_for_update=True)
    if found is None or found.municipality_code != municipality_code or found.withdrawn_at is not None:
        raise OfferUnknown
    found.withdrawn_at = now
    await _record(session, "ingetrokken", found, clerk, now)


async def of_municipality(session: AsyncSession, *, municipality_code: str) -> Sequence[Offer]:
    """Return all that a municipality offers or offered, the newest first."""
    found = await session.scalars(
        select(Offer).where(Offer.municipality_code == municipality_code).order_by(Offer.offered_at.desc())
    )
    return found.all()


async def _is_as_taken_over(session: AsyncSession, found: InChat) -> bool:
    version = await session.get(OfferVersion, found.taken_over) if found.taken_over else None
    return version is not None and found.words.says_the_same_as(words_of(version))


async def _lock(session: AsyncSession, *what: str) -> None:
    """One offer of a thing at a time, also when there is no row yet to lock."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"aanbod {' '.join(what)}"))))


async def _record(session: AsyncSession, what: str, found: Offer, clerk: Clerk, now: datetime) -> None:
    await audit.record(
        session,
        action=f"bibliotheek.{what}",
        clerk=clerk,
        municipality_code=found.municipality_code,
        record=str(found.id),
        details={"soort": found.kind, "onderwerp": found.subject, "versie": found.newest},
        now=now,
    )
