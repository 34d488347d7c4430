"""Links of answers and facts, and whether they still work."""

from datetime import date

from sqlalchemy import SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Moment


class CheckedLink(Base):
    """A link that residents are given, with what the last look at it brought.

    It belongs to no municipality: many use the same pages, and those are not to be asked once for each. What can be
    read here is what residents see anyway.
    """

    __tablename__ = "checked_link"

    url: Mapped[str] = mapped_column(Text, primary_key=True)
    outcome: Mapped[str] = mapped_column(String(20))
    status: Mapped[int | None] = mapped_column(SmallInteger)
    failing_days: Mapped[int] = mapped_column(SmallInteger)
    failing_since: Mapped[date | None]
    last_failed_on: Mapped[date | None]
    checked_at: Mapped[Moment]
    again_at: Mapped[Moment]
