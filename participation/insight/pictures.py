"""Drawing numbers as SVG or PNG. Matplotlib is loaded with the first picture: it is large, and most pages have none.

Colours are those of Okabe and Ito, which people with colour blindness can tell apart; what is older is hatched as well,
so that nothing hangs on colour alone. In an SVG there is no style and no script: it looks the same under any policy.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SVG, PNG = "svg", "png"
OVER_TIME, BARS, CURVE, DOTS = "over_tijd", "balken", "verloop", "punten"
WIDTH = 7.2
"""Inches, of 72 units in an SVG."""
_DOTS_AN_INCH = 200
_MOST_LABELS = 8
_LONGEST_LABEL = 34
_STYLE = re.compile(r' style="([^"]*)"')
_LOOSE = re.compile(r"<(style|metadata)\b.*?</\1>\s*|<!--.*?-->\s*|<\?xml[^>]*>\s*|<!DOCTYPE[^>]*>\s*", re.DOTALL)
# Matplotlib's own settings and fonts are of the whole process.
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Colours:
    """What a picture is drawn with: on what, and in which colours."""

    surface: str
    ink: str
    line: str
    now: str
    before: str


LIGHT = Colours("#ffffff", "#16242d", "#d5dfe3", "#0072b2", "#b35900")
DARK = Colours("#16232b", "#e8eff2", "#3d525e", "#56b4e9", "#e69f00")
"""On the surfaces of the desk; each colour has at least three times the contrast that WCAG 1.4.11 asks of pictures."""


@dataclass(frozen=True)
class Series:
    """Numbers under one name; None where a number is not shown."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Picture:
    """What is drawn. `series` are the period and, if there is one, the period before; `unit` is what is counted.

    Of a CURVE, `labels` are days as text and the values shares from 0 to 1. Of DOTS the values are shares too, and the
    names of the series are letters, which stand where the dots would.
    """

    kind: str
    title: str
    text: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = "berichten"


def draw(picture: Picture, *, form: str, dark: bool = False) -> bytes:
    """Draw a picture as SVG or PNG. Takes a tenth of a second of processor time: call it in a thread."""
    colours = DARK if dark else LIGHT
    with _one_at_a_time:
        import matplotlib
        from matplotlib.figure import Figure

        settings: Any = {
            "font.family": "DejaVu Sans",
            "font.size": 9,
            "svg.hashsalt": "samenspel",
            "hatch.linewidth": 1.2,
            "text.color": colours.ink,
            "axes.labelcolor": colours.ink,
            "axes.edgecolor": colours.line,
            "xtick.color": colours.ink,
            "ytick.color": colours.ink,
            "text.parse_math": False,
        }
        with matplotlib.rc_context(settings):
            figure = Figure(figsize=(WIDTH, _height(picture)), facecolor=colours.surface, layout="constrained")
            axes = figure.add_subplot()
            axes.set_facecolor(colours.surface)
            _frame(axes, colours)
            {OVER_TIME: _over_time, BARS: _bars, CURVE: _curve, DOTS: _dots}[picture.kind](axes, picture, colours)
            if len(picture.series) > 1 and picture.kind != DOTS:
                figure.legend(loc="outside upper left", ncols=2, frameon=False)
            return _svg(figure, picture) if form == SVG else _png(figure, picture)


def _height(picture: Picture) -> float:
    if picture.kind == DOTS:
        return 1.0 + 0.42 * max(len(picture.labels), 1)
    return 3.2 if picture.kind != BARS else 0.9 + 0.2 * (1 + len(picture.series)) * max(len(picture.labels), 1)


def _frame(axes: "Axes", colours: Colours) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    axes.set_axisbelow(True)


def _over_time(axes: "Axes", picture: Picture, colours: Colours) -> None:
    from matplotlib.ticker import MaxNLocator

    now, *earlier = picture.series
    places = range(len(picture.labels))
    axes.bar(places, [value or 0 for value in now.values], width=0.7, color=colours.now, label=now.name)
    for series in earlier:
        values = [float("nan") if value is None else value for value in series.values]
        look: dict[str, Any] = {"color": colours.before, "linestyle": "--", "marker": "D", "markersize": 3.5}
        axes.plot(range(len(values)), values, label=series.name, **look)
    step = -(-len(picture.labels) // _MOST_LABELS) or 1
    axes.set_xticks(list(places)[::step], list(picture.labels)[::step])
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", color=colours.line, linewidth=0.8)
    axes.set_ylabel(picture.unit)


def _bars(axes: "Axes", picture: Picture, colours: Colours) -> None:
    from matplotlib.ticker import MaxNLocator

    high = 0.8 / max(len(picture.series), 1)
    looks: list[dict[str, Any]] = [
        {"color": colours.now},
        {"facecolor": colours.surface, "edgecolor": colours.before, "hatch": "////"},
    ]
    largest = max((value or 0 for series in picture.series for value in series.values), default=0)
    for number, (series, look) in enumerate(zip(picture.series, looks, strict=False)):
        for place, value in enumerate(series.values):
            at = place + (number - (len(picture.series) - 1) / 2) * high
            axes.barh(at, value or 0, height=high * 0.9, label=series.name if place == 0 else None, **look)
            said = "niet getoond" if value is None else f"{value:g}".replace(".", ",")
            axes.annotate(said, (value or 0, at), xytext=(3, 0), textcoords="offset points", va="center", fontsize=8)
    axes.set_yticks(range(len(picture.labels)), [_short(label) for label in picture.labels])
    axes.set_ylim(max(len(picture.labels), 1) - 0.5, -0.5)
    axes.set_xlim(0, max(largest, 1) * 1.15)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="x", color=colours.line, linewidth=0.8)
    axes.set_xlabel(picture.unit)


def _curve(axes: "Axes", picture: Picture, colours: Colours) -> None:
    (series,) = picture.series
    days = [float(label) for label in picture.labels]
    shares = [100 * (value or 0) for value in series.values]
    axes.step(days, shares, where="post", color=colours.now, linewidth=2)
    axes.set_ylim(0, 105)
    axes.set_xlim(0, max([*days, 1]))
    axes.set_ylabel(picture.unit)
    axes.set_xlabel("dagen na het bericht")
    axes.grid(color=colours.line, linewidth=0.8)


def _dots(axes: "Axes", picture: Picture, colours: Colours) -> None:
    """A letter for each series on one line per label; letters that would stand on each other stand side by side."""
    for place in range(len(picture.labels)):
        axes.axhline(place, color=colours.line, linewidth=0.8)
        taken: list[float] = []
        values = [(series.values[place], series.name) for series in picture.series]
        for value, name in sorted((value, name) for value, name in values if value is not None):
            at = max(100 * value, taken[-1] + 3.2 if taken else 0)
            taken.append(at)
            box = {"boxstyle": "circle,pad=0.25", "facecolor": colours.surface, "edgecolor": colours.now}
            axes.text(at, place, name, ha="center", va="center", fontsize=8, fontweight="bold", bbox=box)
    axes.set_yticks(range(len(picture.labels)), [_short(label) for label in picture.labels])
    axes.set_ylim(max(len(picture.labels), 1) - 0.5, -0.5)
    axes.set_xlim(-3, 108)
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.grid(axis="x", color=colours.line, linewidth=0.8)
    axes.set_xlabel(picture.unit)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def _png(figure: "Figure", picture: Picture) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=_DOTS_AN_INCH, metadata={"Title": picture.title, "Description": picture.text})
    return out.getvalue()


def _svg(figure: "Figure", picture: Picture) -> bytes:
    """Write the drawing with its title and text, and with attributes where matplotlib writes style."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    drawing = _STYLE.sub(_as_attributes, _LOOSE.sub("", out.getvalue()))
    head, _, rest = drawing.partition(">")
    told = f"<title>{escape(picture.title)}</title>\n<desc>{escape(picture.text)}</desc>"
    return f'{head} role="img" stroke-linejoin="round">\n{told}{rest}'.encode()


def _as_attributes(style: "re.Match[str]") -> str:
    pairs = (one.partition(":") for one in style[1].split(";") if ":" in one)
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in pairs)
