"""What the bot's last message was waiting for, and whether what a resident typed is that.

A message that asks for a yes, or for words, carries what the answer will mean. So the answer needs no understanding,
and Rasa no form; a resident can not type a meaning, only agree with the one that was offered.
"""

from typing import Any

from participation import content
from participation.reply import Reply

YES, NO, WORDS = "ja", "nee", "woorden"
"""Keys in what a reply expects: what a typed yes or no means, and what any other words mean."""

ENDS = frozenset(
    {
        *("stop", "stop maar", "nee stop", "stoppen", "ik wil stoppen", "annuleren", "annuleer", "terug"),
        *("nee", "neen", "nee dank u", "nee dank je", "nee bedankt", "toch niet", "nee toch niet"),
        *("laat maar", "niets", "niks", "niet meer nodig"),
    }
)
"""Typed instead of the words that were asked for: then nothing is added."""

DENIES = frozenset(
    {
        *("nee", "neen", "nee hoor", "nee dank u", "nee dank je", "nee bedankt", "liever niet", "nee liever niet"),
        *("nee zonder naam", "zonder naam", "niet nodig", "hoeft niet", "nee hoeft niet", "dat hoeft niet"),
    }
)

AGREES = frozenset(
    {
        *("ja", "jaa", "jep", "yes", "jawel", "jazeker", "zeker", "ja zeker", "ja graag", "graag", "ja hoor"),
        *("ja klopt", "klopt", "ja dat klopt", "dat klopt", "dat klopt ja", "ja prima", "prima", "akkoord"),
        *("ja akkoord", "ok", "oke", "oké", "ja ok", "ja oke", "ja oké", "goed", "ja goed", "doe maar", "ja doe maar"),
        *("ja doe dat maar", "ja dat wil ik", "dat wil ik", "ja ik weet het zeker", "ik weet het zeker"),
        *("ja wis alles", "wis alles", "wis maar", "ja wis maar", "ja verwijder alles", "verwijder alles"),
        *("ja trek in", "trek in", "ja trek maar in", "trek maar in", "ja voeg toe", "voeg toe", "ja voeg maar toe"),
    }
)
QUESTION_WORDS = 25
"""A question longer than this, while the bot waits for words, is the words."""


def meaning_of(text: str, expected: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a typed text means as an answer to what was asked; none when it is something else."""
    plain = " ".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())
    if YES in expected and plain in AGREES and not _asks(text):
        return dict(expected[YES])
    if NO in expected and plain in DENIES:
        return dict(expected[NO])
    if WORDS in expected and plain not in ENDS and not _asks(text):
        return {**expected[WORDS], WORDS: True}
    return None


def still_open(text: str, expected: dict[str, Any]) -> list[dict[str, Any]]:
    """After a question in between: say that the words that were asked for can still come."""
    if WORDS in expected and _asks(text):
        text = content.text(expected[WORDS].get("verder", "aanvullen_verder"))
        return [Reply(text, kind="vraag", expects=expected).to_json()]
    return []


def _asks(text: str) -> bool:
    return text.rstrip().endswith("?") and len(text.split()) <= QUESTION_WORDS
