"""Rasa's record of conversations, when replicas take over from one another."""

from pathlib import Path

import pytest
import yaml
from rasa.core.tracker_store import create_tracker_store
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from nlu.components.tracker_store import Overtaken, SharedTrackerStore

ROOT = Path(__file__).parents[2]
ENDPOINTS = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
SLOTS = {name: {"type": "text", "mappings": [{"type": "custom"}]} for name in ("gemeente", "thema")}
DOMAIN = Domain.from_dict({"slots": SLOTS})


def everything() -> list[Event]:
    """A session of its own, with what a turn may bring."""
    return [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
        UserUttered("hoi", message_id="een"),
        SlotSet("gemeente", "GM0344"),
        ActiveLoop("inbreng_form"),
        BotUttered(None, {"custom": {"tekst": "dag"}}),
        UserUtteranceReverted(),
        Restarted(),
        ActionExecuted("action_listen"),
    ]


def replica(folder: Path) -> SharedTrackerStore:
    """The store as Rasa makes it from endpoints.yml, on a file instead of PostgreSQL."""
    config = {**ENDPOINTS["tracker_store"], "dialect": "sqlite", "url": None, "db": str(folder / "rasa.db")}
    made = create_tracker_store(EndpointConfig.from_dict(config), DOMAIN)
    assert isinstance(made, SharedTrackerStore)
    return made


async def add(store: SharedTrackerStore, tracker: DialogueStateTracker, *events: Event) -> None:
    for event in events:
        tracker.update(event)
    await store.save(tracker)


async def texts(store: SharedTrackerStore) -> list:
    tracker = await store.retrieve("1")
    assert tracker is not None
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


async def test_replicas_go_on_with_one_record_turn_by_turn(tmp_path: Path) -> None:
    stores = [replica(tmp_path), replica(tmp_path)]
    for number in range(4):
        store = stores[number % 2]
        await add(store, await store.get_or_create_tracker("1"), UserUttered(f"beurt {number}"))
    assert await texts(stores[0]) == [f"beurt {number}" for number in range(4)]


async def test_a_turn_that_another_replica_overtook_is_not_kept(tmp_path: Path) -> None:
    slow, quick = replica(tmp_path), replica(tmp_path)
    await add(slow, await slow.get_or_create_tracker("1"), UserUttered("eerst"))
    hangs = await slow.get_or_create_tracker("1")
    await add(quick, await quick.get_or_create_tracker("1"), UserUttered("de volgende beurt"), ActionExecuted("iets"))
    with pytest.raises(Overtaken):
        await add(slow, hangs, UserUttered("te laat"), SlotSet("gemeente", "GM0344"), ActionExecuted("iets"))
    assert await texts(slow) == ["eerst", "de volgende beurt"]


async def test_the_first_turn_can_be_overtaken_too(tmp_path: Path) -> None:
    slow, quick = replica(tmp_path), replica(tmp_path)
    hangs = await slow.get_or_create_tracker("1")
    await add(quick, await quick.get_or_create_tracker("1"), UserUttered("de volgende beurt"))
    with pytest.raises(Overtaken):
        await add(slow, hangs, UserUttered("te laat"))


async def test_a_clock_that_was_set_back_hides_no_part_of_a_conversation(tmp_path: Path) -> None:
    store, now = replica(tmp_path), 1_700_000_000.0
    await add(store, await store.get_or_create_tracker("1"), UserUttered("van een vorige sessie", timestamp=now - 9000))
    began = [ActionExecuted("action_session_start", timestamp=now), SessionStarted(timestamp=now)]
    await add(store, await store.get_or_create_tracker("1"), *began, UserUttered("eerst", timestamp=now))
    await add(store, await store.get_or_create_tracker("1"), UserUttered("twee uur terug", timestamp=now - 7200))
    await add(store, await store.get_or_create_tracker("1"), UserUttered("weer goed", timestamp=now + 60))
    assert await texts(store) == ["eerst", "twee uur terug", "weer goed"]


async def test_every_kind_of_event_can_be_read_and_added_to(tmp_path: Path) -> None:
    """Or a conversation with such an event would be taken as overtaken for ever."""
    store = replica(tmp_path)
    for turn in range(3):
        await add(store, await store.get_or_create_tracker("1"), *everything())
        await add(store, await store.get_or_create_tracker("1"), SlotSet("thema", str(turn)))
    again = await store.retrieve("1")
    assert again is not None
    expected = [*everything()[1:], SlotSet("thema", "2")]
    assert [event.type_name for event in again.events] == [event.type_name for event in expected]
