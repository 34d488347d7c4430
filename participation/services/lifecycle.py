"""Which status may follow which, who may do so, what it takes, and what the resident reads about it. Data, not code."""

from dataclasses import dataclass

GRIFFIE, INWONER, PROGRAMMA = "griffie", "inwoner", "programma"
"""Who changes a status: whoever handles contributions at the desk, the resident, or the program when time is up."""

TABLE = """
van                naar               wie                nodig        bericht
ontvangen          in_behandeling     griffie            -            -
ontvangen          reactie_gevraagd   griffie            vraag        vraag
ontvangen          gebundeld          griffie            bundel       -
ontvangen          doorgezonden       griffie            ontvanger    bericht_doorgezonden
ontvangen          ingepland          griffie            vergadering  bericht_ingepland
ontvangen          afgehandeld        griffie            afdoening    toelichting
ontvangen          geannuleerd        griffie,inwoner    toelichting  toelichting
in_behandeling     reactie_gevraagd   griffie            vraag        vraag
in_behandeling     gebundeld          griffie            bundel       -
in_behandeling     doorgezonden       griffie            ontvanger    bericht_doorgezonden
in_behandeling     ingepland          griffie            vergadering  bericht_ingepland
in_behandeling     afgehandeld        griffie            afdoening    toelichting
in_behandeling     geannuleerd        griffie,inwoner    toelichting  toelichting
reactie_gevraagd   reactie_ontvangen  griffie,inwoner    -            -
reactie_gevraagd   in_behandeling     griffie,programma  -            -
reactie_gevraagd   afgehandeld        griffie            afdoening    toelichting
reactie_gevraagd   geannuleerd        griffie,inwoner    toelichting  toelichting
reactie_ontvangen  in_behandeling     griffie            -            -
reactie_ontvangen  reactie_gevraagd   griffie            vraag        vraag
reactie_ontvangen  gebundeld          griffie            bundel       -
reactie_ontvangen  doorgezonden       griffie            ontvanger    bericht_doorgezonden
reactie_ontvangen  ingepland          griffie            vergadering  bericht_ingepland
reactie_ontvangen  afgehandeld        griffie            afdoening    toelichting
gebundeld          in_behandeling     griffie            los          -
gebundeld          doorgezonden       griffie            ontvanger    bericht_doorgezonden
gebundeld          ingepland          griffie            vergadering  bericht_ingepland
gebundeld          afgehandeld        griffie            afdoening    toelichting
doorgezonden       in_behandeling     griffie            -            -
doorgezonden       doorgezonden       griffie            ontvanger    bericht_doorgezonden
doorgezonden       ingepland          griffie            vergadering  bericht_ingepland
doorgezonden       afgehandeld        griffie            afdoening    toelichting
ingepland          in_behandeling     griffie            -            -
ingepland          doorgezonden       griffie            ontvanger    bericht_doorgezonden
ingepland          ingepland          griffie            vergadering  bericht_ingepland
ingepland          afgehandeld        griffie            afdoening    toelichting
afgehandeld        heropend           griffie,inwoner    -            bericht_heropend
geannuleerd        heropend           griffie            -            bericht_heropend
heropend           in_behandeling     griffie            -            -
heropend           reactie_gevraagd   griffie            vraag        vraag
heropend           gebundeld          griffie            bundel       -
heropend           doorgezonden       griffie            ontvanger    bericht_doorgezonden
heropend           ingepland          griffie            vergadering  bericht_ingepland
heropend           afgehandeld        griffie            afdoening    toelichting
heropend           geannuleerd        griffie,inwoner    toelichting  toelichting
"""
"""`nodig`: an explanation (toelichting), an explanation and a disposition (afdoening), a question to the resident
(vraag), a bundle to put it in (bundel) or to take it out of (los), to whom it goes (ontvanger), or for when it is
planned (vergadering). `bericht`: the fixed text that a change at the desk sends to the resident, or what was typed;
what residents do themselves is answered in the chat. The text that explains each status to a resident who asks is
`status_uitleg` in content/teksten.yml."""

TEXT, QUESTION = "toelichting", "vraag"
DISPOSITION, INTO_BUNDLE, OUT_OF_BUNDLE = "afdoening", "bundel", "los"
RECIPIENT, MEETING = "ontvanger", "vergadering"
TYPED = frozenset({TEXT, QUESTION})
"""Instead of a fixed text: the resident reads what was typed."""

IN_FORM = frozenset({None, TEXT, DISPOSITION})
"""What a change may need so that it can be chosen from a list; the others have a form of their own."""


@dataclass(frozen=True)
class Change:
    """One allowed change of status."""

    by: frozenset[str]
    needs: str | None
    told: str | None


def _read(table: str) -> dict[tuple[str, str], Change]:
    found = {}
    for line in table.strip().splitlines()[1:]:
        before, after, by, needs, told = line.split()
        found[before, after] = Change(frozenset(by.split(",")), _named(needs), _named(told))
    return found


def _named(cell: str) -> str | None:
    return None if cell == "-" else cell


CHANGES = _read(TABLE)

LABELS: dict[str, str] = {
    "ontvangen": "Ontvangen",
    "in_behandeling": "In behandeling",
    "reactie_gevraagd": "Reactie gevraagd",
    "reactie_ontvangen": "Reactie ontvangen",
    "gebundeld": "Samengevoegd",
    "doorgezonden": "Doorgezonden",
    "ingepland": "Ingepland",
    "afgehandeld": "Afgehandeld",
    "geannuleerd": "Ingetrokken",
    "heropend": "Heropend",
}

FOR_RESIDENTS: dict[str, str] = LABELS | {"gebundeld": "Bij een onderwerp gelegd", "geannuleerd": "Gestopt"}
"""What residents read: never that others said the same, which may be one other whom they know (docs/inbreng.md), nor
that it was withdrawn, which the griffie may have done."""

ALLOWED: dict[str, frozenset[str]] = {
    status: frozenset(after for before, after in CHANGES if before == status) for status in LABELS
}

CLOSING = frozenset({"afgehandeld", "geannuleerd"})
"""Statuses that end the handling; each needs a text to the resident."""

NOT_TAKEN_UP = frozenset({"ontvangen", "reactie_ontvangen", "heropend"})
"""Statuses in which the griffie has done nothing yet with what came in. Whoever answers it takes it up."""


def may(by: str, before: str, after: str) -> bool:
    """Whether this is in the table."""
    change = CHANGES.get((before, after))
    return change is not None and by in change.by


def choices(status: str) -> list[str]:
    """Return the statuses that the griffie can choose from a list after this one, in the order of the table."""
    return [
        after
        for (before, after), change in CHANGES.items()
        if before == status and GRIFFIE in change.by and change.needs in IN_FORM
    ]
