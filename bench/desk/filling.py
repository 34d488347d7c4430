"""A scratch database that looks like years of work: texts from the training examples, most of them dealt with."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql

from participation.database import EVERY_MUNICIPALITY
from participation.language.themes import themes
from participation.models.contribution import KINDS
from participation.services.references import format_reference

EXAMPLES = Path(__file__).parents[2] / "participation" / "reference" / "inbreng.tsv"
YEARS = 6
PLACES = ("Overvecht", "Vleuten", "De Meern", "Zuilen", "Hoograven", "Leidsche Rijn", "Lombok", "Haarzuilens")
CHANNELS = (("web", 70), ("telegram", 20), ("balie", 10))
OPEN_SHARE = 0.04
"""Of the contributions something still has to be done; with 100,000 that are 4,000, more than any griffie has."""

OPEN = (("ontvangen", 45), ("in_behandeling", 35), ("reactie_gevraagd", 12), ("reactie_ontvangen", 8))
CLOSED = (("afgehandeld", 92), ("geannuleerd", 3), ("doorgezonden", 3), ("gebundeld", 2))


@dataclass(frozen=True)
class Made:
    """One contribution, and the statuses after the first."""

    row: tuple[object, ...]
    statuses: tuple[tuple[object, ...], ...]


def texts() -> list[str]:
    """Return the texts of the examples; two or three together make one contribution."""
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[-1] for line in lines if "\t" in line and not line.startswith("#")]


def contributions(code: str, count: int, *, first: int, now: datetime, chance: random.Random) -> Iterator[Made]:
    """Make contributions of one municipality, spread over six years; `first` is the first number of a reference."""
    said, theme_ids = texts(), sorted(themes())
    for number in range(first, first + count):
        at = now - timedelta(seconds=chance.randrange(YEARS * 365 * 86_400))
        text = " ".join(chance.sample(said, chance.choice((1, 2, 2, 3))))
        if chance.random() < 0.4:
            text += f" Dit gaat over {chance.choice(PLACES)}."
        contribution = uuid.UUID(int=chance.getrandbits(128), version=4)
        row = (
            contribution,
            format_reference(2026, number),
            code,
            uuid.UUID(int=chance.getrandbits(128), version=4),
            text,
            text,
            at,
            _one_of(CHANNELS, chance),
            chance.choice(KINDS),
            chance.choice(theme_ids),
            at,
        )
        is_open = chance.random() < OPEN_SHARE
        status = _one_of(OPEN if is_open else CLOSED, chance)
        later = at + timedelta(days=chance.randrange(1, 30))
        yield Made(row, _statuses(contribution, code, at, status, min(later, now), chance))


_LIST = """
    INSERT INTO worklist_item (contribution_id, municipality_code, created_at, channel, kind, theme, status, status_at,
                               is_placed, place, assignee_id, campaign)
    SELECT c.id, c.municipality_code, c.created_at, c.channel, c.kind, c.theme, s.status, s.created_at, true,
           substring(c.masked_text FROM 'Dit gaat over ([^.]+)[.]'),
           CASE WHEN s.status <> 'ontvangen' THEN %(clerks)s[1 + mod(abs(hashtext(c.id::text)), %(count)s)] END,
           CASE WHEN mod(abs(hashtext(c.reference)), 10) = 0 THEN 'campagne' || mod(abs(hashtext(c.reference)), 70) END
    FROM contribution c JOIN contribution_status s ON s.contribution_id = c.id
    WHERE s.number = (SELECT max(number) FROM contribution_status last WHERE last.contribution_id = c.id)
"""
_WORDS = """
    INSERT INTO worklist_word (municipality_code, word, contribution_id)
    SELECT municipality_code, word, id
    FROM contribution, unnest(tsvector_to_array(to_tsvector('dutch', masked_text))) AS word
    ORDER BY 1, 2, 3
"""


def fill(url: str, *, municipality: str, count: int, others: dict[str, int], clerks: list[uuid.UUID]) -> None:
    """Fill the scratch database: `count` contributions of one municipality, and so many of each other one.

    The triggers are off, for speed: what they would have made is made at once. The tests say what they make.
    """
    chance, now, first = random.Random(2026), datetime.now(UTC), 1  # noqa: S311  a repeatable choice, no secret
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('samenspel.gemeente', %s, false)", (EVERY_MUNICIPALITY,))
        cursor.execute("SET session_replication_role = replica")
        for code, number in ({municipality: count} | others).items():
            made = list(contributions(code, number, first=first, now=now, chance=chance))
            first += number
            columns = "id reference municipality_code draft text masked_text masked_at channel kind theme created_at"
            _copy(cursor, "contribution", columns, [one.row for one in made])
            columns = "id contribution_id municipality_code number status created_at"
            _copy(cursor, "contribution_status", columns, [status for one in made for status in one.statuses])
        cursor.execute(_LIST, {"clerks": clerks, "count": len(clerks)})
        cursor.execute(_WORDS)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _statuses(
    contribution: uuid.UUID, code: str, at: datetime, status: str, later: datetime, chance: random.Random
) -> tuple[tuple[object, ...], ...]:
    made = [("ontvangen", at)]
    if status not in {"ontvangen", "in_behandeling"}:
        made.append(("in_behandeling", at + (later - at) / 2))
    if status != "ontvangen":
        made.append((status, later))
    return tuple(
        (uuid.UUID(int=chance.getrandbits(128), version=4), contribution, code, number, name, moment)
        for number, (name, moment) in enumerate(made, 1)
    )


def _copy(cursor: psycopg.Cursor, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns.split()))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)) as copy:
        for row in rows:
            copy.write_row(row)


def _one_of(weighed: tuple[tuple[str, int], ...], chance: random.Random) -> str:
    return chance.choices([name for name, _ in weighed], [weight for _, weight in weighed])[0]
