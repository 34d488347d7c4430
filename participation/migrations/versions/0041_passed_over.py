"""A statement can be passed over, whether somebody wants the outcome may be unsaid, and what is under way is found."""

import sqlalchemy as sa
from alembic import op

from participation.migrations.indexes import build_index

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.alter_column("vote", "value", existing_type=sa.SmallInteger(), nullable=True)
    op.alter_column("participant", "wants_outcome", existing_type=sa.Boolean(), nullable=True)
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.execute("UPDATE participant SET wants_outcome = NULL WHERE finished_at IS NULL AND NOT wants_outcome")
    op.execute("SELECT set_config('samenspel.gemeente', '', true)")
    build_index("ix_recipient_under_way", "recipient", ["mailing_id"], postgresql_where="state = 'onderweg'")


def downgrade() -> None:
    """Take back. Who passed over a statement is asked again; who was not asked about the outcome does not get it."""
    op.drop_index("ix_recipient_under_way", table_name="recipient")
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.execute("DELETE FROM vote WHERE value IS NULL")
    op.execute("UPDATE participant SET wants_outcome = false WHERE wants_outcome IS NULL")
    op.execute("SELECT set_config('samenspel.gemeente', '', true)")
    op.alter_column("participant", "wants_outcome", existing_type=sa.Boolean(), nullable=False)
    op.alter_column("vote", "value", existing_type=sa.SmallInteger(), nullable=False)
