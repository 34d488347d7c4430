"""The library that municipalities share: what is offered, its versions, who uses it, and where a text came from.

Its three tables are the only ones of a municipality that others read. A municipality writes its own rows and no others.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
TABLES = ("offer", "offer_version", "offer_use")
TAKEN_OVER = ("answer_draft", "answer_version", "answer_override", "own_question")
SOMEBODY = f"{SCOPE} <> ''"
OFFERED = f"{SOMEBODY} AND EXISTS (SELECT FROM offer WHERE offer.id = offer_id AND offer.withdrawn_at IS NULL)"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('antwoord', 'eigen_vraag')", name=op.f("ck_offer_kind")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_offer_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("id", "municipality_code", name=op.f("uq_offer_id")),
        sa.UniqueConstraint("municipality_code", "kind", "subject", name=op.f("uq_offer_municipality_code")),
    )
    op.create_table(
        "offer_version",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("ways", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("more", sa.Text(), nullable=True),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column(
            "search_words",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('dutch'::regconfig, search_text)", persisted=True),
            nullable=False,
        ),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_offer_version_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["offer_id", "municipality_code"],
            ["offer.id", "offer.municipality_code"],
            name=op.f("fk_offer_version_offer_id_offer"),
        ),
        sa.PrimaryKeyConstraint("offer_id", "number", name=op.f("pk_offer_version")),
    )
    op.create_table(
        "offer_use",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_offer_use_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_use_offer_id_offer")),
        sa.PrimaryKeyConstraint("offer_id", "municipality_code", name=op.f("pk_offer_use")),
    )
    for table, readable in zip(TABLES, (SOMEBODY, OFFERED, SOMEBODY), strict=True):
        own = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY scope ON {table} USING ({own}) WITH CHECK ({own})")
        op.execute(f"CREATE POLICY shared ON {table} FOR SELECT USING ({readable})")
    for table in TAKEN_OVER:
        op.add_column(table, sa.Column("offer_id", sa.Uuid(), nullable=True))
        op.add_column(table, sa.Column("offer_number", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{table}_offer_id_offer"), table, "offer", ["offer_id"], ["id"])
    op.create_index(
        "ix_own_question_offer",
        "own_question",
        ["municipality_code", "offer_id"],
        unique=True,
        postgresql_where=sa.text("offer_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_own_question_offer", table_name="own_question", postgresql_where=sa.text("offer_id IS NOT NULL"))
    for table in reversed(TAKEN_OVER):
        op.drop_constraint(op.f(f"fk_{table}_offer_id_offer"), table, type_="foreignkey")
        op.drop_column(table, "offer_number")
        op.drop_column(table, "offer_id")
    for table in reversed(TABLES):
        op.drop_table(table)
