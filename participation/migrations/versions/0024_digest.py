"""The mail with counts: who wants it how often, and what became of each."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "digest_choice",
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("rhythm", sa.String(length=4), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rhythm IN ('dag', 'week')", name=op.f("ck_digest_choice_rhythm")),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["clerk.id"], name=op.f("fk_digest_choice_clerk_id_clerk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clerk_id", name=op.f("pk_digest_choice")),
    )
    op.create_table(
        "digest",
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('bezig', 'verstuurd', 'niets', 'mislukt', 'onzeker')", name=op.f("ck_digest_state")
        ),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerk.id"], name=op.f("fk_digest_clerk_id_clerk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("clerk_id", "period", name=op.f("pk_digest")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("digest")
    op.drop_table("digest_choice")
