"""The Dockerfiles and the programs beside them, by the tools that know their faults and by running what can be run."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from launcher import checksums
from launcher.fingerprint import fingerprint
from launcher.models import concern_model
from tests.unit.containers.conftest import ROOT

DOCKERFILES = sorted((ROOT / "docker").glob("*.Dockerfile"))
PROGRAMS = sorted((ROOT / "docker").rglob("*.sh"))
TOOLS = Path(sys.executable).parent


def run(*command: str | Path, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run to its end, with no more of the environment than a path."""
    environment = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_the_linters_find_nothing_in_what_builds_and_starts_images() -> None:
    for linter, files in (("hadolint", DOCKERFILES), ("shellcheck", PROGRAMS)):
        told = run(TOOLS / linter, *files)
        assert (told.returncode, told.stdout) == (0, "")


def test_every_dockerfile_is_used_and_every_image_has_one(services: dict[str, dict[str, Any]]) -> None:
    building = [service for service in services.values() if "build" in service]
    built = {service["image"].split(":")[0]: service["build"]["dockerfile"] for service in building}
    assert built == {f"samenspel-{path.name.split('.')[0]}": f"docker/{path.name}" for path in DOCKERFILES}
    assert [name for name, service in services.items() if "build" not in service] == ["database"]


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_images_start_from_a_named_version_and_end_as_a_user_without_rights(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    bases = re.findall(r"^(?:ARG PYTHON=|FROM )(docker\.io/\S+)", text, re.MULTILINE)
    assert bases
    assert [base for base in bases if re.search(r":\d[\w.-]*$", base) is None] == []
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE)[-1] == "10001:10001"


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_what_is_copied_exists(path: Path) -> None:
    lines = re.findall(r"^COPY (?!--from)(?:--chmod=\d+ )?(.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    copied = [source for line in lines for source in line.split()[:-1]]
    assert [source for source in copied if "${MODEL" not in source and not (ROOT / source).exists()] == []


def test_secrets_are_made_once_and_fit_together(tmp_path: Path) -> None:
    folder = tmp_path / "geheimen"
    assert run(ROOT / "docker/geheimen.sh", folder).returncode == 0
    made = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()}
    assert run(ROOT / "docker/geheimen.sh", folder).stdout.count("made:") == 0
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()} == made
    assert folder.stat().st_mode & 0o777 == 0o700
    assert made["app_database_url"] == f"postgresql://samenspel_app:{made['app_password']}@database:5432/samenspel"
    assert made["rasa_database_url"] == f"postgresql://samenspel_rasa:{made['rasa_password']}@database:5432/samenspel"
    assert made["database_url"] == f"postgresql://samenspel:{made['owner_password']}@database:5432/samenspel"
    random = [text for name, text in made.items() if text and not name.endswith("_url")]
    assert {len(text) for text in random} == {64}
    assert len(set(random)) == len(random) == 9


def test_there_is_a_file_for_every_secret_of_compose(tmp_path: Path, compose: dict[str, Any]) -> None:
    run(ROOT / "docker/geheimen.sh", tmp_path / "geheimen")
    made = {path.name for path in (tmp_path / "geheimen").iterdir() if path.is_file()}
    assert made == set(compose["secrets"])
    assert {name: told["file"] for name, told in compose["secrets"].items()} == {
        name: f"${{SECRETS_FOLDER:-./geheimen}}/{name}" for name in made
    }


def test_rasa_gets_its_secrets_from_files_and_starts_only_with_its_own_model(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of-rasa\n")
    (tmp_path / "models").mkdir()
    (tmp_path / "models/model.tar.gz").write_bytes(b"model")
    sums = run("sha256sum", "model.tar.gz", cwd=tmp_path / "models").stdout
    (tmp_path / "models/model.sha256").write_text(sums)
    start = (
        ROOT / "docker/rasa-start.sh",
        "sh",
        "-c",
        "echo $SAMENSPEL_RASA_SECRET ${SAMENSPEL_RASA_SECRET_FILE-gone}",
    )
    told = run(*start, cwd=tmp_path, SAMENSPEL_RASA_SECRET_FILE=str(tmp_path / "secret"))
    assert (told.returncode, told.stdout) == (0, "of-rasa gone\n")
    (tmp_path / "models/model.tar.gz").write_bytes(b"another")
    told = run(*start, cwd=tmp_path)
    assert (told.returncode, told.stdout) == (1, "model.tar.gz: FAILED\n")
    missing = run(*start, cwd=tmp_path, SAMENSPEL_RASA_SECRET_FILE=str(tmp_path / "nowhere"))
    assert (missing.returncode, missing.stdout) == (1, "")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """The sources of the model and the program that builds, in a folder with models of its own."""
    for name in ("docker", "launcher", "nlu", "domain", "stories", "config.yml", "requirements", "participation"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "var/models").mkdir(parents=True)
    (tmp_path / "build").write_text("echo $1 $MODEL $MODEL_FINGERPRINT\n")
    return tmp_path


def build(sources: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program that builds, with something that says what it is told in the place of Compose."""
    return run("docker/bouw.sh", *arguments, cwd=sources, BUILD="sh build")


def test_images_say_which_sources_their_model_was_made_from(sources: Path) -> None:
    told = build(sources)
    assert told.stdout.splitlines()[-1] == f"build trained {fingerprint(sources)}"


def test_only_a_whole_model_of_these_sources_is_taken_into_an_image(sources: Path) -> None:
    refused = build(sources, "taken")
    mark = fingerprint(sources)
    assert (refused.returncode, f"has no whole samenspel-{mark}" in refused.stderr) == (1, True)
    model = sources / f"var/models/samenspel-{mark}.tar.gz"
    model.write_bytes(b"model")
    (concern_model(model) / "kind").mkdir(parents=True)
    (concern_model(model) / "kind/labels.json").write_text("[]")
    checksums.write(model)
    assert build(sources, "taken").stdout.splitlines()[-1] == f"build taken {mark}"
    (concern_model(model) / "kind/labels.json").write_text("[1]")
    refused = build(sources, "taken")
    assert (refused.returncode, f"has no whole inbreng-{mark}" in refused.stderr) == (1, True)
