"""Log-in with an OpenID provider, invitations by mail, and what goes: idle accounts, the oldest of the log."""

# ruff: noqa: S608  the statements are made of constants of this file

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
LOCK = 0x4B455453  # of the chain, as in 0021
LEAST = "366 days"

MAIL = "'wacht', 'bezig', 'verstuurd', 'mislukt', 'onzeker'"


def upgrade() -> None:
    """Apply."""
    op.add_column("clerk", sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("clerk", sa.Column("without_role_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitation", sa.Column("mail", sa.String(length=10), nullable=True))
    op.add_column("invitation", sa.Column("mail_tries", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.alter_column("invitation", "mail_tries", server_default=None)
    op.add_column("invitation", sa.Column("mail_after", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitation", sa.Column("sealed_link", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(op.f("ck_invitation_mail"), "invitation", f"mail IN ({MAIL})")
    op.add_column("desk_session", sa.Column("provider", sa.Text(), nullable=True))
    op.add_column(
        "desk_session", sa.Column("provider_factor", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.alter_column("desk_session", "provider_factor", server_default=None)
    op.add_column("access_rule", sa.Column("counted_provider", sa.Text(), nullable=True))
    op.create_table(
        "sign_on_link",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["clerk.id"], name=op.f("fk_sign_on_link_clerk_id_clerk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_sign_on_link")),
        sa.UniqueConstraint("clerk_id", "issuer", name=op.f("uq_sign_on_link_clerk_id")),
    )
    op.create_table(
        "sign_on_used",
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_sign_on_used")),
    )
    op.create_index(op.f("ix_sign_on_used_created_at"), "sign_on_used", ["created_at"])
    _let_the_oldest_of_the_log_go()


def downgrade() -> None:
    """Take back."""
    op.execute("DROP FUNCTION audit_take_off(timestamptz, timestamptz, integer)")
    _keep_the_log("")
    op.drop_table("sign_on_used")
    op.drop_table("sign_on_link")
    op.drop_column("access_rule", "counted_provider")
    for column in ("provider_factor", "provider"):
        op.drop_column("desk_session", column)
    op.drop_constraint(op.f("ck_invitation_mail"), "invitation", type_="check")
    for column in ("sealed_link", "mail_after", "mail_tries", "mail"):
        op.drop_column("invitation", column)
    for column in ("without_role_since", "deactivated_at"):
        op.drop_column("clerk", column)


def _let_the_oldest_of_the_log_go() -> None:
    """With the rights of the owner: the application itself can not delete, and can not ask for what is younger.

    What is taken off is always the oldest part of the chain, and never its last link. An event says up to which link,
    and what the hash there was: the check goes on from that.
    """
    _keep_the_log(
        "IF TG_OP = 'DELETE' AND current_setting('samenspel.logboek', true) = 'opruimen' THEN RETURN NULL; END IF; "
    )
    op.execute(
        "CREATE FUNCTION audit_take_off(keep_since timestamptz, moment timestamptz, most integer) RETURNS bigint "
        "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ "
        f"DECLARE scope text := coalesce({SCOPE}, ''); first bigint; stop bigint; sealed record; gone bigint[]; BEGIN "
        f"IF keep_since > now() - interval '{LEAST}' THEN "
        f"RAISE EXCEPTION 'the log is kept for at least {LEAST}' USING ERRCODE = 'insufficient_privilege'; END IF; "
        f"PERFORM pg_advisory_xact_lock({LOCK}); "
        "PERFORM set_config('samenspel.gemeente', '*', true); "
        "SELECT min(number), max(number) INTO first, stop FROM audit_link; "
        "stop := least(stop, first + most, (SELECT link.number FROM audit_link AS link "
        "JOIN audit_event AS event ON event.id = link.event_id "
        "WHERE event.created_at >= keep_since ORDER BY link.number LIMIT 1)); "
        "SELECT number, hash INTO sealed FROM audit_link WHERE number = stop - 1; "
        "gone := ARRAY(SELECT event_id FROM audit_link WHERE number < stop); "
        "IF cardinality(gone) > 0 THEN "
        "INSERT INTO audit_event (action, details, created_at) VALUES ('logboek.opgeruimd', "
        "jsonb_build_object('tot', sealed.number, 'hash', encode(sealed.hash, 'hex')), moment); "
        "PERFORM set_config('samenspel.logboek', 'opruimen', true); "
        "DELETE FROM audit_link WHERE number < stop; "
        "DELETE FROM audit_event WHERE id = ANY(gone); "
        "PERFORM set_config('samenspel.logboek', '', true); "
        "END IF; "
        "PERFORM set_config('samenspel.gemeente', scope, true); "
        "RETURN cardinality(gone); END $$"
    )
    op.execute("REVOKE EXECUTE ON FUNCTION audit_take_off(timestamptz, timestamptz, integer) FROM PUBLIC")


def _keep_the_log(unless: str) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{unless}"
        "RAISE EXCEPTION 'the log can only be added to' USING ERRCODE = 'insufficient_privilege'; END $$"
    )
