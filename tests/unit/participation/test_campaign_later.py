"""What counts as a slip of the pen once people have answered, and how long a campaign takes."""

import uuid

import pytest

from participation.campaigns import estimate
from participation.campaigns.later import is_slip
from participation.models import CampaignPart, Statement

TREES = "Er moeten meer bomen komen op het plein."


@pytest.mark.parametrize(
    "after",
    [
        TREES,
        "Er moeten meer bomen komen op het plein!",
        "Er moeten meer bomen komen op 't plein.",
    ],
)
def test_a_few_letters_are_a_slip(after: str) -> None:
    assert is_slip(TREES, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TREES, ""),
        (TREES, "Er moeten minder bomen komen op het plein."),
        (TREES, "Er moeten meer bomen komen in het park."),
        ("Parkeren mag 2 euro kosten.", "Parkeren mag 3 euro kosten."),
        ("De straat is veilig.", "De straat is onveilig."),
        ("Ik wil dat.", "Ik wil dat niet."),
        ("Auto's mogen niet op het plein.", "Auto's mogen wel op het plein."),
        ("Alleen bewoners mogen parkeren.", "Bewoners mogen parkeren."),
    ],
)
def test_what_turns_the_meaning_is_none(before: str, after: str) -> None:
    assert not is_slip(before, after)


def part(kind: str, text: str = "Wat vindt u?", options: int = 0, **rules: object) -> CampaignPart:
    return CampaignPart(
        id=uuid.uuid4(),
        kind=kind,
        text=text,
        options=[{"id": str(n), "text": "bomen"} for n in range(options)],
        rules=rules,
    )


def test_who_sees_half_of_the_statements_needs_half_of_the_time_for_them() -> None:
    everything, half = part("stellingen", most=None), part("stellingen", most=10)
    statements = [Statement(text="een twee drie vier vijf") for _ in range(20)]

    def taken(one: CampaignPart) -> int:
        return estimate.seconds(intro=[], parts=[one], statements={one.id: statements})

    reading_the_question = round(3 / estimate.WORDS_A_SECOND)
    assert taken(everything) == 20 * (2 + 4) + reading_the_question
    assert taken(half) == 10 * (2 + 4) + reading_the_question


def test_an_order_takes_time_for_each_option_and_words_take_more() -> None:
    ranked, chosen = part("rangorde", options=5, most=3), part("keuze", options=5, most=1, words=True)
    reading = (3 + 5) / estimate.WORDS_A_SECOND
    times = [estimate.seconds(intro=[], parts=[one], statements={}) for one in (ranked, chosen)]
    assert times == [round(reading + 3 * 4), round(reading + 5 + estimate.SECONDS_FOR_WORDS)]
    assert [estimate.minutes(seconds) for seconds in (1, 60, 61, 300)] == [1, 1, 2, 5]
