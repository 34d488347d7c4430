"""How the log of the desk reads."""

from collections.abc import Mapping
from typing import Any

from desk import words
from desk.settings_words import TITLES
from participation.services.audit_log import Line

KINDS = {
    "aanmelden": "Aanmelden en wachtwoorden",
    "hele_tekst": "Hele tekst gelezen",
    "inbreng": "Inbreng",
    "medewerkers": "Medewerkers en rollen",
    "uitvoer": "Uitgevoerde tabellen",
    "teksten": "Antwoorden, feiten en vragen",
    "instellingen": "Instellingen",
    "raad": "Stukken voor de raad",
    "campagnes": "Campagnes",
    "vernietigen": "Vernietigen",
    "overig": "Overig",
}

ACTIONS = {
    "afdoening.veranderd": "Afdoening veranderd",
    "afhandeling.dagen": "Wachttijd veranderd",
    "antwoord.bewaard": "Concept van een antwoord bewaard",
    "antwoord.eigenaar": "Eigenaar van een antwoord gekozen",
    "antwoord.gepubliceerd": "Antwoord in de chat gezet",
    "antwoord.teruggegeven": "Antwoord teruggegeven aan de schrijver",
    "antwoord.teruggezet": "Eerder antwoord teruggezet",
    "antwoord.voorgelegd": "Antwoord voorgelegd aan een collega",
    "antwoord.weggegooid": "Concept van een antwoord weggegooid",
    "bewaren.termijn": "Bewaartermijn veranderd",
    "bibliotheek.aangeboden": "Tekst of campagne aangeboden in de bibliotheek",
    "bibliotheek.ingetrokken": "Tekst of campagne teruggetrokken uit de bibliotheek",
    "bibliotheek.losgelaten": "Overgenomen tekst of campagne losgemaakt van de bibliotheek",
    "bibliotheek.overgenomen": "Tekst of campagne overgenomen uit de bibliotheek",
    "campagne.bericht_hervatten": "Versturen van een bericht hervat",
    "campagne.bericht_pauzeren": "Versturen van een bericht gepauzeerd",
    "campagne.bericht_starten": "Bericht over een campagne verstuurd",
    "campagne.bericht_stoppen": "Versturen van een bericht gestopt",
    "campagne.bewerkt": "Campagne bewerkt",
    "campagne.gemaakt": "Campagne gemaakt",
    "campagne.gemeente_gevraagd": "Gemeente gevraagd voor een campagne",
    "campagne.gemeente_weg": "Vraag aan een gemeente teruggenomen",
    "campagne.goedkeuren": "Campagne goedgekeurd",
    "campagne.hervatten": "Campagne hervat",
    "campagne.insturen": "Campagne voorgelegd aan een collega",
    "campagne.meedoen": "Meedoen met een campagne goedgevonden",
    "campagne.niet_meedoen": "Meedoen met een campagne geweigerd",
    "campagne.opnieuw_mislukt": "Bericht opnieuw verstuurd waar het mislukte",
    "campagne.opnieuw_onzeker": "Bericht opnieuw verstuurd waar het onzeker was",
    "campagne.pauzeren": "Campagne gepauzeerd",
    "campagne.proef": "Link naar de proef van een campagne gemaakt",
    "campagne.sluiten": "Campagne gesloten",
    "campagne.uitkomst_gepubliceerd": "Uitkomst van campagne gepubliceerd",
    "campagne.citaten_gekozen": "Citaten bij de uitkomst gekozen",
    "campagne.punt_geschreven": "Punt van de terugkoppeling geschreven",
    "campagne.punt_weg": "Punt van de terugkoppeling weggehaald",
    "campagne.terugkoppeling_gepubliceerd": "Terugkoppeling gepubliceerd",
    "campagne.eindverslag": "Eindverslag vastgesteld",
    "campagne.opzij_gezet": "Deelnames aan campagne opzij gezet",
    "campagne.teruggezet": "Deelnames aan campagne teruggezet",
    "campagne.starten": "Campagne gestart",
    "campagne.stelling_afgewezen": "Stelling van een inwoner geweigerd",
    "campagne.stelling_goed": "Stelling van een inwoner goedgevonden",
    "campagne.stellingen": "Stellingen aan een campagne toegevoegd",
    "campagne.terughalen": "Campagne weer een concept gemaakt",
    "campagne.terugsturen": "Campagne teruggegeven aan de maker",
    "campagne.verbeterd": "Tekst van een campagne verbeterd",
    "campagne.verlengen": "Campagne verlengd",
    "council.feed_added": "Bron van vergaderingen toegevoegd",
    "council.feed_changed": "Bron van vergaderingen veranderd",
    "council.feed_removed": "Bron van vergaderingen verwijderd",
    "council.file_imported": "Tabel met vergaderingen ingelezen",
    "desk.aangemeld": "Aangemeld",
    "desk.code_geweigerd": "Verkeerde code bij de tweede stap",
    "desk.dienst_gekoppeld": "Account gekoppeld aan het account van het werk",
    "desk.dienst_geweigerd": "Aanmelden met het account van het werk mislukt",
    "desk.dienst_ontkoppeld": "Koppeling met het account van het werk weggehaald",
    "desk.geweigerd": "Aanmelden mislukt",
    "desk.herstelcode_gebruikt": "Herstelcode gebruikt",
    "desk.herstelcodes": "Nieuwe herstelcodes gemaakt",
    "desk.sessie_beeindigd": "Ander apparaat afgemeld",
    "desk.tweede_stap_aan": "Tweede stap aangezet",
    "desk.tweede_stap_uit": "Tweede stap uitgezet",
    "desk.wachtwoord": "Wachtwoord veranderd",
    "eigen_vraag.aan": "Eigen vraag in de chat gezet",
    "eigen_vraag.uit": "Eigen vraag uit de chat gehaald",
    "eigen_vraag.veranderd": "Eigen vraag veranderd",
    "eigen_vraag.toegevoegd": "Eigen vraag toegevoegd",
    "eigen_vraag.verwijderd": "Eigen vraag verwijderd",
    "feit.gewist": "Feit gewist",
    "feit.ingevuld": "Feit ingevuld",
    "filter.bewaard": "Filter bewaard",
    "filter.verwijderd": "Filter verwijderd",
    "inbreng.aanvulling": "Inwoner vulde de inbreng aan",
    "inbreng.antwoord": "Antwoord aan de inwoner",
    "inbreng.geen_reactie": "Wachttijd voorbij zonder reactie",
    "inbreng.gewijzigd": "Inwoner wijzigde de tekst van de inbreng",
    "inbreng.gewist": "Inbreng gewist op verzoek van de inwoner",
    "inbreng.in_bundel": "Inbreng in een bundel gezet",
    "inbreng.indeling": "Soort en thema gekozen",
    "inbreng.ingelezen": "Tabel met inbreng ingelezen",
    "inbreng.ingetrokken": "Inwoner trok de inbreng in",
    "inbreng.ingevoerd": "Inbreng ingevoerd",
    "inbreng.leesbaar": "Iets leesbaar gemaakt",
    "inbreng.losgemaakt": "Inbreng losgemaakt van de inwoner",
    "inbreng.notitie": "Notitie geschreven",
    "inbreng.ongedaan": "Wijziging ongedaan gemaakt",
    "inbreng.origineel": "Hele tekst gelezen",
    "inbreng.signaal": "Signaal beoordeeld",
    "inbreng.status": "Status veranderd",
    "inbreng.toegewezen": "Inbreng toegewezen",
    "inbreng.uit_bundel": "Inbreng uit een bundel gehaald",
    "inbreng.verborgen": "Iets verborgen",
    "instelling.veranderd": "Instelling veranderd",
    "raad.citaten_weggelaten": "Citaten uit een concept voor de raad weggelaten",
    "raad.concept_bewerkt": "Concept voor de raad bewerkt",
    "raad.concept_gemaakt": "Concept voor de raad gemaakt",
    "raad.concept_weggegooid": "Concept voor de raad weggegooid",
    "raad.vastgesteld": "Stuk voor de raad vastgesteld",
    "standaardtekst.veranderd": "Standaardtekst veranderd",
    "instelling.tweede_stap": "Regel voor de tweede stap veranderd",
    "instelling.tweede_stap_dienst": "Tweede stap van een aanmelddienst telt wel of niet",
    "logboek.opgeruimd": "Oudste deel van het logboek opgeruimd",
    "logboek.teruggezet": "Back-up teruggezet door wie Samenspel installeert",
    "masker.geleerd": "Woorden blijven voortaan leesbaar",
    "masker.vergeten": "Woorden worden voortaan weer verborgen",
    "medewerker.account_gesloten": "Account gesloten: werkte nergens meer",
    "medewerker.account_gewist": "Naam en adres van een gesloten account gewist",
    "medewerker.account_gemaakt": "Account gemaakt door wie Samenspel installeert",
    "medewerker.account_hersteld": "Account hersteld door wie Samenspel installeert",
    "medewerker.gevraagd": "Iemand van een andere gemeente vroeg toegang",
    "medewerker.verzoek_afgewezen": "Verzoek om toegang afgewezen",
    "medewerker.verzoek_goed": "Verzoek om toegang goedgekeurd",
    "medewerker.rol": "Rol veranderd",
    "medewerker.toegang_weg": "Toegang gestopt",
    "medewerker.toegelaten": "Uitnodiging aangenomen",
    "medewerker.tweede_stap_gewist": "Tweede stap gewist",
    "medewerker.uitgenodigd": "Medewerker uitgenodigd",
    "medewerker.uitnodiging_weg": "Uitnodiging ingetrokken",
    "medewerker.wachtwoord": "Eenmalig wachtwoord gegeven",
    "uitvoer.eindverslag": "Eindverslag van een campagne gedownload",
    "uitvoer.feiten": "Tabel met feiten gedownload",
    "uitvoer.figuur": "Getallen uit “Wat leeft er” gedownload",
    "uitvoer.logboek": "Logboek gedownload",
    "uitvoer.stuk": "Stuk voor de raad gedownload",
    "uitvoer.nummers": "Nummers van ingevoerde inbreng gedownload",
    "uitvoer.uitkomst": "Uitkomst van een campagne gedownload",
    "uitvoer.vernietigingslijst": "Vernietigingslijst gedownload",
    "vernietigingslijst.afgewezen": "Vernietigingslijst afgewezen",
    "vernietigingslijst.goedgekeurd": "Vernietigingslijst goedgekeurd",
    "vernietigingslijst.vernietigd": "Inbreng van een lijst vernietigd",
}
"""By the code in the log. A test keeps the list complete."""

_KEYS = {
    "aangeboden": "aangeboden",
    "address": "adres",
    "dagen": "dagen",
    "dienst": "aanmelddienst",
    "fresh_hours": "uren geldig",
    "gedeeld": "gedeeld",
    "iedereen": "voor iedereen",
    "in_de_chat": "in de chat",
    "kanaal": "kanaal",
    "kind": "soort",
    "klopt": "klopt",
    "nummer": "nummer",
    "naar": "nu",
    "naam": "naam",
    "nieuw": "nieuw",
    "onderwerp": "onderwerp",
    "reden": "reden",
    "regels": "regels",
    "rol": "rol",
    "soort": "soort",
    "uitnodiging": "uitnodiging",
    "tekens": "tekens",
    "tekst": "tekst",
    "tot_en_met": "tot en met",
    "van": "van",
    "versie": "versie",
    "vernietigen": "te vernietigen",
    "vraag": "vraag",
    "was": "was",
    "wat": "wat",
    "wordt": "nu",
}
REASONS = {
    "adres_niet_bevestigd": "de dienst bevestigde het adres niet",
    "al_gekoppeld": "dit account hoort bij een ander account van de dienst",
    "ander_domein": "het adres is niet van een domein van de dienst",
    "antwoord_past_niet": "het antwoord paste niet bij de vraag",
    "bewijs_klopt_niet": "het bewijs van de dienst klopte niet",
    "geen_account": "geen account met dit adres",
    "gesloten": "het account is gesloten",
}
"""Why somebody could not log in with the account of their work."""

_VALUES = words.MASKED_KINDS | REASONS | words.STATUSES | words.KINDS | words.ROLES | words.CHANNELS | TITLES


def action(code: str) -> str:
    """Say what was done."""
    return ACTIONS.get(code, code.replace(".", ": ").replace("_", " ").capitalize())


def details(known: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Say the particulars on one line.

    Args:
        names: of people, by their id as text.
    """
    parts = [
        "van een aanvulling"
        if key == "aanvulling"
        else f"{_KEYS.get(key, key.replace('_', ' '))}: {_value(value, names)}"
        for key, value in known.items()
        if value not in (None, "", [])
    ]
    return ", ".join(parts)


def who(line: Line) -> str:
    """Say who did it. Somebody who could not log in is nobody we know."""
    if line.who:
        return line.who
    refused = ("desk.geweigerd", "desk.code_geweigerd", "desk.dienst_geweigerd")
    return "Niet bekend" if line.event.action in refused else "Inwoner of programma"


def about(line: Line) -> str:
    """Say what it was about, when that has a name."""
    if line.about and line.event.record != str(line.event.clerk_id):
        return f"account van {line.about}"
    return line.reference or ""


def _value(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, dict):
        return ", ".join(f"{_value(key, names)} {_value(one, names)}" for key, one in value.items())
    if isinstance(value, list) and len(value) == 2 and value[0] in (None, *words.KINDS):
        return words.sorted_as(*value)  # a kind and a theme may have the same code
    if isinstance(value, list):
        return ", ".join(_value(one, names) for one in value)
    text = str(value)
    return names.get(text) or str(_VALUES.get(text, text))
