"""What the desk says about messages to residents: kinds, states, why somebody did not get one, and the numbers."""

from collections.abc import Collection, Mapping

KINDS = {
    "uitnodiging": "Uitnodiging om mee te doen",
    "herinnering": "Herinnering aan wie nog niet klaar is",
    "bericht": "Bericht tussendoor",
    "terugkoppeling": "Terugkoppeling: wat ermee gebeurt",
}
WHO = {
    "berichten": "Wie berichten over peilingen wil, over alles of over dit thema",
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

COUNTED = "geteld"
"""Under this the worker notes for how many people of a municipality a message is, before it is sent."""


def summed(progress: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str, int]]:
    """Return code, words and number of each result, of all municipalities together; without those of nobody."""
    totals: dict[str, int] = {}
    for counts in progress.values():
        for name, number in counts.items():
            totals[name] = totals.get(name, 0) + number
    return [(name, words, totals[name]) for name, words in RESULTS.items() if totals.get(name)]


def foreseen(progress: Mapping[str, Mapping[str, int]], codes: Collection[str], own_code: str, here: int) -> int | None:
    """For how many people a message is; none while the other municipalities are still being counted."""
    others = [progress.get(code, {}).get(COUNTED) for code in codes if code != own_code]
    return None if None in others else here + sum(number or 0 for number in others)
