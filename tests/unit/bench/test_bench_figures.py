"""From answers to figures."""

import pytest

from bench.understanding.figures import Answer, figures, percentile
from nlu.components.evaluation import Line

LINES = [Line(label, None, "?") for label in ("vraag/a", "vraag/b", "c", "d", "e")]


def test_every_message_counts_once_and_labels_mean_the_same_with_or_without_their_slash() -> None:
    answers = [
        Answer(["vraag/a", "c"], answered=True, milliseconds=1.0),  # right at once
        Answer(["c", "b"], answered=True, milliseconds=2.0),  # wrong at once, right among three
        Answer(["a", "b", "d", "c"], answered=False, milliseconds=3.0),  # asked back, right as the fourth
        Answer(["d"], answered=False, milliseconds=4.0),  # asked back without need
        Answer([], answered=True, milliseconds=100.0),  # found nothing: that is no answer
    ]
    assert figures(LINES, answers) == {
        "accuracy": 0.4,
        "top3": 0.6,
        "answered": 0.4,
        "wrong_answered": 0.2,
        "asked_back": 0.6,
        "p50_ms": 3.0,
        "p95_ms": 100.0,
    }


def test_an_answer_too_few_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="zip"):
        figures(LINES, [Answer(["a"], answered=True, milliseconds=1.0)])


@pytest.mark.parametrize(("wanted", "value"), [(50, 50.0), (95, 95.0), (100, 100.0), (1, 1.0)])
def test_a_percentile_is_one_of_the_values(wanted: int, value: float) -> None:
    assert percentile([float(number) for number in range(100, 0, -1)], wanted) == value


def test_a_single_value_is_every_percentile() -> None:
    assert (percentile([7.0], 50), percentile([7.0], 95)) == (7.0, 7.0)
