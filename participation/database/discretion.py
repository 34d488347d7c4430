"""What PostgreSQL may write in its log: never a statement or a row, since these hold what residents said.

Rasa's driver writes values into its statements, so that one which fails, or takes long, would be told whole. The
settings are the server's own (PostgreSQL 16 manual, 20.8): only who manages it can change them.
"""

from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

DISCREET = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
"""What the server has to be told; of itself it writes the statement with each error, and the row in the details."""

_MAY_BE = {
    "log_min_error_statement": {"fatal", "panic"},
    "log_error_verbosity": {"terse"},
    "log_statement": {"none", "ddl"},
    "log_min_duration_statement": {"-1"},
    "log_min_duration_sample": {"-1"},
    "log_transaction_sample_rate": {"0"},
}


def indiscreet(settings: Mapping[str, str]) -> list[str]:
    """Return which settings of a server bring words into its log, each as `name = value`.

    Args:
        settings: name to value, as in `pg_settings`.
    """
    return [
        f"{name} = {settings[name]}"
        for name, right in _MAY_BE.items()
        if name in settings and settings[name] not in right
    ]


async def found_in(session: AsyncSession) -> list[str]:
    """Return them for the server of a session."""
    asked = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
    rows = (await session.execute(asked, {"names": list(_MAY_BE)})).all()
    return indiscreet(dict(rows))
