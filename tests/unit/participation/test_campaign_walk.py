"""What somebody is asked next follows from what they gave, whatever happened in between."""

import uuid
from datetime import UTC, datetime

from participation.campaigns.walk import SKIPPED, Walk
from participation.models import Campaign, CampaignAnswer, CampaignPart, Participant, Statement, Vote

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def part(kind: str, **more: object) -> CampaignPart:
    return CampaignPart(**{"id": uuid.uuid4(), "kind": kind, "text": "?", "options": [], "rules": {}} | more)


def statements_of(asked: CampaignPart, number: int) -> list[Statement]:
    return [Statement(id=uuid.uuid4(), part_id=asked.id, text=str(one)) for one in range(number)]


def walk(parts: list[CampaignPart], statements: list[Statement], who: uuid.UUID, **given: object) -> Walk:
    about = {parts[0].id: statements}
    return Walk(Campaign(id=uuid.uuid4()), Participant(id=who), parts, about, **given)  # type: ignore[arg-type]


def voted(statements: list[Statement]) -> dict[uuid.UUID, Vote]:
    return {one.id: Vote(statement_id=one.id, value=1, cast_at=NOW) for one in statements}


def test_everybody_has_an_order_of_their_own_that_stays() -> None:
    asked = part("stellingen")
    statements = statements_of(asked, 12)
    people = [uuid.UUID(int=number) for number in range(1, 6)]
    orders = [[one.text for one in walk([asked], statements, who).shown(asked)] for who in people]
    assert orders == [[one.text for one in walk([asked], statements[::-1], who).shown(asked)] for who in people]
    assert len({tuple(order) for order in orders}) == len(people)


def test_a_statement_that_is_added_is_asked_and_what_was_shown_stays_within_the_most() -> None:
    asked = part("stellingen", rules={"most": 3})
    statements, who = statements_of(asked, 3), uuid.UUID(int=7)
    before = walk([asked], statements, who, votes=voted(statements[:2]))
    assert before.next() is not None
    assert before.next().statement is statements[2]  # type: ignore[union-attr]
    more = [*statements, *statements_of(asked, 5)]
    assert len(walk([asked], more, who, votes=voted(statements[:2])).shown(asked)) == 3
    assert walk([asked], more, who, votes=voted(statements)).next() is None


def test_progress_counts_what_is_asked_and_not_the_offer_to_add_something() -> None:
    asked, after = part("stellingen", rules={"own": True}), part("open")
    statements = statements_of(asked, 2)
    steps = walk([asked, after], statements, uuid.UUID(int=1)).steps()
    assert [(step.what, step.number, step.total) for step in steps] == [
        ("stelling", 1, 3),
        ("stelling", 2, 3),
        ("eigen", 2, 3),
        ("deel", 3, 3),
    ]


def test_a_part_is_not_asked_any_more_when_the_choice_it_depends_on_was_changed_nor_what_depends_on_it() -> None:
    def only_after(earlier: CampaignPart) -> CampaignPart:
        return part("dilemma", condition={"part": str(earlier.id), "options": ["a"]})

    first = part("keuze")
    second = only_after(first)
    third = only_after(second)

    def asked(*chosen: str) -> list[CampaignPart]:
        answers = {
            one.id: CampaignAnswer(part_id=one.id, value={"options": [option]}, answered_at=NOW)
            for one, option in zip((first, second, third), chosen, strict=False)
        }
        return walk([first, second, third], [], uuid.UUID(int=1), answers=answers).asked()

    assert asked("a", "a", "a") == [first, second, third]
    assert asked("b", "a", "a") == [first]


def test_back_goes_to_what_was_given_before_this() -> None:
    first, second = part("open"), part("schaal")
    answers = {
        first.id: CampaignAnswer(part_id=first.id, value={"words": True}, answered_at=NOW),
        second.id: CampaignAnswer(part_id=second.id, value=SKIPPED, answered_at=NOW.replace(minute=31)),
    }
    here = walk([first, second], [], uuid.UUID(int=1), answers=answers)
    last = here.before(None)
    assert last is not None
    assert last.part is second
    assert here.before(last.key).part is first  # type: ignore[union-attr]
    assert here.before(f"deel-{first.id}") is None
