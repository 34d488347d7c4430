"""Errors of the domain. The edges (chat, desk, command line) turn them into words."""

import uuid


class DomainError(Exception):
    """Something a caller can explain to a person."""


class MunicipalityUnknown(DomainError):
    """No municipality has this code."""


class DraftIncomplete(DomainError):
    """A contribution needs both a text and a municipality."""


class ContributionUnknown(DomainError):
    """There is no such contribution in this municipality."""


class TransitionNotAllowed(DomainError):
    """The status table does not allow this change."""


class DispositionMissing(DomainError):
    """A closing says what the municipality did with the contribution."""


class DispositionUnknown(DomainError):
    """The municipality offers no such disposition."""


class DestinationMissing(DomainError):
    """What is passed on goes to somebody, or to a meeting on a day."""


class MeetingUnknown(DomainError):
    """No coming meeting of this municipality has this id."""


class DayOver(DomainError):
    """Something is planned for a day that is over, or too far ahead."""


class DaysOutOfRange(DomainError):
    """A number of days is smaller or larger than can be waited."""


class ChatGone(DomainError):
    """The chat that a contribution came from has been erased, so that no text can arrive there."""


class BundleUnknown(DomainError):
    """There is no such bundle in this municipality."""


class ContributionBundled(DomainError):
    """A contribution is in another bundle already."""


class TextMissing(DomainError):
    """A text to the resident is empty."""


class TextTooLong(DomainError):
    """A text is longer than the channel can carry."""


class FieldOpen(DomainError):
    """A text to the resident has a field that nobody filled."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__()
        self.fields = fields


class StandardTextUnknown(DomainError):
    """This municipality has no such standard text."""


class StandardTextChanged(DomainError):
    """A colleague changed the standard text meanwhile."""


class FieldUnknown(DomainError):
    """A standard text asks for fields that the program can not fill."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__()
        self.fields = fields


class ReasonMissing(DomainError):
    """Who reads a resident's own words says why."""


class ReasonTooLong(DomainError):
    """A reason is longer than the log keeps."""


class WordsNotReadable(DomainError):
    """Words that are to be hidden do not stand in a text, or nobody can read them there."""


class WordsNotHidden(DomainError):
    """Words that all may read do not stand behind a mask of their own."""


class MaskKindUnknown(DomainError):
    """There is no such kind of personal data."""


class LessonNotAllowed(DomainError):
    """Words can not stay readable in all later texts: there they can be personal data of somebody else."""


class LessonUnknown(DomainError):
    """This municipality taught no such words."""


class LoginRefused(DomainError):
    """E-mail and password do not belong together. Says no more than that on purpose."""


class TooManyAttempts(DomainError):
    """Log-in, or asking with a secret code, is closed for a while after repeated failures."""


class PasswordTooWeak(DomainError):
    """A new password is shorter than twelve characters, too long, or the same as the old one."""


class PasswordGuessable(PasswordTooWeak):
    """A new password is long enough, and still one that others would try."""


class CodeRefused(DomainError):
    """The code of an authenticator app or a recovery code does not fit, or was used before."""


class ChangedMeanwhile(DomainError):
    """Somebody else changed this after the page was made from which it is changed now."""


class RequestUnknown(DomainError):
    """There is no such request for access here, or it has been decided."""


class SignOnRefused(DomainError):
    """An OpenID provider said who somebody is, and that opens nothing here.

    Args:
        reason: a word for the log.
        clerk_id: whose account it is about, when that is known.
    """

    def __init__(self, reason: str, clerk_id: uuid.UUID | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.clerk_id = clerk_id


class PersonUnknown(DomainError):
    """Nobody with this id works for this municipality, or nobody with this address for any."""


class NotYoursToChange(DomainError):
    """A role that this person may not give or take, or an account that other municipalities rely on too."""


class LastManager(DomainError):
    """After this nobody could say any more who works for the municipality."""


class WorksHereAlready(DomainError):
    """Somebody is invited who works for this municipality."""


class InvitationUnknown(DomainError):
    """There is no such invitation, or it was used, withdrawn or too old."""


class InvitationForAnother(DomainError):
    """An invitation belongs to another e-mail address than the account of who opened it."""


class SortingUnknown(DomainError):
    """There is no such kind or theme of contribution."""


class ColleagueUnknown(DomainError):
    """Nobody with this id handles contributions of this municipality."""


class NothingChosen(DomainError):
    """A change to several contributions at once was asked for none."""


class TooManyChosen(DomainError):
    """A change to several contributions at once was asked for more than fit in one."""


class ChangeUnknown(DomainError):
    """This clerk made no such change."""


class UndoTooLate(DomainError):
    """A change is too long ago to undo, or has been undone already."""


class FilterUnknown(DomainError):
    """This clerk keeps no such filter."""


class FilterTooLong(DomainError):
    """A choice of the work list is longer than is kept."""


class TooManyFilters(DomainError):
    """A clerk keeps as many filters as fit."""


class SubjectUnknown(DomainError):
    """There is no such subject in this municipality, or subjects were looked for anew."""


class ConversationUnknown(DomainError):
    """There is no such conversation, or it has been erased."""


class ResidentUnknown(DomainError):
    """There is no such resident, or all of their data has been erased."""


class ChoiceUnknown(DomainError):
    """The button does not belong to this conversation or has been erased."""


class LinkUnknown(DomainError):
    """No deep link has this id."""


class SealBroken(DomainError):
    """Something encrypted was made with another key, or has been changed."""
