"""Periods and lists of destruction, what the desk entered for others, and what a person has to look at."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
TABLES = (
    *("retention_period", "destruction_list", "destruction_item"),
    *("contribution_intake", "contribution_check", "contribution_flag"),
)
STATES = "state IN ('voorgesteld', 'goedgekeurd', 'afgewezen', 'vernietigd', 'vanzelf', 'verwacht')"
OUTCOMES = "outcome IN ('vernietigd', 'bewaard', 'heropend', 'al_weg')"
FLAGS = "kind IN ('bedreiging', 'strafbaar', 'noodgeval', 'persoonlijke_nood')"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "retention_period",
        _code(),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("ck_retention_period_days")),
        _municipality("retention_period"),
        _clerk("retention_period", "changed_by"),
        sa.PrimaryKeyConstraint("municipality_code", "kind", name=op.f("pk_retention_period")),
    )
    op.create_table(
        "destruction_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        _code(nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("periods", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_destruction_list_state")),
        _municipality("destruction_list"),
        _clerk("destruction_list", "decided_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction_list")),
    )
    op.create_index(
        "ix_destruction_list_municipality_code_made_at", "destruction_list", ["municipality_code", "made_at"]
    )
    op.create_table(
        "destruction_item",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        _code(),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.CheckConstraint(OUTCOMES, name=op.f("ck_destruction_item_outcome")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["destruction_list.id"], name=op.f("fk_destruction_item_list_id_destruction_list")
        ),
        _municipality("destruction_item"),
        sa.PrimaryKeyConstraint("list_id", "record_id", name=op.f("pk_destruction_item")),
    )
    op.create_index("ix_destruction_item_record_id", "destruction_item", ["record_id"])
    op.create_table(
        "contribution_intake",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        _code(),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.String(length=10), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("batch", sa.Uuid(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer_by IN ('telefoon', 'email', 'post', 'zelf')", name=op.f("ck_contribution_intake_answer_by")
        ),
        _contribution("contribution_intake"),
        _municipality("contribution_intake"),
        _clerk("contribution_intake", "entered_by"),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_contribution_intake")),
    )
    op.create_index("ix_contribution_intake_batch", "contribution_intake", ["batch"])
    op.create_table(
        "contribution_check",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        _code(),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("seconds_in_chat", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_until", sa.DateTime(timezone=True), nullable=False),
        _contribution("contribution_check"),
        _municipality("contribution_check"),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_contribution_check")),
    )
    op.create_index(
        "ix_contribution_check_municipality_code_received_at",
        "contribution_check",
        ["municipality_code", "received_at"],
    )
    op.create_index("ix_contribution_check_group_id", "contribution_check", ["group_id"])
    op.create_table(
        "contribution_flag",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        _code(),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=True),
        sa.Column("seen_by", sa.Uuid(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(FLAGS, name=op.f("ck_contribution_flag_kind")),
        _contribution("contribution_flag"),
        _municipality("contribution_flag"),
        _clerk("contribution_flag", "seen_by"),
        sa.PrimaryKeyConstraint("contribution_id", "kind", name=op.f("pk_contribution_flag")),
    )
    op.create_index(
        "ix_contribution_flag_unseen",
        "contribution_flag",
        ["municipality_code", "created_at"],
        postgresql_where=sa.text("seen_at IS NULL"),
    )
    for table in TABLES:
        _protect(table, f"municipality_code = {SCOPE} OR {SCOPE} = '*'")


def downgrade() -> None:
    """Take back."""
    for table in ("contribution_flag", "contribution_check", "contribution_intake"):
        op.drop_table(table)
    for table in ("destruction_item", "destruction_list", "retention_period"):
        op.drop_table(table)


def _code(*, nullable: bool = False) -> sa.Column[str]:
    return sa.Column("municipality_code", sa.String(length=6), nullable=nullable)


def _municipality(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_municipality_code_municipality")
    return sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"], name=name)


def _clerk(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["clerk.id"], name=op.f(f"fk_{table}_{column}_clerk"))


def _contribution(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_contribution_id_contribution")
    return sa.ForeignKeyConstraint(["contribution_id"], ["contribution.id"], name=name, ondelete="CASCADE")


def _protect(table: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON {table} USING ({rule}) WITH CHECK ({rule})")
