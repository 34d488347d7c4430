"""Messages about campaigns that residents asked for: who wants them, and each message to each of them."""

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.models import base
from participation.models.base import Base, Moment, MunicipalityCode
from participation.models.campaign import one_of

MAILING_KINDS = ("uitnodiging", "herinnering", "bericht", "terugkoppeling")
INVITES = ("uitnodiging", "herinnering")
"""Kinds that ask to take part, so only while that can be."""

MAILING_STATES = ("concept", "bezig", "pauze", "gestopt", "klaar")
RECIPIENT_STATES = ("wacht", "onderweg", "verstuurd", "overgeslagen", "mislukt")


class Subscription(Base):
    """What a resident wants to hear about, beside their consent for messages about campaigns.

    Without a theme: every theme. Without an area: the whole municipality.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("resident_id", "municipality_code", "theme", "area", postgresql_nulls_not_distinct=True),
        Index("ix_subscription_municipality_code", "municipality_code"),
    )

    id: Mapped[base.Identity]
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    theme: Mapped[str | None] = mapped_column(String(30))
    area: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[Moment]


class Mailing(Base):
    """One text to many residents. `audience` says whom, by what they asked for; who they are stands in `Recipient`.

    `municipality_code` is that of the campaign's leader. The text is the same for all; the name of the municipality is
    that of the reader. `progress` is how far it is, per municipality, as the worker counted it last: the leader can not
    see recipients elsewhere. `counted_at` is when it counted whom a draft will reach. `again` asks the worker to send
    once more what failed, or what may have arrived.
    """

    __tablename__ = "mailing"
    __table_args__ = (
        CheckConstraint(one_of("kind", MAILING_KINDS), name="kind"),
        CheckConstraint(one_of("state", MAILING_STATES), name="state"),
        Index("ix_mailing_campaign_id", "campaign_id"),
    )

    id: Mapped[base.Identity]
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    municipality_code: Mapped[MunicipalityCode]
    kind: Mapped[str] = mapped_column(String(14))
    text: Mapped[str] = mapped_column(Text)
    audience: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(8))
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("clerk.id"))
    made_at: Mapped[Moment]
    started_at: Mapped[Moment | None]
    filled_at: Mapped[Moment | None]
    done_at: Mapped[Moment | None]
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    counted_at: Mapped[Moment | None]
    again: Mapped[str | None] = mapped_column(String(12))


class Recipient(Base):
    """One resident who gets one message, at most once.

    `wacht`: not in their chat yet. `verstuurd`: the channel took it, or it stands in their web chat. `onderweg`: it
    stands in the chat, and the channel that pushes has not said yet that it took it. That is committed before the
    message leaves, so that nobody gets it twice when a process dies in between; what stays so is shown as uncertain and
    sent again only when somebody says so. `reason` says why one was passed over or failed.
    """

    __tablename__ = "recipient"
    __table_args__ = (
        CheckConstraint(one_of("state", RECIPIENT_STATES), name="state"),
        Index("ix_recipient_waiting", "mailing_id", "due_at", postgresql_where="state = 'wacht'"),
        Index("ix_recipient_under_way", "mailing_id", postgresql_where="state = 'onderweg'"),
        Index("ix_recipient_resident_id", "resident_id"),
        Index("ix_recipient_conversation_id", "conversation_id"),
    )

    mailing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mailing.id", ondelete="CASCADE"), primary_key=True)
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"), primary_key=True)
    municipality_code: Mapped[MunicipalityCode]
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(30))
    due_at: Mapped[Moment]
    settled_at: Mapped[Moment | None]
