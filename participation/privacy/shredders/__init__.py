"""Every kind of personal data of a resident has one class here: it can show what there is, and then erase it."""

from participation.privacy.shredders.campaigns import OwnStatements, SentAbout, Subscriptions, TakenPart, Trials
from participation.privacy.shredders.chat import Conversations, Messages, ToSend, Updates
from participation.privacy.shredders.consents import Consents
from participation.privacy.shredders.contributions import Contributions, Sorting
from participation.privacy.shredders.following_up import Bundled, CodeAttempts, ReplyVerdicts
from participation.privacy.shredders.improvement import UnsureQuestions, Verdicts
from participation.privacy.shredders.kind import Kind, Subject
from participation.privacy.shredders.reports import InReports
from participation.privacy.shredders.resident import Pseudonym
from participation.privacy.shredders.signs import Signs
from participation.privacy.shredders.tracker import Tracker

__all__ = ["KINDS", "NOT_ERASED", "Kind", "Subject"]

KINDS: tuple[Kind, ...] = (
    InReports(),
    Contributions(),
    Sorting(),
    Bundled(),
    ReplyVerdicts(),
    CodeAttempts(),
    Consents(),
    TakenPart(),
    Trials(),
    OwnStatements(),
    Subscriptions(),
    SentAbout(),
    Signs(),
    Messages(),
    Verdicts(),
    UnsureQuestions(),
    Tracker(),
    ToSend(),
    Updates(),
    Conversations(),
    Pseudonym(),
)
"""In the order in which a resident reads about them. They are erased in this order too: what refers goes first."""

_WITH_ITS_CONTRIBUTION = "goes or stays with its contribution, and holds nothing that the contribution does not"

NOT_ERASED: dict[str, str] = {
    "worklist_item": f"{_WITH_ITS_CONTRIBUTION}, but for the campaign that many came through",
    "worklist_word": f"{_WITH_ITS_CONTRIBUTION}: the database makes it from the masked text",
    "contribution_assignment": "who of the griffie handled it; goes with its contribution",
}
"""Tables that refer to residents' data and are not erased with it, each with the reason. A test holds both complete."""
