"""Going through a campaign without anything being kept: every kind of part can be answered or passed over."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from participation.campaigns import asking, trying
from participation.campaigns.trying import Given, TrialOver
from participation.models import Campaign, CampaignPart, Statement

KEY = "k" * 40
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def part(kind: str, position: int, options: int = 0, **rules: object) -> CampaignPart:
    made = [{"id": f"o{number}", "text": f"Keus {number}"} for number in range(1, options + 1)]
    return CampaignPart(id=uuid.uuid4(), position=position, kind=kind, text="Wat?", options=made, rules=rules)


PARTS = [
    part("stellingen", 1, own=True, most=None),
    part("keuze", 2, options=3, most=2, words=True),
    part("schaal", 3, lowest=1, highest=7, low_text="slecht", high_text="goed"),
    part("rangorde", 4, options=3, most=3),
    part("dilemma", 5, options=2, words=False),
    part("open", 6, most_characters=500),
    part("plaats", 7, words=True),
]
STATEMENTS = {PARTS[0].id: [Statement(id=uuid.uuid4(), text="Meer groen.", number=1)]}
VALUES = ["-1", "", "o3,o1", "7", "o2,o1,o3", "o2", "Veel te druk", "Het plein"]


def campaign() -> Campaign:
    return Campaign(id=uuid.uuid4(), municipality_code="GM0344", revision=3, title="Plein")


def test_every_kind_can_be_answered_to_the_end() -> None:
    about, given, shown = campaign(), [], []
    for value in VALUES:
        step = trying.walk_with(about, PARTS, STATEMENTS, given).next()
        assert step is not None
        given.append(Given(step.key, value))
        walk = trying.walk_with(about, PARTS, STATEMENTS, given)
        shown.append(asking.given(walk, step))
    assert trying.walk_with(about, PARTS, STATEMENTS, given).next() is None
    assert shown[2:] == ["Keus 3, Keus 1", "7", "Keus 2, Keus 1, Keus 3", "Keus 2", "Veel te druk", "Het plein"]
    assert shown[0] == "oneens"


@pytest.mark.parametrize("wrong", ["", "zoek", "8", "0", "-1", "1e3", "\u0663", "o9", "9" * 400])
def test_what_can_not_be_answered_counts_as_passed_over(wrong: str) -> None:
    kept = [trying.value_of(one, wrong) for one in PARTS[1:5]]
    assert kept == [{}, {}, {}, {}]


def test_answers_to_what_is_not_asked_are_left_out() -> None:
    walk = trying.walk_with(campaign(), PARTS, STATEMENTS, [Given("verzonnen", "1"), Given("", "")])
    assert (walk.votes, walk.answers) == ({}, {})


def test_a_link_works_for_a_day_and_with_our_own_key_only() -> None:
    about = campaign()
    token = trying.token_of(about, secret_key=KEY, now=NOW)
    assert trying.read(token, secret_key=KEY, now=NOW + timedelta(hours=24)) == (about.id, 3)
    wrong = [(token, "x" * 40, NOW), (token + "A", KEY, NOW), ("", KEY, NOW), (token, KEY, NOW + timedelta(hours=25))]
    for one, key, now in wrong:
        with pytest.raises(TrialOver):
            trying.read(one, secret_key=key, now=now)
