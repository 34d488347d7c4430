"""All topics of a municipality at a glance: whose text is in force, what is being written, what has to be checked."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.language.readability import Measures, measure
from participation.links import store as links
from participation.models import AnswerDraft, AnswerOverride
from participation.services import answer_owners, answers
from participation.slots import SLOT

DAYS_BETWEEN_CHECKS = 365
"""A text whose source was not read for longer is overdue."""

NATIONAL, OWN, OVERDUE, BROKEN_LINK = "landelijk", "eigen", "nakijken", "link"
FACT_MISSING, UNSETTLED = "feit", "onzeker"
"""The text in force asks for a fact that nobody filled in; something in the national text was not looked up yet."""


@dataclass(frozen=True)
class TopicState:
    """One topic. `states` holds whose text is in force, the state of a draft if any, and what is wrong with it.

    `owner_id` is who keeps it up to date, if anybody does.
    """

    answer: content.Answer
    states: frozenset[str]
    checked_on: date
    measures: Measures
    owner_id: uuid.UUID | None


async def overview(
    session: AsyncSession, *, municipality_code: str, municipality: str, today: date
) -> list[TopicState]:
    """All topics, in the order of the library.

    Args:
        municipality: its name, which is measured where a text has a slot.
    """
    live = {
        row.topic: row
        for row in await session.scalars(
            select(AnswerOverride).where(AnswerOverride.municipality_code == municipality_code)
        )
    }
    drafts = {
        row.topic: row.state
        for row in await session.scalars(select(AnswerDraft).where(AnswerDraft.municipality_code == municipality_code))
    }
    broken = await links.broken(
        session, {url for topic in content.answers() for url in links_of(topic, live.get(topic))}
    )
    slots = {topic: _slots(answer, live.get(topic)) for topic, answer in content.answers().items()}
    known = await answers.filling_of(session, municipality_code, slots=set().union(*slots.values()), today=today)
    owners = await answer_owners.of_municipality(session, municipality_code=municipality_code)
    found = []
    for topic, answer in content.answers().items():
        text: AnswerOverride | content.Answer = live.get(topic, answer)
        states = {OWN if topic in live else NATIONAL}
        if topic in drafts:
            states.add(drafts[topic])
        if overdue(text.checked_on, answer.valid_until, today):
            states.add(OVERDUE)
        if not broken.keys().isdisjoint(links_of(topic, live.get(topic))):
            states.add(BROKEN_LINK)
        if slots[topic] - known.keys():
            states.add(FACT_MISSING)
        if answer.to_check and topic not in live:
            states.add(UNSETTLED)
        measures = measured(text.short, text.more, municipality)
        found.append(TopicState(answer, frozenset(states), text.checked_on, measures, owners.get(topic)))
    return found


def _slots(answer: content.Answer, live: AnswerOverride | None) -> set[str]:
    """The facts that the text in force asks of the griffie: the chat itself knows its campaigns."""
    asked = answers.slots_of(live.short, live.more) if live else {name for part in answer.local for name in part.facts}
    return asked - {"gemeente", answers.CAMPAIGNS_FACT}


def links_of(topic: str, live: AnswerOverride | None) -> tuple[str, ...]:
    """The links of the text that is in force."""
    return (live.source_url,) if live else tuple(source.url for source in content.answers()[topic].sources)


def measured(short: str, more: str | None, municipality: str) -> Measures:
    """Score both parts of a text together, as a resident could read them."""
    return measure(SLOT.sub(municipality, f"{short}\n{more or ''}"))


def overdue(checked_on: date, valid_until: date | None, today: date) -> bool:
    """Whether somebody has to read the source of a text again."""
    expired = valid_until is not None and checked_on <= valid_until < today
    return expired or (today - checked_on).days > DAYS_BETWEEN_CHECKS
