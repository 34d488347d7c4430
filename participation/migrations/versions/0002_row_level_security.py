"""Row-level security: a transaction sees one municipality, and the desk never sees conversations."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
PER_MUNICIPALITY = ("contribution", "contribution_status", "contribution_entry", "local_fact", "answer_override")
CHAT_ONLY = ("resident", "conversation", "message", "choice")


def upgrade() -> None:
    """Apply."""
    for table in PER_MUNICIPALITY:
        _protect(table, f"municipality_code = {SCOPE} OR {SCOPE} = '*'")
    for table in CHAT_ONLY:
        _protect(table, f"{SCOPE} = '*'")
    _protect("audit_event", f"municipality_code IS NULL OR municipality_code = {SCOPE} OR {SCOPE} = '*'")


def downgrade() -> None:
    """Take back."""
    for table in (*PER_MUNICIPALITY, *CHAT_ONLY, "audit_event"):
        op.execute(f"DROP POLICY scope ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def _protect(table: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON {table} USING ({rule}) WITH CHECK ({rule})")
