"""PostgreSQL: connections with a tenant scope, migration and the embedded server."""

from participation.database.engine import EVERY_MUNICIPALITY, Alone, Database

__all__ = ["EVERY_MUNICIPALITY", "Alone", "Database"]
