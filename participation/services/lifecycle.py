"""Which status may follow which, and what residents and clerks read about each. Data, not code."""

ALLOWED: dict[str, frozenset[str]] = {
    "ontvangen": frozenset(
        {"in_behandeling", "reactie_gevraagd", "gebundeld", "doorgezonden", "ingepland", "afgehandeld", "geannuleerd"}
    ),
    "in_behandeling": frozenset(
        {"reactie_gevraagd", "gebundeld", "doorgezonden", "ingepland", "afgehandeld", "geannuleerd"}
    ),
    "reactie_gevraagd": frozenset({"reactie_ontvangen", "in_behandeling", "afgehandeld", "geannuleerd"}),
    "reactie_ontvangen": frozenset({"in_behandeling", "gebundeld", "doorgezonden", "ingepland", "afgehandeld"}),
    "gebundeld": frozenset({"in_behandeling", "doorgezonden", "ingepland", "afgehandeld"}),
    "doorgezonden": frozenset({"in_behandeling", "ingepland", "afgehandeld"}),
    "ingepland": frozenset({"in_behandeling", "doorgezonden", "afgehandeld"}),
    "afgehandeld": frozenset({"heropend"}),
    "geannuleerd": frozenset({"heropend"}),
    "heropend": frozenset(
        {"in_behandeling", "reactie_gevraagd", "gebundeld", "doorgezonden", "ingepland", "afgehandeld", "geannuleerd"}
    ),
}

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

CLOSING = frozenset({"afgehandeld", "geannuleerd"})
"""Statuses that end the handling; each needs a text to the resident."""
