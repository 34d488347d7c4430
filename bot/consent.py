"""Consent in the chat: what is done with an answer to the questions about it, and withdrawing with one message."""

import re
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from participation import consent_questions, content
from participation.consent_questions import GATE
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Consent, Conversation
from participation.models.consent import CAMPAIGN, CONTACT, NAME, PURPOSES, SHARE
from participation.reply import Button, Reply
from participation.services import consents
from participation.services.consents import LONGEST_DETAIL

__all__ = ["GATE", "handle", "withdrawal", "withdraws"]

MOST_WORDS = 12
"""A longer text tells a story in which consent plays a part."""

_WITHDRAWS = re.compile(
    r"\b(trek\w*|haal\w*|neem\w*|wis\w*|verwijder\w*|stop\w*|annuleer\w*|herroep\w*)\b.*\b(mijn|m'n|me)\s+toestemming"
    r"|\b(mijn|m'n|me)\s+toestemming(en)?\b.*\b(intrek\w*|in\s+te\s+trekken|in|terug\w*|weg\w*|verwijder\w*)\b"
    r"|\btoestemming(en)?\s+(intrekken|in\s+te\s+trekken|weghalen|terugtrekken)\b"
    r"|\bgeen\s+toestemming\s+meer\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Step:
    """One answer, with all that is needed to act on it."""

    database: Database
    conversation: Conversation
    drafts: Sequence[str]
    text: str
    expected: dict[str, Any]
    now: datetime


def withdraws(text: str) -> bool:
    """Whether somebody takes their consent back: "trek mijn toestemming in", "ik geef geen toestemming meer"."""
    return len(text.split()) <= MOST_WORDS and _WITHDRAWS.search(text) is not None


async def handle(
    database: Database,
    conversation: Conversation,
    meaning: dict[str, Any],
    *,
    text: str,
    now: datetime,
    expected: dict[str, Any],
) -> list[dict[str, Any]]:
    """Act on a button or on words that were asked for. What else was open before stays open."""
    step = _Step(database, conversation, meaning.get("voor", ()), text, expected, now)
    replies = await _STEPS[meaning["stap"]](step)
    return [reply.to_json() for reply in replies]


async def withdrawal(
    database: Database, conversation: Conversation, *, now: datetime, expected: dict[str, Any]
) -> dict[str, Any]:
    """Withdraw all that is in force; it holds at the desk from this moment. Withdrawing the words is offered."""
    gone = await _withdrawn(database, conversation, PURPOSES, now=now)
    if not gone:
        return Reply(content.text("toestemming_geen"), expects=expected).to_json()
    lines = content.texts()["toestemming_regels"]
    told = "\n".join(lines[purpose] for purpose in PURPOSES if purpose in {row.purpose for row in gone})
    buttons: tuple[Button, ...] = ()
    if any(row.purpose == SHARE for row in gone):
        buttons = (Button(content.text("knop_ook_intrekken"), {"intent": "inbreng_intrekken"}),)
    text = content.text("toestemming_ingetrokken", regels=told)
    return Reply(text, kind="bevestiging", buttons=buttons, expects=expected).to_json()


async def _withdrawn(
    database: Database, conversation: Conversation, purposes: Sequence[str], *, now: datetime
) -> Sequence[Consent]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await consents.withdraw(
            session,
            resident_id=conversation.resident_id,
            channel=conversation.channel,
            now=now,
            purposes=purposes,
        )


async def _contact_yes(step: _Step) -> list[Reply]:
    return [consent_questions.detail(CONTACT, step.drafts)]


async def _contact_no(step: _Step) -> list[Reply]:
    return [consent_questions.name(step.drafts)]


async def _contact_given(step: _Step) -> list[Reply]:
    contact = consents.contact_of(step.text)
    if contact is None:
        return [consent_questions.detail(CONTACT, step.drafts, again=True)]
    await _keep(step, CONTACT, contact)
    return [consent_questions.name(step.drafts)]


async def _name_yes(step: _Step) -> list[Reply]:
    return [consent_questions.detail(NAME, step.drafts)]


async def _name_no(step: _Step) -> list[Reply]:
    return [Reply(content.text("toestemming_zonder_naam"), expects=step.expected)]


async def _name_given(step: _Step) -> list[Reply]:
    name = " ".join(step.text.split())
    if not any(letter.isalpha() for letter in name) or len(name) > LONGEST_DETAIL:
        return [consent_questions.detail(NAME, step.drafts, again=True)]
    await _keep(step, NAME, name)
    return [Reply(content.text("toestemming_met_naam"), kind="bevestiging")]


async def _skipped(step: _Step) -> list[Reply]:
    return [Reply(content.text("toestemming_overgeslagen"), expects=step.expected)]


async def _campaign(_: _Step) -> list[Reply]:
    return [consent_questions.campaign()]


async def _campaign_yes(step: _Step) -> list[Reply]:
    code = step.conversation.municipality_code
    if code is None:
        return [Reply(content.text("gemeente_vraag"), kind="vraag", expects={"gemeente": True})]
    async with step.database.session(EVERY_MUNICIPALITY) as session:
        await consents.give(
            session,
            resident_id=step.conversation.resident_id,
            municipality_code=code,
            purpose=CAMPAIGN,
            channel=step.conversation.channel,
            now=step.now,
        )
    return [Reply(content.text("campagne_ja"), kind="bevestiging", expects=step.expected)]


async def _campaign_no(step: _Step) -> list[Reply]:
    return [Reply(content.text("campagne_nee"), expects=step.expected)]


async def _campaign_stop(step: _Step) -> list[Reply]:
    await _withdrawn(step.database, step.conversation, (CAMPAIGN,), now=step.now)
    return [Reply(content.text("campagne_gestopt"), kind="bevestiging", expects=step.expected)]


async def _keep(step: _Step, purpose: str, detail: str) -> None:
    """Keep the consent for each of the contributions that the question was about and that are still theirs."""
    drafts = [uuid.UUID(draft) for draft in step.drafts]
    resident_id = step.conversation.resident_id
    async with step.database.session(EVERY_MUNICIPALITY) as session:
        about = await consents.contributions_by_drafts(session, resident_id=resident_id, drafts=drafts)
        for contribution in about:
            await consents.give(
                session,
                resident_id=resident_id,
                municipality_code=contribution.municipality_code,
                purpose=purpose,
                channel=step.conversation.channel,
                contribution_id=contribution.id,
                detail=detail,
                now=step.now,
            )


_STEPS: dict[str, Callable[[_Step], Awaitable[list[Reply]]]] = {
    "contact_ja": _contact_yes,
    "contact_nee": _contact_no,
    "contact_gegeven": _contact_given,
    "naam_ja": _name_yes,
    "naam_nee": _name_no,
    "naam_gegeven": _name_given,
    "overslaan": _skipped,
    "campagne": _campaign,
    "campagne_ja": _campaign_yes,
    "campagne_nee": _campaign_no,
    "campagne_stop": _campaign_stop,
}
