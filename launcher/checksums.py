"""Checksums of trained models, beside them: what goes into an image or to another machine can be checked there.

In the form of `sha256sum`, with names as seen from the folder of models.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from launcher.models import concern_model


def language_sums(model: Path) -> Path:
    """Where the checksum of a language model is."""
    return model.with_name(model.name.removesuffix(".tar.gz") + ".sha256")


def concern_sums(model: Path) -> Path:
    """Where the checksums are of the model of contributions that belongs to it."""
    folder = concern_model(model)
    return folder.with_name(folder.name + ".sha256")


def write(model: Path) -> None:
    """Write down what was trained just now."""
    files = (path for path in concern_model(model).rglob("*") if path.is_file())
    _write(language_sums(model), model.parent, [model])
    _write(concern_sums(model), model.parent, sorted(files))


def remove(model: Path) -> None:
    """Forget the checksums of a model that goes."""
    for sums in (language_sums(model), concern_sums(model)):
        sums.unlink(missing_ok=True)


def _write(sums: Path, folder: Path, files: Iterable[Path]) -> None:
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in files]
    draft = sums.with_name(sums.name + ".tmp")
    draft.write_text("".join(lines), encoding="utf-8")
    draft.replace(sums)
