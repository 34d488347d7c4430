"""The published outcome as open data: how many people gave each answer, one a row, with a codebook.

Not in it, of what the page shows: means and mean places, "nearly all" and "most", how many were set aside or are in no
group, how many live somewhere, and quotes.

There are no rows of participants. Somebody's votes together are nearly always theirs alone: who knows a few of them
finds the others, whatever is left out beside them.
"""

from collections.abc import Mapping
from typing import Any

from participation.campaigns.counting import AGREES, DISAGREES, UNSURE
from participation.campaigns.outcome import Outcome
from participation.campaigns.suppression import TOTAL
from participation.dates import AMSTERDAM
from participation.models import Campaign
from participation.tables import write

COLUMNS = ("onderdeel", "soort", "vraag", "over", "antwoord", "aantal", "totaal")

CODEBOOK = {
    "onderdeel": "Nummer van het onderdeel van de campagne. 0 is de campagne als geheel.",
    "soort": "Wat voor vraag, zoals stellingen of keuze. Of waarvan het getal is, zoals deelnemers of leeftijd.",
    "vraag": "De vraag of de stelling, zoals mensen die zagen.",
    "over": "Over wie het getal gaat: alle, of de letter van een groep mensen die veel hetzelfde antwoorden.",
    "antwoord": "Het antwoord dat is geteld. Bij stellingen: eens, oneens of weet_niet.",
    "aantal": "Hoeveel mensen dit antwoord gaven. Leeg: niet getoond, omdat het over te weinig mensen gaat.",
    "totaal": "Hoeveel mensen de vraag beantwoordden. Leeg: niet getoond of niet van toepassing.",
}
NOTES = (
    "Getallen van minder dan tien mensen staan er niet in. Soms staat er daarom nog een getal niet in.",
    "Er zijn geen gegevens per persoon. Met een paar antwoorden is iemand vaak te herkennen.",
    "Wie meedeed koos daar zelf voor. De uitkomst zegt niet wat alle inwoners vinden.",
    "Ook niet in dit bestand: gemiddelden, inwoners per gemeente, deelnames die niet meetellen en zinnen van mensen.",
    "Bij een volgorde telt alleen het antwoord op de eerste plaats.",
    "Van heel veel teksten vergelijkt de computer een deel. Het totaal bij een thema of onderwerp is dan dat deel.",
)
Row = tuple[Any, ...]


def rows_of(content: Mapping[str, Any]) -> list[Row]:
    """Return all numbers, in the order of the page."""
    people = content["deelnemers"]
    rows: list[Row] = [
        (0, "deelnemers", "Hoeveel mensen deden mee?", "alle", "deed mee", people, people),
        (0, "deelnemers", "Hoeveel mensen deden mee?", "alle", "kwam tot het einde", content["klaar"], people),
    ]
    rows += [(0, "gemeente", "Uit welke gemeente?", "alle", *pair, people) for pair in content["per_gemeente"].items()]
    rows += [
        (0, "gebied", "Uit welke wijk of welk dorp?", "alle", *pair, people) for pair in content["gebieden"].items()
    ]
    rows += [(0, "leeftijd", "Hoe oud?", "alle", *pair, people) for pair in content["leeftijden"].items()]
    for place, part in enumerate(content["onderdelen"], 1):
        rows += _part(place, part)
    rows += _groups(content)
    return rows


def _part(place: int, part: Mapping[str, Any]) -> list[Row]:
    kind, question = part["soort"], part["tekst"]
    rows: list[Row] = []
    for row in part.get("stellingen", ()):
        rows += [
            (place, kind, f"{row['nummer']}. {row['tekst']}", "alle", value, row[value], row[TOTAL])
            for value in (AGREES, DISAGREES, UNSURE)
        ]
    rows += [
        (place, kind, question, "alle", row["tekst"], row["aantal"], part[TOTAL]) for row in part.get("keuzes", ())
    ]
    rows += [
        (place, kind, question, "alle", str(row["score"]), row["aantal"], part[TOTAL]) for row in part.get("scores", ())
    ]
    if "schreven" in part:
        rows.append((place, kind, question, "alle", "schreef iets", part["schreven"], part["schreven"]))
    wrote = part.get("vergeleken", part.get("schreven"))
    rows += [
        (place, kind, question, "alle", f"thema: {one['naam']}", one["aantal"], wrote) for one in part.get("themas", ())
    ]
    rows += [
        (place, kind, question, "alle", f"onderwerp: {one['woorden']}", one["aantal"], wrote)
        for one in part.get("onderwerpen", ())
    ]
    return rows


def _groups(content: Mapping[str, Any]) -> list[Row]:
    groups = content.get("groepen")
    if not groups:
        return []
    places = {
        row["nummer"]: (place, row["tekst"])
        for place, part in enumerate(content["onderdelen"], 1)
        for row in part.get("stellingen", ())
    }
    rows: list[Row] = [
        (0, "groep", "Hoe groot is de groep?", one["letter"], "in de groep", one["mensen"], content["deelnemers"])
        for one in groups["groepen"]
    ]
    for number, letters in groups["stellingen"].items():
        place, text = places[int(number)]
        rows += [
            (place, "stellingen", f"{number}. {text}", letter, value, row[value], row[TOTAL])
            for letter, row in letters.items()
            for value in (AGREES, DISAGREES, UNSURE)
        ]
    return rows


def as_csv(content: Mapping[str, Any]) -> str:
    """All numbers as a table."""
    return write([COLUMNS, *(["" if cell is None else cell for cell in row] for row in rows_of(content))])


def as_json(campaign: Campaign, found: Outcome) -> dict[str, Any]:
    """All numbers with what they mean."""
    return {
        "campagne": {
            "id": campaign.public_id,
            "titel": campaign.title,
            "gemeente": campaign.municipality_code,
            "begonnen": _day(campaign.started_at),
            "gesloten": _day(campaign.closed_at),
            "geteld": _day(found.counted_at),
        },
        "licentie": "CC0-1.0",
        "codeboek": CODEBOOK,
        "opmerkingen": list(NOTES),
        "regels": [dict(zip(COLUMNS, row, strict=True)) for row in rows_of(found.content)],
    }


def _day(moment: Any) -> str | None:
    return moment.astimezone(AMSTERDAM).date().isoformat() if moment else None
