"""The figures of what lives: each a title, a text, a table, and mostly a picture. Page and downloads show the same."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncSession

from desk import insight_words as say
from desk.words import CHANNELS, THEMES
from desk.worklist_words import figure
from participation.insight import counting, overview, subjects
from participation.insight.counting import DAY, MONTH, Counted
from participation.insight.overview import REST, Line, Rising, SubjectLine, View
from participation.insight.pictures import BARS, CURVE, OVER_TIME, Picture, Series
from participation.services import municipality_settings
from participation.services.placing import known_places

MOST_BARS = 15
"""Of longer tables the picture has the largest; the table has all."""


@dataclass(frozen=True)
class Row:
    """One line of a table. `query` chooses in the work list what it counts; `subject` opens a subject."""

    cells: Sequence[str]
    query: str = ""
    subject: Any = None


@dataclass(frozen=True)
class Figure:
    """What is told of one thing."""

    name: str
    title: str
    text: str
    columns: Sequence[str]
    rows: Sequence[Row]
    picture: Picture | None = None
    notes: Sequence[str] = field(default=())

    def table(self) -> list[Sequence[str]]:
        """The lines of the table, for a spreadsheet."""
        return [self.columns, *(row.cells for row in self.rows)]


@dataclass(frozen=True)
class Numbers:
    """What several figures are made of."""

    view: View
    counted: Counted
    by_subject: Mapping[str, Counter[Any]]
    names: Mapping[Any, str]
    municipality: str
    inhabitants: int

    @property
    def total(self) -> Line:
        """All that came in."""
        return overview.total(self.counted, self.view)

    @property
    def themes(self) -> list[Line]:
        """By theme: to who only reads each has a line, since a line that is there or not tells something."""
        always: list[Any] = [] if self.view.exact else [*THEMES, None]
        return overview.lines(self.counted.theme, self.view, always=always)

    @property
    def places(self) -> list[Line]:
        """By place."""
        return overview.lines(self.counted.place, self.view, open_ended=True)

    @property
    def channels(self) -> list[Line]:
        """By channel, under the name that the griffie knows."""
        names = list(dict.fromkeys(CHANNELS.values()))
        return overview.lines(
            self.counted.channel, self.view, always=names, named=lambda code: CHANNELS.get(code, code)
        )

    @property
    def subject_lines(self) -> list[SubjectLine]:
        """By subject."""
        return overview.subject_lines(self.names, self.by_subject, self.view)


async def read(session: AsyncSession, view: View, *, municipality: str, inhabitants: int) -> Numbers:
    """Count what the figures need, in a fixed number of queries."""
    return Numbers(
        view,
        await counting.counted(session, comparison=view.comparison, **view.about),
        await counting.by_subject(session, comparison=view.comparison, **view.about),
        await subjects.named(session, municipality_code=view.municipality_code),
        municipality,
        inhabitants,
    )


async def over_time(session: AsyncSession, numbers: Numbers) -> Figure:
    """How much came in, step by step."""
    view = numbers.view
    lines, size = overview.over_time(numbers.counted, view), counting.step_of(view.comparison)
    called = say.short_month if size == MONTH else say.short_day
    title = {DAY: "Berichten per dag", MONTH: "Berichten per maand"}.get(size, "Berichten per zeven dagen")
    text = say.amounts(numbers.total, view.comparison)
    labels = [called(line.key) for line in lines]
    notes = [
        f"De periode ervoor is: {say.before_name(view.comparison)}. De eerste dagen staan bij elkaar, en zo verder."
    ]
    if not view.exact:
        notes.append("Staat er nergens een balk of een punt? Dan is het getal klein, of het is niet getoond.")
    first = "Dag" if size == DAY else "Maand" if size == MONTH else "Vanaf"
    return Figure(
        "verloop",
        title,
        text,
        _columns(first, view),
        [Row((label, *_cells(line))) for label, line in zip(labels, lines, strict=True)],
        Picture(OVER_TIME, title, text, labels, _series(lines, view)),
        notes,
    )


async def by_theme(session: AsyncSession, numbers: Numbers) -> Figure:
    """What it was about."""
    labels: dict[object, str] = {key: name for key, name in THEMES.items()}  # noqa: C416  of any key
    return _compared(numbers, "themas", "Berichten per thema", "Thema", numbers.themes, labels, ("thema", say.NO_THEME))


async def by_place(session: AsyncSession, numbers: Numbers) -> Figure:
    """Which districts and villages were named."""
    lines = numbers.places
    labels: dict[object, str] = {line.key: str(line.key) for line in lines if line.key not in (None, REST)}
    notes = ["De plaats is een wijk of dorp dat in het bericht staat. Veel berichten noemen er geen."]
    if not numbers.view.exact:
        notes.append(f"{say.OTHER_PLACES} zijn in elke periode de plaatsen met minder dan vijf berichten.")
    return _compared(
        numbers, "plaatsen", "Berichten per wijk of dorp", "Plaats", lines, labels, ("plaats", say.NO_PLACE), notes
    )


async def rising(session: AsyncSession, numbers: Numbers) -> Figure:
    """What comes in more often than one would expect."""
    view = numbers.view
    told = {("theme", line.key) for line in numbers.themes if line.now.number is not None}
    told |= {("place", line.key) for line in numbers.places if line.now.number is not None}
    told |= {("subject", one.id) for one in numbers.subject_lines}
    found = await overview.rises(session, view, numbers.counted, numbers.by_subject, told=told)
    title = "Meer dan u zou verwachten"
    notes = [
        "Wij vergelijken met vier perioden ervoor. Hier staat wat ten minste anderhalf keer zo vaak kwam als "
        "gewoonlijk, van drie of meer inwoners. Dat het toeval is, is niet waarschijnlijk. De oorzaak weten wij niet.",
    ]
    columns = ("Wat", "Soort", "Nu", "Gewoonlijk")
    if found is None:
        early = "Er is nog te weinig tijd voorbij om mee te vergelijken."
        return Figure("stijgers", title, early, columns, (), None, notes)
    rows = [_rising_row(one, numbers) for one in found]
    if not rows:
        text = "Niets kwam duidelijk vaker dan u zou verwachten."
    else:
        told_of = say.enumeration([f"{row.cells[0]} ({row.cells[2]})" for row in rows[:3]])
        text = f"Dit kwam vaker dan u zou verwachten: {told_of}."
    return Figure("stijgers", title, text, columns, rows, None, notes)


def _rising_row(one: Rising, numbers: Numbers) -> Row:
    kind = {"theme": "Thema", "place": "Plaats", "subject": "Onderwerp"}[one.kind]
    label = {"theme": THEMES, "subject": numbers.names}.get(one.kind, {}).get(one.key, str(one.key))
    usual = "-" if one.expected is None else f"ongeveer {one.expected:.1f}".replace(".", ",")
    query = "" if one.kind == "subject" else _query(numbers.view, "thema" if one.kind == "theme" else "plaats", one.key)
    return Row((label, kind, str(one.now), usual), query, one.key if one.kind == "subject" else None)


async def by_subject(session: AsyncSession, numbers: Numbers) -> Figure:
    """Which subjects were found by likeness."""
    view, found = numbers.view, numbers.subject_lines
    state = await overview.looked_for(session, view)
    title = "Onderwerpen die op elkaar lijken"
    text = say.subjects(found, state.texts) if state.at else "De computer heeft nog niet naar onderwerpen gezocht."
    notes = [
        "De computer legt berichten bij elkaar die op elkaar lijken, ook als de woorden anders zijn. Een onderwerp "
        "heet naar de woorden die er het meest in opvallen. Er zit wel eens iets bij dat er niet hoort: kijk zelf.",
    ]
    lines = [one.line for one in found]
    labels = [one.words for one in found]
    return Figure(
        "onderwerpen",
        title,
        text,
        _columns("Onderwerp", view),
        [Row((one.words, *_cells(one.line)), subject=one.id) for one in found],
        _bars(title, text, labels, lines, view) if found else None,
        notes,
    )


async def answer_times(session: AsyncSession, numbers: Numbers) -> Figure:
    """How long residents waited for a first answer."""
    times = await overview.answer_times(session, numbers.view)
    title = "Tijd tot het eerste antwoord"
    columns = ("Wat", "Waarde")
    if times is None:
        few = "Er kwam niets binnen." if numbers.view.exact else "Er is te weinig om tijden te tonen."
        return Figure("antwoordtijd", title, few, columns, ())
    rows = [
        ("Berichten", str(times.total)),
        ("Daarvan met een antwoord", str(times.answered)),
        ("De helft heeft antwoord na", say.days(times.median)),
        ("Negen van de tien hebben antwoord na", say.days(times.slow)),
    ]
    for days, share in times.within.items():
        label = f"Antwoord binnen {days} {'dag' if days == 1 else 'dagen'}"
        rows.append((label, "nog niet bekend" if share is None else f"{round(100 * share)}%"))
    text = say.waiting(times)
    picture = None
    if times.curve:
        points = [(0.0, 0.0), *times.curve]
        shares = Series("Heeft een antwoord", [share for _, share in points])
        picture = Picture(CURVE, title, text, [str(day) for day, _ in points], [shares], "% heeft een antwoord")
    notes = [
        "Een antwoord is een tekst van de griffie, of een afhandeling met toelichting. Een vraag aan de inwoner telt "
        "niet. Wat nog geen antwoord heeft, telt mee in de schatting (Kaplan-Meier).",
    ]
    return Figure("antwoordtijd", title, text, columns, [Row(cells) for cells in rows], picture, notes)


async def satisfaction(session: AsyncSession, numbers: Numbers) -> Figure:
    """Whether answers helped."""
    view = numbers.view
    about: dict[str, Any] = {"municipality_code": view.municipality_code, "span": view.comparison.now}
    helped = overview.verdict_lines(await counting.helped(session, **about), view)
    clear = overview.verdict_lines(await counting.clear(session, **about), view)
    title = "Hielp het antwoord?"
    both = (("Antwoorden van de griffie", helped), ("Antwoorden van de chat", clear))
    text = " ".join(say.verdict(found["ja"], found["nee"], label.lower()) for label, found in both)
    anything = any(amount.number for _, found in both for amount in found.values())
    picture = Picture(
        BARS,
        title,
        text,
        [label for label, _ in both],
        [Series(name, [found[key].number for _, found in both]) for key, name in (("ja", "Ja"), ("nee", "Nee"))],
        "keer gezegd",
    )
    rows = [Row((label, say.number(found["ja"]), say.number(found["nee"]))) for label, found in both]
    notes = ["Inwoners kiezen zelf of zij iets zeggen. Wie dat doet, is niet altijd zoals wie dat niet doet."]
    return Figure("tevredenheid", title, text, ("Wat", "Ja", "Nee"), rows, picture if anything else None, notes)


async def reach(session: AsyncSession, numbers: Numbers) -> Figure:
    """Through which channels residents spoke, and from where little came."""
    view, lines = numbers.view, numbers.channels
    title = "Wie wij bereiken"
    labels: dict[object, str] = {line.key: str(line.key) for line in lines}
    parts = [say.most(lines, labels, "geen kanaal")]
    total = numbers.total.now
    if total.number:
        share = 1000 * total.number / numbers.inhabitants
        written = f"{share:.2f}".replace(".", ",")
        parts.append(f"Op {figure(numbers.inhabitants)} inwoners is dat {written} per 1.000 inwoners.")
    notes = ["Hoeveel inwoners een wijk of dorp heeft, weten wij niet. Daarmee vergelijken wij dus niet."]
    if view.exact:
        heard = {line.key for line in numbers.places if line.now.number}
        code = view.municipality_code
        areas = (await municipality_settings.areas_of(session)).get(code)
        known = known_places(municipality_code=code, municipality=numbers.municipality, areas=areas)
        silent = [place for place in known if place not in heard]
        if silent:
            parts.append(f"Deze wijken en dorpen noemde niemand: {say.enumeration(silent)}.")
    text = " ".join(parts)
    rows = [Row((labels[line.key], *_cells(line)), _query(view, "kanaal", _code(line.key))) for line in lines]
    return Figure(
        "bereik",
        title,
        text,
        _columns("Kanaal", view),
        rows,
        _bars(title, text, [labels[line.key] for line in lines], lines, view),
        notes,
    )


FIGURES: dict[str, Callable[[AsyncSession, Numbers], Awaitable[Figure]]] = {
    "verloop": over_time,
    "stijgers": rising,
    "themas": by_theme,
    "onderwerpen": by_subject,
    "plaatsen": by_place,
    "antwoordtijd": answer_times,
    "tevredenheid": satisfaction,
    "bereik": reach,
}
"""In the order of the page."""


def _compared(
    numbers: Numbers,
    name: str,
    title: str,
    column: str,
    lines: Sequence[Line],
    labels: dict[object, str],
    unnamed: tuple[str, str],
    notes: Sequence[str] = (),
) -> Figure:
    view, (filter_name, nothing) = numbers.view, unnamed
    text = say.most(lines, labels, "geen thema" if filter_name == "thema" else "geen plaats")
    called = labels | {None: nothing, REST: say.OTHER_PLACES}
    rows = [
        Row(
            (called.get(line.key, str(line.key)), *_cells(line)),
            _query(view, filter_name, line.key) if line.key in labels and line.now.number else "",
        )
        for line in lines
    ]
    drawn = [line for line in lines if line.key is not None][:MOST_BARS]
    bars = [called.get(line.key, str(line.key)) for line in drawn]
    picture = _bars(title, text, bars, drawn, view) if drawn else None
    return Figure(name, title, text, _columns(column, view), rows, picture, notes)


def _bars(title: str, text: str, labels: Sequence[str], lines: Sequence[Line], view: View) -> Picture:
    return Picture(BARS, title, text, labels[:MOST_BARS], _series(lines[:MOST_BARS], view))


def _series(lines: Sequence[Line], view: View) -> list[Series]:
    period = view.comparison.period
    return [
        Series(period.name, [line.now.number for line in lines]),
        Series(say.before_name(view.comparison), [line.before.number for line in lines]),
    ]


def _columns(first: str, view: View) -> tuple[str, ...]:
    return (first, _capital(view.comparison.period.name), _capital(say.before_name(view.comparison)), "Verschil")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cells(line: Line) -> tuple[str, str, str]:
    return say.number(line.now), say.number(line.before), say.change(line)


def _query(view: View, name: str, value: object) -> str:
    span = view.comparison.now
    last = span.until - timedelta(days=1)
    return "?" + urlencode([(name, str(value)), ("van", span.first.isoformat()), ("tot", last.isoformat())])


def _code(name: object) -> str:
    return next(code for code, called in CHANNELS.items() if called == name)
