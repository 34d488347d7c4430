"""How many began and finished is counted from who takes part: what opens a page no longer fills it in."""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

LEAVING = ("started", "finished")


def upgrade() -> None:
    """Apply."""
    for column in LEAVING:
        op.alter_column("campaign_reach", column, server_default="0")


def downgrade() -> None:
    """Take back."""
    for column in LEAVING:
        op.alter_column("campaign_reach", column, server_default=None)
