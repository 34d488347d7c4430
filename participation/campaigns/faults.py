"""What can be wrong with a campaign; the edges turn it into words."""

from collections.abc import Mapping

from participation.errors import DomainError


class CampaignUnknown(DomainError):
    """There is no such campaign for this municipality, or it is not one that it leads."""


class PartUnknown(DomainError):
    """The campaign has no such part."""


class MailingUnknown(DomainError):
    """The campaign has no such message to residents, or this municipality does not see it."""


class StatementUnknown(DomainError):
    """The campaign has no such statement, or none that still waits for a decision."""


class CampaignChanged(DomainError):
    """A colleague changed the campaign after the page was made."""


class CampaignClosed(DomainError):
    """The campaign does not take answers: it has not begun, it pauses, or it has ended."""


class CampaignFixed(DomainError):
    """People have answered already, or a colleague has agreed: this would change what was asked."""


class StepNotAllowed(DomainError):
    """The table of states does not allow this step."""


class ReviewerTheSame(DomainError):
    """Who made a campaign or sent it in can not be the one who agrees."""


class NotReady(DomainError):
    """The campaign can not be sent in yet. `faults` says why, by code."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__()
        self.faults = faults


class FieldsWrong(DomainError):
    """What was typed can not be kept: field to the code of what is wrong."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__()
        self.faults = dict(faults)


class OutcomeNotFinal(DomainError):
    """The campaign has not ended, or the last count of it is not there yet: nothing can be published."""


class OutcomeNotPublished(DomainError):
    """Nobody can read the outcome yet, and the page for everybody that tells what is done with it is the same."""


class OutcomePublished(DomainError):
    """Everybody reads the outcome: beside it, another count would tell what the few answered who are set aside."""


class FeedbackMissing(DomainError):
    """There is no such point, or no point at all: nothing can be told."""


class LastPoint(DomainError):
    """Everybody reads what is done with the outcome, and this is all of it."""


class ReportUnknown(DomainError):
    """The campaign has no final report with this number."""


class ReasonMissing(DomainError):
    """Nobody is set aside without a reason of a reasonable length."""


class SignUnknown(DomainError):
    """There is no such sign any more, or nobody was set aside then."""
