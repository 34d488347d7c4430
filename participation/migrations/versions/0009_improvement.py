"""What the griffie learns from: verdicts on answers, and questions that the chat was not sure about."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
TABLES = ("answer_verdict", "unsure_question")
REASONS = "reason IS NULL OR (verdict = 'nee' AND reason IN ('te_moeilijk', 'klopt_niet', 'andere_vraag'))"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "answer_verdict",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("turn_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict IN ('ja', 'nee')", name=op.f("ck_answer_verdict_verdict")),
        sa.CheckConstraint(REASONS, name=op.f("ck_answer_verdict_reason")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_answer_verdict_conversation_id_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_answer_verdict_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "turn_id", name=op.f("pk_answer_verdict")),
    )
    op.create_index(
        "ix_answer_verdict_municipality_code_created_at", "answer_verdict", ["municipality_code", "created_at"]
    )
    op.create_table(
        "unsure_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("masked_text", sa.Text(), nullable=False),
        sa.Column("embedding", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_unsure_question_conversation_id_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_unsure_question_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsure_question")),
    )
    op.create_index(op.f("ix_unsure_question_conversation_id"), "unsure_question", ["conversation_id"])
    op.create_index(
        "ix_unsure_question_municipality_code_created_at", "unsure_question", ["municipality_code", "created_at"]
    )
    for table in TABLES:
        _protect(table, f"municipality_code = {SCOPE} OR {SCOPE} = '*'")


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _protect(table: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON {table} USING ({rule}) WITH CHECK ({rule})")
