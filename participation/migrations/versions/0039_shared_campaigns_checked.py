"""Look whether what was there before offers of campaigns keeps to the new rules, without keeping anybody waiting."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Reading the rows locks nobody out."""
    op.execute("ALTER TABLE offer VALIDATE CONSTRAINT ck_offer_kind")
    op.execute("ALTER TABLE campaign VALIDATE CONSTRAINT fk_campaign_offer_id_offer")


def downgrade() -> None:
    """Take back: nothing was changed."""
