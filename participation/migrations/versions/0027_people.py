"""Who may work at the desk: invitations, a second factor, recovery codes, and sessions that one can tell apart."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
ROLES = "'griffier', 'medewerker', 'raadslid', 'campagneleider', 'beheerder'"


def upgrade() -> None:
    """Apply."""
    op.add_column("clerk", sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("DELETE FROM desk_session")
    op.add_column("desk_session", sa.Column("id", sa.Uuid(), nullable=False))
    op.add_column("desk_session", sa.Column("device", sa.Text(), nullable=False))
    op.add_column("desk_session", sa.Column("awaits_code", sa.Boolean(), nullable=False))
    op.create_unique_constraint(op.f("uq_desk_session_id"), "desk_session", ["id"])
    _make_second_factor()
    _make_invitation()
    op.create_table(
        "access_rule",
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("second_factor_for_all", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_access_rule_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("municipality_code", name=op.f("pk_access_rule")),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("access_rule", "invitation", "recovery_code", "second_factor"):
        op.drop_table(table)
    op.drop_constraint(op.f("uq_desk_session_id"), "desk_session", type_="unique")
    for column in ("awaits_code", "device", "id"):
        op.drop_column("desk_session", column)
    op.drop_column("clerk", "last_login_at")


def _make_second_factor() -> None:
    op.create_table(
        "second_factor",
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["clerk.id"], name=op.f("fk_second_factor_clerk_id_clerk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clerk_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["clerk.id"], name=op.f("fk_recovery_code_clerk_id_clerk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_index("ix_recovery_code_clerk_id", "recovery_code", ["clerk_id"])


def _make_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_invitation_role")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_invitation_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(["invited_by"], ["clerk.id"], name=op.f("fk_invitation_invited_by_clerk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index("ix_invitation_municipality_code", "invitation", ["municipality_code"])
    rule = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
    op.execute("ALTER TABLE invitation ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE invitation FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON invitation USING ({rule}) WITH CHECK ({rule})")
