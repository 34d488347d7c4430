"""Taking part in a campaign before it starts: the link, and what was done with it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "campaign_trial",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_trial_campaign_id_campaign"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["deep_link.id"], name=op.f("fk_campaign_trial_id_deep_link"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_campaign_trial_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_trial")),
    )
    op.create_index("ix_campaign_trial_campaign_id", "campaign_trial", ["campaign_id"], unique=False)
    op.create_table(
        "campaign_trial_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("trial_id", sa.String(length=22), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("given", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_campaign_trial_run_conversation_id_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_campaign_trial_run_municipality_code_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["trial_id"],
            ["campaign_trial.id"],
            name=op.f("fk_campaign_trial_run_trial_id_campaign_trial"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_trial_run")),
        sa.UniqueConstraint("trial_id", "conversation_id", name=op.f("uq_campaign_trial_run_trial_id")),
    )
    op.create_index("ix_campaign_trial_run_conversation_id", "campaign_trial_run", ["conversation_id"], unique=False)
    _protect("campaign_trial", f"municipality_code = {SCOPE} OR {SCOPE} = '*'")
    _protect("campaign_trial_run", f"{SCOPE} = '*'")


def downgrade() -> None:
    """Take back; the links stop working."""
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.execute("DELETE FROM deep_link WHERE id IN (SELECT id FROM campaign_trial)")
    op.execute("SELECT set_config('samenspel.gemeente', '', true)")
    op.drop_table("campaign_trial_run")
    op.drop_table("campaign_trial")


def _protect(table: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON {table} USING ({rule}) WITH CHECK ({rule})")
