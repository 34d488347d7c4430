"""Looking for traces of a resident in every column of every table of every schema."""

from typing import Any

import sqlalchemy
from sqlalchemy import text

from participation.database.engine import sqlalchemy_url

COLUMNS = """
    SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns
    JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'
    AND data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'uuid', 'ARRAY')
"""


def traces(database_url: str, needles: dict[str, str | bytes]) -> dict[str, set[str]]:
    """Return in which columns each needle stands, as the owner of the database sees them.

    A needle that is found nowhere is left out. Words are looked for in bytes too, and bytes as hexadecimals in texts.
    """
    engine = sqlalchemy.create_engine(sqlalchemy_url(database_url), poolclass=sqlalchemy.NullPool)
    found: dict[str, set[str]] = {}
    with engine.connect() as connection:
        for schema, table, column, kind in connection.execute(text(COLUMNS)):
            value = f"encode(\"{column}\", 'hex')" if kind == "bytea" else f'"{column}"::text'
            for name, needle in needles.items():
                # Names of our own columns, not of anybody's making.
                query = text(f'SELECT count(*) FROM "{schema}"."{table}" WHERE {value} ILIKE :needle')  # noqa: S608
                if connection.scalar(query, {"needle": f"%{_as_stored(needle, kind)}%"}):
                    found.setdefault(name, set()).add(f"{schema}.{table}.{column}")
    return found


def _as_stored(needle: str | bytes, kind: str) -> str:
    if isinstance(needle, bytes):
        return needle.hex()
    return needle.encode().hex() if kind == "bytea" else needle


def make_tracker(database_url: str) -> None:
    """Make Rasa's table as Rasa does, as its own role."""
    with _owner(database_url).begin() as connection:
        connection.execute(text("SET ROLE samenspel_rasa"))
        connection.execute(
            text(
                "CREATE TABLE IF NOT EXISTS rasa.events (id serial PRIMARY KEY, sender_id varchar(255) NOT NULL, "
                "type_name varchar(255) NOT NULL, timestamp float, intent_name varchar(255), "
                "action_name varchar(255), data text)"
            )
        )


def write_tracker(database_url: str, *, sender: Any, at: float, data: str) -> None:
    """Write an event as Rasa does."""
    with _owner(database_url).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO rasa.events (sender_id, type_name, timestamp, data) VALUES (:sender, 'user', :at, :data)"
            ),
            {"sender": str(sender), "at": at, "data": data},
        )


def _owner(database_url: str) -> sqlalchemy.Engine:
    return sqlalchemy.create_engine(sqlalchemy_url(database_url), poolclass=sqlalchemy.NullPool)
