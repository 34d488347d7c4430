"""What every kind of personal data can do."""

import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True)
class Subject:
    """The resident whose data it is, with all that the data can be found by."""

    resident_id: uuid.UUID
    pseudonym: bytes
    conversation_ids: tuple[uuid.UUID, ...]


class Kind(ABC):
    """One kind of personal data.

    `name` is the key in the download and in the texts `gegevens_regels`; `tables` are those that it answers for.
    """

    name: ClassVar[str]
    tables: ClassVar[frozenset[str]]

    @abstractmethod
    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Return what is kept of this resident, as it goes into the download (JSON)."""

    @abstractmethod
    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase it; returns the number of rows that were erased or cut loose."""


async def delete_rows(session: AsyncSession, statement: sqlalchemy.Executable) -> int:
    """Delete, and count what was deleted."""
    result = await session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0
