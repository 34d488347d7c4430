"""Which Python is taken, and what is said when there is none."""

import sys
from pathlib import Path

import pytest

from launcher import pythons
from launcher.failure import Failure


def fake(folder: Path, name: str, version: str, *, works: bool = True) -> Path:
    """A program that answers like a Python of this version, or fails like a pyenv shim that is not selected."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    answer = f"echo {version.replace('.', ' ')} {path}" if works else "echo 'command not found' >&2; exit 127"
    path.write_text(f"#!/bin/sh\n{answer}\n")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def only_fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own Pythons in fixed places must not decide these tests."""
    real = pythons.candidates

    def without_system(version: pythons.Version, environ: dict[str, str]) -> list[Path]:
        return [path for path in real(version, environ) if environ["HOME"] in str(path)]

    monkeypatch.setattr(pythons, "candidates", without_system)


def environ(home: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(home), "PATH": f"{home}/bin", **more}


def test_a_named_python_310_wins(tmp_path: Path) -> None:
    fake(tmp_path / "bin", "python3.10", "3.10.4")
    named = fake(tmp_path / "elsewhere", "python", "3.10.9")
    found = pythons.find_rasa_python(environ(tmp_path, SAMENSPEL_PYTHON310=str(named)))
    assert found == pythons.Python(named, (3, 10, 9))


def test_a_named_python_of_another_version_is_refused(tmp_path: Path) -> None:
    named = fake(tmp_path / "bin", "python3.11", "3.11.2")
    with pytest.raises(Failure) as failure:
        pythons.find_rasa_python(environ(tmp_path, SAMENSPEL_PYTHON310=str(named)))
    assert failure.value.message == f"SAMENSPEL_PYTHON310 names {named}, which is not a working Python 3.10."


def test_a_shim_that_fails_is_passed_over_for_the_newest_pyenv_version(tmp_path: Path) -> None:
    fake(tmp_path / "bin", "python3.10", "3.10.4", works=False)
    fake(tmp_path / ".pyenv/versions/3.10.9/bin", "python3.10", "3.10.9")
    newest = fake(tmp_path / ".pyenv/versions/3.10.13/bin", "python3.10", "3.10.13")
    assert pythons.find_rasa_python(environ(tmp_path)) == pythons.Python(newest, (3, 10, 13))


def test_pyenv_may_be_elsewhere(tmp_path: Path) -> None:
    there = fake(tmp_path / "py/versions/3.10.2/bin", "python3.10", "3.10.2")
    assert pythons.find_rasa_python(environ(tmp_path, PYENV_ROOT=f"{tmp_path}/py")).path == there


def test_a_python_that_uv_installed_is_found_without_uv(tmp_path: Path) -> None:
    there = fake(tmp_path / ".local/share/uv/python/cpython-3.10.16-linux-x86_64-gnu/bin", "python3.10", "3.10.16")
    assert pythons.find_rasa_python(environ(tmp_path)).path == there


def test_a_program_that_lies_about_its_name_is_not_taken(tmp_path: Path) -> None:
    fake(tmp_path / "bin", "python3.10", "3.12.1")
    with pytest.raises(Failure):
        pythons.find_rasa_python(environ(tmp_path))


@pytest.mark.parametrize(
    ("platform", "ubuntu", "expected"),
    [
        ("darwin", False, "'brew install python@3.10'"),
        ("linux", True, "'add-apt-repository ppa:deadsnakes/ppa && apt install python3.10 python3.10-venv'"),
        ("linux", False, "'pyenv install 3.10' or 'uv python install 3.10'"),
    ],
)
def test_without_python_310_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, ubuntu: bool, expected: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(pythons, "_is_ubuntu", lambda: ubuntu)
    with pytest.raises(Failure) as failure:
        pythons.find_rasa_python(environ(tmp_path))
    assert expected in failure.value.message
    assert "\n" not in failure.value.message
    assert failure.value.exit_code == 1


def test_the_app_prefers_312_then_311_over_newer_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 14, 0, "final", 0))
    for minor in (11, 13, 14):
        fake(tmp_path / "bin", f"python3.{minor}", f"3.{minor}.1")
    assert pythons.find_app_python(environ(tmp_path)).version == (3, 11, 1)
    fake(tmp_path / "bin", "python3.12", "3.12.1")
    assert pythons.find_app_python(environ(tmp_path)).version == (3, 12, 1)


def test_the_app_takes_the_running_python_when_no_better_one_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 14, 0, "final", 0))
    assert pythons.find_app_python(environ(tmp_path)).version == (3, 14, 0)


def test_no_python_for_the_app_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 15, 0, "final", 0))
    with pytest.raises(Failure, match=r"The app needs Python 3\.11 to 3\.14 and none was found\."):
        pythons.find_app_python(environ(tmp_path))
