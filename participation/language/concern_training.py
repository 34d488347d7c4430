"""`python -m participation.language.concern_training FOLDER` trains the model of kind and theme into a new folder."""

import os
import sys
from pathlib import Path

from participation.language.concerns import ConcernModel, bundled_examples

CACHE = "SAMENSPEL_ENCODER_CACHE"


def cache_file() -> Path | None:
    """Where embeddings of the bundled examples are kept between trainings; None when nobody said where."""
    folder = os.environ.get(CACHE)
    return Path(folder) / "inbreng.npz" if folder else None


if __name__ == "__main__":
    ConcernModel.train(bundled_examples(), cache=cache_file()).save(Path(sys.argv[1]))
