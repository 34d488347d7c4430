"""What the trained models are called."""

from pathlib import Path

NAME_START = "samenspel-"
CONCERNS_START = "inbreng-"


def concern_model(model: Path) -> Path:
    """The folder with the model of contributions that was made from the same sources as a language model."""
    return model.with_name(CONCERNS_START + model.name.removeprefix(NAME_START).removesuffix(".tar.gz"))
