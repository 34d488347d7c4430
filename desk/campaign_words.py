"""What the desk says about campaigns: states, levels, kinds of parts, and what was done."""

from collections.abc import Mapping

from participation.campaigns.faults import (
    CampaignChanged,
    CampaignFixed,
    FieldsWrong,
    NotReady,
    ReviewerTheSame,
    StepNotAllowed,
)

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
    "loopt": "safe",
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
    ("opens_at", "datum"): "Dit is geen datum met tijd. Vul beide in, of laat beide leeg.",
    ("closes_at", "datum"): "Dit is geen datum met tijd. Vul beide in, of laat beide leeg.",
    ("closes_at", "volgorde"): "De campagne sluit voor zij begint. Kies een latere datum.",
    ("closes_at", "eerder"): "Kies een latere datum dan die er nu staat. Eerder sluiten kan niet.",
    ("sluit", "voorbij"): "De einddatum is al voorbij. Maak er weer een concept van en kies een latere.",
    ("soort", "onbekend"): "Kies wat voor vraag het is.",
    ("soort", "aantal"): "Er zijn al twintig onderdelen. Maak er een tweede campagne van.",
    ("tekst", "leeg"): "Vul een vraag in.",
    ("tekst", "lang"): "De vraag is te lang. Gebruik hooguit 300 tekens.",
    ("opties", "aantal"): "Dit aantal antwoorden kan niet. Kijk onder het veld hoeveel u er kunt geven.",
    ("opties", "lang"): "Een antwoord is te lang. Gebruik hooguit 80 tekens.",
    ("opties", "dubbel"): "Twee antwoorden zijn gelijk. Haal er een weg.",
    ("opties", "voorwaarde"): "Een later onderdeel hangt af van een antwoord dat u weghaalt. Verander eerst dat.",
    ("regels", "aantal"): "Dit aantal kan niet. Kijk onder het veld wat kan.",
    ("regels", "schaal"): "Schrijf bij beide einden van de schaal wat het betekent, in hooguit 40 tekens.",
    ("voorwaarde", "onbekend"): "Kies antwoorden van één eerdere vraag.",
    ("volgorde", "voorwaarde"): "Een later onderdeel hangt af van dit onderdeel. Verander eerst dat.",
    ("stellingen", "leeg"): "Schrijf minstens één nieuwe stelling.",
    ("stellingen", "lang"): "Een stelling is te lang. Gebruik hooguit 140 tekens.",
    ("stellingen", "aantal"): "Er zijn te veel stellingen. Honderd is het meeste.",
    ("zeker", "leeg"): "Zet eerst een vinkje. Een gesloten campagne gaat niet meer open.",
    ("plek", "leeg"): "Geef de plek een naam.",
    ("plek", "lang"): "De naam van de plek is te lang. Gebruik hooguit 40 tekens.",
    ("plek", "aantal"): "Er zijn al 200 plekken. Meer kan niet.",
    ("gemeente", "onbekend"): "Kies een gemeente uit de lijst.",
    ("gemeente", "dubbel"): "Deze gemeente is al gevraagd.",
    ("reden", "leeg"): "Schrijf op waarom.",
    ("reden", "lang"): "De reden is te lang. Maak hem korter.",
}

MISSING = {
    "why": "Schrijf op waarom u dit vraagt.",
    "intro": "Schrijf het eerste bericht in de chat.",
    "thanks": "Schrijf het laatste bericht in de chat.",
    "phase": "Schrijf op waar het plan nu staat.",
    "decides": "Schrijf op wie beslist.",
    "official": "Schrijf op wie verantwoordelijk is bij de gemeente.",
    "portfolio_holder": "Schrijf op welke bestuurder erover gaat.",
    "parts": "Maak minstens één onderdeel.",
    "statements": "Geef elk onderdeel met stellingen minstens zeven stellingen.",
    "closes_at": "Kies wanneer de campagne sluit.",
    "past": "De einddatum is al voorbij. Kies een latere.",
    "fields": "Vul in wat nog tussen [haken] staat.",
    "party": "Zet een vinkje: de campagne is niet van of voor een politieke partij.",
}
"""What has to be done before a campaign can be sent in."""

CHANGED = "Een collega heeft de campagne intussen veranderd. Kijk wat er nu staat, en sla dan opnieuw op."
FIXED = "Dit kan nu niet meer veranderen. Dan zijn de antwoorden niet meer te vergelijken."
NO_STEP = "Dit kan nu niet. Een collega was u misschien voor."
THE_SAME = "U werkte zelf aan deze campagne. Vraag een collega om te kijken."

REFUSALS = (FieldsWrong, CampaignChanged, CampaignFixed, StepNotAllowed, NotReady, ReviewerTheSame)


def explained(faults: Mapping[str, str]) -> dict[str, str]:
    """Return field to the words for what is wrong."""
    return {
        field: FAULTS.get((field, fault)) or f"“{FIELDS.get(field, field)}” is te lang. Maak de tekst korter."
        for field, fault in faults.items()
    }


def problems_of(refusal: Exception) -> list[tuple[str, str]]:
    """Return field and words for what one of `REFUSALS` says; without a field where it is about no field."""
    if isinstance(refusal, FieldsWrong):
        return list(explained(refusal.faults).items())
    if isinstance(refusal, NotReady):
        return [("geen_partij" if code == "party" else "", MISSING[code]) for code in refusal.faults]
    told: dict[type[Exception], str] = {
        CampaignChanged: CHANGED,
        CampaignFixed: FIXED,
        StepNotAllowed: NO_STEP,
        ReviewerTheSame: THE_SAME,
    }
    return [("", told[type(refusal)])]


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
    "bewerkt": "Bewerkt",
    "verbeterd": "Tekst verbeterd",
    "verlengen": "Verlengd",
    "stellingen": "Stellingen toegevoegd",
    "gemeente_gevraagd": "Gemeente gevraagd om mee te doen",
    "gemeente_weg": "Vraag aan een gemeente teruggenomen",
    "meedoen": "Gemeente doet mee",
    "stelling_afgewezen": "Stelling van een inwoner geweigerd",
    "stelling_goed": "Stelling van een inwoner goedgevonden",
    "niet_meedoen": "Gemeente doet niet mee",
    "bericht_starten": "Bericht aan inwoners verstuurd",
    "bericht_pauzeren": "Versturen van een bericht gepauzeerd",
    "bericht_hervatten": "Versturen van een bericht hervat",
    "bericht_stoppen": "Versturen van een bericht gestopt",
    "opnieuw_onzeker": "Bericht opnieuw verstuurd waar het onzeker was",
    "opnieuw_mislukt": "Bericht opnieuw verstuurd waar het mislukte",
    "uitkomst_gepubliceerd": "Uitkomst gepubliceerd",
    "citaten_gekozen": "Andere citaten gekozen",
    "punt_geschreven": "Punt van de terugkoppeling geschreven",
    "punt_weg": "Punt van de terugkoppeling weggehaald",
    "terugkoppeling_gepubliceerd": "Terugkoppeling gepubliceerd",
    "eindverslag": "Eindverslag vastgesteld",
    "opzij_gezet": "Deelnames opzij gezet",
    "teruggezet": "Deelnames teruggezet",
}
"""What was done, by the code in the history of a campaign. A test keeps the list complete."""

STEP_BUTTONS = {
    "terughalen": "Maak er weer een concept van",
    "starten": "Start nu",
    "pauzeren": "Pauzeer",
    "hervatten": "Ga verder",
    "sluiten": "Sluit de campagne",
}
"""Steps that need no more than a button."""

PLACES_OF_TEXTS = {
    "title": "Naam",
    "why": "Waarom",
    "intro": "Eerste bericht",
    "thanks": "Laatste bericht",
    "phase": "Fase",
}


def where(code: str) -> str:
    """Say which text it is: of the campaign, or of a part by its number."""
    return (
        PLACES_OF_TEXTS.get(code) or FIELDS.get(code) or (f"Onderdeel {code}" if code.isdigit() else code.capitalize())
    )
