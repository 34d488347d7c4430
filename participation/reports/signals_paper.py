"""The report on signals: what people who are not known told, in numbers and in their own words."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from participation.reports.figures import ELSEWHERE, NO_PLACE, Figures, Line
from participation.reports.gathering import LONGEST_QUOTE, UNSORTED
from participation.reports.paper import NOT_SHOWN, Heading, Paper, one_line, theme_names

Quotes = Mapping[str, Sequence[tuple[uuid.UUID, str]]]
"""Texts without personal data, by theme."""

KINDS = {
    "vraag": "Vraag",
    "zorg": "Zorg",
    "idee": "Idee",
    "compliment": "Compliment",
    "initiatief": "Initiatief",
    UNSORTED: "Nog niet ingedeeld",
}
PLACES = {NO_PLACE: "Geen plaats genoemd", ELSEWHERE: "Andere plaatsen"}
REST = "Rest, niet apart getoond"
TOTAL = "Totaal"
COLUMNS = ("Nu", "Ervoor", "Verschil")
MOST_NAMED = 3


def signals_paper(heading: Heading, figures: Figures, quotes: Quotes) -> Paper:
    """Write the report."""
    paper, names = Paper(heading), theme_names()
    paper.head("In het kort")
    for sentence in _in_short(figures, names, compares=heading.scope.compares):
        paper.say(sentence)
    if not figures.themes:
        _explain(paper)
        return paper
    paper.head("Per thema")
    _counts(paper, "Berichten per thema", "Thema", _rows(figures, figures.themes, names))
    if figures.places:
        paper.head("Per gebied")
        _counts(paper, "Berichten per gebied", "Gebied", _rows(figures, figures.places, PLACES))
    if figures.kinds:
        paper.head("Per soort")
        _counts(paper, "Berichten per soort", "Soort", _rows(figures, figures.kinds, KINDS))
    told = [line for line in figures.themes if line.now]
    if told:
        paper.head("De thema’s een voor een")
    for theme in told:
        name, places = names.get(theme.name, theme.name), figures.places_of.get(theme.name, ())
        _theme(paper, name, theme, places, quotes.get(theme.name, ()))
    _explain(paper)
    return paper


def _counts(paper: Paper, title: str, first: str, rows: Sequence[Sequence[Any]]) -> None:
    columns = (first, *(COLUMNS if paper.heading.scope.compares else COLUMNS[:1]))
    paper.table(title, columns, [row[: len(columns)] for row in rows], range(1, len(columns)))


def _in_short(figures: Figures, names: Mapping[str, str], *, compares: bool) -> list[str]:
    total = figures.total
    if total.now is None:
        return ["Er kwamen te weinig anonieme berichten binnen om getallen te laten zien."]
    if total.now == 0:
        return ["Er kwamen geen anonieme berichten binnen."]
    said = [f"Er {_came(total.now)} binnen. {_compared(total) if compares else ''}".strip()]
    most = [f"{names.get(line.name, line.name)} ({line.now})" for line in figures.themes if line.now][:MOST_NAMED]
    if most:
        said.append(f"De meeste gaan over {_listed(most)}.")
    risen = max(figures.themes, key=lambda line: _difference(line) or 0, default=None)
    if compares and risen is not None and (_difference(risen) or 0) > 0:
        name = names.get(risen.name, risen.name)
        said.append(f"Het meest erbij kwam {name}: van {risen.before} naar {risen.now} berichten.")
    return said


def _came(count: int) -> str:
    return "kwam 1 anoniem bericht" if count == 1 else f"kwamen {count} anonieme berichten"


def _compared(line: Line) -> str:
    if line.before is None:
        return "In de periode ervoor waren het er te weinig om te laten zien."
    return f"In de periode ervoor {'was het er 1' if line.before == 1 else f'waren het er {line.before}'}."


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} en {parts[-1]}"


def _difference(line: Line) -> int | None:
    return None if line.now is None or line.before is None else line.now - line.before


def _rows(figures: Figures, lines: Sequence[Line], names: Mapping[str, str]) -> list[list[Any]]:
    rows = [_row(names.get(line.name, line.name), line) for line in lines]
    rest = figures.rest(lines)
    if rest.now or rest.before:
        rows.append(_row(REST, rest))
    return [*rows, _row(TOTAL, figures.total)]


def _row(name: str, line: Line) -> list[Any]:
    difference = _difference(line)
    signed = NOT_SHOWN if difference is None else f"{difference:+d}" if difference else "0"
    return [
        name,
        NOT_SHOWN if line.now is None else line.now,
        NOT_SHOWN if line.before is None else line.before,
        signed,
    ]


def _theme(
    paper: Paper, name: str, line: Line, places: Sequence[Line], quotes: Sequence[tuple[uuid.UUID, str]]
) -> None:
    paper.head(name, level=3)
    count = "1 bericht" if line.now == 1 else f"{line.now} berichten"
    paper.say(f"{count}. {_compared(line)}" if paper.heading.scope.compares else f"{count}.")
    named = [place for place in places if place.name not in PLACES]
    if named:
        rows = [[PLACES.get(place.name, place.name), place.now] for place in places]
        paper.table(f"{name}: waar het over gaat", ("Gebied", "Nu"), rows, (1,))
    for contribution_id, text in quotes:
        paper.quote(one_line(text, LONGEST_QUOTE), contribution_id)


def _explain(paper: Paper) -> None:
    scope = paper.heading.scope
    paper.head("Hoe u dit leest")
    paper.say(
        "Dit verslag gaat over berichten van inwoners van wie de raad de naam niet weet. Berichten met naam en brieven "
        "staan op de lijst van ingekomen stukken. Wat een inwoner introk, telt niet mee."
    )
    paper.say(
        f"Een getal over minder dan {scope.fewest} mensen laten wij niet zien. Soms laten wij ook een groter getal weg "
        f"omdat u het kleine getal anders kunt uitrekenen. Zo’n getal telt wel mee in het totaal. Er staat dan "
        f"“{NOT_SHOWN}”, of het zit in “{REST}”. Een gebied dat te klein is, noemen wij bij een thema niet."
    )
    paper.say(
        "De computer stelt een thema voor en de griffie kan dat verbeteren. Het gebied is de wijk of het dorp die de "
        "inwoner noemt. Eén inwoner kan meer berichten sturen. De getallen zijn geen peiling onder alle inwoners."
    )
    if scope.for_council:
        paper.say(
            "Citaten zijn de woorden van inwoners die ja zeiden tegen doorgeven aan de raad. Namen, adressen en andere "
            "persoonlijke gegevens zijn eruit gehaald. De griffie weet bij welk bericht een citaat hoort."
        )
    else:
        paper.say("Inwoners gaven hun woorden aan de raad. Daarom staan in dit openbare verslag geen citaten.")
