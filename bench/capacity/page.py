"""The figures in docs/capaciteit.md, written by this program and by nobody else."""

import json
from collections.abc import Sequence
from typing import Any

from bench.capacity import model
from bench.capacity.model import Cost, Need
from bench.load.planning import TURNS

BEGIN, END = "<!-- begin: ./samenspel bench capacity -->", "<!-- end -->"
NOT_YET = "nog te meten"


def runs_in(lines: str) -> list[dict[str, Any]]:
    """Read what `./samenspel bench load` printed, one run a line."""
    return [json.loads(line) for line in lines.splitlines() if line.strip()]


def with_figures(page: str, runs: Sequence[dict[str, Any]]) -> str:
    """Return the page with the figures of these runs in their place.

    Raises:
        ValueError: the page has no such place.
    """
    before, found, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"the page has no {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{_assumed()}\n\n{_measured(runs)}\n\n{_needed(runs)}\n\n{END}{after}"


def _assumed() -> str:
    rows = [
        ("`deel`", f"{_number(model.SHARE * 100)}%", "van de volwassen inwoners komt in één uur: het doel"),
        ("`volwassen`", f"{_number(model.ADULTS * 100)}%", "van de inwoners; volgens het CBS 80,7% eind 2018"),
        ("`beurten`", _number(TURNS), "per gesprek; zo meten we ook"),
        ("`top`", _number(model.PEAK), "keer zo druk als gemiddeld in dat uur: aangenomen"),
        ("`vol`", f"{_number(model.FULL * 100)}%", "van wat we gemeten hebben, om op te rekenen"),
        ("`blijft`", f"{_number(model.CHAT_MINUTES)} minuten", "staat een chat open: aangenomen"),
        ("`chats`", _number(model.CHATS_OF_WEB), "open chats per webproces; zoveel opent `./samenspel bench channels`"),
    ]
    return "### Aannames\n\n" + _table(("wat", "hoeveel", "waarom"), rows)


def _measured(runs: Sequence[dict[str, Any]]) -> str:
    if not runs:
        return "### Gemeten\n\nEr is nog niet gemeten op een machine die verder niets te doen had."
    head = (
        "dag",
        "kernen",
        "Rasa's",
        "gevraagd per s",
        "beantwoord per s",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "niet goed",
        "kwijt, dubbel of verwisseld",
        "MB per Rasa",
        "MB web",
        "kernen Rasa's",
        "kernen web",
        "kernen actions",
        "kernen database",
        "kernen meter",
        "telt mee",
    )
    return "### Gemeten\n\n" + _table(head, [_run(run) for run in runs])


def _run(run: dict[str, Any]) -> tuple[str, ...]:
    parts = run["processes"]
    rasas = [use for name, use in parts.items() if name == "rasa" or name.startswith("rasa-")]
    busy = {name: parts[name]["cpu"] if name in parts else None for name in ("web", "actions", "database", "generator")}
    return (
        run["measured_at"],
        _number(run["cores"]),
        _number(run["replicas"]),
        _number(run["rate"]),
        _number(run["turns_per_second"]),
        *(_number(run[f"p{one}_ms"]) for one in (50, 95, 99)),
        _number(run["errors"] + run["apologies"] + run["busy"]),
        _number(run["lost"] + run["doubled"] + run["mixed_up"]),
        _number(max((use["mb"] for use in rasas), default=None)),
        _number(parts["web"]["mb"] if "web" in parts else None),
        _number(sum(use["cpu"] for use in rasas) if rasas else None),
        *(_number(cpu) for cpu in busy.values()),
        "ja" if model.went_well(run) else "nee",
    )


def _needed(runs: Sequence[dict[str, Any]]) -> str:
    of_one, cost = model.of_one_replica(runs), model.cost_of_a_turn(runs)
    said = "hoeveel één Rasa beantwoordt, is nog niet gemeten; geteld is zijn rekentijd"
    if of_one is not None:
        said = f"één Rasa beantwoordt {_number(of_one)} beurten per seconde"
    comes_in = (
        "waar",
        "inwoners",
        "bezoekers in het uur",
        "beurten per s",
        "in de top",
        "open chats in de top",
    )
    takes = (
        "waar",
        "Rasa's",
        "web",
        "actions",
        "kernen samen",
        "kernen database",
        "GB zonder database",
        "verbindingen",
    )
    needs = [model.need(place) for place in model.places()]
    return "\n\n".join(
        (
            "### Wat er op de verkiezingsavond komt",
            _table(comes_in, [_coming(need) for need in needs]),
            "### Wat daarvoor nodig is",
            f"Uitgangspunt: {said}.",
            _table(takes, [_taken(need, cost, of_one) for need in needs]),
        )
    )


def _coming(need: Need) -> tuple[str, ...]:
    return (
        need.place.name,
        _number(need.place.residents),
        _number(round(need.visitors)),
        _number(round(need.turns_per_second, 2)),
        _number(round(need.at_peak, 1)),
        _number(round(need.open_chats)),
    )


def _taken(need: Need, cost: Cost | None, of_one: float | None) -> tuple[str, ...]:
    if cost is None:
        return (need.place.name, *[NOT_YET] * 7)
    found = model.machines(need, cost, of_one)
    return (
        need.place.name,
        _number(found.rasas) if of_one is not None else f"minstens {_number(found.rasas)}",
        _number(found.webs),
        _number(found.actions),
        _number(found.cores),
        _number(round(found.of_database, 2)),
        _number(round(found.gigabytes, 1)),
        _number(found.connections),
    )


def _number(value: float | None) -> str:
    """As people write it here: 1.234,5."""
    if value is None:
        return "-"
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
