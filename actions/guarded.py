"""The error boundary of every action."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import ActionTurn, Event, Understand, nothing_understood, read_turn
from participation import content, tracing
from participation.database import Database
from participation.reply import Reply
from participation.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Surroundings:
    """What actions work with; handed over by the composition root."""

    database: Database
    settings: Settings
    clock: Callable[[], datetime]
    understand: Understand = nothing_understood


class GuardedAction(Action):
    """An action that never raises: Rasa would stay silent to the resident and write their words to its log.

    Subclasses implement `handle`. What they said before a fault is dropped: half an answer misleads.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings

    async def handle(self, turn: ActionTurn) -> list[Event]:
        """Do the work of one turn and return Rasa's events."""
        raise NotImplementedError

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        """Called by rasa-sdk."""
        with tracing.part_of(_carried(tracker), self.name()) as part:
            return await self._run(dispatcher, tracker, part)

    async def _run(self, dispatcher: CollectingDispatcher, tracker: Tracker, part: tracing.Part) -> list[Event]:
        around = self._surroundings
        try:
            turn = read_turn(
                tracker.current_state(),
                database=around.database,
                settings=around.settings,
                now=around.clock(),
                understand=around.understand,
            )
            events = await self.handle(turn)
        except Exception as error:  # noqa: BLE001  the boundary: see the class
            # Class and place only: the message of an exception may hold what the resident wrote.
            place = error.__traceback__
            while place is not None and place.tb_next is not None:
                place = place.tb_next
            where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
            logger.error("%s failed: %s at %s", self.name(), type(error).__name__, where)
            part.failed(type(error).__name__)
            dispatcher.utter_message(json_message=Reply(content.text("fout"), kind="fout").to_json())
            return []
        for reply in turn.replies:
            dispatcher.utter_message(json_message=reply.to_json())
        return events


def _carried(tracker: Tracker) -> str | None:
    """The trace of this turn, if the gateway makes one; Rasa passes it on with what the gateway knows of the turn."""
    metadata = (tracker.latest_message or {}).get("metadata")
    carried = metadata.get(tracing.HEADER) if isinstance(metadata, dict) else None
    return carried if isinstance(carried, str) else None
