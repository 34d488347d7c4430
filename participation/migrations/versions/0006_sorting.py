"""Kind and theme of a contribution: what the model proposed, and every correction by a clerk."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
KINDS = "kind IN ('vraag', 'zorg', 'idee', 'compliment', 'initiatief')"


def upgrade() -> None:
    """Apply."""
    op.add_column("contribution", sa.Column("theme", sa.String(length=30), nullable=True))
    op.create_index("ix_contribution_municipality_code_theme", "contribution", ["municipality_code", "theme"])
    op.create_index(
        "ix_contribution_unsorted", "contribution", ["created_at"], postgresql_where=sa.text("kind IS NULL")
    )
    op.create_table(
        "contribution_sorting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("theme", sa.String(length=30), nullable=False),
        sa.Column("kind_probability", sa.Float(), nullable=True),
        sa.Column("theme_probability", sa.Float(), nullable=True),
        sa.Column("clerk_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_contribution_sorting_kind")),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerk.id"], name=op.f("fk_contribution_sorting_clerk_id_clerk")),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_sorting_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_contribution_sorting_municipality_code_municipality"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_sorting")),
    )
    op.create_index("ix_contribution_sorting_contribution_id", "contribution_sorting", ["contribution_id"])
    op.execute("ALTER TABLE contribution_sorting ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE contribution_sorting FORCE ROW LEVEL SECURITY")
    rule = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
    op.execute(f"CREATE POLICY scope ON contribution_sorting USING ({rule}) WITH CHECK ({rule})")


def downgrade() -> None:
    """Take back."""
    op.drop_table("contribution_sorting")
    op.drop_index("ix_contribution_unsorted", "contribution", postgresql_where=sa.text("kind IS NULL"))
    op.drop_index("ix_contribution_municipality_code_theme", "contribution")
    op.drop_column("contribution", "theme")
