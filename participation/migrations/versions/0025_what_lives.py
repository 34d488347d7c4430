"""What lives: subjects found by likeness, when a contribution was first answered, and verdicts by time."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
TABLES = ("subject_round", "subject", "subject_member")
FOLLOW_ANSWER = """
        BEGIN
            UPDATE worklist_item SET answered_at = NEW.created_at
            WHERE contribution_id = NEW.contribution_id AND answered_at IS NULL;
            RETURN NULL;
        END"""
TRIGGERS = {
    "contribution_entry": "NEW.clerk_id IS NOT NULL AND NEW.kind = 'antwoord'",
    "contribution_status": "NEW.clerk_id IS NOT NULL AND NEW.status IN ('afgehandeld', 'geannuleerd')",
}


def upgrade() -> None:
    """Apply."""
    _make_tables()
    for table in TABLES:
        rule = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY scope ON {table} USING ({rule}) WITH CHECK ({rule})")
    op.create_index(
        "ix_reply_verdict_municipality_code_created_at", "reply_verdict", ["municipality_code", "created_at"]
    )
    op.add_column("worklist_item", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    _fill()
    op.execute(f"CREATE FUNCTION worklist_follow_answer() RETURNS trigger LANGUAGE plpgsql AS $${FOLLOW_ANSWER}$$")
    for table, condition in TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER worklist_follow_answer AFTER INSERT ON {table} "
            f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION worklist_follow_answer()"
        )


def downgrade() -> None:
    """Take back."""
    for table in TRIGGERS:
        op.execute(f"DROP TRIGGER worklist_follow_answer ON {table}")
    op.execute("DROP FUNCTION worklist_follow_answer()")
    op.drop_column("worklist_item", "answered_at")
    op.drop_index("ix_reply_verdict_municipality_code_created_at", "reply_verdict")
    for table in reversed(TABLES):
        op.drop_table(table)


def _make_tables() -> None:
    op.create_table(
        "subject_round",
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_subject_round_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("municipality_code", name=op.f("pk_subject_round")),
    )
    op.create_table(
        "subject",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_subject_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
    )
    op.create_index("ix_subject_municipality_code", "subject", ["municipality_code"])
    op.create_table(
        "subject_member",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution_likeness.contribution_id"],
            name=op.f("fk_subject_member_contribution_id_contribution_likeness"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_subject_member_subject_id_subject"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_subject_member_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_subject_member")),
    )
    op.create_index("ix_subject_member_subject_id", "subject_member", ["subject_id"])


def _fill() -> None:
    """When each contribution was answered or closed until now."""
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.execute(
        "UPDATE worklist_item AS item SET answered_at = first.at FROM ("
        "SELECT contribution_id, min(created_at) AS at FROM ("
        "SELECT contribution_id, created_at FROM contribution_entry WHERE clerk_id IS NOT NULL AND kind = 'antwoord' "
        "UNION ALL SELECT contribution_id, created_at FROM contribution_status "
        "WHERE clerk_id IS NOT NULL AND status IN ('afgehandeld', 'geannuleerd')) AS answers "
        "GROUP BY contribution_id) AS first WHERE first.contribution_id = item.contribution_id"
    )
    op.execute("SELECT set_config('samenspel.gemeente', '', true)")
