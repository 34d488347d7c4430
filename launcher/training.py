"""Training the models when their sources changed, and keeping the last few."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher import checksums
from launcher.commands import last_lines, run_logged
from launcher.console import Console
from launcher.failure import command_failure
from launcher.fingerprint import code_fingerprint, fingerprint
from launcher.layout import Layout
from launcher.locks import one_at_a_time
from launcher.models import NAME_START, concern_model
from launcher.variables import base

KEPT_MODELS = 3
CURRENT = "current.json"


@dataclass
class Trainer:
    """The models of this clone. One that is in use is never overwritten: every fingerprint has its own file."""

    layout: Layout
    console: Console
    environ: Mapping[str, str]

    def path(self, mark: str) -> Path:
        return self.layout.models / f"{NAME_START}{mark}.tar.gz"

    def path_now(self) -> Path:
        """Where the model of the sources as they are now is or will be."""
        return self.path(fingerprint(self.layout.root))

    def current(self) -> Path | None:
        """The model of the last training that succeeded."""
        try:
            name = json.loads((self.layout.models / CURRENT).read_text())["model"]
        except (OSError, ValueError, KeyError):
            return None
        model: Path = self.layout.models / name
        return model if model.exists() else None

    def is_current(self) -> bool:
        """Whether the model in use was made from the sources as they are now."""
        return self.current() == self.path_now()

    def ensure(self, *, force: bool = False) -> Path:
        """The model of the present sources, trained only when there is none yet.

        Raises:
            Failure: training failed; the model that was in use still is.
        """
        model = self.path_now()
        if self.current() == model and _whole(model) and not force:
            return model
        with one_at_a_time(self.layout.models / "training.lock", what="training", console=self.console):
            model = self.path_now()
            if force or not model.exists():
                self._train(model)
            if force or not concern_model(model).exists():
                self._train_concerns(concern_model(model))
            checksums.write(model)
            self._use(model)
        return model

    def _train(self, model: Path) -> None:
        draft = self.layout.models / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        log = self.layout.logs / "train.log"
        name = model.name.removesuffix(".tar.gz")
        command = [str(self.layout.rasa_python), "-m", "rasa", "train"]
        command += ["--config", "config.yml", "--domain", "domain", "--data", "nlu", "stories"]
        command += ["--out", str(draft), "--fixed-model-name", name]
        what = "Training the language model"
        try:
            with self.console.step(what):
                code = run_logged(command, log=log, cwd=self.layout.root, env=self._variables())
                made = draft / model.name
                if code != 0 or not made.exists():
                    raise command_failure(what, tail=last_lines(log, 12), log=str(log))
                made.replace(model)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _train_concerns(self, folder: Path) -> None:
        """Train what tells kind and theme of a contribution; a matter of seconds once the texts have been encoded."""
        what, log = "Training the model of contributions", self.layout.logs / "train-inbreng.log"
        draft = self.layout.models / "draft-inbreng"
        shutil.rmtree(draft, ignore_errors=True)
        command = [str(self.layout.app_python), "-m", "participation.language.concern_training", str(draft)]
        try:
            with self.console.step(what):
                code = run_logged(command, log=log, cwd=self.layout.root, env=self._variables())
                if code != 0:
                    raise command_failure(what, tail=last_lines(log, 12), log=str(log))
                shutil.rmtree(folder, ignore_errors=True)
                draft.replace(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _variables(self) -> dict[str, str]:
        """What has not changed is not made again: encoded examples, and what Rasa's components made with this code."""
        cache = self.layout.root / "var" / "cache"
        kept = cache / "rasa" / code_fingerprint(self.layout.root)
        for old in kept.parent.glob("*"):
            if old != kept:
                shutil.rmtree(old, ignore_errors=True)
        return base(self.layout, self.environ) | {
            "SAMENSPEL_ENCODER_CACHE": str(cache / "encoder"),
            "RASA_CACHE_DIRECTORY": str(kept),
        }

    def _use(self, model: Path) -> None:
        model.touch()  # a model that is taken up again is among the last ones
        draft = self.layout.models / f"{CURRENT}.tmp"
        draft.write_text(json.dumps({"model": model.name}))
        draft.replace(self.layout.models / CURRENT)
        models = sorted(self.layout.models.glob(f"{NAME_START}*.tar.gz"), key=lambda path: path.stat().st_mtime)
        for old in models[:-KEPT_MODELS]:
            old.unlink()
            shutil.rmtree(concern_model(old), ignore_errors=True)
            checksums.remove(old)


def _whole(model: Path) -> bool:
    """Whether all that belongs to a language model is there too."""
    return all(
        path.exists() for path in (concern_model(model), checksums.language_sums(model), checksums.concern_sums(model))
    )
