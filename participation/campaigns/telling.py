"""An outcome in words first, tables second: blocks that the desk, the public page and the papers are all made from.

It says what is not known as well: nobody can check whether who took part is like who lives there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from participation.campaigns.counting import AGREES, DISAGREES, UNSURE
from participation.campaigns.matrix import FEWEST_VOTES
from participation.campaigns.suppression import MOST, NEARLY_ALL, TOTAL
from participation.models.taking_part import AGE_BANDS

Block = dict[str, Any]
Content = Mapping[str, Any]

NOT_SHOWN = "niet getoond"
_CLEAR = 0.35
"""Silhouette under which groups run into each other so far that the reader has to know."""

AGES = {
    "tot18": "Jonger dan 18 jaar",
    "18-29": "18 tot en met 29 jaar",
    "30-44": "30 tot en met 44 jaar",
    "45-64": "45 tot en met 64 jaar",
    "65+": "65 jaar of ouder",
}
SIDES = {AGREES: "eens", DISAGREES: "oneens", UNSURE: "weet niet"}
_MOSTLY = {NEARLY_ALL: "bijna iedereen", MOST: "de meesten"}


def head(text: str, level: int = 2) -> Block:
    """Begin a part."""
    return {"soort": "kop", "niveau": level, "tekst": text}


def say(text: str) -> Block:
    """A paragraph."""
    return {"soort": "alinea", "tekst": text}


def listed(lines: Sequence[str]) -> Block:
    """A list of sentences."""
    return {"soort": "lijst", "regels": list(lines)}


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Block:
    """A table whose first column says what the numbers beside it are of."""
    return {
        "soort": "tabel",
        "titel": title,
        "kolommen": list(columns),
        "regels": [[cell if isinstance(cell, str) else number(cell) for cell in row] for row in rows],
        "getallen": list(range(1, len(columns))),
        "gelijk": True,
    }


def number(value: float | None) -> str:
    """A number as Dutch people write it."""
    if value is None:
        return NOT_SHOWN
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else f"{value:.1f}".replace(".", ",")


def tell(content: Content, *, inhabitants: Mapping[str, tuple[str, int]], fewest: int) -> list[Block]:
    """Return the outcome in words and tables.

    Args:
        inhabitants: by municipality that takes part its name, and how many people live there.
        fewest: of how many people a number has to be before it is shown to this reader.
    """
    statements = {row["nummer"]: row["tekst"] for part in content["onderdelen"] for row in part.get("stellingen", ())}
    blocks = [head("In het kort"), *_short(content)]
    if groups := content.get("groepen"):
        blocks += _groups(groups, statements)
    for part in content["onderdelen"]:
        blocks += _part(part)
    blocks += _who(content, inhabitants)
    return blocks + _how(content, fewest)


def _short(content: Content) -> list[Block]:
    people, finished = content["deelnemers"], content["klaar"]
    lines = ["Hoeveel mensen meededen, tonen wij niet." if people is None else f"{number(people)} mensen deden mee."]
    if finished is not None:
        lines.append(f"{number(finished)} van hen kwamen tot het einde.")
    groups = content.get("groepen")
    statements = sum(len(part.get("stellingen", ())) for part in content["onderdelen"])
    if groups:
        lines.append(f"Er zijn {len(groups['groepen'])} groepen mensen die veel hetzelfde antwoorden.")
        lines.append(
            f"Over {_statements(len(groups['samen']))} zijn alle groepen het samen eens of oneens."
            if groups["samen"]
            else "Over geen enkele stelling denken alle groepen duidelijk hetzelfde."
        )
    elif statements and statements < FEWEST_VOTES:
        lines.append("Er waren te weinig stellingen om groepen te maken. Daarvoor zijn er zeven nodig.")
    elif statements:
        lines.append("Wij zien geen groepen die duidelijk anders antwoorden dan de rest.")
    return [listed(lines)]


def _statements(count: int) -> str:
    return "1 stelling" if count == 1 else f"{count} stellingen"


def _quoted(text: str) -> str:
    return f"“{text}”"


def _out_of_ten(tenths: int | None) -> str:
    if tenths is None:
        return "de meesten"
    return "bijna iedereen" if tenths == 10 else "bijna niemand" if tenths == 0 else f"ongeveer {tenths} van de 10"


def _groups(groups: Content, statements: Mapping[int, str]) -> list[Block]:
    blocks = [head("Wat alle groepen samen vinden")]
    if groups["samen"]:
        blocks.append(
            listed(
                [
                    f"In elke groep is een meerderheid het {'eens' if one['eens'] else 'oneens'} met: "
                    f"{_quoted(statements[one['nummer']])}"
                    for one in groups["samen"]
                ]
            )
        )
    else:
        blocks.append(say("Er is geen stelling waarover een duidelijke meerderheid van elke groep hetzelfde denkt."))
    blocks.append(head("Wat de groepen verdeelt"))
    if groups["verdeelt"]:
        blocks.append(
            listed(
                [
                    f"{_quoted(statements[one['nummer']])} In groep {one['meest']} is "
                    f"{_out_of_ten(one['deel_meest'])} het eens. "
                    f"In groep {one['minst']} is {_few(one['deel_minst'])} het eens."
                    for one in groups["verdeelt"]
                ]
            )
        )
    else:
        blocks.append(say("Over geen enkele stelling denken de groepen sterk verschillend."))
    blocks.append(head("Waar elke groep voor staat"))
    if groups["scherpte"] < _CLEAR:
        blocks.append(say("De groepen lopen in elkaar over. Zie ze als richtingen, niet als vaste kampen."))
    for group in groups["groepen"]:
        letter = group["letter"]
        if group["mensen"] is None:
            blocks += [head(f"Groep {letter}", 3), say("Hoeveel mensen in deze groep zitten, tonen wij niet.")]
        else:
            blocks.append(head(f"Groep {letter}: {number(group['mensen'])} mensen", 3))
        lines = [
            f"{'Eens' if one['eens'] else 'Oneens'} met {_quoted(statements[one['nummer']])} "
            f"({_out_of_ten(one['deel'])})"
            for one in groups["staat_voor"][letter]
        ]
        blocks.append(listed(lines) if lines else say("Deze groep vindt niets duidelijk meer dan de andere groepen."))
    letters = [group["letter"] for group in groups["groepen"]]
    blocks.append(
        table(
            "Hoeveel mensen van elke groep het eens zijn, van wie stemde",
            ["Stelling", *(f"Groep {letter}" for letter in letters)],
            [
                [f"{number_}. {statements[int(number_)]}", *(_agree(row[letter]) for letter in letters)]
                for number_, row in groups["stellingen"].items()
            ],
        )
    )
    if groups["geen_groep"]:
        blocks.append(
            say(f"{number(groups['geen_groep'])} mensen stemden minder dan zeven keer. Zij zitten in geen groep.")
        )
    blocks.append({"soort": "beeld", "naam": "groepen"})
    return blocks


def _few(tenths: int | None) -> str:
    return "een klein deel" if tenths is None else _out_of_ten(tenths)


def _agree(row: Content) -> str:
    if row[AGREES] is None or row[TOTAL] is None:
        return _mostly(row)
    return f"{number(row[AGREES])} van {number(row[TOTAL])}"


def _mostly(row: Content) -> str:
    if "vooral" not in row:
        return NOT_SHOWN
    side, word = row["vooral"]
    return f"{_MOSTLY[word]} {SIDES[side]}"


def _part(part: Content) -> list[Block]:
    blocks = [head(part["tekst"])]
    if "stellingen" in part:
        blocks.append(
            table(
                "Stemmen per stelling",
                ["Stelling", "Eens", "Oneens", "Weet niet", "Samen"],
                [
                    [
                        f"{row['nummer']}. {row['tekst']}" + (f" ({_mostly(row)})" if "vooral" in row else ""),
                        row[AGREES],
                        row[DISAGREES],
                        row[UNSURE],
                        row[TOTAL],
                    ]
                    for row in part["stellingen"]
                ],
            )
        )
    if "keuzes" in part:
        blocks += _choices(part)
    if "scores" in part:
        if part["gemiddeld"] is not None:
            blocks.append(say(f"Gemiddeld gaven mensen een {number(part['gemiddeld'])}."))
        blocks.append(
            table(
                "Hoe vaak elk cijfer is gegeven",
                ["Cijfer", "Mensen"],
                [*([str(row["score"]), row["aantal"]] for row in part["scores"]), ["Samen", part[TOTAL]]],
            )
        )
    return blocks + _written(part)


def _choices(part: Content) -> list[Block]:
    counts = [row["aantal"] for row in part["keuzes"]]
    blocks = []
    # A hidden number may be the largest.
    if None not in counts and any(counts) and part["soort"] != "rangorde":
        most = max(part["keuzes"], key=lambda row: row["aantal"])
        blocks.append(say(f"Het meest gekozen: {most['tekst']} ({number(most['aantal'])} mensen)."))
    places = part.get("plaats")
    columns = ["Antwoord", "Op de eerste plaats", "Gemiddelde plaats"] if places else ["Antwoord", "Mensen"]
    rows = [
        [row["tekst"], row["aantal"], *([places[row["id"]]] if places else [])]
        for row in sorted(part["keuzes"], key=lambda row: -(row["aantal"] or 0))
    ]
    rows.append(["Mensen die antwoord gaven", part[TOTAL], *([""] if places else [])])
    blocks.append(table("Antwoorden", columns, rows))
    if part.get("meer"):
        blocks.append(say("Mensen mochten meer antwoorden kiezen. De aantallen tellen daarom niet op tot het geheel."))
    return blocks


def _written(part: Content) -> list[Block]:
    """What people wrote themselves."""
    if "schreven" not in part:
        return []
    blocks = [say(f"Mensen die iets schreven: {number(part['schreven'])}.")]
    if "vergeleken" in part:
        blocks.append(say(f"De computer vergeleek een deel van de teksten: {number(part['vergeleken'])}."))
    if part["onderwerpen"]:
        blocks.append(
            table(
                "Waar mensen over schreven: woorden die bij elkaar horen",
                ["Onderwerp", "Mensen"],
                [[one["woorden"], one["aantal"]] for one in part["onderwerpen"]],
            )
        )
    elif part["schreven"]:
        blocks.append(say("De computer vond geen onderwerpen die genoeg mensen noemden."))
    if part["themas"]:
        blocks.append(
            table("Antwoorden per thema", ["Thema", "Mensen"], [[one["naam"], one["aantal"]] for one in part["themas"]])
        )
    quotes = [(one["woorden"], quote) for one in part["onderwerpen"] for quote in one["citaten"]]
    if quotes:
        blocks.append(say("In hun eigen woorden, met toestemming en zonder namen:"))
        blocks += [{"soort": "citaat", "nummer": place, "tekst": quote} for place, (_, quote) in enumerate(quotes, 1)]
    return blocks


def _who(content: Content, inhabitants: Mapping[str, tuple[str, int]]) -> list[Block]:
    """Who took part beside who lives there, as far as anybody knows."""
    blocks = [head("Wie deden mee, en wie niet")]
    counts = content.get("per_gemeente", {})
    rows = [
        [name, counts.get(code, content["deelnemers"] if len(inhabitants) == 1 else ""), people]
        for code, (name, people) in inhabitants.items()
    ]
    if rows:
        blocks.append(table("Per gemeente", ["Gemeente", "Deden mee", "Inwoners"], rows))
    areas = content["gebieden"]
    if set(areas) - {"onbekend"}:
        rows = [[name.capitalize() if name == "onbekend" else name, count] for name, count in areas.items()]
        blocks.append(table("Per wijk of dorp, zoals mensen zelf zeiden", ["Wijk of dorp", "Deden mee"], rows))
    ages = content["leeftijden"]
    if any(ages[band] != 0 for band in AGE_BANDS):
        rows = [[AGES.get(band, "Onbekend"), count] for band, count in ages.items()]
        blocks.append(table("Per leeftijd, zoals mensen zelf zeiden", ["Leeftijd", "Deden mee"], rows))
    blocks.append(
        listed(
            [
                "Iedereen kon meedoen. De mensen die meededen zijn niet door loting gekozen.",
                "De uitkomst zegt dus wat deze mensen vinden, niet wat alle inwoners vinden.",
                "Wij weten niet hoeveel mensen per wijk of per leeftijd in de gemeente wonen. "
                "Dat staat niet in dit systeem.",
                "Wij weten niet of iemand met twee apparaten twee keer meedeed.",
            ]
        )
    )
    return blocks


def _how(content: Content, fewest: int) -> list[Block]:
    lines = [
        f"Getallen van minder dan {fewest} mensen tonen wij niet. "
        "Soms tonen wij een ander getal ook niet, omdat u het anders kunt uitrekenen.",
        "De groepen zijn gemaakt met de methode van Polis: mensen die hetzelfde stemmen staan bij elkaar.",
        "Alleen wie zeven keer of vaker stemde, zit in een groep. Een groep heeft ten minste tien mensen.",
        "Wie een antwoord veranderde, telt met het laatste antwoord.",
    ]
    if content["opzij"] is None:
        lines.append("Een klein aantal deelnames telt niet mee. Er waren tekens dat die niet echt waren.")
    elif content["opzij"]:
        lines.append(
            f"{number(content['opzij'])} deelnames tellen niet mee. Er waren tekens dat die niet echt waren. "
            "De reden is opgeschreven."
        )
    return [head("Zo is geteld"), listed(lines)]
