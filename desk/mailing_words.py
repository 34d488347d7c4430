"""What the desk says about messages to residents: kinds, states, why somebody did not get one, and the numbers."""

from collections.abc import Collection, Mapping
from typing import Any

from participation.campaigns.foreseeing import COUNTED
from participation.campaigns.keeping import LONGEST
from participation.language.themes import themes

KINDS = {
    "uitnodiging": "Uitnodiging om mee te doen",
    "herinnering": "Herinnering aan wie nog niet klaar is",
    "bericht": "Bericht tussendoor",
    "terugkoppeling": "Terugkoppeling: wat ermee gebeurt",
}
WHO = {
    "berichten": "Wie berichten over peilingen wil, over alles of over dit thema",
    "eerder": "Wie zulke berichten wil en eerder aan een andere peiling meedeed",
    "uitkomst": "Wie meedeed en de uitkomst wil horen",
}
STATES = {
    "concept": "Nog niet verstuurd",
    "bezig": "Wordt verstuurd",
    "pauze": "Pauze",
    "gestopt": "Gestopt",
    "klaar": "Verstuurd",
}
RESULTS = {
    "verstuurd": "Verstuurd",
    "wacht": "Wacht",
    "onderweg": "Onderweg",
    "onzeker": "Onzeker: misschien aangekomen",
    "overgeslagen:afgemeld": "Overgeslagen: afgemeld",
    "overgeslagen:te_vaak": "Overgeslagen: kreeg al genoeg berichten",
    "overgeslagen:geen_gesprek": "Overgeslagen: het gesprek is gewist",
    "overgeslagen:geblokkeerd": "Overgeslagen: de inwoner houdt ons buiten",
    "overgeslagen:gesloten": "Overgeslagen: de campagne loopt niet meer",
    "overgeslagen:gestopt": "Overgeslagen: u stopte het versturen",
    "mislukt:geblokkeerd": "Mislukt: de inwoner houdt ons buiten",
    "mislukt:geweigerd": "Mislukt: Telegram weigerde het bericht",
}
"""In the order in which the page shows them."""

TEXT_WRONG = "Typ een tekst van hooguit 1500 tekens."
NOT_ALLOWED = {
    "collega": "Dit kan nu niet. Een collega was u voor.",
    "concept": "De campagne is nog niet gestart. Laat een collega haar nakijken en start haar. Verstuur daarna.",
    "gesloten": "De campagne loopt nu niet. Niemand kan meedoen. Kies een andere soort, of wacht tot zij loopt.",
    "terugkoppeling": "De terugkoppeling is nog niet gepubliceerd. Doe dat eerst, bij “Terugkoppeling”.",
}
"""Why a message can not be sent now and what to do, by the code of `sending.MailingNotAllowed`."""


def earlier(days: int) -> str:
    """Say how long it is known who took part.

    Args:
        days: how long this installation keeps chats.
    """
    return (
        f"Wie eerder meedeed, weten wij tot {days} dagen na het einde van die peiling. Wilde iemand de uitkomst horen? "
        f"Dan weten wij het {LONGEST.days} dagen. Daarna krijgt die persoon dit bericht niet meer."
    )


def whom(audience: Mapping[str, Any]) -> str:
    """Return in words for whom a message is."""
    told = WHO["eerder" if audience.get("earlier") else audience["who"]]
    if theme := themes().get(audience.get("theme", "")):
        told += f". Thema: {theme.name}"
    return told + (f". Alleen uit: {', '.join(audience['areas'])}" if audience.get("areas") else "")


def summed(progress: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str, int]]:
    """Return code, words and number of each result, of all municipalities together; without those of nobody."""
    totals: dict[str, int] = {}
    for counts in progress.values():
        for name, number in counts.items():
            totals[name] = totals.get(name, 0) + number
    return [(name, words, totals[name]) for name, words in RESULTS.items() if totals.get(name)]


def foreseen(progress: Mapping[str, Mapping[str, int]], codes: Collection[str]) -> int | None:
    """How many people will get a message; none while they are still being counted."""
    numbers = [progress.get(code, {}).get(COUNTED) for code in codes]
    return None if None in numbers else sum(number or 0 for number in numbers)
