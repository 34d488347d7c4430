"""Acute danger and despair are caught by wording, figurative use is not."""

import csv
import time
from pathlib import Path

import pytest

from participation.language.danger import check_danger

SET = Path(__file__).parents[2] / "nlu" / "gevaar.tsv"


def kind(text: str) -> str:
    danger = check_danger(text)
    return danger.kind if danger else "NONE"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("er staat een huis in brand bij ons in de straat", "noodgeval"),
        ("ze gaan met messen op elkaar af", "noodgeval"),
        ("IK RUIK GAS", "noodgeval"),
        ("brand!!!", "noodgeval"),
        ("ik zie het niet meer zitten", "persoonlijke_nood"),
        ("ik wil er niet meer zijn", "persoonlijke_nood"),
        ("ik trek het leven niet meer", "persoonlijke_nood"),
        ("mijn man slaat me", "persoonlijke_nood"),
        ("ik wil dooood", "persoonlijke_nood"),
        ("ik wil niet meer leeven", "persoonlijke_nood"),
        ("iemand staat buiten de reling van het viaduct en gaat springen", "noodgeval"),
        ("dader nog binnen, inbraak gaande", "noodgeval"),
        ("me opa krijg geen aasem", "noodgeval"),
        ("Het dak van de sporthal stort in", "noodgeval"),
        ("ze zijn die jongen dood aan het trappen", "noodgeval"),
        ("oma heeft pillen op en ze wordt niet meer wakker", "noodgeval"),
        ("ik hoop dat ik morgen niet meer wakker word", "persoonlijke_nood"),
    ],
)
def test_danger_is_recognised(text, expected):
    assert kind(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "ik word gek van die hondenpoep",
        "kunnen gemeenten gedwongen worden om te fuseren",
        "de kinderen springen op het dak van de speeltuin",
        "brandweerkazerne",
        "brandbrief aan de raad",
        "doodmoe van de gemeente",
        "de huizenmarkt stort in",
        "er zit geen lucht in de begroting",
        "de partijen zijn elkaar kapot aan het slaan in het debat",
        "ik schrik me dood",
        "de buurt gaat dood",
        "steekt u daar nog geld in",
        "wat doet de gemeente tegen huiselijk geweld",
        "zelfmoordpreventie beleid",
        "er was vorig jaar brand",
        "",
    ],
)
def test_figurative_wording_policy_and_the_past_are_no_danger(text):
    assert kind(text) == "NONE"


def test_a_cry_at_the_end_of_a_very_long_message_is_heard():
    assert kind("het fietspad is slecht. " * 2_000 + "ik wil niet meer leven") == "persoonlijke_nood"


@pytest.mark.parametrize("piece", ["er ligt ", "ik wil er niet meer ", "staat in ", "a", "| "])
def test_a_very_long_message_takes_no_more_than_a_moment(piece):
    started = time.process_time()
    check_danger((piece * 10_000)[:10_000])
    assert time.process_time() - started < 0.5


def test_the_evaluation_set_keeps_its_level():
    with SET.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for wanted in ("noodgeval", "persoonlijke_nood"):
        texts = [text for label, text in lines if label == wanted]
        assert sum(kind(text) == wanted for text in texts) / len(texts) >= 0.95, wanted
    calm = [text for label, text in lines if label == "NONE"]
    assert sum(kind(text) != "NONE" for text in calm) / len(calm) <= 0.03
