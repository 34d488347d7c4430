"""What processes write on their output: a line for people, or a JSON object without anybody's words.

Also used inside Rasa: Python 3.10, standard library only.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

TEXT, JSON = "text", "json"
LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"


class JsonFormatter(logging.Formatter):
    """One JSON object a line.

    Of an exception only its class and the places in the code are written: its own text may hold what a resident wrote
    (a database names the values that it refused). Rasa writes its records as JSON objects with words of the
    conversation among the fields: of these only the name of the event is taken.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as one line."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),  # noqa: UP017  3.10
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _said(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            entry["faults"] = list(_faults(record.exc_info[1]))
        return json.dumps(entry, ensure_ascii=False)


def configure(log_format: str) -> None:
    """Write warnings and worse of this process to standard error."""
    logging.basicConfig(level=logging.WARNING, format=LINE)
    if log_format == JSON:
        write_json()


def write_json() -> None:
    """Let what others have set up to write, write JSON from now on; warnings of Python too."""
    logging.captureWarnings(True)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonFormatter())


def _said(record: logging.LogRecord) -> str:
    message = record.getMessage()
    if message.startswith("{"):
        try:
            return str(json.loads(message)["event"])
        except (ValueError, TypeError, KeyError):
            return "?"  # whatever it is, it may hold somebody's words
    return message


def _faults(error: BaseException) -> Iterator[dict[str, Any]]:
    """The exception and what it came from, outermost first."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        places = traceback.extract_tb(current.__traceback__)
        yield {
            "type": f"{type(current).__module__}.{type(current).__qualname__}".removeprefix("builtins."),
            "at": [f"{place.filename}:{place.lineno} {place.name}" for place in places],
        }
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
