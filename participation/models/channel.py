"""What channels need that push messages to residents: where to, what is still to be sent, what still to be read."""

import uuid

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.models.base import Base, Moment, MunicipalityCode


class ChatAddress(Base):
    """Where to push the messages of a conversation: the channel's own chat id, encrypted.

    Gone with its conversation. `blocked_at` is set while the resident keeps the bot out; messages wait until then.
    """

    __tablename__ = "chat_address"

    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[bytes]
    created_at: Mapped[Moment]
    blocked_at: Mapped[Moment | None]


class Outgoing(Base):
    """A message that has to be pushed. Made in the transaction of the message itself: neither exists without the other.

    `parts_sent` counts the pieces of a long message that the channel took. `done_at` is empty until it took them all,
    or will never take them (`given_up`). A message of a mailing (`mailing_id`) leaves at most once: `handed_at` is
    committed before the channel gets it, and whoever dies in between leaves it so. It waits for all other messages.
    """

    __tablename__ = "outgoing"
    __table_args__ = (
        Index("ix_outgoing_waiting", "conversation_id", "message_id", postgresql_where="done_at IS NULL"),
        Index("ix_outgoing_conversation_id", "conversation_id"),
        Index("ix_outgoing_mailing_id", "mailing_id", postgresql_where="mailing_id IS NOT NULL"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    due_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    parts_sent: Mapped[int] = mapped_column(SmallInteger, default=0)
    given_up: Mapped[bool] = mapped_column(default=False)
    done_at: Mapped[Moment | None]
    mailing_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("mailing.id", ondelete="CASCADE"))
    handed_at: Mapped[Moment | None]


class Incoming(Base):
    """An update of a channel, kept from before the channel is told that we have it until it has been handled.

    `body` is encrypted. Once handled, `body` and `sender` are erased; the row itself stays a while, so that a repeat is
    known. `sender` is a pseudonym: the updates of one sender are handled in order, except those of somebody in danger.
    """

    __tablename__ = "incoming"
    __table_args__ = (
        Index("ix_incoming_waiting", "channel", "sender", "update_id", postgresql_where="handled_at IS NULL"),
        Index("ix_incoming_received_at", "received_at"),
    )

    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sender: Mapped[bytes] = mapped_column(LargeBinary(32))
    urgent: Mapped[bool]
    body: Mapped[bytes | None]
    received_at: Mapped[Moment]
    due_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    handled_at: Mapped[Moment | None]


class DeepLink(Base):
    """A link into a channel. Its random id stands for a municipality, and for where the link was shown."""

    __tablename__ = "deep_link"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    municipality_code: Mapped[MunicipalityCode]
    campaign: Mapped[str | None] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[Moment]
