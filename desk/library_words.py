"""What griffiers read about the library that municipalities share."""

from participation.models.offer import ANSWER, CAMPAIGN, OWN_QUESTION, STANDARD_TEXT

KINDS = {ANSWER: "Antwoord", OWN_QUESTION: "Eigen vraag", STANDARD_TEXT: "Standaardtekst", CAMPAIGN: "Campagne"}
KINDS_MANY = {
    ANSWER: "Antwoorden",
    OWN_QUESTION: "Eigen vragen",
    STANDARD_TEXT: "Standaardteksten",
    CAMPAIGN: "Campagnes",
}

IN_USE = {
    STANDARD_TEXT: ("Te kiezen bij inbreng", "Niet te kiezen"),
    CAMPAIGN: ("Aan inwoners gevraagd", "Nog niet gestart"),
}
USES = {
    ANSWER: "heeft deze tekst in de chat",
    OWN_QUESTION: "heeft deze tekst in de chat",
    STANDARD_TEXT: "gebruikt deze tekst",
    CAMPAIGN: "is hiermee gestart",
}
"""What another municipality does that uses it."""

IN_CHAT = ("In de chat", "Nog niet in de chat")
"""Whether a text that was taken over is used, by its kind."""

LISTS = {"": "Alles", **KINDS_MANY, "van_ons": "Door ons aangeboden", "overgenomen": "Door ons overgenomen"}
"""The lists of the library, by their name in the address."""

OFFERED, CHANGED, NOT_IN_CHAT, WITHDRAWN = "aangeboden", "veranderd", "niet_in_chat", "ingetrokken"
STATES = {
    OFFERED: "Aangeboden",
    CHANGED: "Uw tekst is veranderd",
    NOT_IN_CHAT: "Niet meer in gebruik",
    WITHDRAWN: "Ingetrokken",
}
CAMPAIGN_STATES = STATES | {CHANGED: "Uw campagne is veranderd"}
STATE_TONES = {OFFERED: "safe", CHANGED: "warning", NOT_IN_CHAT: "warning", WITHDRAWN: "inactive"}
"""How an offer of one's own compares with what residents get now."""


def state(kind: str, name: str) -> str:
    """Return in words how an offer of one's own compares with what residents get now."""
    return (CAMPAIGN_STATES if kind == CAMPAIGN else STATES)[name]


WAYS = "Andere manieren om dit te vragen"
STANDARD_FIELDS = {"question": "Naam", "short": "Tekst"}
FIELDS = {
    "question": "Vraag",
    "short": "Kort antwoord",
    "more": "Meer uitleg",
    "source_name": "Bron",
    "source_url": "Adres van de bron",
}
"""The parts of a text, in the order in which they are compared."""

REFUSED = {
    "TextChanged": "De tekst is intussen veranderd. Lees de nieuwe tekst hieronder en kies dan opnieuw.",
    "StandardTextChanged": "Een collega heeft deze tekst intussen veranderd. Lees hem en kies dan opnieuw.",
    "NothingNew": "Deze tekst staat al in de bibliotheek.",
    "DraftInTheWay": (
        "Er staat bij u al een concept voor dit onderwerp. Maak dat eerst af of gooi het weg. "
        "Neem daarna deze tekst over."
    ),
}
"""By the name of the fault."""

REFUSED_CAMPAIGN = {
    "TextChanged": "De campagne is intussen veranderd. Lees haar hieronder en kies dan opnieuw.",
    "NothingNew": "Deze campagne staat al in de bibliotheek.",
    "FieldsWrong": "Deze campagne past niet meer in wat nu mag. U kunt haar niet overnemen.",
}
"""By the name of the fault, of a campaign."""

NO_LONGER_FITS = "Deze campagne past niet meer in wat nu mag. Andere gemeenten kunnen haar niet overnemen."
"""Of a campaign of one's own."""

PERSONAL_CAMPAIGN = (
    "In deze campagne staan misschien gegevens van mensen. Kijk ze na en zet een vinkje, of bied haar niet aan."
)
SURE_CAMPAIGN = "Zet eerst een vinkje bij “Ja, trek deze campagne in”."
PERSONAL = (
    "In deze tekst staan misschien gegevens van mensen. Kijk ze na en zet een vinkje, of verander eerst uw eigen tekst."
)
SURE = "Zet eerst een vinkje bij “Ja, trek deze tekst in”."
