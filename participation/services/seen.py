"""What a clerk had read of a contribution when they filled in a form: no answer goes to words that nobody read."""

from dataclasses import dataclass
from datetime import datetime

from participation.errors import ChangedMeanwhile, TransitionNotAllowed
from participation.services.statuses import Locked


@dataclass(frozen=True)
class Seen:
    """The number of the status in force, and when the resident last changed the words."""

    number: int
    changed_at: datetime | None


def refuse_other_words(found: Locked, seen: Seen | None) -> None:
    """Let nothing go on about words that the resident has replaced since. Without `seen` nobody can tell.

    Raises:
        ChangedMeanwhile: the words are not those that were read.
    """
    if seen is not None and seen.changed_at != found.contribution.changed_at:
        raise ChangedMeanwhile


def refuse_other_status(found: Locked, seen: Seen | None) -> None:
    """Let a status follow only on the one that was read: the table allows some after what a colleague just gave too.

    Raises:
        TransitionNotAllowed: it has had another status since.
    """
    if seen is not None and seen.number != found.last.number:
        raise TransitionNotAllowed
