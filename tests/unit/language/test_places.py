"""Which municipality a message speaks of."""

import csv
import time
from pathlib import Path

import pytest

from participation.language.place_tables import rows, tables
from participation.language.places import alleen_plaats, naam_met_provincie, vind_gemeente

SET = Path(__file__).parents[2] / "nlu" / "gemeenten.tsv"
GOVERNMENT = SET.with_name("den_haag.tsv")


def codes(text: str, *, asked: bool = False) -> list[str]:
    return [match.gm_code for match in vind_gemeente(text, gevraagd=asked)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wij wonen in Wageningen", ["GM0289"]),
        ("niet in Ede maar in Wageningen", ["GM0289"]),
        ("nee, Wageningen, niet Ede", ["GM0289"]),
        ("Bergen op Zoom", ["GM0748"]),
        ("Bergen in Limburg", ["GM0893"]),
        ("Rijswijk bij Den Haag", ["GM0603"]),
        ("Hengelo Gld", ["GM1876"]),
        ("st. anthonis", ["GM1982"]),
        ("'s-Hertogenbosch", ["GM0796"]),
        ("s hertogenbosch", ["GM0796"]),
        ("soetermeer", ["GM0637"]),
        ("It Hearrenfean", ["GM0074"]),
        ("Ik werk in Utrecht maar woon in Woerden", ["GM0632"]),
        ("Ik woon op 3512 JE", ["GM0344"]),
        ("3512 KA", ["GM0344"]),
        ("ze hebben het plein bij 3512 DE opgebroken", ["GM0344"]),
        ("een bewoner uit de 3512 vraagt om bankjes", ["GM0344"]),
        ("wij zitten op 3512 en willen bankjes", ["GM0344"]),
        ("Wanneer is de raad in Hoorn?", ["GM0405"]),
        ("Delft en Den Haag werken samen", ["GM0503", "GM0518"]),
        ("als Mokumer vind ik dat", ["GM0363"]),
        ("de domstad is mooi", ["GM0344"]),
        ("de assen van Assen", ["GM0106"]),
    ],
)
def test_a_named_place_gives_its_municipality(text, expected):
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "best wel gek",
        "de assen van die wegen",
        "er komt een nieuwe brug",
        "kan het wat losser",
        "Wij kregen Bossche bollen en Delfts blauw van de raad",
        "Juf Vlaardingen schrijft een brief",
        "Mijn collega Jan Zwolle wil op de lijst",
        "wij wonen hier sinds de jaren tachtig en in 1995 kwam de brug",
        "we zitten in 3500 euro schuld",
        "er is een wijk met in 4000 woningen oud glas",
        "Beste griffie, wie zit er in de raad?",
        "de raad weert zich",
        "mijn buren maken lawaai",
        "wij kiezen in heel het land op dezelfde dag",
        "mevrouw Van Beek van de griffie",
        "Kees van Doorn had het beloofd",
        "Bergen in Noorwegen",
        "ik woon in Antwerpen",
        "in 2026 en daarna",
        "1500 mm regen",
        "in 2024 IN de raad gekozen",
        "DAT WAS BIJNA 3512 DE KEER",
        "wij rijden 1200 KM per maand",
        "gouda kaas op de markt",
        "Feyenoord heeft weer gewonnen",
        "",
    ],
)
def test_words_people_and_places_abroad_are_no_municipality(text):
    assert codes(text) == []


def test_the_city_is_told_apart_from_the_government_in_it():
    lines = [line.split("\t") for line in GOVERNMENT.read_text(encoding="utf-8").splitlines() if "\t" in line]
    wrong = [text for code, text in lines if codes(text) != ([] if code == "NONE" else [code])]
    assert (len(lines), wrong) == (40, [])


def test_a_name_of_several_municipalities_gives_all_likelier_ones_first():
    assert codes("ik woon in Hengelo") == ["GM0164", "GM1876"]
    assert codes("Bergen") == ["GM0373", "GM0893"]


@pytest.mark.parametrize("text", ["3511 AB", "3511ab", "postcode 3511", "3511-ab", "mijn pc is 3511"])
def test_a_postcode_counts_in_any_notation(text):
    matches = vind_gemeente(text)
    assert [(m.gm_code, m.bron) for m in matches] == [("GM0344", "postcode")]


def test_bare_words_and_digits_count_when_the_bot_asked():
    assert codes("3511") == []
    assert codes("3511", asked=True) == ["GM0344"]
    assert codes("het gaat over Den Haag", asked=True) == ["GM0518"]
    assert codes("een", asked=True) == ["GM1699"]


def test_positions_point_at_the_name_in_the_text():
    (match,) = vind_gemeente("Wij wonen in Alphen aan den Rijn, bij het park")
    assert "Wij wonen in Alphen aan den Rijn, bij het park"[match.start : match.end] == "Alphen aan den Rijn"
    assert (match.bron, match.naam) == ("gemeente", "Alphen aan den Rijn")


def test_buttons_tell_namesakes_apart():
    assert (naam_met_provincie("GM0373"), naam_met_provincie("GM0893")) == (
        "Bergen (Noord-Holland)",
        "Bergen (Limburg)",
    )


def test_every_row_of_the_tables_points_at_a_municipality_that_exists():
    known = set(tables().municipalities)
    columns = {"plaatsen.csv": "gemeenten", "voormalig.csv": "gemeente", "bijnamen.csv": "gemeente"}
    columns |= {"postcodes.csv": "gemeente", "buurgemeenten.csv": "gemeente"}
    for table, column in columns.items():
        assert {code for row in rows(table) for code in row[column].split("|")} - known == set(), table


def test_every_municipality_is_found_by_its_own_name_when_asked():
    missed = [
        place.naam
        for code, place in tables().municipalities.items()
        if code not in codes(place.naam.split(" (")[0], asked=True)
    ]
    assert missed == []


def test_names_of_places_are_written_in_full():
    names = [row["plaats"] for row in rows("plaatsen.csv")]
    assert [name for name in names if "/" in name or name.startswith(("s-", "s ", "t "))] == []


@pytest.mark.parametrize("piece", ["Ede ", "krimpen aan den ", "de van ", "bergen op ", "a", "1", "' "])
def test_a_very_long_message_takes_no_more_than_a_moment(piece):
    started = time.process_time()
    vind_gemeente((piece * 10_000)[:10_000])
    assert time.process_time() - started < 0.5


def test_the_evaluation_set_keeps_its_level():
    with SET.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    named = [(want, text) for want, text in lines if want != "NONE"]
    unnamed = [text for want, text in lines if want == "NONE"]
    right = sum(set(codes(text)) == set(want.split("|")) for want, text in named)
    false = [text for text in unnamed if codes(text)]
    assert len(named) >= 150
    assert len(unnamed) >= 100
    assert right / len(named) >= 0.97
    assert len(false) / len(unnamed) <= 0.015


@pytest.mark.parametrize(
    "text",
    [
        "3812 KN",
        "borculo",
        "Ik woon in Almere Haven.",
        "nu emmen niet meer assen",
        "woonachtig te Oegstgeest",
        "Drachten dus",
    ],
)
def test_a_message_that_only_names_a_place_is_seen(text: str) -> None:
    assert alleen_plaats(text)


@pytest.mark.parametrize(
    "text",
    [
        "best",
        "goes",
        "",
        "3765",
        "wanneer vergadert de raad in Zwolle",
        "er ligt troep in Borculo",
        "Borculo is het mooist",
        "ik woon in een groot huis",
        "Utrecht " * 60,
    ],
)
def test_a_message_that_says_more_or_less_is_not_a_place_alone(text: str) -> None:
    assert not alleen_plaats(text)
