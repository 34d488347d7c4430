"""Runs in the Rasa environment (Python 3.10): `train FOLDER` makes a model there, `answer FOLDER` puts messages to it.

FOLDER holds config.yml, examples.yml and messages.json; training leaves trained.json, answering answers.json. Two
processes, so that what training took does not count as memory of the model.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from nlu.components.evaluation import FALLBACK
from participation.language import encoder

MODEL = "model"


def train(folder: Path) -> "dict[str, Any]":
    """Train, and count the seconds from reading the examples to the finished archive; imports come before that."""
    import rasa.engine.recipes.default_components  # noqa: F401  TensorFlow's start is not training
    from rasa.model_training import train_nlu

    started = time.perf_counter()
    made = train_nlu(str(folder / "config.yml"), str(folder / "examples.yml"), str(folder), fixed_model_name=MODEL)
    seconds = time.perf_counter() - started
    if made is None:
        raise SystemExit("Rasa trained nothing; it said why above")
    return {"seconds": seconds}


async def answer(folder: Path) -> "dict[str, Any]":
    """Load, look at the memory, then put one message at a time. A first message that is not counted warms up."""
    import logging

    import structlog
    from rasa.core.agent import Agent

    # Unset, structlog writes every text it sees to the log.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load(str(folder / f"{MODEL}.tar.gz"))
    memory = resident_mb()
    messages = json.loads((folder / "messages.json").read_text(encoding="utf-8"))
    await agent.parse_message(messages[0])
    answers = []
    for message in messages:
        started = time.perf_counter()
        parsed = await agent.parse_message(message)
        milliseconds = (time.perf_counter() - started) * 1000
        ranking = [entry["name"] for entry in parsed["intent_ranking"] if entry["name"] != FALLBACK]
        answers.append([ranking, parsed["intent"]["name"] != FALLBACK, milliseconds])
    parts = yaml.safe_load((folder / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return {
        "memory_mb": memory,
        "threshold": threshold(parts),
        "remarks": remarks(parts),
        "answers": answers,
    }


def threshold(parts: "list[dict[str, Any]]") -> "dict[str, float]":
    """Below which score, or with which lead over the second, the contender asks back."""
    (fallback,) = (part for part in parts if part["name"] == "FallbackClassifier")
    return {"score": fallback["threshold"], "lead": fallback["ambiguity_threshold"]}


def remarks(parts: "list[dict[str, Any]]") -> "list[str]":
    """What a reader of the figures has to know: a pipeline goes on without its encoder where that does not work."""
    has_encoder = any(part["name"].endswith("SentenceEncoderFeaturizer") for part in parts)
    return ["the sentence encoder does not work here"] if has_encoder and encoder.load() is None else []


def resident_mb() -> float:
    """Resident memory of this process in MB (a million bytes)."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    command = ("/bin/ps", "-o", "rss=", "-p", str(os.getpid()))
    kilobytes = subprocess.run(command, capture_output=True, check=True)  # noqa: S603  (a number, no words)
    return int(kilobytes.stdout) * 1024 / 1e6


def main() -> int:
    """Run from the command line."""
    what, folder = sys.argv[1], Path(sys.argv[2])
    if what == "train":
        left, name = train(folder), "trained.json"
    else:
        left, name = asyncio.run(answer(folder)), "answers.json"
    (folder / name).write_text(json.dumps(left, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
