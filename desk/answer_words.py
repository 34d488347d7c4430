"""What griffiers read about facts and answers: states, and what is wrong with what they typed."""

from participation.answer_faults import LineFault
from participation.known_facts import LONGEST_VALUE
from participation.services.answers_writing import LONGEST, MOST_WORDS
from participation.services.facts import LONGEST_SOURCE
from participation.services.facts_table import MOST_LINES

FACT_STATES = {
    "ontbreekt": "Nog niet ingevuld",
    "verlopen": "Verlopen",
    "nakijken": "Opnieuw nakijken",
    "geldig": "Ingevuld",
}
FACT_TONES = {"ontbreekt": "active", "verlopen": "warning", "nakijken": "warning", "geldig": "safe"}

FACT_FAULTS = {
    "value": {
        "leeg": "Vul het feit in.",
        "tekst": f"De tekst is te lang. Gebruik hooguit {LONGEST_VALUE} tekens.",
        "adres": "Vul een webadres in dat begint met https://.",
        "mail": "Vul een e-mailadres in, zoals griffie@gemeente.example.",
        "telefoon": "Vul een telefoonnummer in, met alleen cijfers, spaties en streepjes.",
        "getal": "Vul een getal in, met alleen cijfers.",
    },
    "source": {
        "leeg": "Vul in waar dit staat, zoals “website van de gemeente”.",
        "te_lang": f"De naam van de bron is te lang. Gebruik hooguit {LONGEST_SOURCE} tekens.",
    },
    "source_url": {"adres": "Het adres van de bron is geen webadres. Begin met https://."},
    "valid_until": {
        "datum": "Dit is geen datum. Schrijf bijvoorbeeld 31-12-2027.",
        "voorbij": "Deze datum is al voorbij. Klopt het feit niet meer? Wis het dan.",
    },
    "feit": {
        "onbekend": "Dit feit kennen wij niet. Neem de namen uit de tabel die u hier downloadt.",
        "dubbel": "Dit feit staat twee keer in de tabel. Haal een van de twee regels weg.",
    },
    "tabel": {
        "kolommen": "De kolommen “feit”, “waarde” en “bron” moeten erin staan.",
        "te_groot": f"De tabel heeft meer dan {MOST_LINES} regels. Neem de tabel die u hier downloadt.",
        "te_veel_kolommen": "Er staan te veel kolommen op deze regel.",
        "onleesbaar": "Deze regel is niet te lezen.",
    },
}
"""Field, code, sentence; for the form and for the lines of a table alike."""

FACT_FIELDS = {"value": "waarde", "source": "bron", "source_url": "bron_adres", "valid_until": "geldig_tot"}
"""The name of a field in forms and tables."""

ANSWER_STATES = {
    "landelijk": "Landelijk",
    "eigen": "Eigen tekst",
    "concept": "Concept",
    "ter_controle": "Ter controle",
    "nakijken": "Opnieuw nakijken",
    "link": "Kapotte link",
    "feit": "Feit ontbreekt",
    "onzeker": "Nog iets uit te zoeken",
}
ANSWER_TONES = {
    "landelijk": "neutral",
    "eigen": "safe",
    "concept": "valid",
    "ter_controle": "active",
    "nakijken": "warning",
    "link": "warning",
    "feit": "warning",
    "onzeker": "warning",
}

GROUPS = {
    "raad": "De gemeenteraad",
    "bestuur": "Het bestuur van de gemeente",
    "verkiezingen": "Verkiezingen",
    "meedoen": "Meedoen",
    "rechten": "Uw rechten",
    "doorverwijzen": "Doorverwijzen",
}

_TOO_LONG = "De tekst is te lang. Gebruik hooguit {} woorden en {} tekens."
_FACT = "Tussen accolades staat een naam die wij niet kennen. Kies een naam uit de lijst onder het formulier."
_BRACE = "Er staat een losse accolade in de tekst. Haal die weg."
ANSWER_FAULTS = {
    "short": {
        "leeg": "Schrijf eerst het korte antwoord.",
        "nummer": "Het nummer om te bellen moet in het korte antwoord staan: 112 bij nood, 113 bij zelfdoding.",
        "te_lang": _TOO_LONG.format(MOST_WORDS["short"], LONGEST["short"]),
        "feit": _FACT,
        "accolade": _BRACE,
    },
    "more": {"te_lang": _TOO_LONG.format(MOST_WORDS["more"], LONGEST["more"]), "feit": _FACT, "accolade": _BRACE},
    "source_name": {
        "leeg": "Vul in waar dit staat. Zonder bron kan niemand het nakijken.",
        "te_lang": f"De naam van de bron is te lang. Gebruik hooguit {LONGEST['source_name']} tekens.",
    },
    "source_url": {
        "leeg": "Vul het adres van de bron in.",
        "adres": "Het adres van de bron is geen webadres. Begin met https://.",
    },
    "checked_on": {
        "datum": "Dit is geen datum. Schrijf bijvoorbeeld 31-12-2026.",
        "toekomst": "Deze dag komt nog. Vul de dag in waarop u de bron las.",
    },
}
ANSWER_FIELDS = {
    "short": "tekst",
    "more": "meer",
    "source_name": "bron",
    "source_url": "bron_adres",
    "checked_on": "nagekeken",
}

CHANGED_BY_COLLEAGUE = (
    "Een collega heeft intussen iets veranderd. Uw tekst staat hieronder en is nog niet opgeslagen. "
    "Vergelijk hem met het voorbeeld en sla hem dan op."
)
REFUSED = {
    "DraftChanged": "Een collega heeft intussen iets veranderd. Lees de nieuwe tekst en kies dan opnieuw.",
    "DraftMissing": "Deze tekst staat niet meer klaar. Misschien was een collega u voor.",
    "SecondPersonNeeded": "U schreef deze tekst zelf. Vraag een collega om hem te publiceren.",
    "NoteMissing": "Schrijf op hoe u de tekst hebt nagekeken. U bent de enige die kan publiceren.",
}
"""By the name of the fault."""

REFUSED_WHERE = {"SecondPersonNeeded": "publiceren", "NoteMissing": "toelichting"}
"""The part of the page that a fault belongs to; what a colleague did belongs to none."""


def refusal(fault: Exception) -> dict[str, str]:
    """Return why a step was not taken, by the part of the page."""
    name = type(fault).__name__
    return {REFUSED_WHERE.get(name, ""): REFUSED[name]}


def answer_errors(faults: dict[str, str]) -> dict[str, str]:
    """Return a sentence for each wrong field of an answer, by its name in the form and in the order of the form."""
    return {name: ANSWER_FAULTS[field][faults[field]] for field, name in ANSWER_FIELDS.items() if field in faults}


def fact_errors(faults: dict[str, str]) -> dict[str, str]:
    """Return a sentence for each field of the form that is wrong, by its name in the form."""
    return {FACT_FIELDS[field]: FACT_FAULTS[field][code] for field, code in faults.items()}


def line_error(fault: LineFault) -> str:
    """Return what is wrong on a line of a table, with the number of the line."""
    detail = f" (“{fault.detail}”)" if fault.detail else ""
    column = f", kolom “{FACT_FIELDS[fault.field]}”" if fault.field in FACT_FIELDS else ""
    return f"Regel {fault.line}{column}{detail}: {FACT_FAULTS[fault.field][fault.code]}"
