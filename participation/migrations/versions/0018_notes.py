"""Internal notes of the griffie on a contribution."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "contribution_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("submission", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_note_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_contribution_note_municipality_code_municipality"),
        ),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerk.id"], name=op.f("fk_contribution_note_clerk_id_clerk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_note")),
        sa.UniqueConstraint("submission", name=op.f("uq_contribution_note_submission")),
    )
    op.create_index("ix_contribution_note_contribution_id", "contribution_note", ["contribution_id"])
    rule = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
    op.execute("ALTER TABLE contribution_note ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE contribution_note FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON contribution_note USING ({rule}) WITH CHECK ({rule})")


def downgrade() -> None:
    """Take back."""
    op.drop_table("contribution_note")
