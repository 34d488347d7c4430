"""Questions of a municipality's own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "own_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("ways", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("embeddings", sa.LargeBinary(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("more", sa.Text(), nullable=True),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["clerk.id"], name=op.f("fk_own_question_changed_by_clerk")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_own_question_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_question")),
    )
    op.create_index("ix_own_question_municipality_code", "own_question", ["municipality_code"])
    op.execute("ALTER TABLE own_question ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE own_question FORCE ROW LEVEL SECURITY")
    rule = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
    op.execute(f"CREATE POLICY scope ON own_question USING ({rule}) WITH CHECK ({rule})")


def downgrade() -> None:
    """Take back."""
    op.drop_table("own_question")
