"""Texts of residents in the thread of a contribution: without a clerk, and masked for the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

UNMASKED = "clerk_id IS NULL AND masked_at IS NULL"


def upgrade() -> None:
    """Apply."""
    op.alter_column("contribution_entry", "clerk_id", existing_type=sa.Uuid(), nullable=True)
    op.add_column("contribution_entry", sa.Column("masked_text", sa.Text(), nullable=True))
    op.add_column("contribution_entry", sa.Column("masked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_contribution_entry_unmasked", "contribution_entry", ["id"], postgresql_where=sa.text(UNMASKED))


def downgrade() -> None:
    """Take back; what residents added has no place in the older tables."""
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.execute("DELETE FROM contribution_entry WHERE clerk_id IS NULL")
    op.drop_index("ix_contribution_entry_unmasked", "contribution_entry", postgresql_where=sa.text(UNMASKED))
    op.drop_column("contribution_entry", "masked_at")
    op.drop_column("contribution_entry", "masked_text")
    op.alter_column("contribution_entry", "clerk_id", existing_type=sa.Uuid(), nullable=False)
