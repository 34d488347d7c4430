"""Bringing the griffie's texts into the chat that a contribution came from."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.dates import dutch_date
from participation.models import Contribution, ContributionEntry, ContributionStatus
from participation.reply import Button, Reply
from participation.services import asking, conversations, municipality_settings, own_contributions

VERDICT_GATE = "hielp"
"""What the buttons below an answer are marked with: the gateway itself deals with them."""

OPEN_QUESTIONS = frozenset({"vraag", "bevestiging", "keuze"})
"""Kinds of messages that may wait for an answer."""

OPEN_FOR = timedelta(hours=1)
"""After that, what somebody types is rather an answer to what the griffie asks now."""


async def deliver(session: AsyncSession, *, entry_id: uuid.UUID, now: datetime) -> bool:
    """Put one text into the chat, once: a second call finds it delivered. Returns whether it was put there now.

    A contribution whose chat has been erased has no chat to go to; the text stays with the contribution.
    What the chat was asking stays open: a text that comes in between must not become the question.
    """
    entry = await session.get(ContributionEntry, entry_id, with_for_update=True)
    if entry is None or entry.delivered_at is not None:
        return False
    contribution = await session.get_one(Contribution, entry.contribution_id)
    if contribution.conversation_id is None:
        return False
    open_question = await still_asked(session, contribution.conversation_id, now)
    reply = await _message(session, entry, contribution, waits=open_question is None)
    await conversations.answer(
        session,
        conversation_id=contribution.conversation_id,
        replies=[reply.to_json() | ({"verwacht": open_question} if open_question is not None else {})],
        in_reply_to=None,
        now=now,
        sender="griffie",
        entry_id=entry.id,
    )
    entry.delivered_at = now
    return True


async def still_asked(session: AsyncSession, conversation_id: uuid.UUID, now: datetime) -> dict[str, Any] | None:
    """What the chat waits for since a short while, or for a contribution that was begun; none when for nothing."""
    said, draft = await conversations.last_said(session, conversation_id)
    if said is None:
        return None
    expected = dict(said.body.get("verwacht") or {})
    if draft is not None:
        return expected
    is_question = said.body.get("soort") in OPEN_QUESTIONS or any(expected.values())
    return expected if is_question and said.created_at > now - OPEN_FOR else None


async def _message(
    session: AsyncSession, entry: ContributionEntry, contribution: Contribution, *, waits: bool
) -> Reply:
    """What the resident reads, with the buttons to react.

    Args:
        waits: what the resident types next may be the answer to a question.
    """
    until = None
    if entry.kind == "vraag":
        until = await session.scalar(
            select(ContributionStatus.waits_until)
            .where(
                ContributionStatus.contribution_id == contribution.id,
                ContributionStatus.created_at == entry.created_at,
                ContributionStatus.status == "reactie_gevraagd",
            )
            .limit(1)
        )
    return await message(
        session, contribution, kind=entry.kind, text=entry.text, entry_id=entry.id, until=until, waits=waits
    )


async def message(
    session: AsyncSession,
    contribution: Contribution,
    *,
    kind: str,
    text: str,
    entry_id: uuid.UUID | None = None,
    until: datetime | None = None,
    waits: bool = False,
) -> Reply:
    """What a resident gets when the griffie writes this; also before it is written, to look at.

    Args:
        kind: that of the entry, such as antwoord or vraag.
        until: when the time to answer a question is over.
        waits: what the resident types next may be the answer to a question.
    """
    name = await municipality_settings.shown_name(session, contribution.municipality_code)
    slots = {"gemeente": name, "nummer": contribution.reference, "tekst": text}
    react: dict[str, Any] = {"intent": "inbreng_aanvullen", "over": str(contribution.id), "reactie": True}
    may_answer = await own_contributions.may_answer(session, contribution_id=contribution.id)
    if kind == "vraag":
        day = dutch_date(asking.last_day(until).date()) if until else ""
        return Reply(
            content.text("vraag_griffie", datum=day, **slots),
            kind="griffie",
            buttons=(Button(content.text("knop_antwoorden"), react),) if may_answer else (),
            expects={"woorden": react} if waits and may_answer else {},
        )
    if kind == "bericht":
        return Reply(content.text("bericht_griffie", **slots), kind="griffie")
    if not may_answer:  # it was stopped: a button could only lead to "you can not react any more"
        return Reply(content.text("reactie_griffie", **slots), kind="griffie")
    verdict = {"poort": VERDICT_GATE, "tekst": str(entry_id), "over": str(contribution.id)}
    return Reply(
        content.text("reactie_griffie", **slots),
        kind="griffie",
        buttons=(
            Button(content.text("knop_reageren"), react),
            Button(content.text("knop_hielp_ja"), {**verdict, "oordeel": "ja"}, small=True),
            Button(content.text("knop_hielp_nee"), {**verdict, "oordeel": "nee"}, small=True),
        ),
    )
