"""Taking consent back in the chat: at once when somebody plainly says so, after a yes when that is not sure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from participation import content
from participation.campaigns import subscriptions
from participation.consent_questions import GATE
from participation.database import EVERY_MUNICIPALITY, Database
from participation.language.consent_words import Withdrawal, withdraws
from participation.models import Consent, Conversation
from participation.models.consent import CAMPAIGN, PURPOSES, SHARE
from participation.reply import Button, Reply
from participation.services import consents

YES, NO = "intrekken", "niet_intrekken"
"""Steps of the answer to the question whether taking back is meant."""


def meant(text: str, expected: dict[str, Any], draft: dict[str, Any] | None) -> Withdrawal | None:
    """Return whether a text takes consent back. What only may do so is left alone where words were asked for."""
    how = withdraws(text)
    asked = expected.get("woorden")
    telling = (asked is not None and asked.get("poort") != GATE) or (draft is not None and not draft["text"])
    return None if how == "misschien" and telling else how


async def handle(
    database: Database, conversation: Conversation, how: Withdrawal, *, now: datetime, expected: dict[str, Any]
) -> Reply:
    """Withdraw all that is in force, or ask first. What else was open before stays open."""
    if how == "zeker":
        return await withdraw_all(database, conversation, now=now, expected=expected)
    before = {key: expected[key] for key in ("ja", "nee") if key in expected}
    yes, no = ({"poort": GATE, "stap": step, "hervat": before} for step in (YES, NO))
    return Reply(
        content.text("toestemming_intrekken_vraag"),
        kind="vraag",
        buttons=(Button(content.text("knop_toestemming_intrekken"), yes), Button(content.text("knop_toch_niet"), no)),
        expects={**{key: one for key, one in expected.items() if key != "woorden"}, "ja": yes, "nee": no},
    )


async def withdraw_all(
    database: Database, conversation: Conversation, *, now: datetime, expected: dict[str, Any]
) -> Reply:
    """Withdraw all that is in force; it holds at the desk from this moment. Withdrawing the words is offered."""
    gone = await withdrawn(database, conversation, PURPOSES, now=now)
    if not gone:
        return Reply(content.text("toestemming_geen"), expects=expected)
    lines = content.texts()["toestemming_regels"]
    told = "\n".join(lines[purpose] for purpose in PURPOSES if purpose in {row.purpose for row in gone})
    buttons: tuple[Button, ...] = ()
    if any(row.purpose == SHARE for row in gone):
        buttons = (Button(content.text("knop_ook_intrekken"), {"intent": "inbreng_intrekken"}),)
    text = content.text("toestemming_ingetrokken", regels=told)
    return Reply(text, kind="bevestiging", buttons=buttons, expects=expected)


async def withdrawn(
    database: Database, conversation: Conversation, purposes: Sequence[str], *, now: datetime
) -> Sequence[Consent]:
    """Withdraw these purposes; returns what was in force. What was chosen about messages on campaigns goes along."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        gone = await consents.withdraw(
            session,
            resident_id=conversation.resident_id,
            channel=conversation.channel,
            now=now,
            purposes=purposes,
        )
        if CAMPAIGN in purposes:
            await subscriptions.forget(session, resident_id=conversation.resident_id)
        return gone
