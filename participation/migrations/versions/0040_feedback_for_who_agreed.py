"""What is done with a campaign, and its report, are read at the desk by municipalities that agreed to take part."""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

MEMBERS = "SELECT campaign_id FROM campaign_municipality WHERE municipality_code"
ASKED = f"{MEMBERS} = current_setting('samenspel.gemeente', true)"
TABLES = ("campaign_feedback", "final_report")


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        _share(table, f"campaign_id IN ({ASKED} AND agreed_at IS NOT NULL)")


def downgrade() -> None:
    """Take back."""
    for table in TABLES:
        _share(table, f"campaign_id IN ({ASKED})")


def _share(table: str, rule: str) -> None:
    """Say anew what the municipalities that do not lead may read."""
    op.execute(f"DROP POLICY shared ON {table}")
    op.execute(f"CREATE POLICY shared ON {table} FOR SELECT USING ({rule})")
