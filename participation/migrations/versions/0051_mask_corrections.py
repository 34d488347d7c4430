"""A griffier corrects a mask, and what was masked for nothing stays readable in later texts of the municipality."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "mask_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("hidden_as", sa.String(length=13), nullable=True),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_mask_correction_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_mask_correction_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerk.id"], name=op.f("fk_mask_correction_clerk_id_clerk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mask_correction")),
    )
    op.create_index("ix_mask_correction_contribution_id", "mask_correction", ["contribution_id"])
    op.create_table(
        "mask_lesson",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("taught_by", sa.Uuid(), nullable=False),
        sa.Column("taught_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('plaats', 'ambt')", name=op.f("ck_mask_lesson_kind")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_mask_lesson_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(["taught_by"], ["clerk.id"], name=op.f("fk_mask_lesson_taught_by_clerk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mask_lesson")),
        sa.UniqueConstraint("municipality_code", "key", name=op.f("uq_mask_lesson_municipality_code")),
    )
    for table in ("mask_correction", "mask_lesson"):
        rule = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY scope ON {table} USING ({rule}) WITH CHECK ({rule})")


def downgrade() -> None:
    """Take back. Texts stay as they are read now, until they are masked again."""
    op.drop_table("mask_lesson")
    op.drop_table("mask_correction")
