"""Finding the two Pythons: one for the app world, and exactly 3.10 for the Rasa world."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher.commands import ask
from launcher.failure import Failure

Version = tuple[int, int]

APP_VERSIONS: tuple[Version, ...] = ((3, 12), (3, 11), (3, 13), (3, 14))  # in order of preference
RASA_VERSIONS: tuple[Version, ...] = ((3, 10),)  # rasa 3.6 runs on nothing newer
RASA_OVERRIDE = "SAMENSPEL_PYTHON310"
_PROBE = "import sys; print(*sys.version_info[:3], sys.executable)"


@dataclass(frozen=True)
class Python:
    """An interpreter that answered when asked for its version."""

    path: Path
    version: tuple[int, int, int]

    def __str__(self) -> str:
        return f"Python {'.'.join(map(str, self.version))} ({self.path})"


def probe(path: Path) -> Python | None:
    """Run it and believe its answer: a pyenv shim for a version that is not selected exists but fails."""
    if not os.access(path, os.X_OK):
        return None
    code, output = ask([str(path), "-I", "-c", _PROBE])
    parts = output.split(maxsplit=3)
    if code != 0 or len(parts) != 4 or not all(part.isdigit() for part in parts[:3]):
        return None
    return Python(Path(parts[3]), (int(parts[0]), int(parts[1]), int(parts[2])))


def candidates(version: Version, environ: Mapping[str, str]) -> Iterator[Path]:
    """Every place where this version may be: PATH, pyenv, what uv installed, what uv knows of, Homebrew."""
    major, minor = version
    name = f"python{major}.{minor}"
    home = Path(environ.get("HOME", "/"))
    for folder in environ.get("PATH", "").split(os.pathsep):
        if folder:
            yield Path(folder) / name
    pyenv = Path(environ.get("PYENV_ROOT") or home / ".pyenv")
    yield from _newest_first(pyenv / "versions", f"{major}.{minor}.*", name)
    yield from _newest_first(home / ".local/share/uv/python", f"cpython-{major}.{minor}.*", name)
    yield from (Path(prefix) / "bin" / name for prefix in ("/opt/homebrew", "/usr/local", "/usr"))
    if uv := shutil.which("uv", path=environ.get("PATH")):
        code, found = ask([uv, "python", "find", "--no-python-downloads", f"{major}.{minor}"])
        if code == 0:
            yield Path(found)


def _newest_first(folder: Path, pattern: str, name: str) -> list[Path]:
    def patch(path: Path) -> int:
        number = path.name.split("-")[1] if path.name.startswith("cpython-") else path.name
        last = number.split(".")[2] if number.count(".") >= 2 else ""
        return int(last) if last.isdigit() else -1

    return [path / "bin" / name for path in sorted(folder.glob(pattern), key=patch, reverse=True)]


def search(versions: tuple[Version, ...], environ: Mapping[str, str]) -> Python | None:
    """The first interpreter of the most preferred version that works."""
    for version in versions:
        tried: set[Path] = set()
        for path in candidates(version, environ):
            if path not in tried:
                tried.add(path)
                python = probe(path)
                if python is not None and python.version[:2] == version:
                    return python
    return None


def find_app_python(environ: Mapping[str, str]) -> Python:
    """The interpreter that runs the launcher when it is a preferred one, otherwise the best that is found."""
    current = Python(Path(getattr(sys, "_base_executable", sys.executable)), sys.version_info[:3])
    if current.version[:2] in APP_VERSIONS[:2]:
        return current
    if found := search(APP_VERSIONS[:2], environ):
        return found
    if current.version[:2] in APP_VERSIONS:
        return current
    if found := search(APP_VERSIONS, environ):
        return found
    raise Failure(f"The app needs Python 3.11 to 3.14 and none was found. {advice('3.12')}")


def find_rasa_python(environ: Mapping[str, str]) -> Python:
    """Python 3.10, or a failure that says what to install here."""
    if named := environ.get(RASA_OVERRIDE):
        python = probe(Path(named).expanduser())
        if python is None or python.version[:2] not in RASA_VERSIONS:
            raise Failure(f"{RASA_OVERRIDE} names {named}, which is not a working Python 3.10.")
        return python
    if found := search(RASA_VERSIONS, environ):
        return found
    raise Failure(
        "Rasa needs Python 3.10, and none was found on PATH, in pyenv or in uv. "
        f"{advice('3.10')} Or name one: {RASA_OVERRIDE}=/path/to/python3.10"
    )


def advice(version: str) -> str:
    """What to type on this platform to get a Python."""
    any_platform = f"'pyenv install {version}' or 'uv python install {version}'"
    if sys.platform == "darwin":
        return f"Install it with 'brew install python@{version}', {any_platform}."
    if _is_ubuntu():
        ppa = f"add-apt-repository ppa:deadsnakes/ppa && apt install python{version} python{version}-venv"
        return f"Install it with '{ppa}', {any_platform}."
    return f"Install it with {any_platform}."


def _is_ubuntu() -> bool:
    try:
        return "ubuntu" in Path("/etc/os-release").read_text().lower()
    except OSError:
        return False
