"""Taking over what another municipality offers: as a draft of one's own, with a link to where it came from.

What was taken over is the municipality's own text from then on: it is checked, changed and published as every other.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.answer_faults import DraftChanged
from participation.campaigns import setups
from participation.campaigns.making import Texts
from participation.campaigns.setups import Setup
from participation.models import (
    AnswerDraft,
    AnswerOverride,
    Campaign,
    Clerk,
    Municipality,
    Offer,
    OfferVersion,
    OwnQuestion,
)
from participation.models.offer import ANSWER, CAMPAIGN, STANDARD_TEXT
from participation.offer_faults import DraftInTheWay, LooksAlike, OfferUnknown, TextChanged
from participation.services import answers_writing, audit, offer_uses, own_questions, standard_texts
from participation.services.answers import OwnText, own_text
from participation.services.offers import (
    Words,
    words_of,
    words_of_answer,
    words_of_question,
    words_of_setup,
    words_of_standard,
)


@dataclass(frozen=True)
class Adoption:
    """Something that was taken over here.

    `subject` is the topic, or the id of the own question or campaign or the key of the standard text that came of it;
    `number` the newest version that was taken over, be it still a draft; `words` what stands here now, of a campaign
    only what it is called and why; `in_chat` whether residents get a version of it, or the griffie can choose it.
    """

    offer: Offer
    by: str
    subject: str
    number: int
    words: Words
    in_chat: bool

    @property
    def is_withdrawn(self) -> bool:
        """Whether nobody else can take it over any more."""
        return self.offer.withdrawn_at is not None

    @property
    def is_fixed(self) -> bool:
        """Whether it stays as it is, whatever the library does: a campaign that has started."""
        return self.offer.kind == CAMPAIGN and self.in_chat

    @property
    def has_newer(self) -> bool:
        """Whether the library has a newer version that can be used here."""
        return not self.is_withdrawn and not self.is_fixed and self.offer.newest > self.number

    @property
    def is_news(self) -> bool:
        """Whether the griffie has something to look at."""
        return self.has_newer or (self.is_withdrawn and not self.is_fixed)


async def of_municipality(session: AsyncSession, *, municipality_code: str) -> Sequence[Adoption]:
    """Return all that was taken over here: what there is news of first, then in the order of the alphabet."""
    found = [*await _answers(session, municipality_code), *await _questions(session, municipality_code)]
    found += await _standard_texts(session, municipality_code)
    found += await _campaigns(session, municipality_code)
    return sorted(found, key=lambda one: (not one.is_news, one.words.question.casefold()))


async def find(session: AsyncSession, *, municipality_code: str, offer_id: uuid.UUID) -> Adoption | None:
    """Return what was taken over of an offer, if anything was."""
    known = await of_municipality(session, municipality_code=municipality_code)
    return next((one for one in known if one.offer.id == offer_id), None)


async def is_changed_here(session: AsyncSession, adoption: Adoption) -> bool:
    """Whether the griffie changed the text after taking it over. What was withdrawn can not be compared any more."""
    version = await session.get(OfferVersion, (adoption.offer.id, adoption.number))
    return version is not None and not adoption.words.says_the_same_as(words_of(version))


async def adopt(
    session: AsyncSession,
    *,
    municipality_code: str,
    offer_id: uuid.UUID,
    fingerprint: str,
    clerk: Clerk,
    now: datetime,
    publish: bool = False,
    anyway: bool = False,
    taken: Sequence[own_questions.Taken] = (),
    submission: uuid.UUID | None = None,
) -> str:
    """Take over the newest version: a draft of an answer or a campaign, an own question outside the chat, or a text.

    Returns the topic, the id of the own question or the campaign, or the key of the standard text. A campaign can be
    taken over again, for another one.

    Args:
        fingerprint: of the version that was on the page.
        publish: leave an own question that is in the chat there, with the new text. Who may not publish passes False.
        anyway: take over a question that looks like what the chat knows already.
        taken: ways to ask an own question that get a trained answer; `own_questions.taken` finds them.
        submission: the id of the form, for a campaign: sending it twice makes one.

    Raises:
        OfferUnknown: nobody offers this, or this municipality does so itself.
        TextChanged: there is a newer version than was on the page.
        DraftInTheWay, LooksAlike: nothing was taken over. An untouched draft of an older version is not in the way.
        FieldsFaulty, OwnQuestionFaulty, OwnQuestionsFull, EncoderMissing, StandardTextChanged, FieldsWrong: as for what
            is typed.
    """
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtext(f"overnemen {municipality_code} {offer_id}")))
    )
    offer = await session.get(Offer, offer_id, populate_existing=True)
    if offer is None or offer.withdrawn_at is not None or offer.municipality_code == municipality_code:
        raise OfferUnknown
    version = await session.get_one(OfferVersion, (offer.id, offer.newest))
    words = words_of(version)
    if words.fingerprint != fingerprint:
        raise TextChanged
    if offer.kind == ANSWER:
        subject = await _draft(session, municipality_code, offer, words, clerk, now)
    elif words.setup is not None:
        known = await session.get(Campaign, submission) if submission else None
        campaign = await setups.make(
            session,
            setup=words.setup,
            municipality_code=municipality_code,
            submission=submission or uuid.uuid4(),
            clerk=clerk,
            now=now,
        )
        if known is not None:
            return str(campaign.id)
        campaign.offer_id, campaign.offer_number = offer.id, offer.newest
        subject = str(campaign.id)
    elif offer.kind == STANDARD_TEXT:
        kept = await standard_texts.take_over(
            session,
            municipality_code=municipality_code,
            name=words.question,
            purpose=words.purpose or "",
            words=words.short,
            origin=(offer.id, offer.newest),
            clerk=clerk,
            now=now,
        )
        subject = kept.key
    else:
        if not anyway:
            await _unlike_what_is_known(session, municipality_code, offer, words, taken)
        subject = await _question(session, municipality_code, offer, words, clerk, now, publish=publish)
    await _record(session, "overgenomen", municipality_code, offer, offer.newest, clerk, now)
    return subject


async def let_go(
    session: AsyncSession, *, municipality_code: str, offer_id: uuid.UUID, clerk: Clerk, now: datetime
) -> Adoption:
    """Keep the text and forget where it came from. An older version that is put back later brings its link back.

    Raises:
        OfferUnknown: nothing was taken over of it.
    """
    known = await find(session, municipality_code=municipality_code, offer_id=offer_id)
    if known is None:
        raise OfferUnknown
    for table in (AnswerDraft, AnswerOverride, OwnQuestion):
        for row, offer, _ in await _rows(session, table, municipality_code):
            if offer.id == offer_id:
                row.offer_id = row.offer_number = None
    await standard_texts.forget_origin(
        session, municipality_code=municipality_code, offer_id=offer_id, clerk=clerk, now=now
    )
    await offer_uses.change(session, municipality_code=municipality_code, before=offer_id, after=None, now=now)
    await _record(session, "losgelaten", municipality_code, known.offer, known.number, clerk, now)
    return known


async def let_go_of_campaign(
    session: AsyncSession,
    *,
    municipality_code: str,
    offer_id: uuid.UUID,
    campaign_id: uuid.UUID,
    clerk: Clerk,
    now: datetime,
) -> None:
    """Keep one campaign and forget where it came from: an offer can be taken over for several.

    Raises:
        OfferUnknown: it was not made of this offer.
    """
    made = {row.id: row for row, offer, _ in await _rows(session, Campaign, municipality_code) if offer.id == offer_id}
    campaign = made.pop(campaign_id, None)
    if campaign is None:
        raise OfferUnknown
    number, campaign.offer_id, campaign.offer_number = campaign.offer_number, None, None
    if all(one.started_at is None for one in made.values()):
        await offer_uses.change(session, municipality_code=municipality_code, before=offer_id, after=None, now=now)
    offer = await session.get_one(Offer, offer_id)
    await _record(session, "losgelaten", municipality_code, offer, number, clerk, now)


async def _draft(
    session: AsyncSession, municipality_code: str, offer: Offer, words: Words, clerk: Clerk, now: datetime
) -> str:
    text = OwnText(
        words.short, words.more, words.source_name, words.source_url, words.checked_on, offer.id, offer.newest
    )
    draft = await session.get(AnswerDraft, (municipality_code, offer.subject))
    replaceable = draft is not None and draft.offer_id == offer.id and await _is_untouched(session, draft)
    try:
        await answers_writing.save(
            session,
            municipality_code=municipality_code,
            topic=offer.subject,
            text=text,
            revision=draft.revision if draft is not None and replaceable else 0,
            for_review=False,
            clerk=clerk,
            now=now,
        )
    except DraftChanged:
        raise DraftInTheWay from None
    return offer.subject


async def _is_untouched(session: AsyncSession, draft: AnswerDraft) -> bool:
    """Whether nobody has put any work into what was taken over; if it was withdrawn in between, nobody can tell."""
    version = await session.get(OfferVersion, (draft.offer_id, draft.offer_number))
    return version is not None and words_of_answer(draft.topic, own_text(draft)).says_the_same_as(words_of(version))


async def _unlike_what_is_known(
    session: AsyncSession,
    municipality_code: str,
    offer: Offer,
    words: Words,
    taken: Sequence[own_questions.Taken],
) -> None:
    row = await _taken_over(session, municipality_code, offer)
    alike = await own_questions.conflicts(
        session,
        municipality_code=municipality_code,
        text=words.as_own_question(),
        itself=row.id if row else None,
    )
    if alike or taken:
        raise LooksAlike(tuple(one.question for one in alike))


async def _taken_over(session: AsyncSession, municipality_code: str, offer: Offer) -> OwnQuestion | None:
    found: OwnQuestion | None = await session.scalar(
        select(OwnQuestion).where(OwnQuestion.municipality_code == municipality_code, OwnQuestion.offer_id == offer.id)
    )
    return found


async def _question(
    session: AsyncSession,
    municipality_code: str,
    offer: Offer,
    words: Words,
    clerk: Clerk,
    now: datetime,
    *,
    publish: bool,
) -> str:
    row = await _taken_over(session, municipality_code, offer)
    kept = await own_questions.save(
        session,
        municipality_code=municipality_code,
        question=row,
        text=words.as_own_question(),
        publish=publish and row is not None and row.is_published,
        clerk=clerk,
        now=now,
        origin=(offer.id, offer.newest),
    )
    return str(kept.id)


async def _answers(session: AsyncSession, municipality_code: str) -> list[Adoption]:
    """A draft goes before what is in force: it is the newest that was done about it here."""
    found: dict[tuple[str, uuid.UUID], Adoption] = {}
    for table in (AnswerOverride, AnswerDraft):
        for row, offer, by in await _rows(session, table, municipality_code):
            key = (row.topic, offer.id)
            in_chat = table is AnswerOverride or key in found
            words = words_of_answer(row.topic, own_text(row))
            found[key] = Adoption(offer, by, row.topic, row.offer_number, words, in_chat)
    return list(found.values())


async def _questions(session: AsyncSession, municipality_code: str) -> list[Adoption]:
    return [
        Adoption(offer, by, str(row.id), row.offer_number, words_of_question(row), row.is_published)
        for row, offer, by in await _rows(session, OwnQuestion, municipality_code)
    ]


async def _standard_texts(session: AsyncSession, municipality_code: str) -> list[Adoption]:
    texts = await standard_texts.all_of(session, municipality_code=municipality_code)
    kept = {text.origin: text for text in texts if text.origin}
    offers_of = await session.execute(
        select(Offer, Municipality.name)
        .join(Municipality, Municipality.code == Offer.municipality_code)
        .where(Offer.id.in_([offer_id for offer_id, _ in kept]))
    )
    known = {offer.id: (offer, by) for offer, by in offers_of}
    return [
        Adoption(*known[offer_id], text.key, number, words_of_standard(text), text.is_offered)
        for (offer_id, number), text in kept.items()
    ]


async def _campaigns(session: AsyncSession, municipality_code: str) -> list[Adoption]:
    return [
        Adoption(
            offer,
            by,
            str(row.id),
            row.offer_number,
            words_of_setup(Setup(Texts(row.title, row.why), ())),
            row.started_at is not None,
        )
        for row, offer, by in await _rows(session, Campaign, municipality_code)
    ]


async def _rows(session: AsyncSession, table: Any, municipality_code: str) -> Sequence[Any]:
    """Texts of one kind that were taken over, each with its offer and the name of who offers it."""
    query = (
        select(table, Offer, Municipality.name)
        .join(Offer, Offer.id == table.offer_id)
        .join(Municipality, Municipality.code == Offer.municipality_code)
        .where(table.municipality_code == municipality_code)
    )
    return (await session.execute(query)).all()


async def _record(
    session: AsyncSession, what: str, municipality_code: str, offer: Offer, number: int, clerk: Clerk, now: datetime
) -> None:
    await audit.record(
        session,
        action=f"bibliotheek.{what}",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(offer.id),
        details={"soort": offer.kind, "versie": number},
        now=now,
    )
