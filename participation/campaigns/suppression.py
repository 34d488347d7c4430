"""Hiding numbers about few people in an outcome: in a row, between municipalities and their total, and between groups.

The hiding itself is that of papers for the council: small numbers go, and with them as many others as it takes so that
nobody finds them by adding and subtracting. What is told of counts that follow each other in time is in `pace`.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from participation.models.campaign_outcome import EVERYWHERE
from participation.reports.suppression import Cell, Sum, hidden

DESK, PUBLIC = "bureau", "openbaar"
FEWEST = {DESK: 5, PUBLIC: 10}
"""Of how many people a number has to be, for whom reads it."""

TOTAL = "totaal"

Row = Mapping[str, int]
Shown = dict[str, int | None]

NEARLY_ALL, MOST = "bijna_iedereen", "de_meesten"
_SHARES = ((NEARLY_ALL, 0.9), (MOST, 2 / 3))


@dataclass(frozen=True)
class Table:
    """Numbers of people who are in just one place of a row; a row per municipality, and perhaps per group.

    The groups divide all people as the municipalities do, in another way.
    """

    columns: Sequence[str]
    rows: Mapping[str, Row]
    """By municipality."""
    groups: Mapping[str, Row]

    def all_rows(self) -> dict[str, dict[str, int]]:
        """Every row with its total, and that of everybody."""
        together = {column: sum(row.get(column, 0) for row in self.rows.values()) for column in self.columns}
        rows = {**self.rows, **self.groups, EVERYWHERE: together}
        return {
            about: {column: row.get(column, 0) for column in self.columns}
            | {TOTAL: sum(row.get(column, 0) for column in self.columns)}
            for about, row in rows.items()
        }

    def sums(self, place: int) -> list[Sum]:
        """What a reader can calculate with. `place` tells its numbers from those of the tables beside it."""
        found = [
            Sum(_key(place, about, TOTAL), tuple(_key(place, about, column) for column in self.columns))
            for about in self.all_rows()
        ]
        for parts in (self.rows, self.groups):
            if parts:
                found += [
                    Sum(_key(place, EVERYWHERE, column), tuple(_key(place, about, column) for about in parts))
                    for column in (*self.columns, TOTAL)
                ]
        return found


def shown(table: Table, *, fewest: int) -> dict[str, Shown]:
    """Return each row with what may be told of it; None where it may not."""
    return shown_together([table], fewest=fewest)[0]


def shown_together(tables: Sequence[Table], *, fewest: int) -> list[dict[str, Shown]]:
    """Return the same of tables that divide the same people in several ways.

    Their totals are the same numbers. Hidden beside one table, a total that another shows would be found there.
    """
    cells: dict[Hashable, Cell] = {}
    sums: list[Sum] = []
    for place, table in enumerate(tables):
        for about, row in table.all_rows().items():
            for column, number in row.items():
                key = _key(place, about, column)
                cells[key] = Cell(number, _some_people(key, min(number, fewest)))
        sums += table.sums(place)
    hide = hidden(cells, sums, fewest=fewest)
    return [
        {
            about: {column: None if _key(place, about, column) in hide else number for column, number in row.items()}
            for about, row in table.all_rows().items()
        }
        for place, table in enumerate(tables)
    ]


def mostly(row: Row, *, fewest: int) -> tuple[str, str] | None:
    """Return on which side nearly all, or most are, of a row whose numbers are hidden; None where that tells too much.

    Said only where the others may be anything from nobody to as many as a number has to be of.
    """
    total = sum(row.values())
    for word, share in _SHARES:
        for column, number in row.items():
            if total and number >= share * total and (1 - share) * total >= fewest:
                return column, word
    return None


def _key(place: int, about: str, column: str) -> tuple[int, str, str]:
    """Which number it is: totals are of all tables."""
    return (-1 if column == TOTAL else place, about, column)


def _some_people(key: Hashable, number: int) -> frozenset[tuple[Hashable, int]]:
    """As many people as matters: nobody is in two places of a table, so who they are does not."""
    return frozenset((key, one) for one in range(number))
