"""An answer can have somebody who keeps it up to date."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
RULE = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "answer_owner",
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_answer_owner_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["clerk_id", "municipality_code"],
            ["clerk_role.clerk_id", "clerk_role.municipality_code"],
            name=op.f("fk_answer_owner_clerk_id_clerk_role"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("municipality_code", "topic", name=op.f("pk_answer_owner")),
    )
    op.create_index(op.f("ix_answer_owner_clerk_id"), "answer_owner", ["clerk_id"])
    op.execute("ALTER TABLE answer_owner ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE answer_owner FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON answer_owner USING ({RULE}) WITH CHECK ({RULE})")


def downgrade() -> None:
    """Take back."""
    op.drop_table("answer_owner")
