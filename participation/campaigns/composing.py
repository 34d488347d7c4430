"""An outcome as it is kept: for each municipality and for all together, and for the desk and the public, what is shown.

Nothing of one person is in it. Where a number is hidden there is null.
"""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from participation.campaigns import consensus, counting, suppression
from participation.campaigns.counting import AGREES, DISAGREES, UNSURE, Answered, Raw, Rows
from participation.campaigns.groups import Groups
from participation.campaigns.matrix import Votes
from participation.campaigns.open_answers import Words
from participation.campaigns.suppression import TOTAL, Shown, Table
from participation.language.themes import OTHER, themes
from participation.models import CampaignPart
from participation.models.campaign_outcome import EVERYWHERE
from participation.models.taking_part import AGE_BANDS

VOTES = (AGREES, DISAGREES, UNSURE)
NO_GROUP = "geen"
NO_SUBJECT = ""
WROTE = "schreef"
Content = dict[str, Any]


@dataclass(frozen=True)
class Counted:
    """What an outcome is made of. `groups` is about the people of `votes`, who are `voters` in their order."""

    raw: Raw
    votes: Votes
    voters: Sequence[uuid.UUID]
    groups: Groups | None
    words: Mapping[uuid.UUID, Words]
    aside: Mapping[str, int]
    """People set aside, by municipality."""


def compose(counted: Counted, *, fewest: int) -> dict[str, Content]:
    """Return the outcome by municipality, and of all together under EVERYWHERE."""
    raw = counted.raw
    abouts = [*raw.codes, EVERYWHERE]
    found: dict[str, Content] = {about: {"onderdelen": []} for about in abouts}
    _people(counted, found, fewest)
    statements = _statement_tables(counted, fewest)
    for part in raw.parts:
        answers = raw.answers.get(part.id, ())
        pieces = _part(part, answers, raw, statements, abouts, fewest)
        words = _words(counted.words.get(part.id, Words()), raw, abouts, fewest)
        for about in abouts:
            head = {"id": str(part.id), "soort": part.kind, "tekst": part.text}
            found[about]["onderdelen"].append(head | pieces[about] | words[about])
    if counted.groups is not None:
        found[EVERYWHERE]["groepen"] = _groups(counted, counted.groups, statements, fewest)
    return found


def _people(counted: Counted, found: dict[str, Content], fewest: int) -> None:
    """Who took part: how many, to the end or not, from where and how old."""
    raw = counted.raw
    in_areas = counting.by_area(raw)
    names = sorted({name for row in in_areas.values() for name in row if name})
    ends, by_name, ages = suppression.shown_together(
        [
            _table(("klaar", "bezig"), counting.by_end(raw), raw),
            _table((*names, counting.UNSAID), in_areas, raw),
            _table((*AGE_BANDS, counting.UNSAID), counting.by_age(raw), raw),
        ],
        fewest=fewest,
    )
    areas = _called(by_name, names, raw)
    aside = {code: Counter(opzij=number) for code, number in counted.aside.items()}
    left_out = suppression.shown(Table(("opzij",), aside, {}), fewest=fewest)
    for about, content in found.items():
        content["deelnemers"] = ends[about][TOTAL]
        content["klaar"] = ends[about]["klaar"]
        content["opzij"] = left_out[about]["opzij"] if about in left_out else 0
        content["gebieden"] = areas[about]
        content["leeftijden"] = {band: ages[about][band] for band in AGE_BANDS} | {"onbekend": ages[about][""]}
    found[EVERYWHERE]["per_gemeente"] = {code: ends[code][TOTAL] for code in raw.codes}


def _called(table: Mapping[str, Shown], names: Sequence[str], raw: Raw) -> dict[str, Shown]:
    """The numbers of areas by their names; of a municipality only its own."""
    often = Counter(name.split(":", 1)[1] for name in names)

    def called(name: str, about: str) -> str:
        """What an area is called; with its municipality where there are two of that name."""
        code, _, area = name.partition(":")
        if about == EVERYWHERE and often[area] > 1:
            return f"{area} ({raw.names.get(code, code)})"
        return area or "onbekend"

    return {
        about: {
            called(name, about): number
            for name, number in row.items()
            if name != TOTAL and (about == EVERYWHERE or not name or name.startswith(f"{about}:"))
        }
        for about, row in table.items()
    }


def _table(columns: Sequence[str], rows: Rows, raw: Raw, groups: Rows | None = None) -> Table:
    return Table(columns, {code: rows.get(code, Counter()) for code in raw.codes}, groups or {})


def _statement_tables(counted: Counted, fewest: int) -> dict[int, dict[str, Content]]:
    """By the number of a statement and by row (municipality, all, or letter of a group): its numbers as shown."""
    raw = counted.raw
    rows = counting.by_statement(raw, raw.home)
    in_groups = counting.by_statement(raw, _letters(counted)) if counted.groups else {}
    found = {}
    for number, row in rows.items():
        groups = in_groups.get(number, {})
        if counted.groups:
            groups = {letter: groups.get(letter, Counter()) for letter in (*counted.groups.letters, NO_GROUP)}
        table = _table(VOTES, row, raw, groups)
        shown = suppression.shown(table, fewest=fewest)
        all_rows = table.all_rows()
        found[number] = {
            about: _with_most(numbers, {key: all_rows[about][key] for key in VOTES}, fewest)
            for about, numbers in shown.items()
        }
    return found


def _with_most(numbers: Shown, real: Mapping[str, int], fewest: int) -> Content:
    """Say what most do where the numbers are hidden and that tells nothing of the few."""
    content: Content = dict(numbers)
    if any(numbers[key] is None for key in VOTES) and (side := suppression.mostly(real, fewest=fewest)):
        content["vooral"] = list(side)
    return content


def _letters(counted: Counted) -> dict[uuid.UUID, str]:
    """The letter of the group of each voter."""
    if counted.groups is None:
        return {}
    letters = (*counted.groups.letters, NO_GROUP)  # a label of -1 is the last
    return {person: letters[label] for person, label in zip(counted.voters, counted.groups.labels, strict=True)}


def _part(
    part: CampaignPart,
    answers: Sequence[Answered],
    raw: Raw,
    statements: Mapping[int, dict[str, Content]],
    abouts: Sequence[str],
    fewest: int,
) -> dict[str, Content]:
    """The numbers of one part, by row."""
    if part.kind == "stellingen":
        own = [one for one in raw.statements if one.part_id == part.id]
        return {
            about: {
                "stellingen": [
                    {"nummer": one.number, "tekst": one.masked_text or one.text} | statements[one.number][about]
                    for one in own
                ]
            }
            for about in abouts
        }
    texts = {str(option["id"]): str(option["text"]) for option in part.options}
    if part.kind == "schaal":
        scores = [str(score) for score in range(part.rules.get("lowest", 1), part.rules.get("highest", 5) + 1)]
        return _scale(_table(scores, counting.by_value(answers, raw.home, "score"), raw), abouts, fewest)
    if part.kind == "plaats":
        rows = counting.by_place(answers, raw.home)
        if part.rules.get("words") or any(counting.TYPED in row for row in rows.values()):
            texts[counting.TYPED] = "Een plek in eigen woorden"
        shown = suppression.shown(_table(list(texts), rows, raw), fewest=fewest)
        return {about: _options(shown[about], texts) for about in abouts}
    if part.kind == "keuze" and part.rules.get("most", 1) > 1:
        return _several(answers, texts, raw, abouts, fewest)
    if part.kind == "open":
        return {about: {} for about in abouts}
    shown = suppression.shown(_table(list(texts), counting.by_value(answers, raw.home, "options"), raw), fewest=fewest)
    pieces = {about: _options(shown[about], texts) for about in abouts}
    if part.kind == "rangorde":
        for about in abouts:
            # With a mean one could calculate: of a hidden number, or of the one municipality that has none.
            beside = list(shown.values()) if about == EVERYWHERE else [shown[about]]
            told = shown[about][TOTAL] and all(None not in row.values() for row in beside)
            pieces[about]["plaats"] = _places(answers, list(texts), raw, about) if told else dict.fromkeys(texts)
    return pieces


def _options(row: Shown, texts: Mapping[str, str]) -> Content:
    return {
        "keuzes": [{"id": key, "tekst": text, "aantal": row[key]} for key, text in texts.items()],
        TOTAL: row[TOTAL],
    }


def _several(
    answers: Sequence[Answered], texts: Mapping[str, str], raw: Raw, abouts: Sequence[str], fewest: int
) -> dict[str, Content]:
    """Of each option who chose it; one person may have chosen several."""
    tables = suppression.shown_together(
        [_table(("ja", "nee"), counting.by_option(answers, raw.home, option), raw) for option in texts], fewest=fewest
    )
    return {
        about: {
            "meer": True,
            "keuzes": [
                {"id": option, "tekst": text, "aantal": table[about]["ja"]}
                for (option, text), table in zip(texts.items(), tables, strict=True)
            ],
            TOTAL: tables[0][about][TOTAL],
        }
        for about in abouts
    }


def _scale(table: Table, abouts: Sequence[str], fewest: int) -> dict[str, Content]:
    """Of each score how many gave it. The mean is told only where all scores are: with it one could calculate."""
    shown = suppression.shown(table, fewest=fewest)
    found = {}
    for about in abouts:
        row = shown[about]
        total = row[TOTAL]
        known = {int(score): row[score] for score in table.columns}
        mean = None
        if total and None not in known.values():
            mean = round(sum(score * (number or 0) for score, number in known.items()) / total, 1)
        found[about] = {
            "scores": [{"score": score, "aantal": number} for score, number in known.items()],
            TOTAL: total,
            "gemiddeld": mean,
        }
    return found


def _places(answers: Sequence[Answered], options: Sequence[str], raw: Raw, about: str) -> dict[str, float | None]:
    """The mean place of each option."""
    home = raw.home
    here = [one for one in answers if about in (EVERYWHERE, home[one.person])]
    return {option: round(place, 1) for option, place in counting.mean_places(here, options).items()}


def _words(words: Words, raw: Raw, abouts: Sequence[str], fewest: int) -> dict[str, Content]:
    """What people wrote: how many, about which themes and subjects, and quotes of subjects of enough people.

    Each wrote one text, which has one theme and is in at most one subject. Where not all were compared, it is said of
    how many people the themes and subjects are.
    """
    if not words.writers:
        return {about: {} for about in abouts}
    names = {theme.id: theme.name for theme in themes().values()} | {OTHER: "Overig"}
    subjects = {str(place): one.people for place, one in enumerate(words.subjects)}
    inside = {person for people in subjects.values() for person in people}
    not_compared = set(words.not_compared)
    compared = [person for person in words.writers if person not in not_compared]
    subjects[NO_SUBJECT] = tuple(person for person in compared if person not in inside)
    by_theme, by_subject = suppression.shown_together(
        [_divided(words.themes or {OTHER: compared}, raw), _divided(subjects, raw)], fewest=fewest
    )
    wrote = suppression.shown(_divided({WROTE: words.writers}, raw), fewest=fewest) if not_compared else by_subject
    found = {}
    for about in abouts:
        found[about] = {
            "schreven": wrote[about][TOTAL],
            **({"vergeleken": by_subject[about][TOTAL]} if not_compared else {}),
            "themas": [
                {"naam": names.get(theme, theme), "aantal": by_theme[about][theme]}
                for theme in words.themes
                if by_theme[about][theme]
            ],
            "onderwerpen": [
                {
                    "woorden": one.words,
                    "aantal": by_subject[about][str(place)],
                    "citaten": list(one.quotes) if _all(about) else [],
                }
                for place, one in enumerate(words.subjects)
                if by_subject[about][str(place)]
            ],
        }
    return found


def _divided(people: Mapping[str, Sequence[uuid.UUID]], raw: Raw) -> Table:
    """A table of people who are each in one column."""
    home = raw.home
    rows: Rows = {}
    for column, own in people.items():
        for person in own:
            rows.setdefault(home[person], Counter())[column] += 1
    return _table(list(people), rows, raw)


def _all(about: str) -> bool:
    """Quotes are of all together: beside a number of one municipality they would say where somebody lives."""
    return about == EVERYWHERE


def _groups(counted: Counted, groups: Groups, statements: Mapping[int, dict[str, Content]], fewest: int) -> Content:
    """What the groups think. Shares are in tenths, and missing where the numbers below them are hidden."""
    tally = counted.votes.tally(groups.labels, len(groups.letters))
    names = counted.votes.names
    letters = _letters(counted)
    home = counted.raw.home
    rows: Rows = {code: Counter() for code in counted.raw.codes}
    for person, letter in letters.items():
        rows[home[person]][letter] += 1
    spread = suppression.shown(_table((*groups.letters, NO_GROUP), rows, counted.raw), fewest=fewest)

    def tenths(number: int, letter: str, side: str) -> int | None:
        row = statements[number][letter]
        return None if row[side] is None or not row[TOTAL] else round(10 * row[side] / row[TOTAL])

    return {
        "groepen": [{"letter": letter, "mensen": spread[EVERYWHERE][letter]} for letter in groups.letters],
        "geen_groep": spread[EVERYWHERE][NO_GROUP],
        "per_gemeente": {code: {letter: spread[code][letter] for letter in groups.letters} for code in rows},
        "scherpte": round(groups.silhouette, 2),
        "staat_voor": {
            letter: [
                {
                    "nummer": names[one.statement],
                    "eens": one.agrees,
                    "deel": tenths(names[one.statement], letter, AGREES if one.agrees else DISAGREES),
                }
                for one in stands
            ]
            for letter, stands in zip(groups.letters, consensus.stands_for(tally), strict=True)
        },
        "samen": [{"nummer": names[one.statement], "eens": one.agrees} for one in consensus.shared_by_all(tally)],
        "verdeelt": [
            {
                "nummer": names[one.statement],
                "meest": groups.letters[one.most_in],
                "minst": groups.letters[one.least_in],
                "deel_meest": tenths(names[one.statement], groups.letters[one.most_in], AGREES),
                "deel_minst": tenths(names[one.statement], groups.letters[one.least_in], AGREES),
            }
            for one in consensus.what_divides(tally)
        ],
        "stellingen": {
            str(number): {letter: statements[number][letter] for letter in groups.letters} for number in names
        },
    }
