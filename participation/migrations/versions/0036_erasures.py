"""What was erased at somebody's wish, for after a restore, and which back-ups were made."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("record", sa.LargeBinary(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=True),
        sa.Column("about", sa.LargeBinary(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('inwoner', 'inbreng', 'ingetrokken', 'toestemming')", name=op.f("ck_erasure_kind")
        ),
        sa.CheckConstraint("(kind = 'toestemming') = (purpose IS NOT NULL)", name=op.f("ck_erasure_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_created_at", "erasure", ["created_at"])
    op.create_table(
        "backup_made",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_made")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("backup_made")
    op.drop_table("erasure")
