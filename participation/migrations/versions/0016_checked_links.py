"""Whether the links of answers and facts still work."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "checked_link",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("failing_days", sa.SmallInteger(), nullable=False),
        sa.Column("failing_since", sa.Date(), nullable=True),
        sa.Column("last_failed_on", sa.Date(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_checked_link")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("checked_link")
