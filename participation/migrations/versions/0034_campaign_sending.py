"""Campaign messages leave at most once, and writers of statements hear what was decided."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("statement", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("mailing", sa.Column("filled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "mailing",
        sa.Column("progress", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
    )
    op.alter_column("mailing", "progress", server_default=None)
    op.add_column("mailing", sa.Column("again", sa.String(length=12), nullable=True))
    op.add_column("outgoing", sa.Column("mailing_id", sa.Uuid(), nullable=True))
    op.add_column("outgoing", sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_outgoing_mailing_id_mailing"), "outgoing", "mailing", ["mailing_id"], ["id"], ondelete="CASCADE"
    )
    op.create_index(
        "ix_outgoing_mailing_id", "outgoing", ["mailing_id"], unique=False, postgresql_where="mailing_id IS NOT NULL"
    )


def downgrade() -> None:
    """Take back. A message that may have arrived is given up: without these columns it would be sent again."""
    op.execute(
        "UPDATE outgoing SET done_at = handed_at, given_up = true WHERE handed_at IS NOT NULL AND done_at IS NULL"
    )
    op.drop_index("ix_outgoing_mailing_id", table_name="outgoing")
    op.drop_constraint(op.f("fk_outgoing_mailing_id_mailing"), "outgoing", type_="foreignkey")
    op.drop_column("outgoing", "handed_at")
    op.drop_column("outgoing", "mailing_id")
    op.drop_column("mailing", "again")
    op.drop_column("mailing", "progress")
    op.drop_column("mailing", "filled_at")
    op.drop_column("statement", "told_at")
