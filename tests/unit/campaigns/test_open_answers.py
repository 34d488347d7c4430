"""What people wrote: everybody who wrote counts, also where only a part of the texts is compared."""

import uuid

import pytest

from participation.campaigns import open_answers
from participation.campaigns.counting import Answered


def test_all_who_wrote_are_counted_and_the_rest_is_known_to_be_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_answers, "MOST_TEXTS", 3)
    people = [uuid.UUID(int=number) for number in range(8)]
    answers = [Answered(one, {}, f"Tekst {one.int}." if one.int else None, may_quote=False) for one in people]
    words = open_answers.look(answers, theme_of=lambda text: "wonen")
    assert set(words.writers) == set(people[1:])
    assert len(words.themes["wonen"]) == 3
    assert set(words.writers) - set(words.not_compared) == set(words.themes["wonen"])
