"""Answering a question: the national text, the municipality's own version of it, and its local facts."""

import re
import uuid
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.campaigns import states
from participation.council.words import Published, published
from participation.dates import AMSTERDAM, dutch_date
from participation.known_facts import known_facts
from participation.models import AnswerDraft, AnswerOverride, LocalFact, Municipality
from participation.reply import Button, Link, Reply
from participation.services.municipality_settings import shown_name
from participation.slots import SLOT, fill

CAMPAIGNS, CAMPAIGNS_FACT = "lopende_campagnes", "campagnes"
"""The topic that tells what residents can have their say about, and the fact that it is filled with."""

TAKE_PART = "campagne_meedoen"
"""What a resident means who wants to take part in a campaign."""

_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])[ \t]+")


@dataclass(frozen=True)
class OwnText:
    """A municipality's own words for a topic. They may hold {gemeente} and the {name} of any fact.

    `offer_id` and `offer_number` tell which version in the shared library they were taken over from, if they were.
    """

    short: str
    more: str | None
    source_name: str
    source_url: str
    checked_on: date
    offer_id: uuid.UUID | None = None
    offer_number: int | None = None


async def find(
    session: AsyncSession,
    *,
    topic: str,
    municipality_code: str | None,
    today: date,
    now: datetime | None = None,
    question: str = "",
) -> Reply:
    """Answer a topic for a municipality, or nationally where the municipality is not known.

    A missing fact never shows as an empty slot: the sentence for the unknown case takes its place. What the council
    itself publishes goes before a fact that somebody typed once.

    Args:
        now: decides which meeting is the next; without it, the beginning of `today`.
        question: the resident's own words; they say what to look for in the council's papers.

    Raises:
        KeyError: the library has no such topic.
    """
    own = await session.get(AnswerOverride, (municipality_code, topic)) if municipality_code else None
    return await shown(
        session,
        topic=topic,
        municipality_code=municipality_code,
        own=own_text(own) if own else None,
        today=today,
        now=now,
        question=question,
    )


async def shown(
    session: AsyncSession,
    *,
    topic: str,
    municipality_code: str | None,
    own: OwnText | None,
    today: date,
    now: datetime | None = None,
    question: str = "",
) -> Reply:
    """Answer with the own text that is given, or the national one: what the desk shows before it is in force.

    A sentence of an own text with a fact that is not known is left out. When that leaves nothing, the national text
    takes its place. The calendar of the council adds to both.

    Raises:
        KeyError: the library has no such topic.
    """
    answer, moment = content.answers()[topic], now or datetime.combine(today, time(), AMSTERDAM)
    municipality = await session.get(Municipality, municipality_code) if municipality_code else None
    facts = await facts_of(session, municipality.code, today=today) if municipality and (own or answer.local) else {}
    offered: tuple[Button, ...] = ()
    if municipality and topic == CAMPAIGNS:
        facts, offered = await _with_campaigns(session, municipality.code, facts, now=moment)
    override, council = None, Published()
    for text in (own, None) if own else (None,):
        if municipality:
            council = await published(
                session,
                topic=topic,
                municipality_code=municipality.code,
                question=question,
                now=moment,
                own_slots=slots_of(text.short, text.more) if text else None,
            )
        override = _filled(text, facts | council.facts) if text else None
        if override:
            break
    name = await shown_name(session, municipality.code) if municipality else None
    short = override.short if override else answer.short
    more = override.more if override else answer.more
    parts_of_library = () if override else answer.local
    told = [*council.sentences, *(_local(part, facts | council.facts) for part in parts_of_library)]
    local = "\n\n".join(sentence for sentence in told if sentence)
    sources = (
        [Link(override.source_name, override.source_url)]
        if override
        else [Link(source.title, source.url) for source in answer.sources]
    )
    links = (*council.links, *sources)
    checked_on = override.checked_on if override else answer.checked_on
    parts = [short, local, _checked(checked_on, answer.valid_until, today)]
    if answer.group == "doorverwijzen":
        parts.pop()  # a referral is no fact to date
    buttons = [Button(content.answers()[next_].question, {"intent": f"vraag/{next_}"}) for next_ in answer.next_topics]
    if answer.local and municipality is None:
        buttons.append(Button(content.text("knop_gemeente_noemen"), {"intent": "gemeente_kiezen"}))
    return Reply(
        text=_name(name, "\n\n".join(part for part in parts if part)),
        kind="nood" if topic in ("noodgeval", "persoonlijke_nood") else "antwoord",
        buttons=(*offered, *buttons),
        links=links,
        more=_name(name, more) if more else None,
    )


async def _with_campaigns(
    session: AsyncSession, municipality_code: str, facts: dict[str, str], *, now: datetime
) -> tuple[dict[str, str], tuple[Button, ...]]:
    """The facts with the campaigns that run in this chat before what was typed, and the button to take part."""
    running = await states.running(session, municipality_code, now)
    if not running:
        return facts, ()
    titles = [campaign.title for campaign in running]
    named = ", ".join([*titles, *([facts[CAMPAIGNS_FACT]] if CAMPAIGNS_FACT in facts else [])])
    join = Button(content.texts()["keuze"][TAKE_PART], {"intent": TAKE_PART})
    return {**facts, CAMPAIGNS_FACT: named}, (join,)


def own_text(row: AnswerOverride | AnswerDraft) -> OwnText:
    """The words of a row."""
    return OwnText(row.short, row.more, row.source_name, row.source_url, row.checked_on, row.offer_id, row.offer_number)


async def facts_of(session: AsyncSession, municipality_code: str, *, today: date) -> dict[str, str]:
    """Return the facts of a municipality that hold today; a fact whose time is up counts as unknown."""
    rows = await session.scalars(select(LocalFact).where(LocalFact.municipality_code == municipality_code))
    return {row.name: row.value for row in rows if row.valid_until is None or row.valid_until >= today}


def _checked(checked_on: date, valid_until: date | None, today: date) -> str:
    line = f"Nagekeken op {dutch_date(checked_on)}."
    if valid_until is not None and checked_on <= valid_until < today:
        return f"Let op: dit antwoord kan verouderd zijn. {line}"
    return line


def _local(part: content.LocalPart, facts: dict[str, str]) -> str:
    if all(name in facts for name in part.facts):
        # Only the names that the library lists are filled in.
        return fill(part.text, {name: facts[name] for name in part.facts})
    return part.otherwise


async def filled_in(
    session: AsyncSession, *, municipality_code: str, short: str, more: str | None, today: date
) -> tuple[str, str | None]:
    """Own words as residents of a municipality read them: without the sentences with a fact that is not known there."""
    if not slots_of(short, more):
        return short, more
    name = await shown_name(session, municipality_code)
    facts = await filling_of(session, municipality_code, slots=slots_of(short, more), today=today)
    filled_short, filled_more = (_name(name, _with_facts(text, facts)) for text in (short, more or ""))
    return filled_short, filled_more or None


async def filling_of(session: AsyncSession, municipality_code: str, *, slots: Set[str], today: date) -> dict[str, str]:
    """What is known today for the slots of own words, by name: facts, and the next meeting in the calendar."""
    council = await published(
        session,
        topic="",
        municipality_code=municipality_code,
        question="",
        now=datetime.combine(today, time(), AMSTERDAM),
        own_slots=slots,
    )
    known = await facts_of(session, municipality_code, today=today) | council.facts
    return {name: value for name, value in known.items() if name in slots}


def slots_of(short: str, more: str | None) -> set[str]:
    """The {names} in own words."""
    return set(SLOT.findall(f"{short}\n{more or ''}"))


def slot_fault(text: str) -> str | None:
    """Return a code for what is wrong with the {names} in a text of the griffie: `feit` or `accolade`."""
    if set(SLOT.findall(text)) - {"gemeente", *known_facts()}:
        return "feit"
    rest = SLOT.sub("", text)
    return "accolade" if "{" in rest or "}" in rest else None


def _filled(own: OwnText, facts: Mapping[str, str]) -> OwnText | None:
    short = _with_facts(own.short, facts)
    if not short:
        return None
    more = _with_facts(own.more, facts) if own.more else None
    return OwnText(short, more or None, own.source_name, own.source_url, own.checked_on)


def _with_facts(text: str, facts: Mapping[str, str]) -> str:
    known = {"gemeente", *facts}
    lines = []
    for line in text.split("\n"):
        sentences = _BETWEEN_SENTENCES.split(line)
        kept = [sentence for sentence in sentences if set(SLOT.findall(sentence)) <= known]
        if len(kept) == len(sentences):
            lines.append(line)
        elif kept:
            lines.append(" ".join(kept))
    return fill("\n".join(lines), facts).strip()


def _name(name: str | None, text: str) -> str:
    if name is None:
        text = text.replace("gemeente {gemeente}", "{gemeente}")
    return fill(text, {"gemeente": name or "uw gemeente"})
