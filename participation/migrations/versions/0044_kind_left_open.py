"""The kind of a contribution may be left to the clerk, where the model is not sure enough."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.alter_column("contribution_sorting", "kind", nullable=True)


def downgrade() -> None:
    """Take back."""
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.execute("DELETE FROM contribution_sorting WHERE kind IS NULL")
    op.execute("SELECT set_config('samenspel.gemeente', '', true)")
    op.alter_column("contribution_sorting", "kind", nullable=False)
