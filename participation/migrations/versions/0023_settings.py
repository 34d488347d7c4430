"""What a municipality sets itself, and its logo."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
TABLES = ("municipality_setting", "municipality_logo")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "municipality_setting",
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        *_changed("municipality_setting"),
        sa.PrimaryKeyConstraint("municipality_code", "name", name=op.f("pk_municipality_setting")),
    )
    op.create_table(
        "municipality_logo",
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        *_changed("municipality_logo"),
        sa.PrimaryKeyConstraint("municipality_code", name=op.f("pk_municipality_logo")),
    )
    rule = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY scope ON {table} USING ({rule}) WITH CHECK ({rule})")


def downgrade() -> None:
    """Take back."""
    for table in TABLES:
        op.drop_table(table)


def _changed(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f(f"fk_{table}_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["clerk.id"], name=op.f(f"fk_{table}_changed_by_clerk")),
    )
