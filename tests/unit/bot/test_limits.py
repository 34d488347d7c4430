"""Who may ask how much, and whom an address belongs to."""

import threading
import time
import uuid

import pytest
from limits import parse

from bot import limits
from bot.limits import Counts, Limits, TooMuch, network
from bot.metrics import Metrics

HOME, SCHOOL = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that are soon reached."""
    monkeypatch.setattr(limits, "TURNS", parse("3/minute"))
    monkeypatch.setattr(limits, "OPENINGS", parse("2/minute"))
    monkeypatch.setattr(limits, "TURNS_OF_ADDRESS", parse("5/minute"))


def test_one_conversation_has_its_own_limit_and_others_go_on() -> None:
    counted, one, other = Limits(Metrics()), uuid.uuid4(), uuid.uuid4()
    for _ in range(3):
        counted.turn(one)
    with pytest.raises(TooMuch) as refused:
        counted.turn(one)
    assert 1 <= refused.value.seconds <= 60
    counted.turn(other)


def test_an_address_has_a_limit_over_all_its_conversations() -> None:
    counted = Limits(Metrics())
    for _ in range(5):
        counted.turn_from(SCHOOL)
    with pytest.raises(TooMuch):
        counted.turn_from(SCHOOL)
    counted.turn_from(HOME)


def test_opening_is_counted_apart() -> None:
    counted = Limits(Metrics())
    for _ in range(2):
        counted.opening(SCHOOL)
    with pytest.raises(TooMuch):
        counted.opening(SCHOOL)
    counted.opening(HOME)
    counted.turn_from(SCHOOL)


def test_one_conversation_is_listened_to_on_so_many_pages_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LISTENING", 2)
    metrics, one, other = Metrics(), uuid.uuid4(), uuid.uuid4()
    counted = Limits(metrics)
    with counted.listening(one):
        counted.listen(one)
        with counted.listening(one):
            with pytest.raises(TooMuch):
                counted.listen(one)
            counted.listen(other)
        counted.listen(one)
    assert metrics.registry.get_sample_value("samenspel_refused_total", {"limit": "luisteren"}) == 1


def test_looking_is_counted_whatever_ended_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who opens stream after stream and lets go of each has none open, and asks the database each time."""
    monkeypatch.setattr(limits, "LOOKS", parse("2/minute"))
    counted, one, other = Limits(Metrics()), uuid.uuid4(), uuid.uuid4()
    counted.look(one)
    counted.listen(one)
    for again in (counted.look, counted.listen):
        with pytest.raises(TooMuch):
            again(one)
    counted.look(other)


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_address_of_version_6_stands_for_its_network(address: str, whose: str) -> None:
    assert network(address) == whose


def test_what_is_over_is_forgotten_now_and_then_without_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = {"time": time.time(), "monotonic": time.monotonic()}
    for name in clock:
        monkeypatch.setattr(time, name, lambda name=name: clock[name])
    counts, threads = Counts(), threading.active_count()
    counts.sweep()
    for number in range(50):
        counts.acquire_sliding_window_entry(f"iemand/{number}", limit=3, expiry=60)
    assert threading.active_count() <= threads  # the library's own, of when it was made, may end meanwhile
    clock["time"] += 121
    counts.sweep()
    assert len(counts.expirations) == 50, "it was done a moment ago"
    clock["monotonic"] += limits.SWEEP_SECONDS
    counts.sweep()
    assert not counts.expirations
    assert not counts.storage
