"""The work list: its own narrow rows, the words of what the desk may read, who handles what, saved filters, undo.

Triggers keep list and words right, whoever writes: chat, desk, worker, erasing. See docs/adr/0012.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
TABLES = ("worklist_item", "worklist_word", "contribution_assignment", "saved_filter", "bulk_change")
WAITING = "status IN ('ontvangen', 'in_behandeling', 'reactie_gevraagd', 'reactie_ontvangen', 'heropend')"

FUNCTIONS = {
    "worklist_take_in": """
        BEGIN
            INSERT INTO worklist_item (contribution_id, municipality_code, created_at, channel, kind, theme, status,
                                       status_at, is_placed)
            VALUES (NEW.id, NEW.municipality_code, NEW.created_at, NEW.channel, NEW.kind, NEW.theme, 'ontvangen',
                    NEW.created_at, false);
            PERFORM worklist_index(NEW.id);
            PERFORM pg_notify('samenspel_bericht', 'inbreng:' || NEW.municipality_code);
            RETURN NULL;
        END""",
    "worklist_follow": """
        BEGIN
            IF (NEW.kind, NEW.theme, NEW.channel) IS DISTINCT FROM (OLD.kind, OLD.theme, OLD.channel) THEN
                UPDATE worklist_item SET kind = NEW.kind, theme = NEW.theme, channel = NEW.channel
                WHERE contribution_id = NEW.id;
            END IF;
            IF (NEW.masked_text, NEW.masked_at) IS DISTINCT FROM (OLD.masked_text, OLD.masked_at) THEN
                UPDATE worklist_item SET place = NULL, is_placed = false WHERE contribution_id = NEW.id;
                PERFORM worklist_index(NEW.id);
            END IF;
            RETURN NULL;
        END""",
    "worklist_follow_status": """
        BEGIN
            UPDATE worklist_item SET status = NEW.status, status_at = NEW.created_at
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
        END""",
    "worklist_follow_assignment": """
        BEGIN
            UPDATE worklist_item SET assignee_id = NEW.assignee_id WHERE contribution_id = NEW.contribution_id;
            RETURN NULL;
        END""",
    "worklist_follow_addition": """
        BEGIN
            IF NEW.clerk_id IS NULL THEN
                PERFORM worklist_index(NEW.contribution_id);
            END IF;
            RETURN NULL;
        END""",
}
TRIGGERS = (
    ("contribution", "INSERT", "worklist_take_in"),
    ("contribution", "UPDATE", "worklist_follow"),
    ("contribution_status", "INSERT", "worklist_follow_status"),
    ("contribution_assignment", "INSERT", "worklist_follow_assignment"),
    ("contribution_entry", "INSERT OR UPDATE OF masked_text, masked_at", "worklist_follow_addition"),
)
INDEX = r"""
CREATE FUNCTION worklist_index(wanted uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    code text;
    words text[];
BEGIN
    SELECT municipality_code INTO code FROM contribution WHERE id = wanted;
    SELECT coalesce(array_agg(DISTINCT word COLLATE "C"), '{}') INTO words FROM (
        SELECT masked_text FROM contribution WHERE id = wanted AND masked_at IS NOT NULL
        UNION ALL
        SELECT masked_text FROM contribution_entry
        WHERE contribution_id = wanted AND clerk_id IS NULL AND masked_at IS NOT NULL
    ) AS said,
    LATERAL unnest(tsvector_to_array(to_tsvector('dutch', regexp_replace(masked_text, '\[[^\]]*\]', ' ', 'g')))) AS word
    WHERE length(word) <= 60;
    DELETE FROM worklist_word WHERE contribution_id = wanted AND word <> ALL (words);
    INSERT INTO worklist_word (municipality_code, word, contribution_id)
    SELECT code, word, wanted FROM unnest(words) AS word ON CONFLICT DO NOTHING;
END $$
"""
"""What stands between [ ] is a mask, or says that there is nothing to read: not what the resident wrote."""


def upgrade() -> None:
    """Apply."""
    _make_tables()
    for table in TABLES:
        _protect(table)
    op.execute(INDEX)
    for name, body in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
    for table, event, function in TRIGGERS:
        op.execute(f"CREATE TRIGGER {function} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()")
    _fill()


def downgrade() -> None:
    """Take back."""
    for table, _, function in TRIGGERS:
        op.execute(f"DROP TRIGGER {function} ON {table}")
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("DROP FUNCTION worklist_index(uuid)")
    for table in reversed(TABLES):
        op.drop_table(table)


def _make_tables() -> None:
    op.create_table(
        "worklist_item",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=True),
        sa.Column("theme", sa.String(length=30), nullable=True),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("is_placed", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_worklist_item_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_worklist_item_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(["assignee_id"], ["clerk.id"], name=op.f("fk_worklist_item_assignee_id_clerk")),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_worklist_item")),
    )
    op.create_index("ix_worklist_item_newest", "worklist_item", ["municipality_code", "created_at", "contribution_id"])
    op.create_index(
        "ix_worklist_item_waiting",
        "worklist_item",
        ["municipality_code", "created_at", "contribution_id"],
        postgresql_where=sa.text(WAITING),
    )
    op.create_index("ix_worklist_item_theme", "worklist_item", ["municipality_code", "theme", "created_at"])
    op.create_index(
        "ix_worklist_item_place",
        "worklist_item",
        ["municipality_code", "place", "created_at"],
        postgresql_where=sa.text("place IS NOT NULL"),
    )
    op.create_index(
        "ix_worklist_item_unplaced", "worklist_item", ["created_at"], postgresql_where=sa.text("NOT is_placed")
    )
    op.create_table(
        "worklist_word",
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_worklist_word_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_worklist_word_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("municipality_code", "word", "contribution_id", name=op.f("pk_worklist_word")),
    )
    op.create_index("ix_worklist_word_contribution_id", "worklist_word", ["contribution_id"])
    op.create_table(
        "contribution_assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_assignment_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_contribution_assignment_municipality_code_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["clerk.id"], name=op.f("fk_contribution_assignment_assignee_id_clerk")
        ),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerk.id"], name=op.f("fk_contribution_assignment_clerk_id_clerk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_assignment")),
    )
    op.create_index("ix_contribution_assignment_contribution_id", "contribution_assignment", ["contribution_id"])
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["clerk.id"], name=op.f("fk_saved_filter_clerk_id_clerk"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_saved_filter_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
    )
    op.create_index("ix_saved_filter_municipality_code", "saved_filter", ["municipality_code"])
    op.create_table(
        "bulk_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("changed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("action IN ('toewijzen', 'oppakken', 'thema')", name=op.f("ck_bulk_change_action")),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["clerk.id"], name=op.f("fk_bulk_change_clerk_id_clerk"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_bulk_change_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_change")),
    )
    op.create_index("ix_bulk_change_municipality_code_created_at", "bulk_change", ["municipality_code", "created_at"])


def _protect(table: str) -> None:
    rule = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON {table} USING ({rule}) WITH CHECK ({rule})")


def _fill() -> None:
    """Take in what came before the list was there."""
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.execute(
        "INSERT INTO worklist_item (contribution_id, municipality_code, created_at, channel, kind, theme, status, "
        "status_at, is_placed) "
        "SELECT DISTINCT ON (c.id) c.id, c.municipality_code, c.created_at, c.channel, c.kind, c.theme, "
        "coalesce(s.status, 'ontvangen'), coalesce(s.created_at, c.created_at), false "
        "FROM contribution c LEFT JOIN contribution_status s ON s.contribution_id = c.id "
        "ORDER BY c.id, s.number DESC"
    )
    op.execute("SELECT count(worklist_index(id)) FROM contribution")
    op.execute(
        "INSERT INTO contribution_assignment (id, contribution_id, municipality_code, assignee_id, clerk_id, created_at) "
        "SELECT gen_random_uuid(), i.contribution_id, i.municipality_code, s.clerk_id, s.clerk_id, s.created_at "
        "FROM worklist_item i CROSS JOIN LATERAL (SELECT clerk_id, created_at FROM contribution_status s "
        "WHERE s.contribution_id = i.contribution_id AND status = 'in_behandeling' AND clerk_id IS NOT NULL "
        "ORDER BY number LIMIT 1) s"
    )
    op.execute("SELECT set_config('samenspel.gemeente', '', true)")
