"""A contribution knows when its resident last put other words in its place; the work list counts that as a reaction."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

FOLLOW = """
        BEGIN
            IF (NEW.kind, NEW.theme, NEW.channel) IS DISTINCT FROM (OLD.kind, OLD.theme, OLD.channel) THEN
                UPDATE worklist_item SET kind = NEW.kind, theme = NEW.theme, channel = NEW.channel
                WHERE contribution_id = NEW.id;
            END IF;
            IF (NEW.masked_text, NEW.masked_at) IS DISTINCT FROM (OLD.masked_text, OLD.masked_at) THEN
                UPDATE worklist_item SET place = NULL, is_placed = false WHERE contribution_id = NEW.id;
                PERFORM worklist_index(NEW.id);
            END IF;{changed}
            RETURN NULL;
        END"""
CHANGED = """
            IF NEW.changed_at IS DISTINCT FROM OLD.changed_at THEN
                UPDATE worklist_item SET reacted_at = NEW.changed_at WHERE contribution_id = NEW.id;
                PERFORM pg_notify('samenspel_bericht', 'inbreng:' || NEW.municipality_code);
            END IF;"""


def upgrade() -> None:
    """Apply."""
    op.add_column("contribution", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    _replace(FOLLOW.format(changed=CHANGED))


def downgrade() -> None:
    """Take back."""
    _replace(FOLLOW.format(changed=""))
    op.drop_column("contribution", "changed_at")


def _replace(body: str) -> None:
    op.execute(f"CREATE OR REPLACE FUNCTION worklist_follow() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
