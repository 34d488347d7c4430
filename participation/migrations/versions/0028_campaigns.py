"""Campaigns: what is asked, of whom, who takes part, what they answer, and what came of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
OF_ONE = ("subscription", "participant", "vote", "campaign_answer", "campaign_reach", "recipient", "mailing")
"""Of one municipality, whoever leads the campaign."""

SHARED = ("campaign_part", "statement", "campaign_event", "campaign_feedback", "final_report")
"""Written by the municipality that leads; read by all that take part."""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("thanks", sa.Text(), nullable=False),
        sa.Column("theme", sa.String(length=30), nullable=True),
        sa.Column("level", sa.String(length=14), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("decides", sa.Text(), nullable=False),
        sa.Column("official", sa.Text(), nullable=False),
        sa.Column("portfolio_holder", sa.Text(), nullable=False),
        sa.Column("asks_age", sa.Boolean(), nullable=False),
        sa.Column("asks_area", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_in_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "level IN ('informeren', 'raadplegen', 'adviseren', 'coproduceren', 'meebeslissen')",
            name=op.f("ck_campaign_level"),
        ),
        sa.CheckConstraint(
            "state IN ('concept', 'controle', 'klaar', 'loopt', 'pauze', 'gesloten')", name=op.f("ck_campaign_state")
        ),
        sa.CheckConstraint(
            "closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at", name=op.f("ck_campaign_period")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["clerk.id"], name=op.f("fk_campaign_made_by_clerk")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_campaign_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(["reviewed_by"], ["clerk.id"], name=op.f("fk_campaign_reviewed_by_clerk")),
        sa.ForeignKeyConstraint(["sent_in_by"], ["clerk.id"], name=op.f("fk_campaign_sent_in_by_clerk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_public_id")),
        sa.UniqueConstraint("id", "municipality_code", name=op.f("uq_campaign_id")),
    )
    op.create_index("ix_campaign_municipality_code", "campaign", ["municipality_code"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("theme", sa.String(length=30), nullable=True),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_subscription_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_subscription_resident_id_resident"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint(
            "resident_id",
            "municipality_code",
            "theme",
            "area",
            name=op.f("uq_subscription_resident_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_subscription_municipality_code", "subscription", ["municipality_code"], unique=False)
    op.create_table(
        "campaign_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_event_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerk.id"], name=op.f("fk_campaign_event_clerk_id_clerk")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_campaign_event_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_event")),
    )
    op.create_index("ix_campaign_event_campaign_id", "campaign_event", ["campaign_id"], unique=False)
    op.create_table(
        "campaign_feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_feedback_campaign_id_campaign"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["clerk.id"], name=op.f("fk_campaign_feedback_changed_by_clerk")),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_campaign_feedback_municipality_code_municipality"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_feedback")),
        sa.UniqueConstraint(
            "campaign_id",
            "number",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_campaign_feedback_campaign_id"),
        ),
    )
    op.create_table(
        "campaign_municipality",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("leader_code", sa.String(length=6), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agreed_by"], ["clerk.id"], name=op.f("fk_campaign_municipality_agreed_by_clerk")),
        sa.ForeignKeyConstraint(
            ["campaign_id", "leader_code"],
            ["campaign.id", "campaign.municipality_code"],
            name=op.f("fk_campaign_municipality_campaign_id_campaign"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_campaign_municipality_municipality_code_municipality"),
        ),
        sa.PrimaryKeyConstraint("campaign_id", "municipality_code", name=op.f("pk_campaign_municipality")),
    )
    op.create_index(
        "ix_campaign_municipality_municipality_code", "campaign_municipality", ["municipality_code"], unique=False
    )
    op.create_table(
        "campaign_outcome",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=6), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counted_from", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_outcome_campaign_id_campaign"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_campaign_outcome_municipality_code_municipality"),
        ),
        sa.PrimaryKeyConstraint("campaign_id", "about", name=op.f("pk_campaign_outcome")),
    )
    op.create_table(
        "campaign_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("condition", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "kind IN ('stellingen', 'keuze', 'schaal', 'rangorde', 'open', 'plaats', 'dilemma')",
            name=op.f("ck_campaign_part_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_part_campaign_id_campaign"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_campaign_part_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_part")),
        sa.UniqueConstraint(
            "campaign_id", "position", deferrable=True, initially="DEFERRED", name=op.f("uq_campaign_part_campaign_id")
        ),
    )
    op.create_table(
        "campaign_reach",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_reach_campaign_id_campaign"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_campaign_reach_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "municipality_code", "place", "day", name=op.f("pk_campaign_reach")),
    )
    op.create_table(
        "final_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_final_report_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["issued_by"], ["clerk.id"], name=op.f("fk_final_report_issued_by_clerk")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_final_report_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_final_report")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_final_report_campaign_id")),
    )
    op.create_index("ix_final_report_municipality_code", "final_report", ["municipality_code"], unique=False)
    op.create_table(
        "mailing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('uitnodiging', 'herinnering', 'bericht', 'terugkoppeling')", name=op.f("ck_mailing_kind")
        ),
        sa.CheckConstraint("state IN ('concept', 'bezig', 'pauze', 'gestopt', 'klaar')", name=op.f("ck_mailing_state")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_mailing_campaign_id_campaign"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["made_by"], ["clerk.id"], name=op.f("fk_mailing_made_by_clerk")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_mailing_municipality_code_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
    )
    op.create_index("ix_mailing_campaign_id", "mailing", ["campaign_id"], unique=False)
    op.create_table(
        "participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("age_band", sa.String(length=6), nullable=True),
        sa.Column("current_part_id", sa.Uuid(), nullable=True),
        sa.Column("wants_outcome", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "age_band IN ('tot18', '18-29', '30-44', '45-64', '65+')", name=op.f("ck_participant_age_band")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_participant_campaign_id_campaign"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_participant_conversation_id_conversation"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["current_part_id"],
            ["campaign_part.id"],
            name=op.f("fk_participant_current_part_id_campaign_part"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_participant_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_participant_resident_id_resident"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("campaign_id", "resident_id", name=op.f("uq_participant_campaign_id")),
    )
    op.create_index(
        "ix_participant_campaign_id_municipality_code",
        "participant",
        ["campaign_id", "municipality_code"],
        unique=False,
    )
    op.create_index(op.f("ix_participant_conversation_id"), "participant", ["conversation_id"], unique=False)
    op.create_index("ix_participant_resident_id", "participant", ["resident_id"], unique=False)
    op.create_table(
        "recipient",
        sa.Column("mailing_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('wacht', 'onderweg', 'verstuurd', 'overgeslagen', 'mislukt')", name=op.f("ck_recipient_state")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_recipient_conversation_id_conversation"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailing.id"], name=op.f("fk_recipient_mailing_id_mailing"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_recipient_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_recipient_resident_id_resident"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mailing_id", "resident_id", name=op.f("pk_recipient")),
    )
    op.create_index("ix_recipient_conversation_id", "recipient", ["conversation_id"], unique=False)
    op.create_index("ix_recipient_resident_id", "recipient", ["resident_id"], unique=False)
    op.create_index(
        "ix_recipient_waiting", "recipient", ["mailing_id", "due_at"], unique=False, postgresql_where="state = 'wacht'"
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("masked_text", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("writer_code", sa.String(length=6), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('wacht', 'goed', 'afgewezen')", name=op.f("ck_statement_state")),
        sa.CheckConstraint("char_length(text) <= 140", name=op.f("ck_statement_length")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_statement_campaign_id_campaign"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["clerk.id"], name=op.f("fk_statement_decided_by_clerk")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_statement_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["part_id"], ["campaign_part.id"], name=op.f("fk_statement_part_id_campaign_part"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_statement_resident_id_resident"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["writer_code"], ["municipality.code"], name=op.f("fk_statement_writer_code_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_statement_campaign_id")),
    )
    op.create_index("ix_statement_part_id", "statement", ["part_id"], unique=False)
    op.create_index("ix_statement_resident_id", "statement", ["resident_id"], unique=False)
    op.create_table(
        "campaign_answer",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("masked_words", sa.Text(), nullable=True),
        sa.Column("may_quote", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_answer_campaign_id_campaign"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_campaign_answer_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["part_id"], ["campaign_part.id"], name=op.f("fk_campaign_answer_part_id_campaign_part"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_campaign_answer_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", "part_id", name=op.f("pk_campaign_answer")),
    )
    op.create_index("ix_campaign_answer_campaign_id", "campaign_answer", ["campaign_id"], unique=False)
    op.create_index("ix_campaign_answer_part_id", "campaign_answer", ["part_id"], unique=False)
    op.create_index(
        "ix_campaign_answer_unmasked",
        "campaign_answer",
        ["answered_at"],
        unique=False,
        postgresql_where="words IS NOT NULL AND masked_words IS NULL",
    )
    op.create_table(
        "vote",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value IN (-1, 0, 1)", name=op.f("ck_vote_value")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_vote_campaign_id_campaign"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_vote_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_vote_participant_id_participant"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_vote_statement_id_statement"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("participant_id", "statement_id", name=op.f("pk_vote")),
    )
    op.create_index("ix_vote_campaign_id", "vote", ["campaign_id"], unique=False)
    op.create_index("ix_vote_statement_id", "vote", ["statement_id"], unique=False)
    for table in OF_ONE:
        _protect(table)
    _protect_members()
    _protect("campaign", read_by_members_as="campaign.id")
    for table in SHARED:
        _protect(table, read_by_members_as=f"{table}.campaign_id")
    _protect("campaign_outcome", read_by_members_as="campaign_outcome.campaign_id", only="about = 'alle'")


def downgrade() -> None:
    """Take back."""
    for table in ("campaign", *SHARED, "campaign_outcome"):
        op.execute(f"DROP POLICY shared ON {table}")
    for table in (
        "vote",
        "campaign_answer",
        "statement",
        "recipient",
        "participant",
        "mailing",
        "final_report",
        "campaign_reach",
        "campaign_part",
        "campaign_outcome",
        "campaign_municipality",
        "campaign_feedback",
        "campaign_event",
        "subscription",
        "campaign",
    ):
        op.drop_table(table)


def _protect_members() -> None:
    """Only who leads invites and takes out; who was invited reads and changes its own row."""
    lead = f"leader_code = {SCOPE} OR {SCOPE} = '*'"
    own = f"municipality_code = {SCOPE}"
    op.execute("ALTER TABLE campaign_municipality ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE campaign_municipality FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON campaign_municipality USING ({lead}) WITH CHECK ({lead})")
    op.execute(f"CREATE POLICY shared ON campaign_municipality FOR SELECT USING ({own})")
    op.execute(f"CREATE POLICY agree ON campaign_municipality FOR UPDATE USING ({own}) WITH CHECK ({own})")


def _protect(table: str, *, read_by_members_as: str | None = None, only: str = "true") -> None:
    """Let the owner read and write; where a column names the campaign, let the other municipalities in it read."""
    own = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON {table} USING ({own}) WITH CHECK ({own})")
    if read_by_members_as is not None:
        members = "SELECT campaign_id FROM campaign_municipality WHERE municipality_code"
        rule = f"{only} AND {read_by_members_as} IN ({members} = {SCOPE})"
        op.execute(f"CREATE POLICY shared ON {table} FOR SELECT USING ({rule})")
