"""Channels that push: chat addresses, messages to send, updates to handle, deep links."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
CHAT_ONLY = ("chat_address", "outgoing", "incoming")


def upgrade() -> None:
    """Apply."""
    op.add_column("conversation", sa.Column("place", sa.Text(), nullable=True))
    op.create_table(
        "chat_address",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_chat_address_conversation_id_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_chat_address")),
    )
    op.create_table(
        "outgoing",
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("parts_sent", sa.SmallInteger(), nullable=False),
        sa.Column("given_up", sa.Boolean(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_outgoing_conversation_id_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_outgoing_message_id_message"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_outgoing")),
    )
    op.create_index("ix_outgoing_conversation_id", "outgoing", ["conversation_id"])
    op.create_index(
        "ix_outgoing_waiting", "outgoing", ["conversation_id", "message_id"], postgresql_where="done_at IS NULL"
    )
    op.create_table(
        "incoming",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sender", sa.LargeBinary(length=32), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("channel", "update_id", name=op.f("pk_incoming")),
    )
    op.create_index("ix_incoming_received_at", "incoming", ["received_at"])
    op.create_index(
        "ix_incoming_waiting", "incoming", ["channel", "sender", "update_id"], postgresql_where="handled_at IS NULL"
    )
    op.create_table(
        "deep_link",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_deep_link_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deep_link")),
    )
    for table in CHAT_ONLY:
        _protect(table, f"{SCOPE} = '*'")
    _protect("deep_link", f"municipality_code = {SCOPE} OR {SCOPE} = '*'")


def downgrade() -> None:
    """Take back."""
    for table in ("deep_link", "incoming", "outgoing", "chat_address"):
        op.drop_table(table)
    op.drop_column("conversation", "place")


def _protect(table: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON {table} USING ({rule}) WITH CHECK ({rule})")
