"""Preparing what a resident typed for the intent model. The words that are kept for the council are never changed."""

import re
import unicodedata

_COMMAND = re.compile(r"^[\s/\u200b]+")
_SPACE = re.compile(r"\s+")
_REPEATED = re.compile(r"(.)\1{3,}", re.DOTALL)
_PICTURE = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff]")
_MAX_CHARACTERS = 1000
_MAX_PICTURES = 10


def for_understanding(text: str) -> str:
    """Return one line of plain text that Rasa can not take for a command.

    A leading slash goes (Rasa reads `/x` as an intent), white space and endlessly repeated letters shrink, and of an
    over-long text the first and last five hundred characters remain. Of more pictures than ten none tells anything new,
    and a row of hundreds takes the tokenizer longest of all. Never empty: a text without letters becomes a dot.
    """
    if len(text) > _MAX_CHARACTERS:
        text = text[: _MAX_CHARACTERS // 2] + " " + text[-_MAX_CHARACTERS // 2 :]
    text = unicodedata.normalize("NFC", text)
    text = "".join(character if character.isprintable() else " " for character in text)
    if len(pictures := list(_PICTURE.finditer(text))) > _MAX_PICTURES:
        start = pictures[_MAX_PICTURES].start()
        text = text[:start] + _PICTURE.sub(" ", text[start:])
    text = _REPEATED.sub(r"\1\1\1", _COMMAND.sub("", text))
    return _SPACE.sub(" ", text).strip() or "."
