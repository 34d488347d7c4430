"""Consent is taken back by plain words only; what may be that is asked, and other talk of consent is left alone."""

import pytest

from participation.language.consent_words import withdraws


@pytest.mark.parametrize(
    "text",
    [
        "trek mijn toestemming in",
        "Ik wil mijn toestemming intrekken",
        "Ik wil graag al mijn toestemmingen intrekken a.u.b.",
        "ik geef jullie geen toestemming meer",
        "toestemming intrekken",
        "verwijder m'n toestemming aub",
        "ik trek hierbij mijn toestemming in!",
        "Mijn toestemming neem ik terug.",
        "U heeft geen toestemming meer.",
    ],
)
def test_plain_words_take_it_back(text: str) -> None:
    assert withdraws(text) == "zeker"


@pytest.mark.parametrize(
    "text",
    [
        "Kan ik mijn toestemming later nog intrekken?",
        "Wat gebeurt er als ik mijn toestemming intrek?",
        "Hoe kan ik mijn toestemming intrekken",
        "kunt u mijn toestemming intrekken",
        "trek mijn toestemming in?",
        "geen toestemming meer",
        "Toestemming!",
        "mijn toestemming voor berichten over woningbouw trek ik in",
        "Ik trek mijn toestemming in want jullie doen er toch nooits mee",
    ],
)
def test_what_may_be_taking_back_is_doubtful(text: str) -> None:
    assert withdraws(text) == "misschien"


@pytest.mark.parametrize(
    "text",
    [
        "Ik wil mijn toestemming niet intrekken",
        "De gemeente verwijdert bomen voor mijn huis zonder mijn toestemming",
        "Ja, u heeft mijn toestemming, bel me in de ochtend",
        "Wij krijgen geen toestemming meer voor het buurtfeest",
        "De gemeente gaf geen toestemming voor onze buurttuin",
        "De buurman heeft mijn toestemming ingetrokken",
        "moet ik toestemming vragen voor een schuur?",
        "Trek de stekker uit dit plan",
        "ik wil mijn inbreng intrekken",
        "",
    ],
)
def test_other_talk_of_consent_is_left_alone(text: str) -> None:
    assert withdraws(text) is None
