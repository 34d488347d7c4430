"""What griffiers read about the sources of the calendar: their kinds, promises and faults."""

from typing import Any

KINDS = {
    "ori": "Open Raadsinformatie",
    "ical": "Agenda (iCal)",
    "csv": "Tabel op een webadres (CSV)",
    "bestand": "Ingelezen tabel",
}

PROMISES = {24: "1 dag", 48: "2 dagen", 168: "1 week", 720: "30 dagen", 2160: "90 dagen"}
"""Hours that a source is taken to be up to date, and what griffiers call that."""

FAULTS = {
    "onbereikbaar": "Het adres is niet te bereiken. Controleer het adres, of probeer het later opnieuw.",
    "te_traag": "De andere kant antwoordt te langzaam. Probeer het later opnieuw.",
    "niet_toegestaan": "Dit adres is niet openbaar op internet. Vraag uw leverancier om een openbaar adres.",
    "foutmelding": "De andere kant geeft een foutmelding ({status}). Controleer het adres.",
    "te_groot": "Het bestand is te groot. Meer dan {megabytes} MB lezen we niet.",
    "onleesbaar": "Wat er binnenkwam, past niet bij deze soort bron. Controleer het adres en de soort.",
    "half": "Er kwam maar een deel binnen. We proberen het vanzelf opnieuw.",
    "leeg": "De bron is leeg, terwijl er eerst vergaderingen in stonden. Vraag uw leverancier wat er is.",
    "veranderd": "De bron ziet er anders uit dan wij kennen. Vraag uw leverancier wat er is veranderd.",
    "index_onbekend": "Open Raadsinformatie kent deze naam niet. Controleer hoe uw gemeente daar heet.",
    "regel": "Regel {line} klopt niet: {problem}.",
    "ander_adres": "De bron kreeg intussen een ander adres. Kies nog een keer “Nu bijwerken”.",
    "mislukt": "Het inlezen is mislukt. Blijft dit zo? Bel dan uw beheerder.",
}
"""One sentence or two for each code of participation/council/faults.py."""

COLUMNS_MISSING = "Dit is geen tabel die wij kennen. Er moet een kolom “datum” en een kolom “naam” in staan."

REFUSED_ADDRESS = {
    "ori": "Vul de naam van uw gemeente bij Open Raadsinformatie in, zoals ori_utrecht.",
    "ical": "Vul een webadres in dat begint met https:// of webcal://.",
    "csv": "Vul een webadres in dat begint met https://.",
}

EXISTS = "Deze bron staat er al."


def fault(code: str, details: dict[str, Any] | None) -> str:
    """What went wrong and what to do, in words."""
    if "columns" in (details or {}):
        return COLUMNS_MISSING
    return FAULTS[code].format(**(details or {}))


def promise(hours: int) -> str:
    """A promise in words, also one that is not in the list."""
    return PROMISES.get(hours, f"{hours} uur")
