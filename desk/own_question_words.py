"""What griffiers read about questions of the municipality's own."""

from collections.abc import Iterable

from participation import content
from participation.services.own_questions import FEWEST_WAYS, LONGEST, MOST_QUESTIONS, MOST_WAYS, Taken

_NAMES = {
    "vraag": "uw vraag",
    "kort": "het korte antwoord",
    "meer": "de uitleg",
    "bron": "de naam van de bron",
    "bron_adres": "het adres van de bron",
}

FAULTS = {
    **{(field, "leeg"): f"Vul {name} in." for field, name in _NAMES.items()},
    **{(field, "te_lang"): f"Maak {name} korter: hooguit {LONGEST[field]} tekens." for field, name in _NAMES.items()},
    ("manieren", "te_weinig"): f"Geef minstens {FEWEST_WAYS} andere manieren om dit te vragen, elk op een eigen regel.",
    ("manieren", "te_veel"): f"Geef hooguit {MOST_WAYS} andere manieren om dit te vragen.",
    ("manieren", "te_lang"): f"Maak elke manier korter: hooguit {LONGEST['manier']} tekens.",
    **{
        (field, code): sentence
        for field in ("kort", "meer")
        for code, sentence in (
            (
                "feit",
                "Tussen accolades staat een naam die wij niet kennen. De namen staan op elke pagina van een antwoord.",
            ),
            ("accolade", "Er staat een losse accolade in de tekst. Haal die weg."),
        )
    },
    ("nagekeken", "dag"): "Vul de dag in waarop u de bron las. Die dag kan niet na vandaag zijn.",
    ("bron_adres", "adres"): "Vul een heel webadres in, dat begint met https://.",
}
"""By field and code."""

FULL = f"U heeft al {MOST_QUESTIONS} eigen vragen. Verwijder er eerst een."
CHANGED_MEANWHILE = "Een collega veranderde deze vraag intussen. Lees de nieuwe tekst en zet haar dan in de chat."
NO_ENCODER = "Het vergelijken van vragen werkt nu niet. Er is niets opgeslagen. Vraag uw beheerder om hulp."


def with_titles(taken: Iterable[Taken]) -> list[tuple[str, str | None]]:
    """Ways to ask a question that the chat answers by itself, each with what it takes them for."""
    return [(one.way, content.choice(one.label)) for one in taken]
