"""What residents can do with what they passed on, and what the buttons for it mean."""

import uuid
from typing import Any

from participation.services import own_contributions, rewording

WITHDRAW, ADD, REACT, CHANGE = "intrekken", "aanvullen", "reactie", "wijzigen"
"""By these names the texts of each go. The last two share the intent of adding, and are marked by them in a choice."""

POSSIBLE = {
    WITHDRAW: own_contributions.can_withdraw,
    ADD: own_contributions.can_add,
    REACT: own_contributions.can_answer,
    CHANGE: rewording.can_reword,
}
"""With which status in force it can be done."""


def meaning(what: str, contribution_id: uuid.UUID) -> dict[str, Any]:
    """Return what a button means that does this with a contribution."""
    intent = "inbreng_intrekken" if what == WITHDRAW else "inbreng_aanvullen"
    mark = {what: True} if what in (REACT, CHANGE) else {}
    return {"intent": intent, "over": str(contribution_id), **mark}
