"""Municipalities also offer each other the set-up of a campaign, and a campaign remembers where it came from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. The policies of the library hold for every kind: all read what is offered, only its owner writes it."""
    _allow("'antwoord', 'eigen_vraag', 'standaardtekst', 'campagne'")
    op.add_column("offer_version", sa.Column("setup", postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column("campaign", sa.Column("offer_id", sa.Uuid(), nullable=True))
    op.add_column("campaign", sa.Column("offer_number", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_campaign_offer_id_offer"), "campaign", "offer", ["offer_id"], ["id"], postgresql_not_valid=True
    )


def downgrade() -> None:
    """Take back. What was taken over stays, without its link."""
    op.drop_constraint(op.f("fk_campaign_offer_id_offer"), "campaign", type_="foreignkey")
    op.drop_column("campaign", "offer_number")
    op.drop_column("campaign", "offer_id")
    op.drop_column("offer_version", "setup")
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.execute("DELETE FROM offer_use WHERE offer_id IN (SELECT id FROM offer WHERE kind = 'campagne')")
    op.execute("DELETE FROM offer_version WHERE offer_id IN (SELECT id FROM offer WHERE kind = 'campagne')")
    op.execute("DELETE FROM offer WHERE kind = 'campagne'")
    op.execute("SELECT set_config('samenspel.gemeente', '', true)")
    _allow("'antwoord', 'eigen_vraag', 'standaardtekst'")


def _allow(kinds: str) -> None:
    op.drop_constraint(op.f("ck_offer_kind"), "offer", type_="check")
    op.create_check_constraint(op.f("ck_offer_kind"), "offer", f"kind IN ({kinds})", postgresql_not_valid=True)
