"""What griffiers read about entering for somebody: channels, ways to answer, and what is wrong with what they typed."""

import uuid
from collections.abc import Mapping
from dataclasses import replace

from desk.words import CHANNELS, KINDS, THEMES, themes_for
from participation.answer_faults import LineFault
from participation.models.contribution import KINDS as KIND_ORDER
from participation.municipality_choices import Choices
from participation.services import on_behalf, on_behalf_table
from participation.services.on_behalf_table import Names

ENTERED_CHANNELS = {code: CHANNELS[code] for code in on_behalf.CHANNELS}
ANSWERS = {
    "telefoon": "Bellen",
    "email": "E-mail",
    "post": "Brief",
    "zelf": "Vraagt er zelf naar, met het nummer",
}
NAMES = Names(ENTERED_CHANNELS, {code: KINDS[code] for code in KIND_ORDER}, THEMES, ANSWERS)


def names_for(choices: Choices) -> Names:
    """Return the names that a municipality can choose from: without the themes that it does not use."""
    return replace(NAMES, themes=themes_for(choices))


CHAT_GONE = "De chat is gewist. Deze inwoner krijgt niets."
NO_ANSWER = "Ingevoerd door de griffie. De inwoner wil geen antwoord."
ASKS_BY_NUMBER = "Ingevoerd door de griffie. De inwoner vraagt zelf hoe het staat."


def without_chat(told_by: Mapping[uuid.UUID, str | None], contribution_id: uuid.UUID) -> str:
    """Say what becomes of an answer to somebody whom the chat can not reach; `told_by` has what the desk entered."""
    if contribution_id not in told_by:
        return CHAT_GONE
    way = told_by[contribution_id]
    if way is None:
        return NO_ANSWER
    return ASKS_BY_NUMBER if way == "zelf" else f"Krijgt niets van de chat. Antwoord zelf: {ANSWERS[way].lower()}."


FAULTS = {
    "text": {
        "leeg": "Schrijf op wat de inwoner vertelde.",
        "te_lang": "De tekst is te lang. Met de plek erbij mag die 10.000 tekens zijn.",
    },
    "channel": {"onbekend": f"Kies hoe het binnenkwam: {', '.join(ENTERED_CHANNELS.values())}."},
    "received_on": {
        "datum": "Dit is geen datum. Schrijf bijvoorbeeld 31-12-2026.",
        "toekomst": "Deze dag komt nog. Vul de dag in waarop het binnenkwam.",
        "te_oud": "Dit is langer dan vijf jaar geleden. Controleer het jaar.",
    },
    "place": {"te_lang": f"De plek is te lang. Gebruik hooguit {on_behalf.LONGEST_PLACE} tekens."},
    "kind": {"onbekend": f"Kies een soort, of laat het leeg: {', '.join(NAMES.kinds.values())}."},
    "theme": {"onbekend": "Dit thema kennen wij niet. Neem een thema uit de lijst, of laat het leeg."},
    "answer_by": {"onbekend": f"Kies hoe de inwoner antwoord wil, of laat het leeg: {', '.join(ANSWERS.values())}."},
    "contact": {
        "leeg": "Vul het nummer of adres in waar het antwoord heen moet.",
        "onnodig": "De inwoner wil geen antwoord van u, of vraagt er zelf naar. Haal het nummer of adres weg.",
        "te_lang": f"Dit is te lang. Gebruik hooguit {on_behalf.LONGEST_CONTACT} tekens.",
    },
    "tabel": {
        "leeg": "Er staat geen inbreng in de tabel.",
        "kolommen": "De kolommen “kanaal”, “ontvangen_op” en “tekst” moeten erin staan.",
        "te_groot": f"De tabel heeft meer dan {on_behalf_table.MOST_LINES} regels. Deel de tabel in stukken.",
        "te_veel_kolommen": "Er staan te veel kolommen op deze regel. Staat er een puntkomma in de tekst? "
        "Zet de tekst dan tussen aanhalingstekens.",
        "onleesbaar": "Deze regel is niet te lezen.",
    },
}
"""Field, code, sentence; for the form and for the lines of a table alike."""

FORM_FIELDS = {
    "text": "tekst",
    "channel": "kanaal",
    "received_on": "ontvangen",
    "place": "plek",
    "kind": "soort",
    "theme": "thema",
    "answer_by": "antwoord",
    "contact": "contact",
}
"""The name of each field in the form."""


def form_errors(faults: dict[str, str]) -> dict[str, str]:
    """What is wrong, by the name of the field in the form."""
    return {FORM_FIELDS[field]: FAULTS[field][code] for field, code in faults.items()}


def line_error(fault: LineFault) -> str:
    """What is wrong on a line of a table, with the number of the line."""
    detail = f" (“{fault.detail}”)" if fault.detail else ""
    column = f", kolom “{on_behalf_table.FIELDS[fault.field]}”" if fault.field in on_behalf_table.FIELDS else ""
    return f"Regel {fault.line}{column}{detail}: {FAULTS[fault.field][fault.code]}"
