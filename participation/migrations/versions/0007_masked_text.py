"""The text of a contribution without personal data, which is what the desk reads; the worker fills it for old rows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("contribution", sa.Column("masked_text", sa.Text(), nullable=True))
    op.add_column("contribution", sa.Column("masked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_contribution_unmasked", "contribution", ["id"], postgresql_where=sa.text("masked_at IS NULL"))


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_contribution_unmasked", "contribution", postgresql_where=sa.text("masked_at IS NULL"))
    op.drop_column("contribution", "masked_at")
    op.drop_column("contribution", "masked_text")
