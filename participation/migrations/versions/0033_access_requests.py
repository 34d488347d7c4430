"""Who works for one municipality asks another for access, and that one agrees or not."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
ROLES = "'griffier', 'medewerker', 'raadslid', 'campagneleider'"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "access_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_access_request_role")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_access_request_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["clerk.id"], name=op.f("fk_access_request_clerk_id_clerk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request")),
        sa.UniqueConstraint("municipality_code", "clerk_id", name=op.f("uq_access_request_municipality_code")),
    )
    rule = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
    op.execute("ALTER TABLE access_request ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE access_request FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON access_request USING ({rule}) WITH CHECK ({rule})")


def downgrade() -> None:
    """Take back."""
    op.drop_table("access_request")
