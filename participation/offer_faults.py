"""What can stand in the way of offering, taking over and withdrawing. The desk turns faults into words."""

from participation.errors import DomainError


class OfferUnknown(DomainError):
    """The shared library has nothing of this kind for this municipality, or it has been withdrawn."""


class NothingToOffer(DomainError):
    """Residents of this municipality do not get such a text."""


class NothingNew(DomainError):
    """The library has exactly this text already."""


class TextChanged(DomainError):
    """The text is not the one that was on the page any more."""


class PersonalDataFound(DomainError):
    """A text seems to hold data of persons, and nobody said that it may be offered as it is. `found` has the pieces."""

    def __init__(self, found: tuple[str, ...]) -> None:
        super().__init__(f"{len(found)} pieces")
        self.found = found


class DraftInTheWay(DomainError):
    """There is a draft for this topic already; it is not thrown away for another one."""


class LooksAlike(DomainError):
    """A question looks like what the chat knows, and nobody said that this is meant.

    `questions` has those it looks like; there are none when only the trained model answers a way of asking it.
    """

    def __init__(self, questions: tuple[str, ...]) -> None:
        super().__init__(f"{len(questions)} questions")
        self.questions = questions
