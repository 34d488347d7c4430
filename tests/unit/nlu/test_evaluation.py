"""Measuring how well messages are understood: what is read, and what is counted."""

from pathlib import Path

import pytest

from nlu.components import concern_evaluation, evaluation
from nlu.components.evaluation import Line, Outcome
from nlu.components.labelled_file import FileUnusable
from participation.services.references import format_reference


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "set.tsv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("separator", ["\u2028", "\u0085", "\x0b", "\x0c"])
def test_a_text_with_a_line_separator_of_unicode_is_one_text(tmp_path: Path, separator: str) -> None:
    text = f"mag ik{separator}inspreken"
    path = written(tmp_path, f"vraag/inspreken\tkletser\t{text}\ngroet\tdag\r\n\n# einde\n")
    assert evaluation.read(path) == [Line("vraag/inspreken", "kletser", text), Line("groet", None, "dag")]


def test_a_mark_of_utf_8_belongs_to_no_label(tmp_path: Path) -> None:
    path = written(tmp_path, "zorg\tverkeer\tauto's rijden te hard\n", "utf-8-sig")
    assert evaluation.read(path)[0].label == "zorg"
    assert concern_evaluation.read(path)[0].kind == "zorg"


@pytest.mark.parametrize("text", ["", "# niets\n", "groet\n", "groet\tdag\n\na\tb\tc\td\te\n"])
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileUnusable):
        evaluation.read(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("er is brand in de flat", "noodgeval"),
        ("trek mijn toestemming in", evaluation.WITHDRAWAL),
        ("Utrecht", "gemeente_kiezen"),
        (f"{format_reference(2026, 123)}, 7KXM-2Q9P-4TWD", "inbreng_status"),
        (f"hoe staat het met {format_reference(2026, 123)}", None),
        ("wanneer vergadert de raad", None),
    ],
)
def test_what_the_gateway_answers_by_itself_is_not_put_to_the_model(text: str, label: str | None) -> None:
    assert evaluation.without_the_model(text) == label


def test_the_choices_are_those_that_have_a_button() -> None:
    """Where the chat asks back, a greeting is passed over and the fourth topic may be a choice."""
    ranking = ["groet", "griffie", "mens_spreken", "inspreken", "raadslid_worden"]
    lines = [Line(label, None, "tekst") for label in ("vraag/inspreken", "groet", "raadslid_worden")]
    figures = evaluation.measure(lines, [Outcome(ranking, answered=False)] * 3)
    assert (figures["asked_back"], figures["offered_right"]) == (1.0, pytest.approx(1 / 3))
    assert figures["top3"] == pytest.approx(1 / 3)
    answered = evaluation.measure(lines, [Outcome(ranking, answered=True)] * 3)
    assert (answered["asked_back"], answered["offered_right"]) == (0.0, 0.0)
