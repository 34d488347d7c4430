"""An own question keeps the day on which its source was read apart from the moment of its last change."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. What residents were told until now was the day of the last change; the version of before still tells it."""
    op.add_column(
        "own_question", sa.Column("checked_on", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False)
    )
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.execute("UPDATE own_question SET checked_on = (changed_at AT TIME ZONE 'Europe/Amsterdam')::date")
    op.execute("SELECT set_config('samenspel.gemeente', '', true)")


def downgrade() -> None:
    """Take back."""
    op.drop_column("own_question", "checked_on")
