"""What griffiers and council members read about papers for the council."""

from participation.reports.paper import FOR_WHOM, TITLES
from participation.reports.scope import LONGEST_MEETING

KINDS = {
    "stukken": (
        TITLES["stukken"],
        "Brieven, en berichten van inwoners die de raad hun naam laten weten. U schrijft bij elk stuk een voorstel.",
    ),
    "signalen": (
        TITLES["signalen"],
        "Anonieme berichten in getallen, per thema en gebied, met citaten van inwoners die dat goed vinden.",
    ),
}
AUDIENCES = {
    "raad": (FOR_WHOM["raad"], "Met namen of citaten. Getallen over minder dan 5 mensen staan er niet in."),
    "openbaar": (FOR_WHOM["openbaar"], "Zonder namen en citaten. Getallen over minder dan 10 mensen staan er niet in."),
}
FAULTS = {
    ("soort", "onbekend"): "Kies welk stuk u wilt maken.",
    ("lezers", "onbekend"): "Kies wie het stuk leest.",
    ("van", "datum"): "Vul bij “van” een datum in, bijvoorbeeld 1-9-2026.",
    ("tot", "datum"): "Vul bij “tot en met” een datum in, bijvoorbeeld 30-9-2026.",
    ("tot", "volgorde"): "De laatste dag ligt voor de eerste. Kies een latere dag.",
    ("tot", "toekomst"): "Kies een laatste dag die niet in de toekomst ligt.",
    ("tot", "te_lang"): "De periode is te lang. Kies ten hoogste twee jaar.",
    ("thema", "onbekend"): "Dit thema kennen wij niet. Kies uit de lijst.",
    ("citaten", "aantal"): "Kies 0 tot en met 5 citaten per thema.",
    ("vergadering_zelf", "lang"): f"De naam is te lang. Gebruik ten hoogste {LONGEST_MEETING} tekens.",
    ("ingepland", "vergadering"): "Kies eerst een vergadering, of typ zelf de naam.",
    ("vergadering", "onbekend"): "Deze vergadering staat niet meer in de kalender. Kies een andere.",
}
CHANGED = {
    "gewist": "Dit bericht is gewist. De band met de inwoner is verbroken: u kunt niet meer zien van wie het was.",
    "ingetrokken": "De inwoner trok dit bericht in, nadat u het stuk had vastgesteld.",
    "niet_delen": "De inwoner wil niet meer dat dit naar de raad gaat.",
    "naam": "De inwoner wil niet meer dat de raad de naam weet.",
}
"""What became of a quote or a piece after the paper was issued."""

ROLES = {"citaat": "Citaat", "stuk": "Stuk", "stuk_met_naam": "Stuk"}
REPLACED = "Een collega stelde al een ander stuk vast dat hiervoor in de plaats komt."
CHANGED_MEANWHILE = "Het stuk veranderde terwijl u keek. Hieronder staat het zoals het nu is. Kijk het nog een keer na."
COUNT_FIRST = "Tel eerst opnieuw: dit concept is langer dan een dag geleden geteld."
WAITS = (
    "De tekst van een stuk op de lijst is nog niet leesbaar gemaakt. Wacht even, of schrijf zelf het onderwerp. "
    "Kijk de lijst daarna nog een keer na."
)
NOTHING = "Er staat niets in dit stuk. U kunt het daarom niet vaststellen. Kies een andere periode."
