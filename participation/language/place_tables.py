"""The place tables of `participation/reference`, read once and indexed for look-up by name."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from participation.language.place_text import key_of

_FOLDER = Path(__file__).resolve().parents[1] / "reference"
# Suffixes by which the register of places tells namesakes apart.
_PART = re.compile(r"\s*\(?\b(Gld|GLD|NH|L|Gn|GN|Ut|NB|AC)\)?$|\s+gem\.? .*$|\s+ca$|(?<=\w) Rotterdam$")
_JOINT = re.compile(r" (aan|a) (de|den|het|t) ")
_DEMONYM_FLOOR = 30_000
_DEMONYMS = {
    "GM0344": "utrechtse utrechter utrechters",
    "GM0363": "amsterdamse amsterdammer amsterdammers mokumer mokumers",
    "GM0599": "rotterdamse rotterdammer rotterdammers",
    "GM0518": "haagse hagenees hagenezen hagenaar hagenaars",
    "GM0014": "groningse stadjer stadjers stadsjer",
    "GM0796": "bossche bosschenaar bosschenaren",
    "GM0546": "leidse leidenaar leidenaren leienaar",
    "GM0503": "delftse delftenaar delftenaren",
    "GM0513": "goudse gouwenaar gouwenaars",
    "GM0855": "tilburgse tilburger tilburgers",
    "GM0772": "eindhovense eindhovenaar eindhovenaren",
    "GM0935": "maastrichtse maastrichtenaar maastrichtenaren mestreechteneer",
    "GM0268": "nijmeegse nijmegenaar nijmegenaren",
    "GM0758": "bredase bredanaar bredanaars",
    "GM0505": "dordtse dordtenaar dordtenaren",
    "GM0080": "leeuwarder leeuwarders leeuwardense",
    "GM0193": "zwolse zwollenaar zwollenaren",
    "GM0034": "almeerse almeerder almeerders",
    "GM0402": "hilversumse hilversummer hilversummers",
    "GM0479": "zaankanter zaankanters zaandammer",
    "GM0153": "enschedese enschedeer enschedeers",
    "GM0228": "edese edenaar edenaren",
    "GM0289": "wageningse wageninger wageningers",
    "GM0202": "arnhemse arnhemmer arnhemmers",
    "GM0392": "haarlemse haarlemmer haarlemmers",
    "GM0150": "deventenaar deventenaren",
    "GM0637": "zoetermeerse zoetermeerder zoetermeerders",
    "GM0917": "heerlense heerlenaar heerlenaren",
    "GM0983": "venlose venlonaar venlonaren",
}
_NO_DEMONYM = {"GM0148", "GM0400", "GM0164", "GM0216", "GM0988", "GM0321"}


@dataclass(frozen=True)
class Candidate:
    """One municipality that a name may stand for."""

    gm_code: str
    bron: str
    naam: str


@dataclass(frozen=True)
class Municipality:
    """What the tables say of one municipality."""

    naam: str
    provincie: str
    inwoners: int


@dataclass
class Tables:
    """All names by key. `joined` holds long names written as one word."""

    municipalities: dict[str, Municipality]
    neighbours: dict[str, frozenset[str]]
    names: dict[str, tuple[Candidate, ...]]
    demonyms: dict[str, Candidate]
    joined: dict[str, str]
    longest: dict[str, int]
    words: dict[str, str]
    """Names that are also words or names of people, with the cue that they need."""
    never: frozenset[str]
    """Words that look like a misspelt place and are none."""
    by_suffix: dict[str, dict[str, str]] = field(default_factory=dict)


def rows(table: str) -> Iterator[dict[str, str]]:
    with (_FOLDER / table).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def _variants(name: str) -> set[str]:
    """The keys under which people write one official name."""
    key = key_of(name)
    keys = {key}
    if _JOINT.search(f" {key} "):
        keys |= {_JOINT.sub(f" {way} ", f" {key} ").strip() for way in ("aan de", "aan den", "a d", "ad", "a den", "a")}
        keys |= {_JOINT.sub(f" {way} ", f" {key} ").strip() for way in ("aan het", "aan t")}
    if key.startswith("s ") and len(key) > 9:
        keys.add(key[2:])
        keys.add(key.replace(" ", "", 1))
    if key.startswith("t ") and key not in {"t zand", "t veld", "t waar", "t loo"}:
        keys.add(f"het {key[2:]}")
    if key.startswith("sint ") and len(key) > 9:
        keys |= {key.replace("sint ", "sinte ", 1), key.replace("sint ", "s ", 1)}
    return keys


class _Collector:
    def __init__(self, municipalities: dict[str, Municipality]) -> None:
        self.municipalities = municipalities
        self.found: dict[str, dict[str, Candidate]] = {}
        self.by_suffix: dict[str, dict[str, str]] = {}

    def add(self, name: str, codes: str, bron: str) -> None:
        for code in codes.split("|"):
            for key in _variants(name):
                self.found.setdefault(key, {}).setdefault(code, Candidate(code, bron, name))

    def sorted_names(self) -> dict[str, tuple[Candidate, ...]]:
        """Likelier candidates first: a municipality of that name, then by number of inhabitants."""
        return {
            key: tuple(
                sorted(by_code.values(), key=lambda c: (c.bron != "gemeente", -self.municipalities[c.gm_code].inwoners))
            )
            for key, by_code in self.found.items()
        }


def _demonyms(municipalities: dict[str, Municipality]) -> dict[str, Candidate]:
    """Adjectives and inhabitants of the larger municipalities; regular forms only for single long names."""
    result: dict[str, Candidate] = {}
    for code, place in municipalities.items():
        forms = _DEMONYMS.get(code, "").split()
        key = key_of(place.naam)
        regular = not forms and place.inwoners >= _DEMONYM_FLOOR and " " not in key and len(key) > 5
        if regular and code not in _NO_DEMONYM:
            forms = [f"{key}se", f"{key}er", f"{key}ers"] + ([f"{key}mer", f"{key}mers"] if key.endswith("dam") else [])
            forms += [f"{key}der", f"{key}ders"] if key.endswith("aar") else []
        for form in forms:
            result[key_of(form)] = Candidate(code, "bijnaam", place.naam)
    return result


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Read the tables; the first call takes some 50 ms, later calls nothing."""
    municipalities = {
        row["code"]: Municipality(row["naam"], row["provincie"], int(row["inwoners"])) for row in rows("gemeenten.csv")
    }
    collector = _Collector(municipalities)
    for code, place in municipalities.items():
        collector.add(_PART.sub("", place.naam), code, "gemeente")
        collector.add(place.naam.split(",")[0], code, "gemeente")
        collector.add(place.naam, code, "gemeente")
    for row in rows("plaatsen.csv"):
        base = _PART.sub("", row["plaats"])
        for name in {row["plaats"], base}:
            collector.add(name, row["gemeenten"], "plaats")
    for row in rows("voormalig.csv"):
        collector.add(row["naam"], row["gemeente"], "voormalig")
    for row in rows("bijnamen.csv"):
        collector.add(row["naam"], row["gemeente"], "voormalig" if row["soort"] == "voormalig" else "bijnaam")
    names = collector.sorted_names()
    longest: dict[str, int] = {}
    for key in names:
        first, size = key.split(" ", 1)[0], key.count(" ") + 1
        longest[first] = max(longest.get(first, 0), size)
    marks = {key_of(row["naam"]): row["aanwijzing"] for row in rows("gewone_woorden.csv")}
    return Tables(
        municipalities=municipalities,
        neighbours={row["gemeente"]: frozenset(row["buren"].split("|")) for row in rows("buurgemeenten.csv")},
        names=names,
        demonyms={key: value for key, value in _demonyms(municipalities).items() if key not in names},
        joined={key.replace(" ", ""): key for key in names if len(key.replace(" ", "")) >= 8 and key not in marks},
        longest=longest,
        words={key: mark for key, mark in marks.items() if mark != "nooit"},
        never=frozenset(key for key, mark in marks.items() if mark == "nooit"),
    )


@lru_cache(maxsize=1)
def postcode_ranges() -> tuple[list[int], list[int], list[str]]:
    """Starts, ends and codes of the four-digit ranges, in order."""
    found = sorted((int(row["van"]), int(row["tot"]), row["gemeente"]) for row in rows("postcodes.csv"))
    return [f[0] for f in found], [f[1] for f in found], [f[2] for f in found]
