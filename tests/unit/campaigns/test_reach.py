"""What may be shown of the places of a campaign, beside the numbers of all places together."""

import numpy as np
from scipy.optimize import linprog

from participation.campaigns import suppression
from participation.campaigns.reach import hidden

FEWEST = 5
Took = dict[str, tuple[int, int]]


def told(took: Took) -> dict[str, tuple[int | None, int | None]]:
    no_start, no_end = hidden(took)
    return {
        name: (None if name in no_start else started, None if name in no_end else finished)
        for name, (started, finished) in took.items()
    }


def test_one_small_place_takes_the_next_smallest_along() -> None:
    assert told({"markt": (3, 0), "school": (30, 20), "kerk": (12, 6), "plein": (0, 0)}) == {
        "markt": (None, None),
        "school": (30, 20),
        "kerk": (None, None),
        "plein": (0, 0),
    }


def test_few_who_did_not_finish_can_not_be_found_but_how_many_started_is_shown() -> None:
    assert told({"markt": (50, 48), "kerk": (20, 12), "school": (40, 30)}) == {
        "markt": (50, None),
        "kerk": (20, None),
        "school": (40, 30),
    }


def test_large_numbers_are_all_shown() -> None:
    took = {"markt": (50, 40), "kerk": (20, 0), "school": (40, 40)}
    assert told(took) == took


def test_who_knows_all_places_together_can_not_come_near_a_small_number() -> None:
    """Of several places; of one the numbers are those of the outcome, which hides its own."""
    chance = np.random.default_rng(4)
    small_ones = 0
    for _ in range(25):
        most = int(chance.choice((3, 8, 30))) + 1
        ended = chance.integers(0, most, size=(chance.integers(2, 6), 2)).tolist()
        took = {str(index): (done + busy, done) for index, (done, busy) in enumerate(ended)}
        several = sum(started > 0 for started, _ in took.values()) > 1
        for aim in [aim for aim, number in numbers_of(took) if several and 0 < number < FEWEST]:
            least, largest = possible(took, aim)
            assert largest - least > FEWEST - 0.001, (took, aim)
            small_ones += 1
    assert small_ones > 50


def numbers_of(took: Took) -> list[tuple[np.ndarray, int]]:
    """Each number about a place, as a sum of who finished and who did not of each."""
    found = []
    for index, (started, finished) in enumerate(took.values()):
        for done, busy in ((1, 0), (0, 1), (1, 1)):
            aim = np.zeros((len(took), 2))
            aim[index] = done, busy
            found.append((aim.ravel(), done * finished + busy * (started - finished)))
    return found


def possible(took: Took, aim: np.ndarray) -> tuple[float, float]:
    """The least and the most that a number can be, with all that is shown."""
    done = sum(finished for _, finished in took.values())
    busy = sum(started for started, _ in took.values()) - done
    all_ends = suppression.shown(
        suppression.Table(("klaar", "bezig"), {"GM0344": {"klaar": done, "bezig": busy}}, {}), fewest=FEWEST
    )["GM0344"]
    lines: list[np.ndarray] = []
    right: list[int] = []

    def know(number: int | None, of: np.ndarray) -> None:
        if number is not None:
            lines.append(of.ravel())
            right.append(number)

    everybody = np.ones((len(took), 2))
    know(all_ends["totaal"], everybody)
    know(all_ends["klaar"], everybody * (1, 0))
    for index, (started, finished) in enumerate(told(took).values()):
        here = np.zeros((len(took), 2))
        here[index] = 1, 1
        know(started, here)
        know(finished, here * (1, 0))
    if not lines:
        return 0.0, 1000.0
    ends = [
        linprog(way * aim, A_eq=np.array(lines), b_eq=right, bounds=(0, 1000), method="highs").fun for way in (1, -1)
    ]
    return ends[0], -ends[1]
