"""The work list knows through which campaign a contribution came. Only the conversation did, and that is erased.

What came in before has none here: its conversation may be gone.
"""

import sqlalchemy as sa
from alembic import op

from participation.migrations.indexes import build_index

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TAKE_IN = """
        BEGIN
            INSERT INTO worklist_item (contribution_id, municipality_code, created_at, channel, kind, theme, status,
                                       status_at, is_placed{column})
            VALUES (NEW.id, NEW.municipality_code, NEW.created_at, NEW.channel, NEW.kind, NEW.theme, 'ontvangen',
                    NEW.created_at, false{value});
            PERFORM worklist_index(NEW.id);
            PERFORM pg_notify('samenspel_bericht', 'inbreng:' || NEW.municipality_code);
            RETURN NULL;
        END"""
CAMPAIGN = "(SELECT campaign FROM conversation WHERE id = NEW.conversation_id)"
HELD = (
    *("contribution_id", "status", "status_at", "reacted_at", "answered_at"),
    *("channel", "kind", "theme", "place", "assignee_id"),
)


def upgrade() -> None:
    """Apply."""
    op.execute("ALTER TABLE worklist_item ADD COLUMN IF NOT EXISTS campaign text")
    _replace(TAKE_IN.format(column=", campaign", value=f", {CAMPAIGN}"))
    build_index(
        "ix_worklist_item_campaign",
        "worklist_item",
        ("municipality_code", "campaign", "created_at"),
        postgresql_include=list(HELD),
        postgresql_where=sa.text("campaign IS NOT NULL"),
    )


def downgrade() -> None:
    """Take back. The index goes with its column."""
    _replace(TAKE_IN.format(column="", value=""))
    op.drop_column("worklist_item", "campaign")


def _replace(body: str) -> None:
    op.execute(f"CREATE OR REPLACE FUNCTION worklist_take_in() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
