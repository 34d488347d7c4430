"""A municipality's own answers: drafts, every version that was in force, and the address where a fact was found."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
TABLES = ("answer_draft", "answer_version")


def upgrade() -> None:
    """Apply."""
    op.add_column("local_fact", sa.Column("source_url", sa.Text(), nullable=True))
    op.create_table(
        "answer_draft",
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("more", sa.Text(), nullable=True),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('concept', 'ter_controle')", name=op.f("ck_answer_draft_state")),
        sa.ForeignKeyConstraint(["edited_by"], ["clerk.id"], name=op.f("fk_answer_draft_edited_by_clerk")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_answer_draft_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("municipality_code", "topic", name=op.f("pk_answer_draft")),
    )
    op.create_table(
        "answer_version",
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("short", sa.Text(), nullable=True),
        sa.Column("more", sa.Text(), nullable=True),
        sa.Column("source_name", sa.Text(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("restored_from", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_answer_version_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(["published_by"], ["clerk.id"], name=op.f("fk_answer_version_published_by_clerk")),
        sa.ForeignKeyConstraint(["written_by"], ["clerk.id"], name=op.f("fk_answer_version_written_by_clerk")),
        sa.PrimaryKeyConstraint("municipality_code", "topic", "number", name=op.f("pk_answer_version")),
    )
    # What is in force already gets a first version to come back to. An owner under forced row-level security needs
    # the scope for that; it ends with this transaction.
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.execute(
        "INSERT INTO answer_version (municipality_code, topic, number, short, more, source_name, source_url, "
        "checked_on, published_by, published_at) "
        "SELECT o.municipality_code, o.topic, 1, o.short, o.more, o.source_name, o.source_url, o.checked_on, c.id, "
        "o.published_at FROM answer_override o LEFT JOIN clerk c ON c.email = o.published_by"
    )
    for table in TABLES:
        rule = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY scope ON {table} USING ({rule}) WITH CHECK ({rule})")


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("local_fact", "source_url")
