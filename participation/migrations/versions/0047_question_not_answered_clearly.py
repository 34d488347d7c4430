"""What somebody asked is kept with the answer that they did not find clear."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("unsure_question", sa.Column("topic", sa.Text(), nullable=True))
    op.add_column("unsure_question", sa.Column("turn_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take back. The version of before takes every row for a question without an answer."""
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.execute("DELETE FROM unsure_question WHERE topic IS NOT NULL")
    op.execute("SELECT set_config('samenspel.gemeente', '', true)")
    op.drop_column("unsure_question", "turn_id")
    op.drop_column("unsure_question", "topic")
