"""What a part of a campaign can hold, per kind."""

import uuid

import pytest

from participation.campaigns import parts
from participation.campaigns.faults import FieldsWrong
from participation.models import CampaignPart

TWO = [("", "Meer bankjes"), ("", " Meer  bomen ")]


def choice(options=(("a", "Ja"), ("b", "Nee")), kind="keuze") -> CampaignPart:
    return CampaignPart(id=uuid.uuid4(), kind=kind, options=[{"id": key, "text": text} for key, text in options])


def refused(**given) -> dict[str, str]:
    with pytest.raises(FieldsWrong) as fault:
        parts.checked(**({"text": "Wat wilt u?", "rules": {}} | given))
    return fault.value.faults


def test_an_option_keeps_its_id_and_a_new_one_gets_one() -> None:
    asked = parts.checked(kind="keuze", text=" Wat  wilt u? ", options=[("k1", "Bankjes"), ("", " Bomen ")], rules={})
    assert (asked.text, asked.options[0], asked.options[1]["text"]) == (
        "Wat wilt u?",
        {"id": "k1", "text": "Bankjes"},
        "Bomen",
    )
    assert len(asked.options[1]["id"]) == 8
    assert asked.rules == {"most": 1, "words": False}


@pytest.mark.parametrize(
    ("kind", "options", "given", "kept"),
    [
        ("stellingen", [], {"own": True, "words": True}, {"own": True, "most": None}),
        ("keuze", TWO, {"most": 2, "words": True}, {"most": 2, "words": True}),
        (
            "schaal",
            [],
            {"highest": 7, "low_text": "Slecht", "high_text": "Goed"},
            {"lowest": 1, "highest": 7, "low_text": "Slecht", "high_text": "Goed"},
        ),
        ("rangorde", TWO, {}, {"most": 2}),
        ("dilemma", TWO, {}, {"words": False}),
        ("open", [], {}, {"most_characters": 1000}),
        ("plaats", [], {}, {"words": True}),
        ("plaats", TWO, {}, {"words": False}),
    ],
)
def test_each_kind_keeps_its_own_rules(kind, options, given, kept) -> None:
    assert parts.checked(kind=kind, text="Wat wilt u?", options=options, rules=given).rules == kept


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"kind": "loting"}, {"soort": "onbekend"}),
        ({"kind": "open", "text": " "}, {"tekst": "leeg"}),
        ({"kind": "open", "text": "a" * 301}, {"tekst": "lang"}),
        ({"kind": "keuze", "options": TWO[:1]}, {"opties": "aantal"}),
        ({"kind": "dilemma", "options": [*TWO, ("", "Derde")]}, {"opties": "aantal"}),
        ({"kind": "keuze", "options": [("", "Bomen"), ("", "bomen")]}, {"opties": "dubbel"}),
        ({"kind": "keuze", "options": [("", "a" * 81), ("", "b")]}, {"opties": "lang"}),
        ({"kind": "keuze", "options": TWO, "rules": {"most": 3}}, {"regels": "aantal"}),
        ({"kind": "schaal", "rules": {"highest": 5, "low_text": "Slecht"}}, {"regels": "schaal"}),
        ({"kind": "schaal", "rules": {"highest": 6, "low_text": "a", "high_text": "b"}}, {"regels": "schaal"}),
        ({"kind": "open", "rules": {"most_characters": 5000}}, {"regels": "aantal"}),
        ({"kind": "open", "condition": {"part": "x", "options": ["a"]}}, {"voorwaarde": "onbekend"}),
    ],
)
def test_what_can_not_be_asked_is_refused_with_its_field(given, faults) -> None:
    assert refused(**given) == faults


def test_a_condition_names_options_of_an_earlier_choice() -> None:
    earlier = choice()
    given = {"part": str(earlier.id), "options": ["b", "zoek"]}
    asked = parts.checked(kind="open", text="Waarom niet?", rules={}, condition=given, before=[earlier])
    assert asked.condition == {"part": str(earlier.id), "options": ["b"]}
    scale = choice(kind="schaal")
    assert refused(kind="open", condition=given | {"part": str(scale.id)}, before=[scale]) == {"voorwaarde": "onbekend"}


def test_a_part_with_a_condition_is_asked_of_who_chose_that() -> None:
    part = CampaignPart(condition={"part": "p1", "options": ["b"]})
    assert [parts.applies(part, chosen) for chosen in ({"p1": ["a"]}, {"p1": ["a", "b"]}, {})] == [False, True, False]
    assert parts.applies(CampaignPart(condition=None), {})
