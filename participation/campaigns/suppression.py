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

    def sums(self) -> list[Sum]:
        """What a reader can calculate with."""
        rows = self.all_rows()
        found = [Sum((about, TOTAL), tuple((about, column) for column in self.columns)) for about in rows]
        for parts in (self.rows, self.groups):
            if parts:
                found += [
                    Sum((EVERYWHERE, column), tuple((about, column) for about in parts))
                    for column in (*self.columns, TOTAL)
                ]
        return found


def shown(table: Table, *, fewest: int) -> dict[str, Shown]:
    """Return each row with what may be told of it; None where it may not."""
    rows = table.all_rows()
    cells: dict[Hashable, Cell] = {
        (about, column): Cell(number, _some_people(about, column, min(number, fewest)))
        for about, row in rows.items()
        for column, number in row.items()
    }
    hide = hidden(cells, table.sums(), fewest=fewest)
    return {
        about: {column: None if (about, column) in hide else number for column, number in row.items()}
        for about, row in rows.items()
    }


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


def _some_people(about: str, column: str, number: int) -> frozenset[tuple[str, str, int]]:
    """As many people as matters: nobody is in two places of a table, so who they are does not."""
    return frozenset((about, column, one) for one in range(number))
