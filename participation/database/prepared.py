"""Nothing starts on tables of an older version, or on a back-up that is still being put back.

With Compose and the launcher `prepare` ends before the others start. In a cluster a new version may start beside it.
"""

import logging
import time

import psycopg

from participation.database.migrate import RESTORING, known_revisions, newest_revision
from participation.settings import Settings

logger = logging.getLogger(__name__)
AGAIN_AFTER = 1.0


def wait_until_prepared(chosen: Settings) -> None:
    """Return when this version can work on the database; what it waits for is logged once."""
    told = None
    while lacking := what_is_lacking(chosen.app_database_url or chosen.database_url):
        if lacking != told:
            logger.warning("Not started yet: %s", lacking)
            told = lacking
        time.sleep(AGAIN_AFTER)


def what_is_lacking(database_url: str) -> str | None:
    """Tell what has to happen first, or None. Tables of a newer version are fine: see `SchemaNewer`."""
    try:
        with psycopg.connect(database_url, connect_timeout=5) as connection:
            restoring = connection.execute("SELECT to_regnamespace(%s)", (RESTORING,)).fetchone()
            if restoring != (None,):
                return "a back-up is being put back in the database"
            found = connection.execute("SELECT version_num FROM public.alembic_version").fetchone()
    except psycopg.OperationalError as error:
        return f"the database can not be reached: {str(error).splitlines()[0]}"
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        found = None  # the rights come last
    if found is None:
        return "nobody has prepared the database"
    if found[0] in known_revisions() - {newest_revision()}:
        return f"the database is at migration {found[0]}, and prepare has to bring it to {newest_revision()}"
    return None
