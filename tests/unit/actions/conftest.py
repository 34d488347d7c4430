"""Turns as the gateway and Rasa hand them over; no database, since these actions need none."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from actions.guarded import Surroundings
from actions.turn import ActionTurn
from participation.settings import Settings

NewTurn = Callable[..., ActionTurn]


@pytest.fixture
def surroundings() -> Surroundings:
    return Surroundings(None, Settings(demo=True), lambda: datetime(2026, 11, 23, 9, 30, tzinfo=UTC))  # type: ignore[arg-type]


@pytest.fixture
def new_turn(surroundings: Surroundings) -> NewTurn:
    def make(text: str = "", **known: Any) -> ActionTurn:
        return ActionTurn(
            **{
                "database": None,
                "settings": surroundings.settings,
                "now": surroundings.clock(),
                "conversation_id": uuid.uuid4(),
                "resident_id": uuid.uuid4(),
                "channel": "web",
                "municipality_code": None,
                "text": text,
                "choice": None,
                "intent": "vraag",
                "topic": None,
                "ranking": [],
                "slots": {},
                **known,
            }
        )

    return make
