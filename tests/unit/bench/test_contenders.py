"""Who takes part in `bench nlu`, and with what configuration."""

import argparse
import shutil
from pathlib import Path

import pytest
import yaml

from bench.nlu import only, share, strange_labels
from bench.understanding import contenders
from bench.understanding.corpus import Example
from nlu.components.evaluation import Line

ROOT = Path(__file__).parents[3]


def test_all_take_part_unless_some_are_named() -> None:
    everyone = ["rasa-default", "samenspel", "svm", "nlpjs"]
    assert [contender.name for contender in contenders.chosen(None)] == everyone
    assert [contender.name for contender in contenders.chosen("nlpjs, samenspel")] == ["samenspel", "nlpjs"]


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(argparse.ArgumentTypeError) as refused:
        only("svm,bert")
    assert str(refused.value) == "there is no contender 'bert'; there are: rasa-default, samenspel, svm, nlpjs"


@pytest.mark.parametrize("text", ["0", "-0.1", "1.1"])
def test_a_share_of_nothing_or_of_more_than_all_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        share(text)


def test_ours_is_the_configuration_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text("# ours\npipeline: []\n")
    assert contenders.ours(tmp_path) == "# ours\npipeline: []\n"


def test_the_svm_differs_from_ours_in_the_encoder_alone(tmp_path: Path) -> None:
    shutil.copy(ROOT / "config.yml", tmp_path)
    ours = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    alone = yaml.safe_load(contenders.without_meaning(tmp_path))
    (encoder,) = [part for part in ours["pipeline"] if part not in alone["pipeline"] and "dense_share" not in part]
    (classifier,) = [part for part in ours["pipeline"] if "dense_share" in part]
    assert (encoder["name"], classifier["name"]) == (contenders.ENCODER, contenders.CLASSIFIER)
    ours["pipeline"].remove(encoder)
    classifier["dense_share"] = 0.0
    assert alone == ours


def test_labels_that_no_contender_learns_are_found_with_or_without_their_slash() -> None:
    lines = [Line("vraag/raad_wat_is", None, "a"), Line("raad_wat_is", None, "b"), Line("raad_wta_is", None, "c")]
    assert strange_labels(lines, [Example("vraag/raad_wat_is", "wat is de raad")]) == ["raad_wta_is"]
