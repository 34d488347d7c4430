"""Masking on messages that somebody else wrote and marked, without knowing the rules."""

from pathlib import Path

import pytest

from participation.privacy.masking_spans import KINDS
from tests.unit.privacy.marked import spans_and_pieces
from tests.unit.privacy.measuring import Measured, measure

FLOORS = {
    "persoon": 0.95,
    "telefoon": 0.97,
    "email": 0.97,
    "bsn": 0.97,
    "iban": 0.96,
    "kenteken": 0.97,
    "adres": 0.94,
    "postcode": 0.97,
    "social": 0.95,
    "geboortedatum": 0.90,
}
"""Recall by kind, a little under what docs/adr/0009-maskeren.md says was measured after the first contact."""


@pytest.fixture(scope="module")
def measured() -> Measured:
    return measure(spans_and_pieces(Path(__file__).with_name("maskeren.jsonl")))


def test_the_set_is_large_enough_to_mean_something(measured: Measured) -> None:
    assert sum(measured.spans.values()) >= 450
    assert min(measured.spans[kind] for kind in KINDS) >= 20
    assert measured.keep >= 400


@pytest.mark.parametrize("kind", KINDS)
def test_of_each_kind_enough_is_masked(measured: Measured, kind: str) -> None:
    assert measured.recall(kind) >= FLOORS[kind], [fault for fault in measured.faults if f"missed {kind}" in fault]


def test_little_else_is_masked(measured: Measured) -> None:
    assert measured.precision >= 0.97, measured.faults
    assert measured.spoilt_share <= 0.03, measured.faults
