"""Everything a resident can meet reads at B1: short sentences and an ease of at least 60 on Douma's scale."""

import re

import pytest

from participation import content
from participation.campaigns import texts as campaign_texts
from participation.content import Answer
from participation.language.readability import (
    LEAST_EASE,
    MOST_WORDS,
    Measures,
    ease,
    measure,
    sentences,
    syllables,
    words,
)
from participation.services import dispositions, standard_texts
from participation.text_fields import open_fields, unknown_fields

TYPICAL = {
    "gemeente": "Utrecht",
    "dagen": "28",
    "nummer": "SP-2026-000123-K",
    "nummers": "SP-2026-000123-K",
    "datum": "23 november 2026",
    "status": "in behandeling",
    "aantal": "10.000",
    "tekst": "De lamp in onze straat is stuk.",
    "contact": "Mail naar griffie@utrecht.example of bel 030 - 000 00 00.",
    "zetels": "45",
    "partijen": "Partij A, Partij B en Partij C",
    "raadsleden": "Anna de Wit en Bram Jansen",
    "coalitie": "Partij A en Partij B",
    "burgemeester": "Anna de Wit",
    "wethouders": "Anna de Wit en Bram Jansen",
    "volgende_vergadering": "3 december 2026 om 20.00 uur",
    "vergaderlocatie": "het stadhuis",
    "inspreken_termijn": "12 uur op de dag van de vergadering",
    "burgerinitiatief_handtekeningen": "100",
    "referendum_mogelijk": "Ja",
    "campagnes": "het plan voor het park",
    "soort": "zorg",
    "thema": "verkeer",
    "wie": "De provincie",
    "waarover": "bussen in de streek",
    "regels": "- De raad hoort uw naam niet.",
    "griffie_telefoon": "030 - 000 00 00",
    "griffie_email": "griffie@utrecht.example",
    "naam": "Anna",
    "uitleg": "U kunt mij vragen hoe uw gemeente wordt bestuurd.",
    "adres": "https://utrecht.example/chat",
    "kenmerk": "SP-2026-000123-K",
    "onderwerp": "groen, natuur en dieren",
    "ontvangen": "23 november 2026",
    "naam_medewerker": "Anna de Wit",
    "naam_griffie": "griffie van Utrecht",
    "titel": "Een autoluw centrum",
    "intro": "De gemeente wil minder auto's in het centrum.",
    "dank": "De raad leest de antwoorden in maart.",
    "antwoord": "eens",
    "lijst": "fiets, bus",
    "laag": "1",
    "hoog": "5",
    "laag_tekst": "slecht",
    "hoog_tekst": "goed",
    "getypt": "150",
    "totaal": "8",
    "reden": "Er staat een naam in.",
}
HEADINGS = ("mail_onderwerp", "mail_gemeente")
"""Of a mail: two words and a number are no sentence."""
OTHER_LANGUAGES = "andere_taal"
"""Its lines in other languages can not be measured as Dutch; the Dutch part is tested apart."""


def filled(text: str) -> str:
    """A text as a resident could read it. Slots that are addresses of pages get one."""
    return re.sub(r"\{(\w+)\}", lambda slot: TYPICAL.get(slot[1], "https://utrecht.example/pagina"), text)


def parts(answer: Answer) -> list[str]:
    local = [text for part in answer.local for text in (part.text, part.otherwise)]
    return [filled(text) for text in (answer.short, answer.more, *local) if text]


def fixed_texts() -> dict[str, str]:
    """The fixed texts that are sentences: the names on buttons are too short to be measured, a row of data is none."""
    return {
        name: filled(text)
        for name, text in content.texts().items()
        if isinstance(text, str)
        and not name.startswith("knop_")
        and name not in ("welkom_zonder_gemeente", "inbreng_status_regel", *HEADINGS, OTHER_LANGUAGES)
    }


EACH_ANSWER = pytest.mark.parametrize("answer", content.answers().values(), ids=lambda answer: answer.topic)
EACH_TEXT = pytest.mark.parametrize("name", fixed_texts())


@EACH_ANSWER
def test_every_part_of_an_answer_is_easy(answer: Answer) -> None:
    hard = {text: round(ease(text)) for text in parts(answer) if ease(text) < LEAST_EASE}
    assert hard == {}


@EACH_ANSWER
def test_sentences_of_answers_are_short(answer: Answer) -> None:
    every = [sentence for text in (*parts(answer), answer.question) for sentence in sentences(text)]
    assert [sentence for sentence in every if len(words(sentence)) > MOST_WORDS] == []


@EACH_TEXT
def test_fixed_texts_are_easy_and_their_sentences_short(name: str) -> None:
    text = fixed_texts()[name]
    assert [sentence for sentence in sentences(text) if len(words(sentence)) > MOST_WORDS] == []
    assert ease(text) >= LEAST_EASE


@pytest.mark.parametrize(
    "name", [name for name, text in campaign_texts.texts().items() if isinstance(text, str) and name[:5] != "knop_"]
)
def test_what_participants_of_a_campaign_read_is_easy(name: str) -> None:
    text = filled(campaign_texts.texts()[name])
    assert [sentence for sentence in sentences(text) if len(words(sentence)) > MOST_WORDS] == []
    assert ease(text) >= LEAST_EASE


@pytest.mark.parametrize("name", content.texts()["status_uitleg"])
def test_what_a_status_means_is_easy(name: str) -> None:
    text = f"{content.texts()['status_uitleg'][name]} {content.texts()['status_vervolg'].get(name, '')}"
    assert [sentence for sentence in sentences(text) if len(words(sentence)) > MOST_WORDS] == []
    assert ease(text) >= LEAST_EASE


@pytest.mark.parametrize("way", dispositions.usual().values(), ids=lambda way: way.key)
def test_what_was_done_with_a_contribution_is_easy(way: dispositions.Way) -> None:
    assert [sentence for sentence in sentences(way.words) if len(words(sentence)) > MOST_WORDS] == []
    assert ease(way.words) >= LEAST_EASE


@pytest.mark.parametrize("text", standard_texts.usual().values(), ids=lambda text: text.key)
def test_a_standard_text_is_easy_and_has_only_fields_that_can_be_filled(text: standard_texts.Standard) -> None:
    words_of_it = filled(text.words)
    assert [sentence for sentence in sentences(words_of_it) if len(words(sentence)) > MOST_WORDS] == []
    assert ease(words_of_it) >= LEAST_EASE
    assert unknown_fields(text.words) == ()
    assert [field for field in open_fields(words_of_it) if not re.fullmatch(r"\[[\w ]+\]", field)] == []


def test_the_dutch_of_the_text_in_other_languages_is_easy() -> None:
    dutch = content.text(OTHER_LANGUAGES).split("\n\n")[0]
    assert ease(dutch) >= LEAST_EASE


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("raad", 1),
        ("gemeenteraad", 4),
        ("burgemeester", 4),
        ("ideeën", 3),
        ("beïnvloeden", 4),
        ("organisatie", 5),
        ("mooie", 2),
        ("schreeuwen", 2),
        ("bijeenkomst", 3),
        ("tien", 1),
        ("OZB", 3),
        ("2027", 2),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, expected: int) -> None:
    assert syllables(word) == expected


def test_official_language_fails_the_measure() -> None:
    """The measure can say no: a sentence as a municipality would have written it."""
    official = (
        "Belanghebbenden kunnen gedurende de inzagetermijn schriftelijk of mondeling zienswijzen naar voren brengen "
        "overeenkomstig de gemeentelijke participatieverordening."
    )
    assert ease(official) < 20
    assert ease("U mag uw mening geven. Dat kan met een brief. U mag ook bellen.") > 90


def test_a_text_is_measured_as_a_whole_and_an_empty_one_is_not_scored() -> None:
    measures = measure("U mag bellen. Dat kan elke dag van 9.00 tot 17.00 uur.")
    assert (measures.words, measures.longest_sentence, measures.is_easy) == (12, 9, True)
    assert measure(" \n") == Measures(0, 0, None)


def test_one_long_sentence_keeps_a_text_from_being_easy() -> None:
    measures = measure(" ".join(["dag"] * 21) + ".")
    assert (measures.longest_sentence, measures.ease is not None and measures.ease > LEAST_EASE) == (21, True)
    assert not measures.is_easy
