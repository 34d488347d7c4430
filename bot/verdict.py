""" "Was dit duidelijk?": two small buttons below an answer, and what is done when one is pressed."""

from datetime import datetime
from typing import Any

from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Conversation
from participation.models.improvement import REASONS
from participation.reply import Button, Reply
from participation.services import unsure, verdicts

GATE = "oordeel"
"""What a meaning is marked with that the gateway itself deals with."""


def with_question(replies: list[dict[str, Any]], conversation: Conversation, turn_id: int) -> list[dict[str, Any]]:
    """Add the buttons to an answer that nothing follows: during a form they would stand between two questions.

    Without a municipality nobody would read the verdict, so nobody is asked.
    """
    last = replies[-1]
    topic = last.get("onderwerp")
    if topic is None or conversation.municipality_code is None or last["soort"] != "antwoord":
        return replies
    meaning = {"poort": GATE, "onderwerp": topic, "antwoord": turn_id}
    asked = Reply(
        "",
        buttons=tuple(
            Button(content.text(f"knop_oordeel_{verdict}"), {**meaning, "oordeel": verdict}, small=True)
            for verdict in ("ja", "nee")
        ),
    ).to_json()
    return [*replies[:-1], {**last, "knoppen": [*last.get("knoppen", ()), *asked["knoppen"]]}]


async def given(
    database: Database, conversation: Conversation, meaning: dict[str, Any], *, now: datetime, expected: dict[str, Any]
) -> dict[str, Any]:
    """Keep the verdict and say thanks; after "nee" ask once what was wrong.

    Args:
        expected: what was asked before stays open.
    """
    verdict, reason = meaning["oordeel"], meaning.get("reden")
    if conversation.municipality_code is not None:
        async with database.session(EVERY_MUNICIPALITY) as session:
            await verdicts.give(
                session,
                conversation_id=conversation.id,
                turn_id=meaning["antwoord"],
                municipality_code=conversation.municipality_code,
                topic=meaning["onderwerp"],
                verdict=verdict,
                reason=reason,
                now=now,
            )
        await unsure.judged(
            database,
            conversation_id=conversation.id,
            municipality_code=conversation.municipality_code,
            turn_id=meaning["antwoord"],
            topic=meaning["onderwerp"],
            clear=verdict == "ja",
        )
    if verdict == "nee" and reason is None:
        buttons = tuple(Button(content.text(f"knop_reden_{one}"), {**meaning, "reden": one}) for one in REASONS)
        return Reply(content.text("oordeel_nee"), kind="keuze", buttons=buttons, expects=expected).to_json()
    return Reply(content.text("oordeel_dank"), expects=expected).to_json()
