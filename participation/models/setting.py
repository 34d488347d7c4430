"""What a municipality chose itself: one row a setting, and its logo."""

import uuid
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Moment, MunicipalityCode


class MunicipalitySetting(Base):
    """One setting that differs from what is usual. `participation.municipality_choices` knows the names and values."""

    __tablename__ = "municipality_setting"

    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    changed_at: Mapped[Moment]


class MunicipalityLogo(Base):
    """The logo as we drew it again: a PNG. `version` is part of its address, so that browsers may keep it."""

    __tablename__ = "municipality_logo"

    municipality_code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    image: Mapped[bytes]
    version: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    changed_at: Mapped[Moment]
