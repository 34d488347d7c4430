"""Being asked for a campaign shows what it asks; the outcome and what residents wrote are for who agreed."""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
MEMBERS = "SELECT campaign_id FROM campaign_municipality WHERE municipality_code"
ASKED = f"campaign_id IN ({MEMBERS} = {SCOPE})"
AGREED = f"campaign_id IN ({MEMBERS} = {SCOPE} AND agreed_at IS NOT NULL)"
OF_THE_TEAM = "resident_id IS NULL AND writer_code IS NULL"


def upgrade() -> None:
    """Apply."""
    _share("campaign_outcome", f"about = 'alle' AND {AGREED}")
    _share("statement", f"state = 'goed' AND ({AGREED} OR ({OF_THE_TEAM} AND {ASKED}))")


def downgrade() -> None:
    """Take back."""
    _share("campaign_outcome", f"about = 'alle' AND {ASKED}")
    _share("statement", ASKED)


def _share(table: str, rule: str) -> None:
    """Say anew what the municipalities that do not lead may read."""
    op.execute(f"DROP POLICY shared ON {table}")
    op.execute(f"CREATE POLICY shared ON {table} FOR SELECT USING ({rule})")
