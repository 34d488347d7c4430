"""Logs tell what went wrong and where, and nothing of what people wrote."""

import json
import logging

import pytest

from participation import logs

WORDS = "mijn buurman heet Jan en belt 's nachts"


@pytest.fixture
def record() -> logging.LogRecord:
    return logging.LogRecord("bot.gateway", logging.WARNING, __file__, 1, "No answer from %s", ("rasa",), None)


def written(record: logging.LogRecord) -> dict[str, object]:
    (line,) = logs.JsonFormatter().format(record).splitlines()
    entry: dict[str, object] = json.loads(line)
    return entry


def raised(error: Exception) -> logging.LogRecord:
    """A record of an exception that was caught."""
    try:
        raise error
    except Exception as caught:  # noqa: BLE001  whatever it is
        told = (type(caught), caught, caught.__traceback__)
        return logging.LogRecord("participation", logging.ERROR, __file__, 1, "It failed", (), told)


def test_a_record_is_one_line_with_time_level_and_place(record: logging.LogRecord) -> None:
    record.created = 1_700_000_000.25
    assert written(record) == {
        "time": "2023-11-14T22:13:20.250+00:00",
        "level": "warning",
        "logger": "bot.gateway",
        "message": "No answer from rasa",
    }


def test_an_exception_tells_its_class_and_place_and_not_its_text() -> None:
    record = raised(ValueError(WORDS))
    entry = written(record)
    assert WORDS in logging.Formatter(logs.LINE).format(record)  # there is something to leak
    assert WORDS not in json.dumps(entry)
    (fault,) = entry["faults"]  # type: ignore[misc]
    assert (fault["type"], fault["at"][0].rpartition("/")[2].split(":")[0]) == ("ValueError", "test_logs.py")


def test_what_an_exception_came_from_is_told_too() -> None:
    error = RuntimeError("outer")
    error.__cause__ = KeyError(WORDS)
    entry = written(raised(error))
    assert [fault["type"] for fault in entry["faults"]] == ["RuntimeError", "KeyError"]  # type: ignore[attr-defined]
    assert WORDS not in json.dumps(entry)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (json.dumps({"event": "processor.message.parse", "text": WORDS}), "processor.message.parse"),
        (json.dumps({"text": WORDS}), "?"),
        ("{" + WORDS, "?"),
    ],
)
def test_of_what_rasa_writes_only_the_event_is_taken(record: logging.LogRecord, said: str, told: str) -> None:
    record.msg, record.args = said, ()
    assert written(record)["message"] == told


def test_what_others_set_up_to_write_writes_json(monkeypatch: pytest.MonkeyPatch) -> None:
    handler = logging.StreamHandler()
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    logs.configure(logs.TEXT)
    assert not isinstance(handler.formatter, logs.JsonFormatter)
    logs.configure(logs.JSON)
    logging.captureWarnings(False)  # as it was, for the tests after this one
    assert isinstance(handler.formatter, logs.JsonFormatter)
