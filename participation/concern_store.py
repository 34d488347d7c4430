"""The model of kind and theme that this process uses, and the newer one that learnt from clerks.

What it is made with takes a hundred megabytes, and is read where a model is: the web process never needs one.
"""

import hashlib
import logging
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from participation.language.concerns import ConcernModel, Example

logger = logging.getLogger(__name__)
LEAST_CORRECTIONS = 20
"""Fewer than these teach nothing that is worth another model."""


class ConcernStore:
    """Finds and keeps models beside the one that was trained with the program.

    Args:
        folder: the trained model. What learnt from clerks comes beside it, so that new training data start afresh.
        learnt: where that comes instead, for who can not write beside it; there too each trained model has a folder.
    """

    def __init__(self, folder: Path, *, learnt: str = "") -> None:
        self._folder = folder
        self._learnt = Path(learnt) / _mark(folder) if learnt else folder.with_name(f"{folder.name}-geleerd")
        self._loaded: tuple[Path, ConcernModel] | None = None

    def model(self) -> "ConcernModel | None":
        """Return the newest model, read again when there is a newer one; None when none has been trained."""
        from participation.language.concerns import ConcernModel

        newest = max(self._learnt.glob("*"), key=lambda path: path.stat().st_mtime_ns, default=self._folder)
        if self._loaded is None or self._loaded[0] != newest:
            try:
                self._loaded = (newest, ConcernModel.load(newest))
            except OSError:
                if not self._folder.exists():
                    return None
                logger.exception("The model of contributions in %s can not be read", newest.name)
                return self._loaded[1] if self._loaded else None
        return self._loaded[1]

    def kept(self) -> int:
        """How many models that learnt from clerks are kept: the newest only."""
        return len(list(self._learnt.glob("*")))

    def learn(self, corrected: "Sequence[Example]") -> bool:
        """Train a model that also learnt from these; returns False when they are too few. Takes seconds to minutes."""
        from participation.language.concern_training import cache_file
        from participation.language.concerns import ConcernModel, bundled_examples

        if len(corrected) < LEAST_CORRECTIONS:
            return False
        before = list(self._learnt.glob("*"))
        made = self._learnt.with_name(f"draft-{uuid.uuid4().hex}")
        try:
            ConcernModel.train(bundled_examples(), corrected, cache=cache_file()).save(made)
            self._learnt.mkdir(exist_ok=True, parents=True)
            made.rename(self._learnt / made.name.removeprefix("draft-"))
        finally:
            shutil.rmtree(made, ignore_errors=True)
        for old in before:
            shutil.rmtree(old, ignore_errors=True)
        return True


def _mark(folder: Path) -> str:
    """Twelve characters that are others for another trained model."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]
