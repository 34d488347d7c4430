"""The list of pieces received: of people who let the council have their name, or who sent a letter."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from participation.dates import dutch_date
from participation.reports.paper import Heading, Paper, Source, theme_names

COLUMNS = ("Nr.", "Ontvangen", "Van", "Onderwerp", "Voorstel")
LONGEST_SUBJECT = 200
LONGEST_PROPOSAL = 80
UNDECIDED = "Nog te bepalen"


@dataclass(frozen=True)
class Piece:
    """One line. `name` is empty where the council does not have it.

    It `waits` while the subject has to come from a text that nobody can read yet: personal data may still be in it.
    """

    contribution_id: uuid.UUID
    received_on: date
    name: str
    way: str
    theme: str
    subject: str
    proposal: str
    waits: bool = False

    def sender(self, *, with_name: bool) -> str:
        """Who it is from, as far as the readers may know."""
        if with_name and self.name:
            return self.name
        return f"Een inwoner, {self.way}" if self.way else "Een inwoner"


def pieces_paper(heading: Heading, pieces: Sequence[Piece]) -> Paper:
    """Write the list. Each piece has a number of its own, that leads nowhere outside the desk."""
    paper, names = Paper(heading), theme_names()
    with_name = heading.scope.for_council
    paper.head("Ingekomen stukken")
    if pieces:
        rows = []
        for number, piece in enumerate(pieces, 1):
            named = with_name and bool(piece.name)
            paper.sources.append(Source(number, "stuk_met_naam" if named else "stuk", piece.contribution_id))
            theme = names.get(piece.theme, "Overig")
            subject = f"{theme}: {piece.subject}" if piece.subject else theme
            sender = piece.sender(with_name=with_name)
            rows.append([number, dutch_date(piece.received_on), sender, subject, piece.proposal or UNDECIDED])
        paper.table("Stukken op deze lijst", COLUMNS, rows, (0,))
    else:
        paper.say("Er zijn in deze periode geen stukken binnengekomen.")
    paper.head("Hoe u dit leest")
    paper.say(
        "Op deze lijst staan brieven, en berichten van inwoners die de raad hun naam laten weten. Anonieme berichten "
        "staan in het verslag “Signalen van inwoners”. Onder “Voorstel” leest u wat de griffie de raad voorstelt."
    )
    paper.say("In het onderwerp staan geen namen, adressen of andere persoonlijke gegevens van inwoners.")
    if not with_name:
        paper.say("Inwoners gaven hun naam aan de raad. Daarom staan in deze openbare lijst geen namen.")
    return paper
