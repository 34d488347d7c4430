"""What is told to who makes a campaign: what is missing, and which texts are hard."""

import uuid
from datetime import UTC, datetime, timedelta

from participation.campaigns.checks import NEEDED, check
from participation.campaigns.matrix import FEWEST_VOTES
from participation.models import Campaign, CampaignPart, Statement

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
EASY = "Wat vindt u van het plein?"
HARD = "De participatieverordening concretiseert beleidsmatige uitgangspunten dienaangaande."


def campaign(**texts: str) -> Campaign:
    return Campaign(
        **(dict.fromkeys(("title", *NEEDED), EASY) | texts), closes_at=NOW + timedelta(days=1), state="concept"
    )


def votes(*texts: str) -> tuple[list[CampaignPart], dict[uuid.UUID, list[Statement]]]:
    part = CampaignPart(id=uuid.uuid4(), position=1, kind="stellingen", text=EASY, options=[], rules={"most": None})
    return [part], {part.id: [Statement(text=text) for text in texts]}


def test_an_empty_draft_is_told_all_that_it_needs() -> None:
    empty = Campaign(**dict.fromkeys(("title", *NEEDED), ""), closes_at=None)
    assert check(empty, [], {}, now=NOW).missing == (*NEEDED, "parts", "closes_at")
    past = campaign()
    past.closes_at = NOW
    assert check(past, *votes(*"abcdefg"[: FEWEST_VOTES - 1]), now=NOW).missing == ("statements", "past")
    assert check(campaign(why="In [maand] kiest de raad."), *votes(*"abcdefg"[:FEWEST_VOTES]), now=NOW).missing == (
        "fields",
    )
    assert check(campaign(), *votes(*"abcdefg"), now=NOW).missing == ()


def test_hard_texts_are_named_with_where_they_stand_and_names_are_not_scored() -> None:
    parts, statements = votes("Groen.", HARD, EASY)
    found = check(campaign(title="Participatieverordening", why=HARD), parts, statements, now=NOW)
    assert [(line.where, line.text) for line in found.hard] == [("why", HARD), ("1", HARD)]


def test_what_a_participant_wrote_is_neither_measured_nor_shown() -> None:
    parts, statements = votes(EASY)
    (own,) = statements.values()
    own.append(Statement(text=HARD, masked_text="[naam]", writer_code="GM0344"))
    assert HARD not in {line.text for line in check(campaign(), parts, statements, now=NOW).lines}


def test_a_campaign_that_is_too_long_is_told_so() -> None:
    for number, is_long in ((30, False), (60, True)):  # all of them are asked
        parts, statements = votes(*(f"{EASY} {one}" for one in range(number)))
        assert check(campaign(), parts, statements, now=NOW).is_long is is_long
    many = [CampaignPart(id=uuid.uuid4(), position=n, kind="open", text=EASY, options=[], rules={}) for n in range(7)]
    assert check(campaign(), many, {}, now=NOW).is_long
