"""The way in is held to each of its goals apart."""

from bench.channels import met

GOOD = {
    "gateway_ms_p50": 7.0,
    "gateway_ms_p95": 9.9,
    "turns": 300,
    "faults": 0,
    "answer_ms_p50": 60.0,
    "answer_ms_p95": 90.0,
    "open_chats": 2000,
    "web_mb_before": 400.0,
    "web_mb": 480.0,
}


def missed(**changed: float | None) -> set[str]:
    return {name for name, is_met in met(GOOD | changed).items() if not is_met}


def test_each_figure_has_its_own_goal() -> None:
    assert missed() == set()
    assert missed(gateway_ms_p95=10.1) == {"gateway"}
    assert missed(answer_ms_p50=151.0) == {"answers"}
    assert missed(answer_ms_p95=401.0) == {"answers"}
    assert missed(web_mb=701.0) == {"open_chats"}


def test_quick_faults_are_no_answers() -> None:
    assert missed(faults=1) == {"answers"}
    assert missed(turns=0) == {"answers"}
    assert missed(gateway_ms_p95=None) == {"gateway"}
