"""The work list knows what residents wrote since the griffie last did something, and counts bundles as waiting."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

FOLLOW_STATUS = """
        BEGIN
            UPDATE worklist_item SET status = NEW.status, status_at = NEW.created_at{seen}
            WHERE contribution_id = NEW.contribution_id;
            IF NEW.status = 'in_behandeling' AND NEW.clerk_id IS NOT NULL THEN
                INSERT INTO contribution_assignment (id, contribution_id, municipality_code, assignee_id, clerk_id,
                                                     created_at)
                SELECT gen_random_uuid(), contribution_id, municipality_code, NEW.clerk_id, NEW.clerk_id, NEW.created_at
                FROM worklist_item WHERE contribution_id = NEW.contribution_id AND assignee_id IS NULL;
            END IF;
            IF NEW.number > 1 AND NEW.clerk_id IS NULL THEN
                PERFORM pg_notify('samenspel_bericht', 'inbreng:' || NEW.municipality_code);
            END IF;
            RETURN NULL;
        END"""
SEEN_WITH_STATUS = """,
                reacted_at = CASE WHEN NEW.clerk_id IS NULL AND NEW.status NOT IN ('afgehandeld', 'geannuleerd')
                                  THEN reacted_at END"""
FOLLOW_ADDITION = """
        BEGIN
            {reacted}IF NEW.clerk_id IS NULL THEN
                PERFORM worklist_index(NEW.contribution_id);
            END IF;
            RETURN NULL;
        END"""
REACTED = """IF TG_OP = 'INSERT' AND NEW.kind IN ('aanvulling', 'reactie') THEN
                UPDATE worklist_item SET reacted_at = NEW.created_at WHERE contribution_id = NEW.contribution_id;
                PERFORM pg_notify('samenspel_bericht', 'inbreng:' || NEW.municipality_code);
            ELSIF TG_OP = 'INSERT' AND NEW.clerk_id IS NOT NULL THEN
                UPDATE worklist_item SET reacted_at = NULL
                WHERE contribution_id = NEW.contribution_id AND reacted_at IS NOT NULL;
            END IF;
            """
FOLLOW_NOTE = """
        BEGIN
            UPDATE worklist_item SET reacted_at = NULL
            WHERE contribution_id = NEW.contribution_id AND reacted_at IS NOT NULL;
            RETURN NULL;
        END"""
BEFORE = "status IN ('ontvangen', 'in_behandeling', 'reactie_gevraagd', 'reactie_ontvangen', 'heropend')"
WAITING = (
    "(status IN ('ontvangen', 'in_behandeling', 'reactie_gevraagd', 'reactie_ontvangen', 'gebundeld', 'heropend') "
    "OR reacted_at IS NOT NULL)"
)


def upgrade() -> None:
    """Apply."""
    op.add_column("worklist_item", sa.Column("reacted_at", sa.DateTime(timezone=True), nullable=True))
    _replace("worklist_follow_status", FOLLOW_STATUS.format(seen=SEEN_WITH_STATUS))
    _replace("worklist_follow_addition", FOLLOW_ADDITION.format(reacted=REACTED))
    _replace("worklist_follow_note", FOLLOW_NOTE)
    op.execute(
        "CREATE TRIGGER worklist_follow_note AFTER INSERT ON contribution_note "
        "FOR EACH ROW EXECUTE FUNCTION worklist_follow_note()"
    )
    _fill()
    _index(WAITING)


def downgrade() -> None:
    """Take back."""
    op.execute("DROP TRIGGER worklist_follow_note ON contribution_note")
    op.execute("DROP FUNCTION worklist_follow_note()")
    _replace("worklist_follow_addition", FOLLOW_ADDITION.format(reacted=""))
    _replace("worklist_follow_status", FOLLOW_STATUS.format(seen=""))
    _index(BEFORE)
    op.drop_column("worklist_item", "reacted_at")


def _replace(name: str, body: str) -> None:
    op.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")


def _index(waiting: str) -> None:
    op.drop_index("ix_worklist_item_waiting", "worklist_item")
    op.create_index(
        "ix_worklist_item_waiting",
        "worklist_item",
        ["municipality_code", "created_at", "contribution_id"],
        postgresql_where=sa.text(waiting),
    )


def _fill() -> None:
    """What residents wrote before, and nobody of the griffie did anything after."""
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.execute(
        "UPDATE worklist_item AS item SET reacted_at = said.at FROM ("
        "SELECT contribution_id, max(created_at) AS at FROM contribution_entry "
        "WHERE kind IN ('aanvulling', 'reactie') GROUP BY contribution_id) AS said "
        "WHERE said.contribution_id = item.contribution_id AND item.status NOT IN ('afgehandeld', 'geannuleerd') "
        "AND NOT EXISTS (SELECT FROM contribution_entry AS acted WHERE acted.contribution_id = item.contribution_id "
        "AND acted.clerk_id IS NOT NULL AND acted.created_at >= said.at) "
        "AND NOT EXISTS (SELECT FROM contribution_status AS acted WHERE acted.contribution_id = item.contribution_id "
        "AND acted.clerk_id IS NOT NULL AND acted.created_at >= said.at) "
        "AND NOT EXISTS (SELECT FROM contribution_note AS acted WHERE acted.contribution_id = item.contribution_id "
        "AND acted.created_at >= said.at)"
    )
    op.execute("SELECT set_config('samenspel.gemeente', '', true)")
