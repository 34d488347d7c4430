"""The tables. Import from here so that every table is known wherever one is."""

from participation.models.answers import AnswerDraft, AnswerOwner, AnswerVersion
from participation.models.audit import AuditEvent, AuditLink, AuditWords
from participation.models.base import Base
from participation.models.bundle import Bundle, BundleMember, ContributionLikeness
from participation.models.campaign import Campaign, CampaignEvent, CampaignMunicipality, CampaignPart, Statement
from participation.models.campaign_outcome import CampaignFeedback, CampaignOutcome, FinalReport
from participation.models.campaign_trial import CampaignTrial, CampaignTrialRun
from participation.models.channel import ChatAddress, DeepLink, Incoming, Outgoing
from participation.models.clerk import (
    AccessRequest,
    AccessRule,
    Clerk,
    ClerkRole,
    DeskSession,
    Invitation,
    LoginAttempt,
    RecoveryCode,
    SecondFactor,
    SignOnLink,
    SignOnUsed,
)
from participation.models.consent import Consent, ConsentDetail
from participation.models.contribution import (
    Contribution,
    ContributionEntry,
    ContributionSorting,
    ContributionStatus,
    ReferenceCounter,
    ReplyVerdict,
)
from participation.models.conversation import Choice, Conversation, Message, Resident
from participation.models.council import AgendaItem, CouncilDocument, CouncilFeed, Meeting
from participation.models.digest import Digest, DigestChoice
from participation.models.erasure import BackupMade, Erasure
from participation.models.handling import Disposition, HandlingRule
from participation.models.improvement import AnswerVerdict, UnsureQuestion
from participation.models.intake import ContributionIntake
from participation.models.link import CheckedLink
from participation.models.mailing import Mailing, Recipient, Subscription
from participation.models.masking import MaskCorrection, MaskLesson
from participation.models.municipality import AnswerOverride, LocalFact, Municipality
from participation.models.note import ContributionNote
from participation.models.offer import Offer, OfferUse, OfferVersion
from participation.models.own_question import OwnQuestion
from participation.models.report import IssuedReport, ReportDraft, ReportFile, ReportSource
from participation.models.retention import DestructionItem, DestructionList, RetentionPeriod
from participation.models.safety import ContributionCheck, ContributionFlag
from participation.models.secret_code import CodeAttempt
from participation.models.setting import MunicipalityLogo, MunicipalitySetting
from participation.models.standard_text import StandardText
from participation.models.subject import Subject, SubjectMember, SubjectRound
from participation.models.taking_part import CampaignAnswer, CampaignReach, Participant, Vote
from participation.models.worklist import BulkChange, ContributionAssignment, SavedFilter, WorklistItem, WorklistWord

__all__ = [
    "AccessRequest",
    "AccessRule",
    "AgendaItem",
    "AnswerDraft",
    "AnswerOverride",
    "AnswerOwner",
    "AnswerVerdict",
    "AnswerVersion",
    "AuditEvent",
    "AuditLink",
    "AuditWords",
    "BackupMade",
    "Base",
    "BulkChange",
    "Bundle",
    "BundleMember",
    "Campaign",
    "CampaignAnswer",
    "CampaignEvent",
    "CampaignFeedback",
    "CampaignMunicipality",
    "CampaignOutcome",
    "CampaignPart",
    "CampaignReach",
    "CampaignTrial",
    "CampaignTrialRun",
    "ChatAddress",
    "CheckedLink",
    "Choice",
    "Clerk",
    "ClerkRole",
    "CodeAttempt",
    "Consent",
    "ConsentDetail",
    "Contribution",
    "ContributionAssignment",
    "ContributionCheck",
    "ContributionEntry",
    "ContributionFlag",
    "ContributionIntake",
    "ContributionLikeness",
    "ContributionNote",
    "ContributionSorting",
    "ContributionStatus",
    "Conversation",
    "CouncilDocument",
    "CouncilFeed",
    "DeepLink",
    "DeskSession",
    "DestructionItem",
    "DestructionList",
    "Digest",
    "DigestChoice",
    "Disposition",
    "Erasure",
    "FinalReport",
    "HandlingRule",
    "Incoming",
    "Invitation",
    "IssuedReport",
    "LocalFact",
    "LoginAttempt",
    "Mailing",
    "MaskCorrection",
    "MaskLesson",
    "Meeting",
    "Message",
    "Municipality",
    "MunicipalityLogo",
    "MunicipalitySetting",
    "Offer",
    "OfferUse",
    "OfferVersion",
    "Outgoing",
    "OwnQuestion",
    "Participant",
    "Recipient",
    "RecoveryCode",
    "ReferenceCounter",
    "ReplyVerdict",
    "ReportDraft",
    "ReportFile",
    "ReportSource",
    "Resident",
    "RetentionPeriod",
    "SavedFilter",
    "SecondFactor",
    "SignOnLink",
    "SignOnUsed",
    "StandardText",
    "Statement",
    "Subject",
    "SubjectMember",
    "SubjectRound",
    "Subscription",
    "UnsureQuestion",
    "Vote",
    "WorklistItem",
    "WorklistWord",
]
