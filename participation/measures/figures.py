"""The figures that come from the database: their names, what they tell, and by what they are told apart.

By municipality only where somebody has to do something there, and only where it is not nothing: at most 342 of them.
"""

from collections.abc import Sequence
from typing import NamedTuple

FIGURES: dict[str, tuple[str, tuple[str, ...]]] = {
    "samenspel_jobs": ("Jobs of the worker: due (wacht), running (bezig), given up (mislukt)", ("state",)),
    "samenspel_jobs_oldest_seconds": ("How long the oldest job that is due has waited", ()),
    "samenspel_workers": ("Workers that gave a sign of life in the last 30 seconds", ()),
    "samenspel_outgoing_waiting": ("Messages that a channel still has to take", ("channel", "kind")),
    "samenspel_outgoing_oldest_seconds": ("How long the oldest of those has waited", ("channel", "kind")),
    "samenspel_incoming_waiting": ("Updates of a channel that are not handled yet", ("channel",)),
    "samenspel_incoming_oldest_seconds": ("How long the oldest of those has waited", ("channel",)),
    "samenspel_replies_undelivered": ("Texts of the griffie that are not in the chat yet", ()),
    "samenspel_replies_oldest_seconds": ("How long the oldest of those has waited", ()),
    "samenspel_recipients_waiting": ("Recipients of running mailings who have not got it yet", ()),
    "samenspel_contributions_unfinished": ("Contributions that are still to be masked or sorted", ("step",)),
    "samenspel_contributions_overdue": ("Contributions whose status lasts longer than it should", ("gemeente",)),
    "samenspel_imports_stale": ("Calendars of the council that are older than they promise", ("gemeente",)),
    "samenspel_import_last_good_timestamp_seconds": (
        "When the calendar that is longest without one had its last good import",
        ("gemeente",),
    ),
    "samenspel_backup_last_timestamp_seconds": ("Of which moment the last back-up is", ()),
    "samenspel_verdicts_week": ("Answers of the last 7 days that residents judged", ("verdict", "reason")),
    "samenspel_sortings_week": ("Contributions of the last 7 days that a clerk sorted after the model", ("outcome",)),
}
"""Name: what it tells, and its labels."""

MEASURED = "samenspel_measured_timestamp_seconds"
"""When a group of them was measured last: figures of a worker that can not measure grow old unseen otherwise."""


class Figure(NamedTuple):
    """One value, with those of the labels of its name, in their order."""

    name: str
    value: float
    labels: Sequence[str] = ()
