"""Papers for the council also as OpenDocument text. The worker makes the file of what was issued before."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

NAME = "ck_report_file_format"


def upgrade() -> None:
    """Apply."""
    _allow("'pdf', 'docx', 'odt', 'xlsx', 'csv'")


def downgrade() -> None:
    """Take back."""
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    op.execute("DELETE FROM report_file WHERE format = 'odt'")
    op.execute("SELECT set_config('samenspel.gemeente', '', true)")
    _allow("'pdf', 'docx', 'xlsx', 'csv'")


def _allow(formats: str) -> None:
    op.drop_constraint(op.f(NAME), "report_file", type_="check")
    op.create_check_constraint(op.f(NAME), "report_file", f"format IN ({formats})")
