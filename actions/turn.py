"""One call of an action, in the words of the product instead of Rasa's."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from participation.database import Database
from participation.language import unsure
from participation.language.concerns import Concern
from participation.reply import Reply
from participation.settings import Settings

Event = dict[str, Any]
Understand = Callable[[str], Awaitable[Concern | None]]
"""What the model of contributions makes of a text; none when it can not say."""


async def nothing_understood(_: str) -> None:
    """Without a model a text is only read back."""
    return


@dataclass
class ActionTurn:
    """What the gateway and Rasa know about this turn, and what the action wants to say.

    `text` holds the resident's own words, unchanged; `choice` the meaning of a pressed button. Both come from the
    gateway's metadata, like the municipality and the identities: nothing here can be forged by typing.
    `embedding` is of what was typed, where the model was not sure of it.
    `draft` is the contribution that the last question of the form was about (see `actions.unfinished`): it outlives
    Rasa's own memory of the form. `asked` says whether that question was the last that the resident read: only then is
    a yes an answer to it.
    """

    database: Database
    settings: Settings
    now: datetime
    conversation_id: uuid.UUID
    resident_id: uuid.UUID
    channel: str
    municipality_code: str | None
    text: str
    choice: dict[str, Any] | None
    intent: str
    topic: str | None
    ranking: list[tuple[str, float]]
    slots: dict[str, Any]
    embedding: "np.ndarray | None" = None
    draft: dict[str, Any] | None = None
    asked: bool = True
    understand: Understand = nothing_understood
    replies: list[Reply] = field(default_factory=list)

    def say(self, reply: Reply) -> None:
        """Add a message to the resident."""
        self.replies.append(reply)


def read_turn(
    tracker: dict[str, Any],
    *,
    database: Database,
    settings: Settings,
    now: datetime,
    understand: Understand = nothing_understood,
) -> ActionTurn:
    """Read Rasa's tracker.

    Raises:
        KeyError, ValueError: the turn did not come through the gateway.
    """
    message = tracker["latest_message"]
    metadata = message["metadata"]
    intent = message["intent"]
    full = intent.get("full_retrieval_intent_name")
    return ActionTurn(
        database=database,
        settings=settings,
        now=now,
        conversation_id=uuid.UUID(metadata["gesprek"]),
        resident_id=uuid.UUID(metadata["inwoner"]),
        channel=metadata["kanaal"],
        municipality_code=metadata["gemeente"],
        text=metadata["tekst"],
        choice=metadata["keuze"],
        intent=intent.get("name") or "nlu_fallback",
        topic=full.split("/", 1)[1] if full else intent.get("name"),
        ranking=[
            (ranked["name"], ranked["confidence"])
            for ranked in message.get("intent_ranking", ())
            if ranked["name"] != "nlu_fallback"
        ],
        slots=tracker["slots"],
        embedding=unsure.from_text(message.get(unsure.KEY)),
        draft=metadata.get("concept"),
        asked=metadata.get("gevraagd", True),
        understand=understand,
    )


def slot_set(name: str, value: object) -> Event:
    """Event that fills a slot."""
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def leave_loop() -> list[Event]:
    """Events that end the running form."""
    return [{"event": "active_loop", "timestamp": None, "name": None}, slot_set("requested_slot", None)]
