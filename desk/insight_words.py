"""What the page of what lives says in words: made from the numbers, so that nobody needs the pictures."""

from collections.abc import Sequence
from datetime import date

from desk.worklist_words import figure
from participation.dates import MONTHS
from participation.insight.answer_time import AnswerTime
from participation.insight.overview import Amount, Line, SubjectLine
from participation.insight.period import Comparison

SMALL, HIDDEN = "minder dan 5", "niet getoond"
NO_THEME, NO_PLACE, OTHER_PLACES = "Nog niet bepaald", "Geen plaats genoemd", "Andere plaatsen"


def number(amount: Amount) -> str:
    """Write a number, or why it is not there."""
    if amount.number is None:
        return SMALL if amount.is_small else HIDDEN
    return figure(amount.number)


def messages(amount: Amount) -> str:
    """Write `1 bericht`, `12 berichten` or `minder dan 5 berichten`."""
    return f"{number(amount)} {'bericht' if amount.number == 1 else 'berichten'}"


def change(line: Line) -> str:
    """Write how much more or less. In words: a spreadsheet takes a sign for a sum."""
    if line.change is None:
        return "-"
    if line.change == 0:
        return "gelijk"
    return f"{figure(abs(line.change))} {'meer' if line.change > 0 else 'minder'}"


def short_day(day: date) -> str:
    """Write `9 nov`."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def short_month(day: date) -> str:
    """Write `nov 2026`."""
    return f"{MONTHS[day.month - 1][:3]} {day.year}"


def before_name(comparison: Comparison) -> str:
    """Name the period before, as far as it counts."""
    name = comparison.period.before().name
    whole = comparison.before == comparison.period.before().span
    return name if whole else f"dezelfde dagen van {name}"


def amounts(line: Line, comparison: Comparison) -> str:
    """Say how much came in."""
    name = comparison.period.name
    until = "" if comparison.now == comparison.period.span else " tot en met vandaag"
    said = f"In {name} {'kwam' if line.now.number == 1 else 'kwamen'}{until} {messages(line.now)} binnen."
    than = before_name(comparison)
    if line.change is None:
        return said
    if line.change == 0:
        return f"{said} Dat is evenveel als in {than}."
    return f"{said} Dat is {change(line)} dan in {than} ({number(line.before)})."


def most(lines: Sequence[Line], labels: dict[object, str], what: str) -> str:
    """Say what there was most of, and what grew most."""
    shown = [line for line in lines if line.now.number and line.key in labels]
    if not shown:
        return f"Er is nog niets over te zeggen: {what} heeft getallen die wij kunnen tonen."
    top = sorted(shown, key=lambda line: -(line.now.number or 0))[:3]
    listed = [f"{labels[line.key]} ({number(line.now)})" for line in top]
    said = f"De meeste berichten: {enumeration(listed)}."
    grown = max(shown, key=lambda line: line.change or 0)
    if grown.change and grown.change > 0:
        said += f" Er kwam het meest bij: {labels[grown.key]}, {change(grown)} dan ervoor."
    return said


def waiting(times: AnswerTime) -> str:
    """Say how long residents wait."""
    if not times.answered:
        return f"Nog geen van de {figure(times.total)} berichten heeft een antwoord."
    half = (
        f"De helft van de berichten had na {days(times.median)} een antwoord."
        if times.median is not None
        else "Minder dan de helft van de berichten heeft een antwoord. Hoelang het duurt, weten wij dus nog niet."
    )
    slow = (
        f" Negen van de tien hadden dat na {days(times.slow)}."
        if times.slow is not None
        else " Negen van de tien is nog niet gehaald."
        if times.median is not None
        else ""
    )
    open_ = times.total - times.answered
    if not open_:
        return half + slow
    verb = "bericht heeft" if open_ == 1 else "berichten hebben"
    return f"{half}{slow} {figure(open_)} {verb} geen antwoord. Ook die tellen mee, met de tijd dat ze wachtten."


def days(number_of_days: float | None) -> str:
    """Write `3 dagen`; less than a day in hours."""
    if number_of_days is None:
        return "nog niet bekend"
    hours = round(number_of_days * 24)
    if hours < 1:
        return "minder dan een uur"
    if hours < 48:
        return f"{hours} uur"
    return f"{round(number_of_days)} dagen"


def verdict(yes: Amount, no: Amount, about: str) -> str:
    """Say what residents thought."""
    if yes.number is None or no.number is None:
        return f"Te weinig inwoners zeiden iets over {about} om het te tonen."
    both = yes.number + no.number
    if not both:
        return f"Niemand zei nog iets over {about}."
    return f"Over {about}: {figure(yes.number)} van de {figure(both)} keer ja ({percentage(yes.number, both)})."


def subjects(found: Sequence[SubjectLine], texts: int) -> str:
    """Say which subjects there are most of."""
    if not found:
        return "De computer vond in deze periode geen onderwerp waar vijf of meer berichten over gaan."
    top = enumeration([f"“{one.words}” ({number(one.line.now)})" for one in found[:3]])
    return f"De computer vergeleek {figure(texts)} berichten. In deze periode gaan de meeste over {top}."


def percentage(part: int, whole: int) -> str:
    """Write `75%`."""
    return f"{round(100 * part / whole)}%" if whole else "0%"


def enumeration(parts: Sequence[str]) -> str:
    """Write `a, b en c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} en {parts[-1]}" if parts else ""
