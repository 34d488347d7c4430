"""Find what was entered with only a kind, so that the worker proposes a theme for it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_contribution_unsorted", "contribution"


def upgrade() -> None:
    """Apply."""
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, ["created_at"], postgresql_where=sa.text("kind IS NULL OR theme IS NULL"))


def downgrade() -> None:
    """Take back."""
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, ["created_at"], postgresql_where=sa.text("kind IS NULL"))
