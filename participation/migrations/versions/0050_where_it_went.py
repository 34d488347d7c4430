"""To whom a contribution went, or for which meeting it is planned."""

import sqlalchemy as sa
from alembic import op

from participation.migrations.indexes import build_index

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for name, kind in (("destination", "text"), ("planned_for", "date"), ("meeting_id", "uuid")):
        op.execute(f"ALTER TABLE contribution_status ADD COLUMN IF NOT EXISTS {name} {kind}")
    build_index(
        "ix_contribution_status_planned",
        "contribution_status",
        ("municipality_code", "planned_for"),
        postgresql_where=sa.text("planned_for IS NOT NULL"),
    )


def downgrade() -> None:
    """Take back. The index goes with its columns."""
    for name in ("destination", "planned_for", "meeting_id"):
        op.drop_column("contribution_status", name)
