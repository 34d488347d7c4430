"""Dutch moments, first words, and what forms hold."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from desk import words
from desk.contribution_page import as_typed
from desk.dates import full_moment, short_moment
from desk.security import LoginFormToken
from desk.timeline import StatusStep, TextStep, timeline
from participation.models import Contribution, ContributionEntry, ContributionStatus
from participation.models.contribution import KINDS, STATUSES
from participation.roles import ROLES
from participation.services.contributions import ContributionDetail

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 23, 8, 5, tzinfo=UTC), "vandaag om 09:05"),
        (datetime(2026, 11, 22, 23, 5, tzinfo=UTC), "vandaag om 00:05"),
        (datetime(2026, 11, 22, 22, 5, tzinfo=UTC), "gisteren om 23:05"),
        (datetime(2026, 7, 1, 10, 0, tzinfo=UTC), "1 juli om 12:00"),
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), "1 januari om 00:00"),
        (datetime(2025, 12, 31, 22, 0, tzinfo=UTC), "31 december 2025 om 23:00"),
    ],
)
def test_moments_are_told_in_dutch_time(moment, expected):
    assert short_moment(moment, NOW) == expected


def test_a_full_moment_names_day_and_year():
    assert full_moment(NOW) == "maandag 23 november 2026 om 10:30"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kort.", "Kort."),
        ("Een\n\n  twee", "Een twee"),
        ("een twee drie", "een twee …"),
        ("aaaaaaaaaaaaaaa", "aaaaaaaaaa …"),
        (" " * 50 + "ver weg", " …"),
    ],
)
def test_the_opening_is_one_line_cut_between_words(text, expected):
    assert words.opening(text, characters=10) == expected


def test_every_code_has_a_word():
    assert set(words.STATUSES) == set(words.STATUS_TONES) == set(STATUSES)
    assert set(words.KINDS) == set(KINDS)
    assert set(words.ROLES) == set(ROLES)


def test_typed_text_keeps_everything_but_the_line_ends_of_browsers():
    assert as_typed("  Dag,\r\n\r\nTot ziens\0 ") == "  Dag,\n\nTot ziens "


def test_the_log_in_form_belongs_to_one_browser():
    form = LoginFormToken("geheim")
    token = form.token("bos")
    assert [
        form.accepts(token, "bos"),
        form.accepts(token, "zee"),
        form.accepts(token + "x", "bos"),
        form.accepts("", ""),
        form.accepts("é", "é"),
        LoginFormToken("anders").accepts(token, "bos"),
    ] == [True, False, False, False, False, False]


def test_the_timeline_merges_by_time_and_says_a_closing_text_once():
    clerk, contribution_id = uuid.uuid4(), uuid.uuid4()

    def status(number, name, minutes, reason=None, clerk_id=clerk):
        return ContributionStatus(
            contribution_id=contribution_id,
            number=number,
            status=name,
            reason=reason,
            clerk_id=clerk_id,
            created_at=NOW + timedelta(minutes=minutes),
        )

    def entry(text, minutes):
        return ContributionEntry(
            id=uuid.uuid4(),
            kind="antwoord",
            clerk_id=clerk,
            text=text,
            created_at=NOW + timedelta(minutes=minutes),
            delivered_at=None,
        )

    detail = ContributionDetail(
        Contribution(id=contribution_id),
        [
            status(1, "ontvangen", 0, clerk_id=None),
            status(2, "doorgezonden", 2, "naar commissie"),
            status(3, "afgehandeld", 5, "Gedaan."),
        ],
        [entry("Dank u.", 1), entry("Gedaan.", 5)],
    )
    told = [
        (step.status, step.reason, step.who) if isinstance(step, StatusStep) else (step.text, step.who)
        for step in timeline(detail, {clerk: "Anna"})
    ]
    assert told == [
        ("ontvangen", "", None),
        ("Dank u.", "Anna"),
        ("doorgezonden", "naar commissie", "Anna"),
        ("afgehandeld", "", "Anna"),
        ("Gedaan.", "Anna"),
    ]
    assert isinstance(timeline(detail, {})[1], TextStep)


def test_an_addition_of_the_resident_stands_in_the_story_without_personal_data():
    addition = ContributionEntry(
        id=uuid.uuid4(),
        kind="aanvulling",
        clerk_id=None,
        text="Ik ben Jan.",
        masked_text="Ik ben [naam].",
        created_at=NOW,
        masked_at=NOW,
    )
    [step] = timeline(ContributionDetail(Contribution(id=uuid.uuid4()), [], [addition]), {})
    assert (step.text, step.from_resident, step.who) == ("Ik ben [naam].", True, None)
