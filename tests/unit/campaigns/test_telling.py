import re

import pytest

from participation.campaigns import group_picture
from participation.campaigns.open_data import COLUMNS, rows_of
from participation.campaigns.page_blocks import as_html
from participation.campaigns.telling import tell
from participation.insight import pictures
from participation.language.readability import measure

PEOPLE = {"GM0344": ("Utrecht", 380_000)}


def votes(agree, disagree, unsure=10, **more):
    numbers = {"eens": agree, "oneens": disagree, "weet_niet": unsure}
    return numbers | {"totaal": None if None in numbers.values() else sum(numbers.values())} | more


HIDDEN = votes(None, None, None, vooral=["eens", "bijna_iedereen"])


@pytest.fixture
def content():
    return {
        "deelnemers": 1200,
        "klaar": 900,
        "opzij": 12,
        "per_gemeente": {"GM0344": 1200},
        "gebieden": {"Noord": 700, "onbekend": 500},
        "leeftijden": {"tot18": 0, "18-29": 300, "30-44": 300, "45-64": 300, "65+": None, "onbekend": None},
        "onderdelen": [
            {
                "id": "1",
                "soort": "stellingen",
                "tekst": "Wat vindt u?",
                "stellingen": [
                    {"nummer": 1, "tekst": "<b>Meer</b> groen."} | votes(900, 200),
                    {"nummer": 2, "tekst": "Minder auto's."}
                    | votes(None, None, None, vooral=["eens", "bijna_iedereen"]),
                ],
            },
            {
                "id": "2",
                "soort": "schaal",
                "tekst": "Welk cijfer?",
                "scores": [{"score": 1, "aantal": 500}, {"score": 2, "aantal": 700}],
                "totaal": 1200,
                "gemiddeld": 1.6,
            },
        ],
        "groepen": {
            "groepen": [{"letter": "A", "mensen": 700}, {"letter": "B", "mensen": 400}],
            "geen_groep": 100,
            "per_gemeente": {},
            "scherpte": 0.3,
            "staat_voor": {"A": [{"nummer": 1, "eens": True, "deel": 9}], "B": []},
            "samen": [{"nummer": 1, "eens": True}],
            "verdeelt": [{"nummer": 2, "meest": "A", "minst": "B", "deel_meest": 9, "deel_minst": None}],
            "stellingen": {
                "1": {"A": votes(600, 50), "B": votes(300, 100)},
                "2": {"A": votes(400, 100), "B": votes(None, None, None)},
            },
        },
    }


def test_words_come_first_and_each_sentence_is_easy(content):
    blocks = tell(content, inhabitants=PEOPLE, fewest=10)
    assert blocks[0]["tekst"] == "In het kort"
    kinds = [block["soort"] for block in blocks]
    assert kinds.index("lijst") < kinds.index("tabel") < kinds.index("beeld")
    lines = [block["tekst"] for block in blocks if block["soort"] == "alinea"]
    lines += [line for block in blocks if block["soort"] == "lijst" for line in block["regels"]]
    said = [re.sub(r"“[^”]*”", "dit.", line) for line in lines]
    assert [line for line in said if measure(line).longest_sentence > 20] == []


def test_nothing_that_a_resident_wrote_is_markup_and_hidden_numbers_are_words(content):
    html = as_html(tell(content, inhabitants=PEOPLE, fewest=10), picture="/beeld.svg", words=group_picture.WORDS)
    assert "<b>" not in html
    assert "&lt;b&gt;Meer" in html
    assert "Minder auto&#x27;s. (bijna iedereen eens)" in html
    assert "None" not in html
    assert re.search(r'<img [^>]*alt="Hoe groepen over stellingen denken', html)


def test_the_picture_leaves_out_what_is_hidden(content):
    picture = group_picture.picture_of(content)
    assert [series.values for series in picture.series] == [[600 / 660, 400 / 510], [300 / 410, None]]
    assert pictures.draw(picture, form=pictures.SVG).startswith(b"<svg")


def test_open_data_has_a_row_for_each_number_with_nothing_where_it_is_hidden(content):
    rows = rows_of(content)
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert ("2. Minder auto's.", "B", "eens", None) in {(row[2], row[3], row[4], row[5]) for row in rows}


@pytest.mark.parametrize(("counts", "said"), [((30, 20), True), ((30, None), False), ((0, 0), False)])
def test_what_is_chosen_most_is_said_only_where_no_number_is_hidden(content, counts, said):
    """The hidden one may be larger: it goes for the sake of another."""
    choices = [{"id": name, "tekst": name, "aantal": count} for name, count in zip("ab", counts, strict=True)]
    content["onderdelen"].append({"id": "3", "soort": "keuze", "tekst": "Wat?", "keuzes": choices, "totaal": None})
    lines = [block.get("tekst", "") for block in tell(content, inhabitants=PEOPLE, fewest=10)]
    assert any(line.startswith("Het meest gekozen") for line in lines) == said


def test_of_hidden_or_unknown_numbers_nothing_is_said_that_may_not_be_so(content):
    """A total may be hidden for the sake of another; of a municipality that is not counted yet nobody knows."""
    two = PEOPLE | {"GM0307": ("Amersfoort", 160_000)}
    blocks = tell(content | {"deelnemers": None}, inhabitants=two, fewest=10)
    assert blocks[1]["regels"][0] == "Hoeveel mensen meededen, tonen wij niet."
    assert ["Amersfoort", "", "160.000"] in next(one for one in blocks if one.get("titel") == "Per gemeente")["regels"]


def test_of_a_group_whose_size_is_hidden_no_number_is_said(content):
    content["groepen"]["groepen"][0]["mensen"] = None
    blocks = tell(content, inhabitants=PEOPLE, fewest=10)
    heads = [block["tekst"] for block in blocks if block["soort"] == "kop" and block["tekst"].startswith("Groep ")]
    assert heads == ["Groep A", "Groep B: 400 mensen"]
    assert "Hoeveel mensen in deze groep zitten, tonen wij niet." in [block.get("tekst") for block in blocks]


def test_it_is_said_when_only_a_part_of_what_people_wrote_was_compared(content):
    words = {"schreven": 6000, "vergeleken": 2000, "themas": [{"naam": "Wonen", "aantal": 900}], "onderwerpen": []}
    content["onderdelen"].append({"id": "3", "soort": "open", "tekst": "Wat nog meer?"} | words)
    lines = [block.get("tekst", "") for block in tell(content, inhabitants=PEOPLE, fewest=10)]
    assert "Mensen die iets schreven: 6.000." in lines
    assert "De computer vergeleek een deel van de teksten: 2.000." in lines
    numbers = [row[4:] for row in rows_of(content) if row[0] == 3]
    assert numbers == [("schreef iets", 6000, 6000), ("thema: Wonen", 900, 2000)]


@pytest.mark.parametrize(("statements", "said"), [(2, "te weinig stellingen"), (7, "Wij zien geen groepen")])
def test_without_groups_the_page_says_why(content, statements, said):
    content = content | {"groepen": None}
    rows = [{"nummer": one, "tekst": "Meer groen."} | votes(900, 200) for one in range(statements)]
    content["onderdelen"][0]["stellingen"] = rows
    assert said in tell(content, inhabitants=PEOPLE, fewest=10)[1]["regels"][-1]
