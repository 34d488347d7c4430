"""No small number can be found again, whatever a reader adds and subtracts."""

import itertools
import random
import time

import numpy as np
import pytest

from participation.reports.suppression import Cell, Key, Sum, hidden

FEWEST = 5


def table(rows: list[list[int]]) -> tuple[dict[Key, Cell], list[Sum]]:
    """A table with its totals; everybody said one thing."""
    people = itertools.count()
    cells: dict[Key, Cell] = {}
    for number, row in enumerate(rows):
        for column, count in enumerate(row):
            cells["cel", number, column] = Cell(count, frozenset(next(people) for _ in range(count)))
    return cells, totals(cells, len(rows), len(rows[0]))


def totals(cells: dict[Key, Cell], rows: int, columns: int) -> list[Sum]:
    """Add the totals to the cells; return how they are made."""
    sums = [Sum(("rij", row), tuple(("cel", row, column) for column in range(columns))) for row in range(rows)]
    sums += [Sum(("kolom", column), tuple(("cel", row, column) for row in range(rows))) for column in range(columns)]
    sums.append(Sum("totaal", tuple(("rij", row) for row in range(rows))))
    sums.append(Sum("totaal", tuple(("kolom", column) for column in range(columns))))
    for one in sums:
        parts = [cells[part] for part in one.parts]
        cells[one.total] = Cell(sum(part.count for part in parts), frozenset().union(*(part.people for part in parts)))
    return sums


def fillings(cells: dict[Key, Cell], sums: list[Sum], hide: frozenset[Key]) -> dict[Key, np.ndarray]:
    """Every table of whole numbers that fits what is shown: what a reader can think of. Only for small tables."""
    inner = [key for key in cells if isinstance(key, tuple) and key[0] == "cel"]
    unknown = [key for key in inner if key in hide]
    most = max(cells[key].count for key in inner) + FEWEST
    guesses = np.indices([most + 1] * len(unknown), dtype=np.int8).reshape(len(unknown), -1)
    values = {key: np.full(guesses.shape[1], cells[key].count, dtype=np.int16) for key in inner}
    values |= {key: guesses[number].astype(np.int16) for number, key in enumerate(unknown)}
    for one in sums:
        values[one.total] = sum((values[part] for part in one.parts), np.zeros(guesses.shape[1], dtype=np.int16))
    fits = np.all([values[key] == cell.count for key, cell in cells.items() if key not in hide], axis=0)
    return {key: column[fits] for key, column in values.items()}


def test_a_table_of_many_people_is_shown_whole() -> None:
    assert hidden(*table([[5, 9], [12, 30]]), fewest=FEWEST) == frozenset()


def test_nobody_is_shown_as_zero() -> None:
    assert hidden(*table([[0, 9], [12, 0]]), fewest=FEWEST) == frozenset()


def test_a_small_number_takes_others_along_so_that_no_total_gives_it_away() -> None:
    cells, sums = table([[2, 9], [12, 30]])
    assert hidden(cells, sums, fewest=FEWEST) == {("cel", 0, 0), ("cel", 0, 1), ("cel", 1, 0), ("cel", 1, 1)}


def test_two_small_numbers_that_are_few_together_take_a_third_along() -> None:
    cells = {"a": Cell(1, frozenset("p")), "b": Cell(2, frozenset("qr")), "c": Cell(9, frozenset("stuvwxyzA"))}
    cells["samen"] = Cell(12, frozenset("pqrstuvwxyzA"))
    assert hidden(cells, [Sum("samen", ("a", "b", "c"))], fewest=FEWEST) == {"a", "b", "c"}


def test_much_said_by_few_people_is_a_small_number() -> None:
    cells = {"a": Cell(40, frozenset("pq")), "b": Cell(9, frozenset("stuvwxyzA")), "c": Cell(9, frozenset("BCDEFGHIJ"))}
    cells["samen"] = Cell(58, frozenset("pqstuvwxyzABCDEFGHIJ"))
    assert hidden(cells, [Sum("samen", ("a", "b", "c"))], fewest=FEWEST) == {"a", "b"}


def test_a_small_total_hides_everything() -> None:
    cells, sums = table([[1, 1], [0, 2]])
    assert hidden(cells, sums, fewest=FEWEST) == {key for key, cell in cells.items() if cell.count}


def known_too_well(cells: dict[Key, Cell], sums: list[Sum], hide: frozenset[Key]) -> dict[Key, int]:
    """Small numbers whose possible values a reader can bring within less than FEWEST of each other."""
    small = [key for key, cell in cells.items() if 0 < len(cell.people) < FEWEST]
    found = fillings(cells, sums, hide) if small else {}
    width = {key: int(found[key].max() - found[key].min()) for key in small}
    return {key: wide for key, wide in width.items() if wide < FEWEST}


@pytest.mark.parametrize("seed", range(40))
def test_a_reader_who_tries_every_table_finds_no_small_number(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  a made-up table
    rows = [[chance.choice((0, 1, 2, 3, 5, 6)) for _ in range(2)] for _ in range(chance.choice((2, 2, 3)))]
    cells, sums = table(rows)
    hide = hidden(cells, sums, fewest=FEWEST)
    assert {key for key, cell in cells.items() if 0 < len(cell.people) < FEWEST} <= hide
    assert known_too_well(cells, sums, hide) == {}


def test_the_usual_size_is_done_in_a_moment() -> None:
    """Seventeen themes and twenty-five places; most combinations are about a few people."""
    chance = random.Random(1)  # noqa: S311  a made-up table
    cells, sums = table([[min(60, int(chance.paretovariate(0.9)) - 1) for _ in range(25)] for _ in range(17)])
    began = time.process_time()
    hide = hidden(cells, sums, fewest=FEWEST)
    assert time.process_time() - began < 8
    shown = [key for key, cell in cells.items() if cell.count and key not in hide]
    assert "totaal" in shown
    assert sum(isinstance(key, tuple) and key[0] == "rij" for key in shown) > 8
