"""Indexes that keep the nightly erasing quick when many messages are kept."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_message_in_reply_to", "message", ["in_reply_to"])
    op.create_index("ix_choice_created_at", "choice", ["created_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_choice_created_at", "choice")
    op.drop_index("ix_message_in_reply_to", "message")
