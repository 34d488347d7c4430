"""An answer to who writes in another language: what is possible, in that language, and their words kept as they are."""

from typing import Any

from participation.foreign import foreign_texts
from participation.language.other_languages import other_language
from participation.reply import Button, Reply


def answer_in(text: str) -> dict[str, Any] | None:
    """Return the fixed answer in the language of a message; none when it is Dutch, or not surely anything else."""
    code = other_language(text)
    if code is None:
        return None
    texts = foreign_texts()[code]
    on = Button(texts["knop"], {"intent": "inbreng_doen", "tekst": text})
    return Reply(texts["antwoord"].strip(), kind="antwoord", buttons=(on,)).to_json()
