"""What can be wrong with the facts and answers that the griffie writes. The desk turns codes into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from participation.errors import DomainError


class FactUnknown(DomainError):
    """No answer asks for this fact."""


class FieldsFaulty(DomainError):
    """A form can not be kept as it is. `faults` has a code for each wrong field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in faults.items()))
        self.faults = dict(faults)


@dataclass(frozen=True)
class LineFault:
    """What is wrong on a line of a table. `code` belongs to the field, `detail` is what stood there."""

    line: int
    field: str
    code: str
    detail: str = ""


class TableFaulty(DomainError):
    """A table with wrong lines."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = list(faults)


class TopicUnknown(DomainError):
    """The library has no such topic."""


class DraftMissing(DomainError):
    """There is no draft, or not in the state that is needed."""


class DraftChanged(DomainError):
    """A colleague saved, returned or published the draft after this page was opened."""


class SecondPersonNeeded(DomainError):
    """Who wrote a text last does not publish it."""


class NoteMissing(DomainError):
    """Who publishes a text of their own, being the only one who can, says how it was checked."""


class VersionUnknown(DomainError):
    """There is no such version of this answer."""
