"""The work list reads its indexes alone: they hold all that it chooses by, and the check of the municipality is part of them.

The policies of list and words said `municipality_code = X OR X = '*'`. PostgreSQL checked that for each of 100,000 rows.
As a range it is asked of the index once; who may see and write what stays the same. See docs/adr/0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
RULE = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
RANGE = (
    f"municipality_code >= CASE {SCOPE} WHEN '*' THEN '' ELSE {SCOPE} END "
    f"AND municipality_code <= CASE {SCOPE} WHEN '*' THEN 'ZZZZZZ' ELSE {SCOPE} END"
)
TABLES = ("worklist_item", "worklist_word")

WAITING = (
    "(status IN ('ontvangen', 'in_behandeling', 'reactie_gevraagd', 'reactie_ontvangen', 'gebundeld', 'heropend') "
    "OR reacted_at IS NOT NULL)"
)
HELD = ("status", "status_at", "reacted_at", "answered_at", "channel", "kind", "theme", "place", "assignee_id")
INDEXES = {
    "newest": (("municipality_code", "created_at", "contribution_id"), None),
    "waiting": (("municipality_code", "created_at", "contribution_id"), WAITING),
    "theme": (("municipality_code", "theme", "created_at"), None),
    "place": (("municipality_code", "place", "created_at"), "place IS NOT NULL"),
}


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.execute(f"ALTER POLICY scope ON {table} USING ({RANGE}) WITH CHECK ({RULE})")
    _make_indexes(held=("contribution_id", *HELD))


def downgrade() -> None:
    """Take back."""
    _make_indexes(held=())
    for table in TABLES:
        op.execute(f"ALTER POLICY scope ON {table} USING ({RULE}) WITH CHECK ({RULE})")


def _make_indexes(held: tuple[str, ...]) -> None:
    for name, (keys, where) in INDEXES.items():
        op.drop_index(f"ix_worklist_item_{name}", "worklist_item")
        op.create_index(
            f"ix_worklist_item_{name}",
            "worklist_item",
            list(keys),
            postgresql_include=[column for column in held if column not in keys],
            postgresql_where=sa.text(where) if where else None,
        )
