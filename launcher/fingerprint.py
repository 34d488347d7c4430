"""What the model is made from, as one hash: only when it changes is training needed."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

# Modules of participation/language that the models are made with; a test follows the imports.
SHAPING = ("concern_training", "concerns", "encoder", "fusion", "ngrams", "sounds", "text", "themes", "unsure")
# Folder and pattern, or a file. The bundled spaCy pipeline and the code that runs in Rasa shape the model too.
SOURCES: tuple[tuple[str, str], ...] = (
    ("nlu", "**/*.yml"),
    ("nlu/lookups", "**/*"),
    ("nlu/components", "**/*"),
    ("nlu/spacy", "**/*"),
    *(("participation/language", f"{name}.py") for name in SHAPING),
    ("participation/reference", "inbreng.tsv"),
    ("participation/reference", "themas.yml"),
    ("stories", "**/*"),
    ("domain", "**/*"),
    (".", "config.yml"),
    (".", "requirements/rasa.txt"),
)
# What stands among the sources and only uses a model: changing it needs no training.
USES: tuple[str, ...] = (
    "nlu/components/action_response.py",
    "nlu/components/channel.py",
    "nlu/components/*evaluation.py",
    "nlu/components/labelled_file.py",
    "nlu/components/model_card.py",
    "nlu/components/trace.py",
    "nlu/components/tracker_store.py",
    "nlu/components/*.md",
)
DUTCH_PACKAGE = "nl_core_news_sm"


def sources(root: Path) -> list[Path]:
    """Every file that counts, once, in a fixed order; no caches and nothing hidden."""
    found = {path for folder, pattern in SOURCES for path in (root / folder).glob(pattern) if path.is_file()}
    return sorted(path for path in found if _counts(path.relative_to(root)))


def _counts(path: Path) -> bool:
    if any(path.match(pattern) for pattern in USES):
        return False
    return path.suffix != ".pyc" and not any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def _dutch_packages(rasa_environment: Path) -> Iterator[str]:
    """The spaCy package is used where it is installed, so installing it makes another model."""
    for path in sorted(rasa_environment.glob(f"lib/python*/site-packages/{DUTCH_PACKAGE}-*.dist-info")):
        yield path.name


def fingerprint(root: Path) -> str:
    """Twelve characters that change when a source, its name, or the installed Dutch package changes."""
    return _hash(root, sources(root))


def code_fingerprint(root: Path) -> str:
    """The same of code and bundled pipeline alone.

    Rasa keeps what a component made by that component's own source and input. It does not see that a module changed
    which the component uses, so what it keeps is kept apart by this mark.
    """
    return _hash(root, [path for path in sources(root) if path.suffix not in {".yml", ".tsv"}])


def _hash(root: Path, paths: Sequence[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(root).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    for name in _dutch_packages(root / ".venv-rasa"):
        total.update(name.encode())
    return total.hexdigest()[:12]
