"""What the calendar and the papers add to an answer: local facts, sentences and links, in the words of content/."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.council import calendar
from participation.council.calendar import Planned
from participation.dates import AMSTERDAM, day_and_time, dutch_date
from participation.models import CouncilDocument
from participation.reply import Link
from participation.services import municipalities

TOPICS = ("raad_vergadering_wanneer", "raad_vergadering_bijwonen", "raad_agenda_stukken", "raad_stemgedrag")
FACTS = frozenset({"volgende_vergadering", "vergaderlocatie", "livestream_url"})
"""What the calendar knows goes into these slots of any text."""

_ABOUT_THE_NEXT = ("raad_vergadering_wanneer", "raad_vergadering_bijwonen")
MOST_POINTS = 8
"""More points than this make a chat message a list to scroll through."""


@dataclass
class Published:
    """What is known for one topic: facts that fill the library's own sentences, more sentences, and links."""

    facts: dict[str, str] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


async def published(
    session: AsyncSession,
    *,
    topic: str,
    municipality_code: str,
    question: str,
    now: datetime,
    own_slots: Set[str] | None = None,
) -> Published:
    """What the council published that belongs to this topic; empty when nothing is known.

    Args:
        own_slots: the slots of a municipality's own text for this topic, which may ask for the next meeting where the
            library does not; None where the library's text is shown.
    """
    if topic == "raad_stemgedrag":
        return await _about_decisions(session, municipality_code, question, now)
    if topic not in TOPICS and FACTS.isdisjoint(own_slots or ()):
        return Published()
    planned = await calendar.next_meeting(session, municipality_code=municipality_code, now=now)
    return Published() if planned is None else _about_meeting(topic, planned, now, own_slots)


def _about_meeting(topic: str, planned: Planned, now: datetime, own_slots: Set[str] | None) -> Published:
    meeting, today = planned.meeting, now.astimezone(AMSTERDAM).date()
    when = day_and_time(meeting.starts_at, today=today, with_time=meeting.time_known)
    found = Published(facts={"volgende_vergadering": when})
    if meeting.place:
        found.facts["vergaderlocatie"] = meeting.place
    if meeting.livestream_url:
        found.facts["livestream_url"] = meeting.livestream_url
    if _has_to_tell(topic, own_slots):
        found.sentences.append(content.text("vergadering_volgende", wanneer=when))
    if topic == "raad_vergadering_bijwonen" and meeting.livestream_url:
        found.links.append(Link(content.text("vergadering_meekijken"), meeting.livestream_url))
    if topic == "raad_agenda_stukken":
        found.sentences.append(_agenda(planned, when))
    if meeting.url and topic in TOPICS:
        title = content.text("vergadering_link", datum=_day(meeting.starts_at))
        found.links.append(Link(title, meeting.url))
    if planned.stale_since is not None:
        found.sentences.append(content.text("vergadering_verouderd", datum=_day(planned.stale_since)))
    return found


def _has_to_tell(topic: str, own_slots: Set[str] | None) -> bool:
    """Whether a sentence about the next meeting is needed: the text itself does not say when it is."""
    if own_slots is None:
        return topic == "raad_vergadering_bijwonen"
    return topic in _ABOUT_THE_NEXT and "volgende_vergadering" not in own_slots


def _agenda(planned: Planned, when: str) -> str:
    if not planned.agenda:
        return content.text("vergadering_zonder_agenda", wanneer=when)
    lines = [content.text("vergadering_agenda", wanneer=when)]
    lines += [f"- {title}" for title in planned.agenda[:MOST_POINTS]]
    left = len(planned.agenda) - MOST_POINTS
    if left > 0:
        lines.append(content.text("vergadering_meer_punten", aantal=str(left)))
    return "\n".join(lines)


async def _about_decisions(session: AsyncSession, municipality_code: str, question: str, now: datetime) -> Published:
    # Every paper of a municipality is about that municipality: its name does not tell papers apart.
    name = municipalities.names()[municipality_code]
    question = re.sub(rf"\b{re.escape(name)}\b", " ", question, flags=re.IGNORECASE)
    if not calendar.subject_of(question):
        return Published()
    searched = await calendar.papers(session, municipality_code=municipality_code, now=now)
    if searched is None:
        return Published()
    found = await calendar.papers_about(
        session, municipality_code=municipality_code, question=question, today=now.astimezone(AMSTERDAM).date()
    )
    sentences = [_hits(found) if found else content.text("stukken_niet_gevonden")]
    if searched.stale_since is not None:
        sentences.append(content.text("stukken_verouderd", datum=_day(searched.stale_since)))
    return Published(sentences=sentences, links=[Link(_named(paper), paper.url or "") for paper in found])


def _day(moment: datetime) -> str:
    return dutch_date(moment.astimezone(AMSTERDAM).date())


def _hits(papers: Sequence[CouncilDocument]) -> str:
    return "\n".join([content.text("stukken_gevonden"), *(f"- {_named(paper)}" for paper in papers)])


def _named(paper: CouncilDocument) -> str:
    told = [paper.kind or "", dutch_date(paper.day) if paper.day else ""]
    about = ", ".join(one for one in told if one)
    return f"{paper.title} ({about})" if about else paper.title
