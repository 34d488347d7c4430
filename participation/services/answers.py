"""Answering a question: the national text, the municipality's own version of it, and its local facts."""

from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.council.words import Published, published
from participation.dates import AMSTERDAM, dutch_date
from participation.models import AnswerOverride, LocalFact, Municipality
from participation.reply import Button, Link, Reply


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
    answer = content.answers()[topic]
    municipality = await session.get(Municipality, municipality_code) if municipality_code else None
    override = await session.get(AnswerOverride, (municipality_code, topic)) if municipality else None
    facts = await facts_of(session, municipality.code, today=today) if municipality and answer.local else {}
    council = Published()
    if municipality and override is None:
        moment = now or datetime.combine(today, time(), AMSTERDAM)
        council = await published(
            session, topic=topic, municipality_code=municipality.code, question=question, now=moment
        )
    name = municipality.name if municipality else None
    short = override.short if override else answer.short
    more = override.more if override else answer.more
    local = (
        ""
        if override
        else "\n\n".join([*council.sentences, *(_local(part, facts | council.facts) for part in answer.local)])
    )
    links = (
        (Link(override.source_name, override.source_url),)
        if override
        else (*council.links, *(Link(source.title, source.url) for source in answer.sources))
    )
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
        buttons=tuple(buttons),
        links=links,
        more=_name(name, more) if more else None,
    )


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
        # Only the names the library lists are filled in; braces in a fact stay what they are.
        text = part.text
        for name in part.facts:
            text = text.replace("{" + name + "}", facts[name])
        return text
    return part.otherwise


def _name(name: str | None, text: str) -> str:
    return text.replace("gemeente {gemeente}", f"gemeente {name}" if name else "uw gemeente").replace(
        "{gemeente}", name or "uw gemeente"
    )
