"""Standard texts of the griffie, with every version."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "standard_text",
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('antwoord', 'vraag', 'afsluiting')", name=op.f("ck_standard_text_purpose")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_standard_text_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["clerk.id"], name=op.f("fk_standard_text_changed_by_clerk")),
        sa.PrimaryKeyConstraint("municipality_code", "key", "number", name=op.f("pk_standard_text")),
    )
    rule = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
    op.execute("ALTER TABLE standard_text ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE standard_text FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON standard_text USING ({rule}) WITH CHECK ({rule})")


def downgrade() -> None:
    """Take back."""
    op.drop_table("standard_text")
