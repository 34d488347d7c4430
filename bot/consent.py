"""Consent in the chat: what is done with an answer to the questions about it."""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import withdrawal
from participation import consent_questions, content
from participation.consent_questions import GATE
from participation.database import EVERY_MUNICIPALITY, Database
from participation.foreign import beside
from participation.language.children import says_to_be_a_child
from participation.language.other_languages import other_language
from participation.language.own_details import contact_of, name_of
from participation.models import Contribution, Conversation
from participation.models.consent import CONTACT, NAME, SHARE
from participation.reply import Reply
from participation.services import consents

__all__ = ["GATE", "handle"]

MOST_WORDS = 8
"""Words of an answer that has no number or name in it. Who says more tells something else."""


@dataclass(frozen=True)
class _Step:
    """One answer, with all that is needed to act on it."""

    database: Database
    conversation: Conversation
    drafts: Sequence[str]
    text: str
    expected: dict[str, Any]
    now: datetime


async def handle(
    database: Database,
    conversation: Conversation,
    meaning: dict[str, Any],
    *,
    text: str,
    now: datetime,
    expected: dict[str, Any],
) -> list[dict[str, Any]]:
    """Act on a button or on words that were asked for; returns nothing when these words are about something else.

    What else was open before stays open. The question that this answers does not: a yes or a no that is typed after it
    is about something else.
    """
    open_still = {key: one for key, one in expected.items() if not (isinstance(one, dict) and one.get("poort") == GATE)}
    open_still |= meaning.get("hervat", {})
    step = _Step(database, conversation, meaning.get("voor", ()), text, open_still, now)
    if meaning["stap"] not in _STEPS:  # a button of an earlier version
        return [Reply(content.text("knop_verlopen"), kind="fout", expects=open_still).to_json()]
    replies = await _STEPS[meaning["stap"]](step)
    return [reply.to_json() for reply in replies]


async def _share_yes(step: _Step) -> list[Reply]:
    if says_to_be_a_child(await _words_of(step)):
        return [Reply(content.text("inbreng_kind"), expects=step.expected)]
    await _keep(step, SHARE)
    return await _then_contact(step, "gedeeld")


async def _share_no(step: _Step) -> list[Reply]:
    async with step.database.session(EVERY_MUNICIPALITY) as session:
        for contribution in await _about(session, step):
            await consents.refuse(
                session,
                resident_id=step.conversation.resident_id,
                municipality_code=contribution.municipality_code,
                purpose=SHARE,
                channel=step.conversation.channel,
                contribution_id=contribution.id,
                now=step.now,
            )
    return await _then_contact(step, "niet_delen")


async def _words_of(step: _Step) -> str:
    async with step.database.session(EVERY_MUNICIPALITY) as session:
        return "\n".join(one.text for one in await _about(session, step))


async def _then_contact(step: _Step, heard: str) -> list[Reply]:
    """Say what was heard and ask about contact. A child, and who can not read Dutch, is asked no more."""
    words, told = await _words_of(step), content.text(f"toestemming_{heard}")
    if other_language(words) is not None or says_to_be_a_child(words):
        return [Reply(beside(told, heard, words), expects=step.expected)]
    return [Reply(told), consent_questions.contact(step.drafts)]


async def _contact_yes(step: _Step) -> list[Reply]:
    return [consent_questions.detail(CONTACT, step.drafts)]


async def _contact_no(step: _Step) -> list[Reply]:
    await _take_back(step, CONTACT)
    return await _then_name(step, "overgeslagen")


async def _contact_given(step: _Step) -> list[Reply]:
    contact = contact_of(step.text)
    if contact is None:
        return _asked_again(step, CONTACT)
    await _keep(step, CONTACT, contact)
    return await _then_name(step, "contact_gegeven")


async def _then_name(step: _Step, end: str) -> list[Reply]:
    """Ask about the name where the council may have the words; without words it has no use for a name."""
    async with step.database.session(EVERY_MUNICIPALITY) as session:
        for one in await _about(session, step):
            held = await consents.of_contribution(
                session, municipality_code=one.municipality_code, contribution_id=one.id
            )
            if held.shared:
                return [consent_questions.name(step.drafts)]
    return [Reply(content.text(f"toestemming_{end}"), expects=step.expected)]


async def _name_yes(step: _Step) -> list[Reply]:
    return [consent_questions.detail(NAME, step.drafts)]


async def _name_no(step: _Step) -> list[Reply]:
    await _take_back(step, NAME)
    return [Reply(content.text("toestemming_zonder_naam"), expects=step.expected)]


async def _name_given(step: _Step) -> list[Reply]:
    name = name_of(step.text)
    if name is None:
        return _asked_again(step, NAME)
    await _keep(step, NAME, name)
    return [consent_questions.named(name, step.drafts)]


def _asked_again(step: _Step, purpose: str) -> list[Reply]:
    if len(step.text.split()) > MOST_WORDS:
        return []
    return [consent_questions.detail(purpose, step.drafts, again=True)]


async def _skipped(step: _Step) -> list[Reply]:
    return [Reply(content.text("toestemming_overgeslagen"), expects=step.expected)]


async def _withdraw(step: _Step) -> list[Reply]:
    return [await withdrawal.withdraw_all(step.database, step.conversation, now=step.now, expected=step.expected)]


async def _withdraw_nothing(step: _Step) -> list[Reply]:
    return [Reply(content.text("toestemming_blijft"), expects=step.expected)]


async def _about(session: AsyncSession, step: _Step) -> Sequence[Contribution]:
    """The contributions that the question was about and that are still theirs."""
    drafts = [uuid.UUID(draft) for draft in step.drafts]
    return await consents.contributions_by_drafts(session, resident_id=step.conversation.resident_id, drafts=drafts)


async def _keep(step: _Step, purpose: str, detail: str | None = None) -> None:
    async with step.database.session(EVERY_MUNICIPALITY) as session:
        for contribution in await _about(session, step):
            await consents.give(
                session,
                resident_id=step.conversation.resident_id,
                municipality_code=contribution.municipality_code,
                purpose=purpose,
                channel=step.conversation.channel,
                contribution_id=contribution.id,
                detail=detail,
                now=step.now,
            )


async def _take_back(step: _Step, purpose: str) -> None:
    """A no after a yes: what was given for these contributions is withdrawn."""
    async with step.database.session(EVERY_MUNICIPALITY) as session:
        for contribution in await _about(session, step):
            await consents.withdraw(
                session,
                resident_id=step.conversation.resident_id,
                channel=step.conversation.channel,
                now=step.now,
                purposes=(purpose,),
                contribution_id=contribution.id,
            )


_STEPS: dict[str, Callable[[_Step], Awaitable[list[Reply]]]] = {
    "delen_ja": _share_yes,
    "delen_nee": _share_no,
    "contact_ja": _contact_yes,
    "contact_nee": _contact_no,
    "contact_gegeven": _contact_given,
    "naam_ja": _name_yes,
    "naam_nee": _name_no,
    "naam_gegeven": _name_given,
    "overslaan": _skipped,
    withdrawal.YES: _withdraw,
    withdrawal.NO: _withdraw_nothing,
}
