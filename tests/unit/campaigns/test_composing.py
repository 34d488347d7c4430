"""An outcome beside an intruder, who tries every number that fits what is told."""

import uuid
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from scipy.optimize import linprog

from participation.campaigns.composing import Counted, compose
from participation.campaigns.counting import Answered, Person, Raw
from participation.campaigns.groups import Groups
from participation.campaigns.matrix import collect
from participation.campaigns.open_answers import Subject, Words
from participation.campaigns.suppression import FEWEST
from participation.models import CampaignPart, Statement
from participation.models.campaign_outcome import EVERYWHERE
from participation.models.taking_part import AGE_BANDS

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NAMES = {"GM0344": "Utrecht", "GM0307": "Amersfoort", "GM0363": "Amsterdam"}
SIDES = {"eens": 1, "oneens": -1, "weet_niet": 0}
COLOURS, RANK, LETTERS = ("rood", "groen", "blauw"), ("eerst", "dan", "later"), ("A", "B", "geen")
STATEMENTS = ("1", "2")
WAYS = {
    "mensen": ("klaar", "gebied", "leeftijd"),
    "1": ("1",),
    "2": ("2",),
    "keuze": COLOURS,
    "schaal": ("schaal",),
    "rangorde": ("rangorde",),
    "open": ("thema", "onderwerp"),
}
"""What people are divided in: by a total, each way in which it is divided."""

ALL = "samen"
TOTAL_OF = {way: total for total, ways in WAYS.items() for way in ways}


def imagine(rng, people):
    """People with the place of each in every way of dividing them: uneven, so that some places are of few."""

    def one_of(*these):
        shares = 0.4 ** np.arange(len(these))
        return these[int(rng.choice(len(these), p=shares / shares.sum()))]

    def one():
        code = str(rng.choice(list(NAMES), p=[0.6, 0.3, 0.1]))
        found = {"code": code, "groep": one_of(*LETTERS), "klaar": one_of("ja", "ja", "nee")}
        area = one_of("Noord", "Zuid", None, "Oost")
        found |= {"gebied": f"{code}:{area}" if area else "onbekend", "leeftijd": one_of(*AGE_BANDS, "onbekend")}
        found |= {number: one_of(*SIDES) for number in STATEMENTS if rng.random() < 0.9}
        if rng.random() < 0.8:
            chosen = {colour: one_of("ja", "nee") for colour in COLOURS}
            found |= chosen if "ja" in chosen.values() else {}
        if rng.random() < 0.8:
            found |= {"schaal": one_of("3", "2", "4", "1"), "rangorde": one_of(*RANK)}
        if rng.random() < 0.7:
            found |= {"thema": one_of(*"abcd"), "onderwerp": one_of("bomen", "banken", "geen", "wegen")}
        return found

    return {uuid.UUID(bytes=rng.bytes(16)): one() for _ in range(people)}


def counted_of(people):
    """The same people as they are read."""

    def options_of(texts):
        return [{"id": one, "text": one} for one in texts]

    kinds = {
        "stellingen": ([], {}),
        "keuze": (options_of(COLOURS), {"most": 3}),
        "schaal": ([], {"lowest": 1, "highest": 4}),
        "rangorde": (options_of(RANK), {"most": 3}),
        "open": ([], {}),
    }
    parts = [
        CampaignPart(id=uuid.UUID(int=place), kind=kind, text=kind, options=options, rules=rules)
        for place, (kind, (options, rules)) in enumerate(kinds.items())
    ]
    values = {
        parts[1]: lambda one: {"options": [colour for colour in COLOURS if one.get(colour) == "ja"]},
        parts[2]: lambda one: {"score": one.get("schaal")},
        parts[3]: lambda one: {"options": [one["rangorde"]] if "rangorde" in one else []},
    }
    answers = {
        part.id: [Answered(id_, value(one), None, False) for id_, one in people.items() if any(value(one).values())]
        for part, value in values.items()
    }
    votes = [(id_, int(way), SIDES[one[way]]) for id_, one in people.items() for way in STATEMENTS if way in one]
    matrix, voters = collect(votes)
    labels = np.array([LETTERS.index(people[id_]["groep"]) for id_ in voters])
    groups = Groups(LETTERS[:2], np.where(labels == 2, -1, labels), np.zeros((len(voters), 2)), 0.5, None)

    def divided(way):
        found = {}
        for id_, one in people.items():
            if way in one:
                found.setdefault(one[way], []).append(id_)
        return found

    words = Words(
        tuple(id_ for id_, one in people.items() if "thema" in one),
        tuple(Subject(name, tuple(own), ()) for name, own in divided("onderwerp").items() if name != "geen"),
        {name: tuple(own) for name, own in divided("thema").items()},
    )
    read = [
        Person(
            id_,
            one["code"],
            None if one["gebied"] == "onbekend" else one["gebied"].split(":")[1],
            None if one["leeftijd"] == "onbekend" else one["leeftijd"],
            one["klaar"] == "ja",
            False,
            NOW,
        )
        for id_, one in people.items()
    ]
    statements = [Statement(number=int(one), part_id=parts[0].id, text=f"Stelling {one}.") for one in STATEMENTS]
    raw = Raw(read, statements, votes, parts, answers, NAMES)
    return Counted(raw, matrix, voters, groups, {parts[4].id: words}, {})


def truth_of(people):
    """Each number that could be told, by (of whom, what, place)."""
    found = Counter()
    for one in people.values():
        for about in (one["code"], EVERYWHERE, one["groep"]):
            ways = [way for way in TOTAL_OF if way in one and (about not in LETTERS or way in STATEMENTS)]
            found.update((about, way, one[way]) for way in ways)
            found.update((about, total, ALL) for total in {TOTAL_OF[way] for way in ways})
    return found


def told_by(outcome):
    """What is told, in the same keys; None where it is hidden."""
    told = {}

    def statement(about, number, row):
        told.update({(about, number, side): row[side] for side in SIDES} | {(about, number, ALL): row["totaal"]})

    for about, content in outcome.items():
        told[about, "mensen", ALL], told[about, "klaar", "ja"] = content["deelnemers"], content["klaar"]
        for name, number in content["gebieden"].items():
            area, _, town = name.rstrip(")").partition(" (")
            code = next((code for code, called in NAMES.items() if called == town), about)
            told[about, "gebied", area if area == "onbekend" else f"{code}:{area}"] = number
        told |= {(about, "leeftijd", band): number for band, number in content["leeftijden"].items()}
        told |= {(code, "mensen", ALL): number for code, number in content.get("per_gemeente", {}).items()}
        statements, choice, scale, ranking, words = content["onderdelen"]
        for row in statements["stellingen"]:
            statement(about, str(row["nummer"]), row)
        told |= {(about, row["id"], "ja"): row["aantal"] for row in choice["keuzes"]}
        told |= {(about, "schaal", str(row["score"])): row["aantal"] for row in scale["scores"]}
        told |= {(about, "rangorde", row["id"]): row["aantal"] for row in ranking["keuzes"]}
        told |= {(about, part["soort"], ALL): part["totaal"] for part in (choice, scale, ranking)}
        told |= {(about, "thema", row["naam"]): row["aantal"] for row in words["themas"]}
        told |= {(about, "onderwerp", row["woorden"]): row["aantal"] for row in words["onderwerpen"]}
        told[about, "open", ALL] = words["schreven"]
    for number, letters in outcome[EVERYWHERE]["groepen"]["stellingen"].items():
        for letter, row in letters.items():
            statement(letter, number, row)
    return told


class Intruder:
    """Who knows what is told, and that everybody is in one place and lives in one municipality; nothing more."""

    def __init__(self, told, places):
        self.told, self.places = told, places

    def known(self, key):
        about, way, place = key
        elsewhere = way == "gebied" and ":" in place and about not in (EVERYWHERE, place.split(":")[0])
        return 0 if elsewhere else self.told.get(key)

    def equations(self, total):
        """Of one total: (sum, its parts)."""
        abouts = [*NAMES, EVERYWHERE, *(LETTERS if total in STATEMENTS else ())]
        for way in WAYS[total]:
            for about in abouts:
                yield (about, total, ALL), [(about, way, place) for place in self.places[way]]
        columns = [(way, place) for way in WAYS[total] for place in self.places[way]]
        for way, place in [(total, ALL), *columns]:
            yield (EVERYWHERE, way, place), [(code, way, place) for code in NAMES]
            if total in STATEMENTS:
                yield (EVERYWHERE, way, place), [(letter, way, place) for letter in LETTERS]

    def ranges(self, total, keys):
        """The least and the most that each number may be."""
        sums = list(self.equations(total))
        unknown = sorted({key for one, parts in sums for key in (one, *parts) if self.known(key) is None})
        at = {key: place for place, key in enumerate(unknown)}
        rows, right = np.zeros((len(sums), len(unknown))), np.zeros(len(sums))
        for row, (one, parts) in enumerate(sums):
            for key, sign in [(one, -1), *((part, 1) for part in parts)]:
                if key in at:
                    rows[row, at[key]] += sign
                else:
                    right[row] -= sign * self.known(key)
        for key in keys:
            aim = np.zeros(len(unknown))
            aim[at[key]] = 1
            least, most = (
                linprog(sign * aim, A_eq=rows, b_eq=right, bounds=(0, 1000), method="highs").fun for sign in (1, -1)
            )
            yield key, least, -most


@pytest.mark.parametrize("fewest", FEWEST.values())
@pytest.mark.parametrize("seed", range(3))
def test_what_is_hidden_can_not_be_subtracted(seed, fewest):
    people = imagine(np.random.default_rng(seed), people=60 + 60 * seed)
    truth = truth_of(people)
    told = told_by(compose(counted_of(people), fewest=fewest))
    assert {key: number for key, number in told.items() if number is not None and number != truth[key]} == {}
    places = {way: sorted({place for _, found, place in truth if found == way} - {ALL}) for way in TOTAL_OF}
    intruder = Intruder(told, places)
    small = {key: number for key, number in truth.items() if 0 < number < fewest}
    assert len(small) > 10
    found = {}
    for total in WAYS:
        own = [key for key in small if key[1] in (total, *WAYS[total])]
        assert [key for key in own if intruder.known(key) is not None] == []
        found |= {key: (least, most) for key, least, most in intruder.ranges(total, own)}
    assert {key: apart for key, apart in found.items() if apart[1] - apart[0] < fewest - 1e-6} == {}


def test_mean_places_are_told_of_all_together_only_where_each_municipality_has_them():
    """Of two of three municipalities and all together, one could calculate that of the third."""
    people = imagine(np.random.default_rng(1), people=120)

    def places():
        outcome = compose(counted_of(people), fewest=10)
        rankings = {about: content["onderdelen"][3] for about, content in outcome.items()}
        return {about: set(part["plaats"].values()) for about, part in rankings.items()}

    ranked = [one for one in people.values() if "rangorde" in one]
    for number, one in enumerate(ranked):
        one |= {"code": list(NAMES)[number % 3], "rangorde": "eerst"}
    assert places() == {about: {1.0, 2.5} for about in (*NAMES, EVERYWHERE)}
    ranked[0]["rangorde"] = "later"
    first = ranked[0]["code"]
    assert places()[EVERYWHERE] == places()[first] == {None}


def test_where_only_a_part_of_the_texts_was_compared_everybody_who_wrote_is_told_all_the_same():
    counted = counted_of(imagine(np.random.default_rng(5), people=400))
    ((part, words),) = counted.words.items()
    rest = set(words.writers[100:])
    only = replace(
        words,
        subjects=tuple(replace(one, people=tuple(set(one.people) - rest)) for one in words.subjects),
        themes={theme: tuple(set(people) - rest) for theme, people in words.themes.items()},
        not_compared=tuple(rest),
    )
    shown = compose(replace(counted, words={part: only}), fewest=5)[EVERYWHERE]["onderdelen"][4]
    assert (shown["schreven"], shown["vergeleken"]) == (len(words.writers), 100)
    assert sum(row["aantal"] for row in shown["themas"]) <= 100
