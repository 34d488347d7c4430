"""What griffiers read for the codes that the product stores, and for what just happened."""

from participation.language.themes import OTHER, themes
from participation.municipality_choices import Choices
from participation.privacy.masking_spans import MARKS
from participation.services.lifecycle import LABELS

CHANNELS = {
    "web": "Website",
    "widget": "Website",
    "telegram": "Telegram",
    "koppeling": "Ander kanaal",
    "telefoon": "Telefoon",
    "balie": "Balie",
    "papier": "Papier",
    "kraam": "Kraam op straat",
    "email": "E-mail",
    "bijeenkomst": "Bijeenkomst",
}

KINDS = {
    "vraag": "Vraag",
    "zorg": "Zorg",
    "idee": "Idee",
    "compliment": "Compliment",
    "initiatief": "Initiatief",
}

MASKED_KINDS = {kind: mark.strip("[]") for kind, mark in MARKS.items()}
"""What can be hidden in a text, as the mark in its place says."""

PUBLIC_KINDS = {"plaats": "een straat, plek of gebouw", "ambt": "iemand met een ambt, zoals een wethouder"}
"""By what words are public that stay readable."""

THEMES = {theme.id: theme.name for theme in themes().values()} | {OTHER: "Overig"}


def sorted_as(kind: str | None, theme: str | None) -> str:
    """Say how a contribution is sorted; either may be open."""
    said = KINDS.get(kind, kind) if kind else "Geen soort"
    return f"{said}, {THEMES.get(theme, theme) if theme else 'geen thema'}"


def themes_for(choices: Choices, in_force: str | None = None) -> dict[str, str]:
    """Return the themes that a municipality can choose; the one in force is always among them."""
    return {theme: name for theme, name in THEMES.items() if theme in {*choices.themes, in_force}}


ROLES = {
    "griffier": "griffier",
    "medewerker": "medewerker van de griffie",
    "raadslid": "raadslid",
    "campagneleider": "campagneleider",
    "beheerder": "beheerder",
}

STATUSES = LABELS

STATUS_TONES = {
    "ontvangen": "active",
    "in_behandeling": "valid",
    "reactie_gevraagd": "warning",
    "reactie_ontvangen": "active",
    "gebundeld": "neutral",
    "doorgezonden": "neutral",
    "ingepland": "neutral",
    "afgehandeld": "safe",
    "geannuleerd": "inactive",
    "heropend": "warning",
}
"""Which variant of the status badge shows each status. Colour only supports: the badge always holds the word."""

REASONS = {
    "te_moeilijk": "Te moeilijk",
    "klopt_niet": "Klopt niet",
    "andere_vraag": "Niet wat ik vroeg",
}
"""What residents can say was wrong with an answer."""

INVITATION_MAIL = {
    "wacht": "De mail wacht nog",
    "bezig": "De mail wordt verstuurd",
    "verstuurd": "Gemaild",
    "mislukt": "De mail kon niet worden verstuurd. Maak een nieuwe uitnodiging en stuur de link zelf.",
    "onzeker": "Misschien gemaild. Vraag het uw collega.",
}
"""What became of the mail with an invitation."""

NOTICES = {
    "uitkomst_gepubliceerd": "De uitkomst is gepubliceerd. Iedereen kan haar lezen.",
    "punt": "Het punt is opgeslagen.",
    "punt_weg": "Het punt is weg.",
    "terugkoppeling": "De terugkoppeling is gepubliceerd. Bij Berichten staat een bericht klaar.",
    "eindverslag": "Het eindverslag is vastgesteld. Het verandert niet meer.",
    "opzij": "De deelnames tellen niet meer mee. De telling wordt opnieuw gemaakt.",
    "teruggezet": "De deelnames tellen weer mee. De telling wordt opnieuw gemaakt.",
    "status": "De status is veranderd.",
    "gesloten": "De inbreng is gesloten. De inwoner krijgt uw toelichting in de chat.",
    "doorgestuurd": "De inbreng is doorgestuurd. Heeft de inwoner een chat? Dan leest die naar wie.",
    "ingepland": "De inbreng is ingepland. Heeft de inwoner een chat? Dan leest die voor wanneer.",
    "vraag": "Uw vraag is opgeslagen. De inwoner krijgt die in de chat.",
    "afdoening": "De afdoening is opgeslagen. U kunt haar vanaf nu kiezen.",
    "afdoening_anders": "De afdoening is veranderd.",
    "dagen": "De wachttijd is opgeslagen. Die geldt voor nieuwe vragen.",
    "gebundeld": "De inbreng zit nu in de bundel.",
    "losgemaakt": "De inbreng zit niet meer in de bundel.",
    "bundel_antwoord": "Uw antwoord is opgeslagen. Wie een chat heeft, krijgt het daar. Hieronder staat voor wie niet.",
    "bundel_gesloten": "De bundel is afgehandeld. Wie een chat heeft, leest daar uw toelichting.",
    "onderwerpen": "De computer zoekt opnieuw. Ververs deze pagina over een paar minuten.",
    "antwoord": "Uw antwoord is opgeslagen. De inwoner krijgt het in de chat.",
    "indeling": "Soort en thema zijn opgeslagen.",
    "leesbaar": "Iedereen aan het bureau kan dit stuk nu lezen.",
    "leesbaar_geleerd": "Iedereen kan dit stuk nu lezen. In nieuwe inbreng blijft het ook leesbaar.",
    "verborgen": (
        "De woorden zijn verborgen. Staat deze inbreng al in een vastgesteld stuk? Dat stuk verandert niet. "
        "U kunt het vervangen."
    ),
    "woorden_weg": "Deze woorden worden in nieuwe inbreng weer verborgen.",
    "toegewezen": "Uw keuze van de behandelaar is opgeslagen.",
    "notitie": "Uw notitie is bewaard. Alleen de griffie leest die.",
    "mail": "Uw keuze is opgeslagen.",
    "instelling": "Uw instelling is opgeslagen. Zij geldt meteen.",
    "standaardtekst": "De standaardtekst is opgeslagen. U kunt hem vanaf nu kiezen.",
    "samen_niets": "Kies eerst een of meer berichten.",
    "samen_toewijzen": "Kies eerst een collega. Er is niets veranderd.",
    "samen_thema": "Kies eerst een thema. Er is niets veranderd.",
    "samen_terug": "Uw wijziging is ongedaan gemaakt. Wat een collega intussen veranderde, blijft zo.",
    "samen_te_laat": "Ongedaan maken kan niet meer. Verander de berichten zelf.",
    "filter": "Het filter is bewaard. U vindt het onder “Bewaarde filters”.",
    "filter_naam": "Geef het filter een naam. Het is nog niet bewaard.",
    "filter_lang": "De naam van het filter is te lang. Gebruik ten hoogste 60 tekens.",
    "filter_groot": "Deze keuze is te groot om te bewaren. Kies minder filters of minder plaatsen.",
    "filter_vol": "U hebt al 50 filters. Verwijder er eerst een.",
    "filter_weg": "Het filter is verwijderd.",
    "wachtwoord": "Uw nieuwe wachtwoord is opgeslagen. Gebruik het vanaf nu om u aan te melden.",
    "rol": "De rol is veranderd.",
    "toegang_weg": "De toegang is gestopt. Wat deze collega in handen had, staat weer bij niemand.",
    "uitnodiging_weg": "De uitnodiging is ingetrokken. De link werkt niet meer.",
    "account_klaar": "Meld u aan met uw e-mailadres en wachtwoord. Had u al een account? Gebruik dat wachtwoord.",
    "welkom": "Welkom. U werkt nu voor deze gemeente.",
    "tweede_stap_regel": "De regel voor de tweede stap is opgeslagen.",
    "tweede_stap_dienst": "Uw keuze is opgeslagen.",
    "gevraagd": "Uw verzoek is verstuurd. Zegt de gemeente ja? Dan staat zij hieronder.",
    "verzoek_ja": "Deze collega werkt nu ook voor uw gemeente.",
    "verzoek_vervallen": (
        "Er is geen toegang gegeven. Wie dit vroeg, werkt voor geen enkele gemeente meer. "
        "Wilt u diegene toch toelaten? Stuur een uitnodiging."
    ),
    "verzoek_nee": "Het verzoek is afgewezen.",
    "dienst_los": "De koppeling is weg. Bij de volgende keer zoeken wij u weer op uw e-mailadres.",
    "tweede_stap_gewist": "De tweede stap is gewist. Deze collega stelt die opnieuw in.",
    "tweede_stap_uit": "De tweede stap staat uit.",
    "sessie_weg": "Dat apparaat is afgemeld.",
    "sessies_weg": "Alle andere apparaten zijn afgemeld.",
    "afgemeld": "U bent afgemeld.",
    "bron_erbij": "De bron is toegevoegd en ingelezen.",
    "bron_anders": "De bron is veranderd. Kies “Nu bijwerken” om hem meteen in te lezen.",
    "bron_weg": "De bron is verwijderd, met alles wat eruit kwam.",
    "bron_gelezen": "De bron is ingelezen. U ziet hieronder de nieuwste gegevens.",
    "feit": "Het feit is opgeslagen. De chat gebruikt het vanaf nu.",
    "feit_gewist": "Het feit is gewist. De chat gebruikt het niet meer.",
    "feiten_ingelezen": "De feiten zijn opgeslagen. De chat gebruikt ze vanaf nu.",
    "concept": "Het concept is opgeslagen. Inwoners zien het nog niet.",
    "antwoord_eigenaar": "De eigenaar is opgeslagen.",
    "concept_weg": "Het concept is weggegooid.",
    "antwoord_voorgelegd": "De tekst staat klaar voor controle door een collega.",
    "antwoord_terug": "De tekst is weer een concept.",
    "antwoord_live": "De tekst staat nu in de chat.",
    "antwoord_teruggezet": "De gekozen tekst staat weer in de chat.",
    "tabel_gelezen": "De tabel is ingelezen. U ziet hieronder de nieuwste gegevens.",
    "eigen_vraag": "De vraag is opgeslagen. Zij staat niet in de chat.",
    "eigen_vraag_chat": "De vraag is opgeslagen. De chat gebruikt uw antwoord vanaf nu.",
    "eigen_vraag_niet_nagekeken": "De vraag is opgeslagen. Wij konden niet nakijken of de chat er al iets anders op "
    "antwoordt. Sla haar later nog een keer op, dan kijken wij dat na.",
    "eigen_vraag_aan": "De vraag staat nu in de chat.",
    "eigen_vraag_aan_niet_nagekeken": "De vraag staat nu in de chat. Wij konden niet nakijken of de chat er al iets "
    "anders op antwoordt. Sla haar later nog een keer op, dan kijken wij dat na.",
    "eigen_vraag_uit": "De vraag staat niet meer in de chat.",
    "aangeboden": "De tekst staat in de bibliotheek. Andere gemeenten kunnen hem nu vinden.",
    "aangeboden_nieuw": "De nieuwe versie staat in de bibliotheek. Wie de tekst overnam, ziet dat.",
    "aangeboden_campagne": "De campagne staat in de bibliotheek. Andere gemeenten kunnen haar nu vinden.",
    "ingetrokken_campagne": "De campagne is ingetrokken. Wie haar overnam, houdt haar.",
    "overgenomen_campagne": "De campagne is overgenomen als concept. Vul in wat tussen [haken] staat.",
    "losgelaten_campagne": "De campagne is nu van uzelf. U ziet geen nieuws meer uit de bibliotheek.",
    "ingetrokken": "De tekst is ingetrokken. Wie hem overnam, houdt hem en ziet dat u hem introk.",
    "overgenomen": "De tekst is overgenomen als concept. Kijk hem na en laat hem daarna controleren door een collega.",
    "overgenomen_standaard": "De standaardtekst is overgenomen. U kunt hem kiezen bij inbreng. Kijk hem eerst na.",
    "overgenomen_vraag_niet_nagekeken": "De vraag is overgenomen. Wij konden niet nakijken of de chat er al iets "
    "anders op antwoordt. Sla haar later nog een keer op, dan kijken wij dat na.",
    "overgenomen_vraag": "De vraag is overgenomen. Kijk haar na. Een griffier zet haar in de chat.",
    "losgelaten": "De tekst is nu van uzelf. U ziet geen nieuws meer over deze tekst.",
    "eigen_vraag_weg": "De vraag is verwijderd.",
    "termijn": "De termijn is opgeslagen. Vanaf vannacht geldt die.",
    "ingevoerd_weg": "De tekst en het nummer of adres zijn gewist.",
    "ingevoerd_zeker": "Er is niets gewist. Zet eerst een vinkje bij “Ja, wis dit”.",
    "ingevoerd_te_laat": "Er is niets gewist. De raad werkt er al aan, of het is al klaar.",
    "signaal": "Uw oordeel is opgeslagen. Aan de inbreng is niets veranderd.",
    "lijst_goed": "De lijst is goedgekeurd. Vannacht wordt deze inbreng vernietigd.",
    "rapport_concept": "Het concept is gemaakt. Kijk het na en stel het daarna vast.",
    "rapport_weg": "Het concept is weggegooid.",
    "rapport_weggelaten": "Die citaten staan niet meer in het concept.",
    "rapport_stukken": "De lijst is bijgewerkt.",
    "rapport_vast": "Het stuk is vastgesteld. De bestanden staan zo voor u klaar.",
    "campagne": "De campagne is opgeslagen.",
    "campagne_langer": "De nieuwe einddatum is opgeslagen. Inwoners zien hem meteen.",
    "campagne_stap": "Dat is gedaan. Hieronder staat hoe de campagne er nu voor staat.",
    "campagne_proef": "De link is gemaakt. Een eerdere link werkt niet meer.",
    "campagne_proef_te_laat": "Er is geen link gemaakt. De campagne is al begonnen: u kunt nu echt meedoen.",
    "campagne_plek": "De plek staat in de lijst. U kunt nu de poster maken.",
    "stelling_besluit": "Uw besluit is opgeslagen. De inwoner hoort het in de chat.",
    "onderdeel": "Het onderdeel is opgeslagen.",
    "stelling": "De stellingen zijn opgeslagen.",
    "lijst_niet": "Uw besluit is opgeslagen. Er wordt niets vernietigd.",
}
"""Shown once after a form, by the short code in the address."""


def opening(text: str, characters: int = 220) -> str:
    """Return the first words of a text on one line, cut between words."""
    line = " ".join(text[: 4 * characters].split())
    if len(line) <= characters:
        return line if len(text) <= 4 * characters else f"{line} …"
    cut = line[:characters]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut else cut} …"
