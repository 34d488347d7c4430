"""Near copies are found, and texts that people wrote by themselves are not taken for copies."""

import csv
import itertools
from pathlib import Path

import pytest

from participation.language.near_copies import ALIKE, NUMBERS, as_matrix, most_alike, signature

SET = Path(__file__).parents[2] / "nlu" / "inbreng.tsv"
APPEAL = (
    "Beste raad, het plan voor het windpark bij ons dorp moet van tafel. Het uitzicht verdwijnt en het geluid houdt "
    "ons wakker. Luister naar de bewoners en stem op 12 december tegen."
)


@pytest.mark.parametrize(
    "copy",
    [
        APPEAL,
        APPEAL.upper(),
        APPEAL.replace("Beste raad", "Geachte raadsleden"),
        f"{APPEAL} Groet, Marieke uit de Dorpsstraat",
        APPEAL.replace("ons dorp", "Kootwijk").replace("12 december", "de twaalfde"),
        APPEAL.replace(", ", " ").replace(".", "!"),
    ],
)
def test_a_copy_with_a_name_or_a_word_changed_is_found(copy: str) -> None:
    first, second = signature(APPEAL), signature(copy)
    assert first
    assert second
    assert most_alike(
        second, as_matrix([signature("Een heel andere tekst over de lantaarns in de straat.") or b"", first])
    )


@pytest.mark.parametrize(
    "other",
    [
        "Het windpark bij ons dorp is een goed idee. De stroom is nodig en het geluid valt mee, heb ik gehoord.",
        "Beste raad, de bushalte bij ons dorp moet terug. De kinderen komen niet op school en wij niet bij de dokter.",
    ],
)
def test_another_opinion_on_the_same_subject_is_no_copy(other: str) -> None:
    one = signature(other)
    assert one
    assert most_alike(one, as_matrix([signature(APPEAL) or b""])) is None


def test_short_texts_are_not_compared() -> None:
    assert signature("Er wordt hier te hard gereden!") is None
    assert most_alike(signature(APPEAL) or b"", as_matrix([])) is None


def test_no_two_of_hundreds_of_contributions_are_taken_for_copies() -> None:
    """All pairs of the set of contributions, which different people could have written."""
    with SET.open(encoding="utf-8") as file:
        texts = [row[-1] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    signed = [one for text in texts if (one := signature(text))]
    assert len(signed) > 250
    matrix = as_matrix(signed)
    pairs = [
        (a, b)
        for a, b in itertools.combinations(range(len(signed)), 2)
        if (matrix[a] == matrix[b]).sum() >= ALIKE * NUMBERS
    ]
    assert pairs == []
