"""The first tables: municipalities, conversations, contributions, the desk."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "clerk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_is_one_time", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clerk")),
        sa.UniqueConstraint("email", name=op.f("uq_clerk_email")),
    )
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_index("ix_login_attempt_subject_created_at", "login_attempt", ["subject", "created_at"], unique=False)
    op.create_table(
        "municipality",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("inhabitants", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_municipality")),
        sa.UniqueConstraint("name", name=op.f("uq_municipality_name")),
    )
    op.create_table(
        "reference_counter",
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_reference_counter")),
    )
    op.create_table(
        "resident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.LargeBinary(length=32), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_resident_pseudonym")),
    )
    op.create_table(
        "answer_override",
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("more", sa.Text(), nullable=True),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_answer_override_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["clerk.email"], name=op.f("fk_answer_override_published_by_clerk"), onupdate="CASCADE"
        ),
        sa.PrimaryKeyConstraint("municipality_code", "topic", name=op.f("pk_answer_override")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=True),
        sa.Column("clerk_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerk.id"], name=op.f("fk_audit_event_clerk_id_clerk")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_audit_event_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(
        "ix_audit_event_municipality_code_created_at", "audit_event", ["municipality_code", "created_at"], unique=False
    )
    op.create_table(
        "clerk_role",
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "role IN ('griffier', 'medewerker', 'raadslid', 'campagneleider', 'beheerder')",
            name=op.f("ck_clerk_role_role"),
        ),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["clerk.id"], name=op.f("fk_clerk_role_clerk_id_clerk"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_clerk_role_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("clerk_id", "municipality_code", name=op.f("pk_clerk_role")),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=True),
        sa.Column("campaign", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_turn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_conversation_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_conversation_resident_id_resident"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    op.create_index(op.f("ix_conversation_resident_id"), "conversation", ["resident_id"], unique=False)
    op.create_table(
        "desk_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("csrf_token", sa.String(length=43), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["clerk.id"], name=op.f("fk_desk_session_clerk_id_clerk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_desk_session")),
    )
    op.create_index(op.f("ix_desk_session_clerk_id"), "desk_session", ["clerk_id"], unique=False)
    op.create_table(
        "local_fact",
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_local_fact_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("municipality_code", "name", name=op.f("pk_local_fact")),
    )
    op.create_table(
        "choice",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("meaning", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_choice_conversation_id_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice")),
    )
    op.create_index(op.f("ix_choice_conversation_id"), "choice", ["conversation_id"], unique=False)
    op.create_table(
        "contribution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("draft", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('vraag', 'zorg', 'idee', 'compliment', 'initiatief')", name=op.f("ck_contribution_kind")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_contribution_conversation_id_conversation"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_contribution_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_contribution_resident_id_resident"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("draft", name=op.f("uq_contribution_draft")),
        sa.UniqueConstraint("reference", name=op.f("uq_contribution_reference")),
    )
    op.create_index(
        "ix_contribution_municipality_code_created_at",
        "contribution",
        ["municipality_code", "created_at"],
        unique=False,
    )
    op.create_index(op.f("ix_contribution_resident_id"), "contribution", ["resident_id"], unique=False)
    op.create_table(
        "contribution_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("submission", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerk.id"], name=op.f("fk_contribution_entry_clerk_id_clerk")),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_entry_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_contribution_entry_municipality_code_municipality"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_entry")),
        sa.UniqueConstraint("submission", name=op.f("uq_contribution_entry_submission")),
    )
    op.create_index("ix_contribution_entry_contribution_id", "contribution_entry", ["contribution_id"], unique=False)
    op.create_index(
        "ix_contribution_entry_undelivered",
        "contribution_entry",
        ["created_at"],
        unique=False,
        postgresql_where="delivered_at IS NULL",
    )
    op.create_table(
        "contribution_status",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("clerk_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('ontvangen', 'in_behandeling', 'reactie_gevraagd', 'reactie_ontvangen', 'gebundeld', 'doorgezonden', 'ingepland', 'afgehandeld', 'geannuleerd', 'heropend')",
            name=op.f("ck_contribution_status_status"),
        ),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerk.id"], name=op.f("fk_contribution_status_clerk_id_clerk")),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_status_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_contribution_status_municipality_code_municipality"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_status")),
    )
    op.create_index(
        "ix_contribution_status_contribution_id_number",
        "contribution_status",
        ["contribution_id", "number"],
        unique=True,
    )
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("sender", sa.String(length=10), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=True),
        sa.Column("in_reply_to", sa.BigInteger(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_message_conversation_id_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["contribution_entry.id"],
            name=op.f("fk_message_entry_id_contribution_entry"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["in_reply_to"], ["message.id"], name=op.f("fk_message_in_reply_to_message"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("conversation_id", "external_id", name=op.f("uq_message_conversation_id")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_message_entry_id")),
    )
    op.create_index("ix_message_conversation_id_id", "message", ["conversation_id", "id"], unique=False)
    op.create_index("ix_message_created_at", "message", ["created_at"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_message_created_at", table_name="message")
    op.drop_index("ix_message_conversation_id_id", table_name="message")
    op.drop_table("message")
    op.drop_index("ix_contribution_status_contribution_id_number", table_name="contribution_status")
    op.drop_table("contribution_status")
    op.drop_index(
        "ix_contribution_entry_undelivered", table_name="contribution_entry", postgresql_where="delivered_at IS NULL"
    )
    op.drop_index("ix_contribution_entry_contribution_id", table_name="contribution_entry")
    op.drop_table("contribution_entry")
    op.drop_index(op.f("ix_contribution_resident_id"), table_name="contribution")
    op.drop_index("ix_contribution_municipality_code_created_at", table_name="contribution")
    op.drop_table("contribution")
    op.drop_index(op.f("ix_choice_conversation_id"), table_name="choice")
    op.drop_table("choice")
    op.drop_table("local_fact")
    op.drop_index(op.f("ix_desk_session_clerk_id"), table_name="desk_session")
    op.drop_table("desk_session")
    op.drop_index(op.f("ix_conversation_resident_id"), table_name="conversation")
    op.drop_table("conversation")
    op.drop_table("clerk_role")
    op.drop_index("ix_audit_event_municipality_code_created_at", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_table("answer_override")
    op.drop_table("resident")
    op.drop_table("reference_counter")
    op.drop_table("municipality")
    op.drop_index("ix_login_attempt_subject_created_at", table_name="login_attempt")
    op.drop_table("login_attempt")
    op.drop_table("clerk")
