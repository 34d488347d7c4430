"""Papers for the council: drafts, what was issued, its files, and where quotes came from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
TABLES = ("issued_report", "report_draft", "report_file", "report_source")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "issued_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        _code(),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("scope", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('stukken', 'signalen')", name=op.f("ck_issued_report_kind")),
        sa.CheckConstraint("audience IN ('raad', 'openbaar')", name=op.f("ck_issued_report_audience")),
        _refers("issued_report", "municipality_code", "municipality.code"),
        _refers("issued_report", "replaces_id", "issued_report.id"),
        _refers("issued_report", "issued_by", "clerk.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_report")),
        sa.UniqueConstraint("municipality_code", "year", "number", name=op.f("uq_issued_report_municipality_code")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_issued_report_replaces_id")),
    )
    op.create_table(
        "report_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        _code(),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("scope", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("edits", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("done", sa.SmallInteger(), nullable=False),
        sa.Column("found", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('stukken', 'signalen')", name=op.f("ck_report_draft_kind")),
        sa.CheckConstraint("state IN ('wacht', 'bezig', 'klaar', 'mislukt')", name=op.f("ck_report_draft_state")),
        sa.CheckConstraint("done BETWEEN 0 AND 100", name=op.f("ck_report_draft_done")),
        _refers("report_draft", "municipality_code", "municipality.code"),
        _refers("report_draft", "replaces_id", "issued_report.id"),
        _refers("report_draft", "made_by", "clerk.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_draft")),
    )
    op.create_index("ix_report_draft_municipality_code", "report_draft", ["municipality_code"])
    op.create_table(
        "report_file",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.String(length=4), nullable=False),
        _code(),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("format IN ('pdf', 'docx', 'xlsx', 'csv')", name=op.f("ck_report_file_format")),
        _refers("report_file", "report_id", "issued_report.id"),
        _refers("report_file", "municipality_code", "municipality.code"),
        sa.PrimaryKeyConstraint("report_id", "format", name=op.f("pk_report_file")),
    )
    op.create_table(
        "report_source",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        _code(),
        sa.Column("role", sa.String(length=14), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("role IN ('citaat', 'stuk', 'stuk_met_naam')", name=op.f("ck_report_source_role")),
        _refers("report_source", "report_id", "issued_report.id"),
        _refers("report_source", "municipality_code", "municipality.code"),
        _refers("report_source", "contribution_id", "contribution.id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("report_id", "number", name=op.f("pk_report_source")),
    )
    op.create_index("ix_report_source_contribution_id", "report_source", ["contribution_id"])
    for table in TABLES:
        _protect(table, f"municipality_code = {SCOPE} OR {SCOPE} = '*'")


def downgrade() -> None:
    """Take back."""
    for table in ("report_source", "report_file", "report_draft", "issued_report"):
        op.drop_table(table)


def _code() -> sa.Column[str]:
    return sa.Column("municipality_code", sa.String(length=6), nullable=False)


def _refers(table: str, column: str, target: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target.partition('.')[0]}")
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=ondelete)


def _protect(table: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON {table} USING ({rule}) WITH CHECK ({rule})")
