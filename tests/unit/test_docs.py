"""The documents say what the code says."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from launcher.arguments import parser
from participation import content, roles
from participation.settings import Settings
from tests.faults import table as drills

ROOT = Path(__file__).parents[2]
NOT_OURS = {".git", ".venv-app", ".venv-rasa", "var", "node_modules"}
SETTING = re.compile(r"\bSAMENSPEL_[A-Z0-9_]+\b")
PROGRAM = re.compile(r"\./samenspel ([a-z]+)")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
ELSEWHERE = re.compile(r"[a-z]+:|#")


def documents() -> list[Path]:
    """All Markdown files that are ours."""
    return sorted(path for path in ROOT.rglob("*.md") if not NOT_OURS.intersection(path.relative_to(ROOT).parts))


def names(path: Path) -> set[str]:
    """The settings that a file speaks of."""
    return set(SETTING.findall(path.read_text(encoding="utf-8")))


def described_settings() -> list[str]:
    """The rows that docs/instellingen.md must have, made from the code."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        shown = f"`{default}`" if field.default not in ("", ()) else "empty"
        rows.append(f"| `SAMENSPEL_{name.upper()}` | {shown} | {field.description} |")
    return rows


def existing_settings() -> set[str]:
    """Names in settings.py, and those that the launcher or Rasa's configuration reads; each may come from a file."""
    own = {f"SAMENSPEL_{name.upper()}" for name in Settings.model_fields}
    read_elsewhere = [*ROOT.glob("launcher/*.py"), ROOT / "endpoints.yml", ROOT / "credentials.yml"]
    values = own.union(*map(names, read_elsewhere))
    return values | {f"{name}_FILE" for name in values}


def subcommands() -> set[str]:
    """What `./samenspel` can do."""
    (choices,) = (action.choices for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return set(choices)


def relative_links(document: Path) -> Iterator[str]:
    """Paths that a document links to, without the place inside the file."""
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        if not ELSEWHERE.match(target):
            yield target.partition("#")[0]


def test_every_setting_is_described_with_its_default_and_its_help() -> None:
    table = (ROOT / "docs" / "instellingen.md").read_text(encoding="utf-8").partition("## Of Rasa")[0]
    assert [line for line in table.splitlines() if line.startswith("| `SAMENSPEL_")] == described_settings()


@pytest.mark.parametrize(
    "path", [*documents(), ROOT / ".env.example", ROOT / "docker-compose.yml"], ids=lambda path: path.name
)
def test_no_document_names_a_setting_that_does_not_exist(path: Path) -> None:
    assert names(path) - existing_settings() == set()


def test_compose_asks_for_nothing_that_the_example_does_not_explain() -> None:
    """And the example explains nothing that Compose does not use: each setting has one comment above it."""
    asked = set(re.findall(r"\$\{([A-Z_0-9]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    asked.add("COMPOSE_PROFILES")  # Compose itself reads it
    blocks = (ROOT / ".env.example").read_text(encoding="utf-8").strip().split("\n\n")[1:]
    explained = [block.splitlines() for block in blocks]
    uncommented = [
        lines for lines in explained if len(lines) < 2 or not all(line.startswith("# ") for line in lines[:-1])
    ]
    assert {lines[-1].partition("=")[0] for lines in explained} == asked
    assert uncommented == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_name_subcommands_that_the_launcher_has(document: Path) -> None:
    assert set(PROGRAM.findall(document.read_text(encoding="utf-8"))) - subcommands() == set()


def test_the_readme_names_every_subcommand() -> None:
    assert subcommands() - set(PROGRAM.findall((ROOT / "README.md").read_text(encoding="utf-8"))) == set()


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_files_lead_somewhere(document: Path) -> None:
    assert [link for link in relative_links(document) if not (document.parent / link).exists()] == []


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert re.findall(r"^(\d+)\. [A-Z]", text, re.MULTILINE) == [str(number) for number in range(1, 16)]
    assert text.endswith("additions to this Appendix require the production of a new\nEUPL version.\n")


def test_the_readme_counts_the_answers_right() -> None:
    questions = [answer for answer in content.answers().values() if answer.group != "doorverwijzen"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"Answers (\d+) questions", readme) == [str(len(questions))]


def test_publiccode_has_what_its_standard_asks() -> None:
    """The mandatory keys and lengths of publiccode.yml 0.4, which has no schema on the package registries."""
    told = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert told["publiccodeYmlVersion"] == "0.4"
    assert {"name", "url", "platforms", "developmentStatus", "softwareType", "localisation"} <= set(told)
    assert (told["legal"]["license"], told["maintenance"]["type"]) == ("EUPL-1.2", "internal")
    assert all(contact["name"] for contact in told["maintenance"]["contacts"])
    assert set(told["description"]) == {"nl", "en"}
    for description in told["description"].values():
        assert len(description["shortDescription"]) <= 150
        assert 150 <= len(description["longDescription"]) <= 10_000
        assert description["features"]


def test_the_guide_shows_what_each_role_may_do_as_the_code_has_it() -> None:
    table = (ROOT / "docs" / "beheerder.md").read_text(encoding="utf-8")
    shown = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("|")
    ]
    code = [line.split() for line in roles.TABLE.strip().splitlines()]
    assert [row for row in shown if set(row) != {"---"}] == code


def test_the_page_about_the_drills_is_what_they_measured() -> None:
    assert drills.PAGE.read_text() == drills.page(drills.kept())
    assert [row["sleutel"] for row in drills.kept()] == sorted({row["sleutel"] for row in drills.kept()})
