"""The log can only be added to, and a chain of hashes shows whether somebody changed it after all."""

# ruff: noqa: S608  the statements are made of constants of this file

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SCOPE = "current_setting('samenspel.gemeente', true)"
LOCK = 0x4B455453  # any number that nothing else locks

CONTENT = (
    "jsonb_build_array({0}.id, {0}.municipality_code, {0}.clerk_id, {0}.action, {0}.record, {0}.details, "
    "encode({0}.words_hash, 'hex'), "
    "to_char({0}.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'))::text"
)
"""What is hashed of an event. `participation/services/audit_chain.py` has the same, to check it independently."""

IN_EVENTS = {"inbreng.origineel": "reden", "inbreng.in_bundel": "bundel", "inbreng.uit_bundel": "bundel"}
"""Actions whose details held words that somebody typed, and under which key."""


def upgrade() -> None:
    """Apply."""
    op.add_column("audit_event", sa.Column("words_hash", sa.LargeBinary(), nullable=True))
    for columns in (["id"], ["clerk_id", "id"], ["record", "id"]):
        name = f"ix_audit_event_municipality_code_{'_'.join(columns)}"
        op.create_index(name, "audit_event", ["municipality_code", *columns])
    _make_words()
    _make_chain()
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    for action, key in IN_EVENTS.items():
        _move_words(action, key)
    _link_what_is_there()
    op.execute("SELECT set_config('samenspel.gemeente', '', true)")
    op.execute(
        "CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'the log can only be added to' USING ERRCODE = 'insufficient_privilege'; END $$"
    )
    for table in ("audit_event", "audit_link"):
        op.execute(
            f"CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()"
        )


def downgrade() -> None:
    """Take back."""
    for table in ("audit_event", "audit_link"):
        op.execute(f"DROP TRIGGER audit_stays ON {table}")
    op.execute("DROP FUNCTION audit_stays()")
    op.execute("DROP TRIGGER audit_chain ON audit_event")
    op.execute("DROP FUNCTION audit_chain()")
    op.execute("DROP FUNCTION audit_add_link(bigint, text)")
    op.execute("SELECT set_config('samenspel.gemeente', '*', true)")
    for action, key in IN_EVENTS.items():
        op.execute(
            f"UPDATE audit_event SET details = details || jsonb_build_object('{key}', coalesce("
            "(SELECT text FROM audit_words WHERE event_id = audit_event.id), '[gewist]')) "
            f"WHERE action = '{action}'"
        )
    op.execute("SELECT set_config('samenspel.gemeente', '', true)")
    op.drop_table("audit_link")
    op.drop_table("audit_words")
    for columns in (["id"], ["clerk_id", "id"], ["record", "id"]):
        op.drop_index(f"ix_audit_event_municipality_code_{'_'.join(columns)}", "audit_event")
    op.drop_column("audit_event", "words_hash")


def _make_words() -> None:
    op.create_table(
        "audit_words",
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["audit_event.id"], name=op.f("fk_audit_words_event_id_audit_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_audit_words_municipality_code_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_audit_words_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_words")),
    )
    op.create_index("ix_audit_words_contribution_id", "audit_words", ["contribution_id"])
    rule = f"municipality_code = {SCOPE} OR {SCOPE} = '*'"
    op.execute("ALTER TABLE audit_words ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE audit_words FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON audit_words USING ({rule}) WITH CHECK ({rule})")


def _make_chain() -> None:
    """Links are added at commit: the chain is locked for that moment only, and in the order of the commits.

    With the rights of the owner: the application itself has no right to add links.
    """
    op.create_table(
        "audit_link",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_audit_link_event_id_audit_event")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_link_event_id")),
    )
    op.execute(
        "CREATE FUNCTION audit_add_link(event bigint, content text) RETURNS void LANGUAGE plpgsql AS $$ "
        "DECLARE last record; BEGIN "
        f"PERFORM pg_advisory_xact_lock({LOCK}); "
        "SELECT number, hash INTO last FROM audit_link ORDER BY number DESC LIMIT 1; "
        "INSERT INTO audit_link (number, event_id, hash) VALUES (coalesce(last.number, 0) + 1, event, "
        "sha256(coalesce(last.hash, ''::bytea) || convert_to(content, 'UTF8'))); "
        "END $$"
    )
    op.execute("REVOKE EXECUTE ON FUNCTION audit_add_link(bigint, text) FROM PUBLIC")
    op.execute(
        "CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
        "SET search_path = public, pg_temp AS $$ "
        f"BEGIN PERFORM audit_add_link(NEW.id, {CONTENT.format('NEW')}); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER audit_chain AFTER INSERT ON audit_event DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION audit_chain()"
    )


def _move_words(action: str, key: str) -> None:
    """Of contributions that are gone nothing is kept."""
    op.execute(
        "INSERT INTO audit_words (event_id, municipality_code, contribution_id, salt, text) "
        "SELECT event.id, event.municipality_code, contribution.id, "
        f"decode(replace(gen_random_uuid()::text, '-', ''), 'hex'), event.details ->> '{key}' "
        "FROM audit_event AS event JOIN contribution ON contribution.id::text = event.record "
        f"WHERE event.action = '{action}' AND event.details ? '{key}'"
    )
    op.execute(
        f"UPDATE audit_event SET details = details - '{key}', words_hash = coalesce("
        "(SELECT sha256(salt || convert_to(text, 'UTF8')) FROM audit_words WHERE event_id = audit_event.id), "
        f"sha256(''::bytea)) WHERE action = '{action}' AND details ? '{key}'"
    )


def _link_what_is_there() -> None:
    op.execute(
        "DO $$ DECLARE event record; BEGIN "
        "FOR event IN SELECT * FROM audit_event ORDER BY id LOOP "
        f"PERFORM audit_add_link(event.id, {CONTENT.format('event')}); "
        "END LOOP; END $$"
    )
