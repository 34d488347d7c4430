"""What people decided goes before what the rules find, and can show no more than they meant."""

import pytest

from participation.privacy.masking import found, mask
from participation.privacy.masking_decisions import Decisions
from participation.privacy.word_patterns import key_of

SCHOOL = "Achter Theo Thijssen is de stoep kapot."


def shown(*words: str) -> Decisions:
    return Decisions(corrections=tuple((one, None) for one in words))


def taught(*words: str) -> Decisions:
    return Decisions(taught=frozenset(key_of(one) for one in words))


def hidden(words: str, kind: str = "persoon") -> Decisions:
    return Decisions(corrections=((words, kind),))


def test_without_decisions_the_rules_decide() -> None:
    assert mask(SCHOOL).text == "Achter [naam] is de stoep kapot."
    assert mask(SCHOOL).spans == found(SCHOOL)


@pytest.mark.parametrize("decisions", [shown("theo  thijssen"), taught("Theo Thijssen")])
def test_what_was_masked_for_nothing_stays_readable(decisions: Decisions) -> None:
    assert mask(SCHOOL, decisions).text == SCHOOL


@pytest.mark.parametrize("words", ["zei Oortgiese", "OORTGIESE"])
def test_what_the_rules_miss_is_hidden_wherever_it_stands(words: str) -> None:
    text = "Dat klopt niet, zei Oortgiese. Nee, zei Oortgiese: Oortgieses buren weten het."
    left = "Oortgieses buren weten het."
    expected = f"Dat klopt niet, {'' if words.startswith('zei') else 'zei '}[naam]. Nee, "
    assert mask(text, hidden(words)).text.startswith(expected)
    assert mask(text, hidden(words)).text.endswith(left)


def test_words_that_are_hidden_take_the_whole_piece_that_they_touch() -> None:
    assert mask("Mevrouw Ineke Vos van de bakker", hidden("Vos van de bakker", "adres")).text == "Mevrouw [adres]"


def test_what_is_hidden_in_words_that_were_shown_goes_before_these() -> None:
    decisions = Decisions(
        corrections=(("Theo Thijssen", None), ("Thijssen", "persoon")), taught=frozenset({"thijssen"})
    )
    assert mask(SCHOOL, decisions).text == "Achter Theo [naam] is de stoep kapot."


def test_words_that_were_hidden_stay_so_where_a_longer_name_is_not_shown() -> None:
    text = f"{SCHOOL} Volgens Oortgiese al maanden, en Ineke Oortgiese ziet het."
    decisions = Decisions(corrections=(("Oortgiese", "persoon"), ("Ineke Oortgiese", None)))
    left = "Achter [naam] is de stoep kapot. Volgens [naam] al maanden, en Ineke Oortgiese ziet het."
    assert mask(text, decisions).text == left


def test_a_lesson_shows_no_longer_name_that_holds_it() -> None:
    text = "Mijn buurvrouw Sanne Theo Thijssen klaagt."
    assert mask(text).text == mask(text, taught("Theo Thijssen")).text == "Mijn buurvrouw [naam] klaagt."


@pytest.mark.parametrize(
    "secret", ["06-12345678", "f.kaya@voorbeeld.nl", "NL91 ABNA 0417 1643 00", "111222333", "12-ABC-3", "3811 AB 12"]
)
def test_no_lesson_shows_a_number_an_address_of_mail_or_a_plate(secret: str) -> None:
    """There is something to show: for this one text it can be."""
    text = f"Mijn bsn of nummer is {secret}, dank."
    [piece] = [text[start:end] for start, end, _ in found(text)]
    assert mask(text, taught(secret, piece)) == mask(text)
    assert mask(text, shown(piece)).text == text


def test_marks_of_a_text_that_was_masked_before_are_no_words() -> None:
    assert mask("Ik ken [naam] en zijn naam.", hidden("naam")).text == "Ik ken [naam] en zijn [naam]."
