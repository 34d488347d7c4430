"""Who may ask how much, and whom an address belongs to."""

import uuid

import pytest
from limits import parse

from bot import limits
from bot.limits import Limits, TooMuch, network
from bot.metrics import Metrics

HOME, SCHOOL = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that are soon reached."""
    monkeypatch.setattr(limits, "TURNS", parse("3/minute"))
    monkeypatch.setattr(limits, "OPENINGS", parse("2/minute"))
    monkeypatch.setattr(limits, "TURNS_OF_ADDRESS", parse("5/minute"))


def test_one_conversation_has_its_own_limit_and_others_at_the_address_go_on() -> None:
    counted, one, other = Limits(Metrics()), uuid.uuid4(), uuid.uuid4()
    for _ in range(3):
        counted.turn(one, SCHOOL)
    with pytest.raises(TooMuch) as refused:
        counted.turn(one, SCHOOL)
    assert 1 <= refused.value.seconds <= 60
    counted.turn(other, SCHOOL)


def test_an_address_has_a_limit_over_all_its_conversations() -> None:
    counted = Limits(Metrics())
    for _ in range(5):
        counted.turn(uuid.uuid4(), SCHOOL)
    with pytest.raises(TooMuch):
        counted.turn(uuid.uuid4(), SCHOOL)
    counted.turn(uuid.uuid4(), HOME)


def test_opening_is_counted_apart() -> None:
    counted = Limits(Metrics())
    for _ in range(2):
        counted.opening(SCHOOL)
    with pytest.raises(TooMuch):
        counted.opening(SCHOOL)
    counted.opening(HOME)
    counted.turn(uuid.uuid4(), SCHOOL)


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
