"""Messages in a language that many residents write in and the chat does not speak.

Wrong is worse than unknown: Dutch, Frisian or dialect must never be answered in Turkish. So short messages and anything
doubtful are left alone. py3langid was chosen: measured against lingua on the development set it had fewer false alarms,
needs 5 MB instead of 96, and a millisecond a message.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGES = ("en", "tr", "ar", "pl", "uk")
"""Those that have a fixed answer in content/talen.yml."""

FEWEST_WORDS = 5
"""In Latin script fewer words do not tell a language ("can we talk", "jo moin")."""

SURE = 0.9
"""Probability (0 to 1) of a language in Latin script. Measured on the development set: docs/voortgang.md."""

_MOST_CHARACTERS = 1_000
_OTHER_SCRIPT = re.compile(r"[\u0400-\u04ff\u0600-\u06ff\u0750-\u077f]")
_LETTER = re.compile(r"[^\W\d_]")
_ARABIC = frozenset({"ar", "ary", "arz"})
"""The standard language, Moroccan and Egyptian: all of them read the standard language."""


def other_language(text: str) -> str | None:
    """Return the code of the language of a text when it surely is one of `LANGUAGES`; none for everything else."""
    text = text[:_MOST_CHARACTERS]
    letters = _LETTER.findall(text)
    if not letters:
        return None
    own_script = len(_OTHER_SCRIPT.findall(text)) * 2 > len(letters)
    if not own_script and len(text.split()) < FEWEST_WORDS:
        return None
    label, probability = _identifier().classify(text)
    code = "ar" if label in _ARABIC else str(label)
    return code if code in LANGUAGES and (own_script or probability >= SURE) else None


@lru_cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
