"""Following up on contributions: dispositions, questions, verdicts on replies, bundles, and secret codes."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
FROM_RESIDENT = "kind IN ('aanvulling', 'reactie') AND masked_at IS NULL"
WITHOUT_CLERK = "clerk_id IS NULL AND masked_at IS NULL"
PER_MUNICIPALITY = ("disposition", "handling_rule", "reply_verdict", "bundle", "bundle_member", "contribution_likeness")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.add_column("contribution", sa.Column("code_hash", sa.LargeBinary(), nullable=True))
    op.add_column("contribution_status", sa.Column("disposition", sa.String(length=40), nullable=True))
    op.add_column("contribution_status", sa.Column("waits_until", MOMENT, nullable=True))
    _give_texts_a_kind()
    _make_rules()
    _make_bundles()
    op.create_table(
        "reply_verdict",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("verdict", sa.String(length=3), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("verdict IN ('ja', 'nee')", name=op.f("ck_reply_verdict_verdict")),
        _reference("reply_verdict", "entry_id", "contribution_entry", "CASCADE"),
        _reference("reply_verdict", "contribution_id", "contribution", "CASCADE"),
        _municipality("reply_verdict"),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_reply_verdict")),
    )
    op.create_index("ix_reply_verdict_contribution_id", "reply_verdict", ["contribution_id"])
    op.create_table(
        "code_attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("reference_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _reference("code_attempt", "resident_id", "resident", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_attempt")),
    )
    op.create_index("ix_code_attempt_resident_id", "code_attempt", ["resident_id"])
    op.create_index("ix_code_attempt_reference_hash", "code_attempt", ["reference_hash"])
    op.create_index("ix_code_attempt_created_at", "code_attempt", ["created_at"])
    for table in PER_MUNICIPALITY:
        _protect(table, f"municipality_code = {SCOPE} OR {SCOPE} = '*'")
    _protect("code_attempt", f"{SCOPE} = '*'")


def downgrade() -> None:
    """Take back; what the program itself told residents has no place in the older tables."""
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    for table in ("code_attempt", "reply_verdict", "contribution_likeness", "bundle_member", "bundle"):
        op.drop_table(table)
    op.drop_table("handling_rule")
    op.drop_table("disposition")
    op.execute("DELETE FROM contribution_entry WHERE clerk_id IS NULL AND kind NOT IN ('aanvulling', 'reactie')")
    op.drop_index("ix_contribution_entry_unmasked", "contribution_entry", postgresql_where=sa.text(FROM_RESIDENT))
    op.create_index(
        "ix_contribution_entry_unmasked", "contribution_entry", ["id"], postgresql_where=sa.text(WITHOUT_CLERK)
    )
    op.drop_constraint(op.f("ck_contribution_entry_kind"), "contribution_entry")
    op.drop_column("contribution_entry", "kind")
    op.drop_column("contribution_status", "waits_until")
    op.drop_column("contribution_status", "disposition")
    op.drop_column("contribution", "code_hash")


def _give_texts_a_kind() -> None:
    op.add_column(
        "contribution_entry", sa.Column("kind", sa.String(length=10), nullable=False, server_default="antwoord")
    )
    op.execute("UPDATE contribution_entry SET kind = 'aanvulling' WHERE clerk_id IS NULL")
    op.alter_column("contribution_entry", "kind", server_default=None)
    op.create_check_constraint(
        op.f("ck_contribution_entry_kind"),
        "contribution_entry",
        "kind IN ('antwoord', 'vraag', 'bericht', 'aanvulling', 'reactie')",
    )
    op.drop_index("ix_contribution_entry_unmasked", "contribution_entry", postgresql_where=sa.text(WITHOUT_CLERK))
    op.create_index(
        "ix_contribution_entry_unmasked", "contribution_entry", ["id"], postgresql_where=sa.text(FROM_RESIDENT)
    )


def _make_rules() -> None:
    op.create_table(
        "disposition",
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        _municipality("disposition"),
        _reference("disposition", "changed_by", "clerk"),
        sa.PrimaryKeyConstraint("municipality_code", "key", name=op.f("pk_disposition")),
    )
    op.create_table(
        "handling_rule",
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("answer_days", sa.SmallInteger(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("answer_days BETWEEN 1 AND 90", name=op.f("ck_handling_rule_answer_days")),
        _municipality("handling_rule"),
        _reference("handling_rule", "changed_by", "clerk"),
        sa.PrimaryKeyConstraint("municipality_code", name=op.f("pk_handling_rule")),
    )


def _make_bundles() -> None:
    op.create_table(
        "bundle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _municipality("bundle"),
        _reference("bundle", "made_by", "clerk"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle")),
    )
    op.create_index("ix_bundle_municipality_code", "bundle", ["municipality_code"])
    op.create_table(
        "bundle_member",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _reference("bundle_member", "contribution_id", "contribution", "CASCADE"),
        _reference("bundle_member", "bundle_id", "bundle", "CASCADE"),
        _municipality("bundle_member"),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_bundle_member")),
    )
    op.create_index("ix_bundle_member_bundle_id", "bundle_member", ["bundle_id"])
    op.create_table(
        "contribution_likeness",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("embedding", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _reference("contribution_likeness", "contribution_id", "contribution", "CASCADE"),
        _municipality("contribution_likeness"),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_contribution_likeness")),
    )
    op.create_index(
        "ix_contribution_likeness_municipality_code_created_at",
        "contribution_likeness",
        ["municipality_code", "created_at"],
    )


def _municipality(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["municipality_code"], ["municipality.code"], name=op.f(f"fk_{table}_municipality_code_municipality")
    )


def _reference(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), ondelete=ondelete
    )


def _protect(table: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON {table} USING ({rule}) WITH CHECK ({rule})")
