"""What the desk says about campaigns: states, levels, kinds of parts, and what was done."""

from collections.abc import Mapping

STATES = {
    "concept": "Concept",
    "controle": "Wacht op controle",
    "klaar": "Klaar om te starten",
    "loopt": "Loopt",
    "pauze": "Pauze",
    "gesloten": "Gesloten",
}
STATE_TONES = {
    "concept": "neutral",
    "controle": "warning",
    "klaar": "valid",
    "loopt": "active",
    "pauze": "warning",
    "gesloten": "inactive",
}
"""Which variant of the status badge shows each state; the badge always holds the word."""

LEVELS = {
    "informeren": "Informeren: inwoners horen wat er gebeurt",
    "raadplegen": "Raadplegen: inwoners zeggen wat zij vinden",
    "adviseren": "Adviseren: inwoners geven advies, de gemeente zegt wat zij ermee doet",
    "coproduceren": "Coproduceren: inwoners en gemeente maken samen een plan",
    "meebeslissen": "Meebeslissen: inwoners beslissen mee",
}

KINDS = {
    "stellingen": "Stellingen",
    "keuze": "Keuze",
    "schaal": "Schaal",
    "rangorde": "Volgorde",
    "dilemma": "Dilemma",
    "open": "Open vraag",
    "plaats": "Plaats",
}
KIND_HELP = {
    "stellingen": "Eens, oneens of weet ik niet. Meer stellingen in één onderdeel.",
    "keuze": "Kies een of meer antwoorden uit een lijst.",
    "schaal": "Geef een cijfer, bijvoorbeeld van 1 tot 5.",
    "rangorde": "Zet antwoorden op volgorde.",
    "dilemma": "Kies tussen twee dingen.",
    "open": "Vertel het in eigen woorden.",
    "plaats": "Noem een plek, wijk of dorp.",
}

FIELDS = {
    "title": "Naam",
    "why": "Waarom vraagt u dit?",
    "intro": "Eerste bericht in de chat",
    "thanks": "Laatste bericht in de chat",
    "theme": "Thema",
    "level": "Hoeveel invloed hebben inwoners?",
    "phase": "Waar staat het plan nu?",
    "decides": "Wie beslist?",
    "official": "Wie is verantwoordelijk bij de gemeente?",
    "portfolio_holder": "Welke bestuurder gaat erover?",
    "opens_at": "Begint op",
    "closes_at": "Sluit op",
}
FAULTS: Mapping[tuple[str, str], str] = {
    ("title", "leeg"): "Geef de campagne een naam.",
    ("level", "onbekend"): "Kies hoeveel invloed inwoners hebben.",
    ("theme", "onbekend"): "Kies een thema uit de lijst, of geen.",
    ("opens_at", "datum"): "Vul een datum en een tijd in, of laat beide leeg.",
    ("closes_at", "datum"): "Vul een datum en een tijd in, of laat beide leeg.",
    ("closes_at", "volgorde"): "De campagne sluit voor zij begint. Kies een latere datum.",
}


def explained(faults: Mapping[str, str]) -> dict[str, str]:
    """Return field to the words for what is wrong."""
    return {
        field: FAULTS.get((field, fault)) or f"“{FIELDS.get(field, field)}” is te lang. Maak de tekst korter."
        for field, fault in faults.items()
    }


EVENTS = {
    "gemaakt": "Gemaakt",
    "insturen": "Voorgelegd aan een collega",
    "terughalen": "Weer een concept gemaakt",
    "terugsturen": "Teruggegeven aan de maker",
    "goedkeuren": "Goedgekeurd",
    "starten": "Gestart",
    "pauzeren": "Gepauzeerd",
    "hervatten": "Hervat",
    "sluiten": "Gesloten",
}
"""What was done, by the code in the history of a campaign; others have their code itself."""
