"""Dashboard, alerts and their run book speak of figures that there are, in queries that Prometheus reads."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase

from bot import metrics, outbox, timing
from bot.metrics import Metrics
from participation.measures.measuring import MEASURES, Measured
from participation.measures.queues import ANSWER, CAMPAIGN, FAILED, RUNS, WAITS
from participation.models.improvement import REASONS

ROOT = Path(__file__).parents[2]
ALERTS = yaml.safe_load((ROOT / "docker/prometheus/alerts.yml").read_text(encoding="utf-8"))
DASHBOARD = json.loads((ROOT / "docker/grafana/samenspel.json").read_text(encoding="utf-8"))
SCRAPED = yaml.safe_load((ROOT / "docker/prometheus/prometheus.yml").read_text(encoding="utf-8"))
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
BUCKETS = ("_bucket", "_count", "_sum")
OF_PROMETHEUS = {"job", "instance", "le"}

VALUES = {
    ("samenspel_turns_total", "outcome"): {
        *(metrics.ANSWERED, metrics.UNSURE, metrics.DANGER, metrics.FAILED, metrics.CROWDED),
        *(metrics.REPEATED, metrics.UNKNOWN, metrics.BROKEN),
    },
    ("samenspel_turn_seconds_bucket", "stage"): {
        *(timing.INBOX, timing.WAITING, timing.STORING, timing.RASA, timing.TURN),
    },
    ("samenspel_send_seconds_bucket", "stage"): {metrics.PIECE, metrics.ANSWER},
    ("samenspel_refused_total", "limit"): {"process"},
    ("samenspel_rasa_replicas", "state"): {"werkt", "overgeslagen"},
    ("samenspel_sends_total", "outcome"): {
        outbox.TAKEN,
        *(fault.outcome for fault in (outbox.TooFast, outbox.KeptOut, outbox.Unsendable, outbox.NotNow)),
    },
    ("samenspel_jobs", "state"): {WAITS, RUNS, FAILED},
    ("samenspel_outgoing_oldest_seconds", "kind"): {ANSWER, CAMPAIGN},
    ("samenspel_contributions_unfinished", "step"): {"maskeren", "indelen"},
    ("samenspel_verdicts_week", "verdict"): {"ja", "nee"},
    ("samenspel_verdicts_week", "reason"): {"geen", *REASONS},
}
"""What a label of ours can be, where a query asks for it."""


def figures() -> dict[str, set[str]]:
    """Each name that can be asked for, with its labels."""
    told = {"up": set[str]()}
    for registry in (Metrics().registry, Measured().registry):
        for family in registry.collect():
            endings = {"counter": ("_total",), "histogram": BUCKETS}.get(family.type, ("",))
            told |= {f"{family.name}{ending}": set(getattr(family, "_labelnames", ())) for ending in endings}
    for collector in vars(Metrics()).values():  # without a value their labels are in nothing that is told
        if isinstance(collector, MetricWrapperBase):
            own = {f"{collector._name}{ending}" for ending in ("", "_total", *BUCKETS)}
            told |= {name: set(collector._labelnames) for name in own.intersection(told)}
    return told


def queries() -> Iterator[tuple[str, str]]:
    """Where each query stands, and the query."""
    for rule in RULES:
        yield rule["alert"], rule["expr"]
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            yield f"{panel['title']} {target['refId']}", target["expr"].replace("$__rate_interval", "5m")


def parts(query: str) -> list[Any]:
    """The query as Prometheus reads it.

    Raises:
        ValueError: it is not one.
    """
    found: list[Any] = []
    promql_parser.walk(promql_parser.parse(query), found.append)
    return found


def selectors(query: str) -> list[Any]:
    """What is asked for in a query."""
    found = parts(query)
    inside = [part.vector_selector for part in found if isinstance(part, promql_parser.MatrixSelector)]
    return [*inside, *(part for part in found if isinstance(part, promql_parser.VectorSelector))]


def test_every_name_that_is_asked_for_is_told(known: dict[str, set[str]]) -> None:
    asked = {selector.name for _, query in queries() for selector in selectors(query)}
    assert asked - set(known) == set()
    assert len(asked) > 20


@pytest.fixture(scope="module")
def known() -> dict[str, set[str]]:
    return figures()


@pytest.mark.parametrize(("where", "query"), list(queries()), ids=lambda value: value if len(value) < 60 else "query")
def test_a_query_asks_by_labels_and_values_that_there_are(where: str, query: str, known: dict[str, set[str]]) -> None:
    labels = set(OF_PROMETHEUS)
    for selector in selectors(query):
        labels |= known[selector.name]
        for matcher in selector.matchers.matchers:
            assert matcher.name in known[selector.name] | OF_PROMETHEUS, where
            if matcher.name not in OF_PROMETHEUS:
                assert set(matcher.value.split("|")) <= VALUES[selector.name, matcher.name], where
    grouped = {
        label
        for part in parts(query)
        if isinstance(part, promql_parser.AggregateExpr) and part.modifier
        for label in part.modifier.labels
    }
    assert grouped <= labels, where


def test_what_is_no_query_is_refused() -> None:
    with pytest.raises(ValueError):
        parts("sum(rate(samenspel_turns_total))")


def test_jobs_are_named_as_prometheus_is_told_to_name_them() -> None:
    named = {config["job_name"] for config in SCRAPED["scrape_configs"]}
    asked = {
        matcher.value
        for _, query in queries()
        for selector in selectors(query)
        for matcher in selector.matchers.matchers
        if matcher.name == "job"
    }
    assert [value for value in asked if not any(re.fullmatch(value, name) for name in named)] == []
    assert {name for name in named if any(re.fullmatch(value, name) for value in asked)} == named


def test_every_alert_has_its_place_in_the_run_book_and_the_other_way_round() -> None:
    """In the same order, and the run book says of the same ones that they can not wait."""
    book = (ROOT / "docs/beheer.md").read_text(encoding="utf-8").partition("\n## Storingen\n")[2].partition("\n## ")[0]
    headings = re.findall(r"^### (\w+)$", book, re.MULTILINE)
    assert headings == [rule["alert"] for rule in RULES]
    sections = re.split(r"^### \w+$", book, flags=re.MULTILINE)[1:]
    urgent = [name for name, section in zip(headings, sections, strict=True) if section.strip().startswith("**Nu.**")]
    assert urgent == [rule["alert"] for rule in RULES if rule["labels"]["severity"] == "nu"]
    for section in sections:
        assert re.search(r"\*De (inwoner|griffie)\*", section)
        assert ("\n* Kijk" in section, "\n* Doe: " in section) == (True, True)


def test_every_alert_says_how_bad_it_is_and_what_it_is() -> None:
    assert {rule["labels"]["severity"] for rule in RULES} == {"nu", "werkdag"}
    assert [rule["alert"] for rule in RULES if not rule["annotations"]["summary"].endswith(".")] == []


def test_the_dashboard_has_no_two_panels_in_one_place_and_asks_the_source_that_is_chosen() -> None:
    places: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        own = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert (places & own, at["x"] + at["w"] <= 24) == (set(), True), panel["title"]
        places |= own
        for target in panel.get("targets", ()):
            assert target["datasource"] == {"type": "prometheus", "uid": "${bron}"}
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_the_settings_page_tells_every_figure(known: dict[str, set[str]]) -> None:
    page = (ROOT / "docs/instellingen.md").read_text(encoding="utf-8")
    page = page.partition("### What Prometheus gets")[2].partition("\n### ")[0]
    told = {
        name: set(filter(None, labels.split(",")))
        for name, labels in re.findall(r"`(samenspel_\w+)(?:\{([\w,]+)\})?`", page)
    }
    ours = {re.sub(r"_(bucket|count|sum)$", "", name): labels for name, labels in known.items() if "samenspel_" in name}
    assert told == ours


def test_every_group_is_measured_often_enough_for_the_alert_on_what_is_not_measured() -> None:
    [limit] = [int(rule["expr"].rpartition("> ")[2]) for rule in RULES if rule["alert"] == "NietGemeten"]
    assert max(measure.every for measure in MEASURES) * 2 < limit
