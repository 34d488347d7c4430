"""Municipalities also offer each other standard texts: with what they are for, and without a source."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.alter_column("offer", "kind", type_=sa.String(length=14))
    _allow("'antwoord', 'eigen_vraag', 'standaardtekst'")
    op.add_column("offer_version", sa.Column("purpose", sa.String(length=10), nullable=True))
    op.add_column("standard_text", sa.Column("offer_id", sa.Uuid(), nullable=True))
    op.add_column("standard_text", sa.Column("offer_number", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_standard_text_offer_id_offer"), "standard_text", "offer", ["offer_id"], ["id"])


def downgrade() -> None:
    """Take back. What was taken over stays, without its link."""
    op.drop_constraint(op.f("fk_standard_text_offer_id_offer"), "standard_text", type_="foreignkey")
    op.drop_column("standard_text", "offer_number")
    op.drop_column("standard_text", "offer_id")
    op.drop_column("offer_version", "purpose")
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.execute("DELETE FROM offer_use WHERE offer_id IN (SELECT id FROM offer WHERE kind = 'standaardtekst')")
    op.execute("DELETE FROM offer_version WHERE offer_id IN (SELECT id FROM offer WHERE kind = 'standaardtekst')")
    op.execute("DELETE FROM offer WHERE kind = 'standaardtekst'")
    op.execute("SELECT set_config('samenspel.gemeente', '', true)")
    _allow("'antwoord', 'eigen_vraag'")
    op.alter_column("offer", "kind", type_=sa.String(length=12))


def _allow(kinds: str) -> None:
    op.drop_constraint(op.f("ck_offer_kind"), "offer", type_="check")
    op.create_check_constraint(op.f("ck_offer_kind"), "offer", f"kind IN ({kinds})")
