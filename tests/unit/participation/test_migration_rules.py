"""No migration keeps residents waiting, and the version that still runs can work with what it leaves.

squawk reads the SQL of each migration and knows which statements lock or rewrite a table. A table that a migration
makes itself it may treat as it likes: nobody uses that yet. CONTRIBUTING.md, "Add a migration", says how to do it.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from participation.database.migrate import as_sql, known_revisions

FROM_HERE = "0036"
"""Migrations of before this one were made before there was an installation to upgrade."""

RULES = {
    "adding-field-with-default": "a default that differs per row (volatile) rewrites the table",
    "adding-foreign-key-constraint": "add it NOT VALID, and validate it in the next migration",
    "adding-not-nullable-field": "add a check NOT VALID, validate that, then SET NOT NULL",
    "adding-required-field": "the version that runs does not fill it: give it a default",
    "adding-serial-primary-key-field": "rewrites the table",
    "ban-concurrent-index-creation-in-transaction": "use an autocommit_block",
    "ban-drop-column": "the version that runs still reads it: one version later",
    "ban-drop-table": "the version that runs still reads it: one version later",
    "ban-truncate-cascade": "takes rows nobody named",
    "changing-column-type": "rewrites the table",
    "constraint-missing-not-valid": "add it NOT VALID, and validate it in the next migration",
    "disallowed-unique-constraint": "build a unique index CONCURRENTLY, then add the constraint USING INDEX",
    "renaming-column": "the version that runs knows the old name",
    "renaming-table": "the version that runs knows the old name",
    "require-concurrent-index-creation": "CREATE INDEX CONCURRENTLY, in an autocommit_block",
    "require-concurrent-index-deletion": "DROP INDEX CONCURRENTLY, in an autocommit_block",
    "syntax-error": "this is no SQL that PostgreSQL knows",
}

ALLOWED: dict[tuple[str, str], str] = {
    ("0043", "adding-field-with-default"): "the day of today is the same for every row, so PostgreSQL rewrites nothing",
}
"""Revision and rule, with the reason: a table that is always small, or that only a desk writes to now and then."""


def broken(sql: str) -> set[str]:
    """The rules that some SQL breaks."""
    program = Path(sys.executable).with_name("squawk")
    asked = [str(program), "--reporter=json", "--pg-version=16", "--stdin-filepath=migration.sql"]
    answer = subprocess.run(asked, input=sql, capture_output=True, text=True, check=False)
    assert answer.returncode in (0, 1), answer.stderr
    return {found["rule_name"] for found in json.loads(answer.stdout)} & RULES.keys()


def new_revisions() -> list[tuple[str, str]]:
    """Every migration from the fixed one on, with the one before it."""
    directory = ScriptDirectory(str(Path(__file__).parents[3] / "participation" / "migrations"))
    found = [(one.revision, str(one.down_revision)) for one in directory.walk_revisions()]
    return sorted(pair for pair in found if pair[0] >= FROM_HERE)


@pytest.mark.parametrize(("revision", "before"), new_revisions())
def test_a_new_migration_locks_no_table_for_long(revision: str, before: str) -> None:
    allowed = {rule for one, rule in ALLOWED if one == revision}
    wrong = broken(as_sql(revision, after=before))
    assert {rule: RULES[rule] for rule in wrong - allowed} == {}
    assert allowed <= wrong, "what is no longer needed goes off the list"


def test_all_migrations_can_be_written_as_sql_that_the_rules_can_read() -> None:
    """There is something to find in the old ones, so these rules would have found it in new ones."""
    assert "syntax-error" not in broken(as_sql("head", after="base"))
    assert FROM_HERE in known_revisions()
    assert broken(as_sql("0031", after="0030")) == {
        "require-concurrent-index-creation",
        "require-concurrent-index-deletion",
    }


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("CREATE INDEX i ON contribution (text)", "require-concurrent-index-creation"),
        ("DROP INDEX i", "require-concurrent-index-deletion"),
        ("ALTER TABLE contribution ADD COLUMN a uuid DEFAULT gen_random_uuid()", "adding-field-with-default"),
        ("ALTER TABLE contribution ADD COLUMN a int NOT NULL", "adding-required-field"),
        ("ALTER TABLE contribution ALTER COLUMN kind SET NOT NULL", "adding-not-nullable-field"),
        ("ALTER TABLE contribution ADD CONSTRAINT c CHECK (a > 1)", "constraint-missing-not-valid"),
        ("ALTER TABLE contribution ADD FOREIGN KEY (a) REFERENCES clerk (id)", "adding-foreign-key-constraint"),
        ("ALTER TABLE contribution ALTER COLUMN a TYPE bigint", "changing-column-type"),
        ("ALTER TABLE contribution DROP COLUMN a", "ban-drop-column"),
        ("ALTER TABLE contribution RENAME COLUMN a TO b", "renaming-column"),
        ("ALTER TABLE contribution ADD CONSTRAINT u UNIQUE (a)", "disallowed-unique-constraint"),
        (
            "BEGIN; CREATE INDEX CONCURRENTLY i ON contribution (a); COMMIT",
            "ban-concurrent-index-creation-in-transaction",
        ),
        ("ALTER TABEL contribution", "syntax-error"),
    ],
)
def test_what_would_lock_a_table_that_is_in_use_is_refused(sql: str, rule: str) -> None:
    assert rule in broken(f"{sql};")


@pytest.mark.parametrize(
    "sql",
    [
        "BEGIN; CREATE TABLE t (id uuid PRIMARY KEY, a int NOT NULL); CREATE INDEX i ON t (a); COMMIT",
        "BEGIN; COMMIT; DROP INDEX CONCURRENTLY IF EXISTS i; CREATE INDEX CONCURRENTLY i ON t (a); BEGIN; COMMIT",
        "ALTER TABLE contribution ADD COLUMN a int NOT NULL DEFAULT 0",
        "ALTER TABLE contribution ADD CONSTRAINT c CHECK (a > 1) NOT VALID",
        "ALTER TABLE contribution VALIDATE CONSTRAINT c",
    ],
)
def test_what_locks_nothing_for_long_may(sql: str) -> None:
    assert broken(f"{sql};") == set()
