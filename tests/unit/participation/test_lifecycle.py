"""The status table is whole: nothing unknown, nothing without a name, no dead end, no way around a closing text."""

from participation import content
from participation.models.contribution import STATUSES
from participation.services.lifecycle import (
    ALLOWED,
    CHANGES,
    CLOSING,
    DISPOSITION,
    FOR_RESIDENTS,
    GRIFFIE,
    INTO_BUNDLE,
    INWONER,
    LABELS,
    MEETING,
    OUT_OF_BUNDLE,
    PROGRAMMA,
    QUESTION,
    RECIPIENT,
    TABLE,
    TEXT,
    TYPED,
    choices,
    may,
)


def test_all_statuses_are_in_the_table_and_have_a_label() -> None:
    assert set(ALLOWED) == set(STATUSES)
    assert set(LABELS) == set(STATUSES)
    assert {following for allowed in ALLOWED.values() for following in allowed} <= set(STATUSES)


def test_every_line_of_the_table_is_read_once_and_holds_known_words() -> None:
    assert len(CHANGES) == len(TABLE.strip().splitlines()) - 1
    assert {who for change in CHANGES.values() for who in change.by} == {GRIFFIE, INWONER, PROGRAMMA}
    assert {change.needs for change in CHANGES.values()} == {
        *(None, TEXT, DISPOSITION, QUESTION),
        *(INTO_BUNDLE, OUT_OF_BUNDLE, RECIPIENT, MEETING),
    }


def test_every_notice_is_a_text_that_exists() -> None:
    told = {change.told for change in CHANGES.values()} - TYPED - {None}
    assert told <= set(content.texts())
    assert told == {"bericht_doorgezonden", "bericht_ingepland", "bericht_heropend"}


def test_every_status_is_explained_to_residents_who_ask() -> None:
    assert set(content.texts()["status_uitleg"]) == set(STATUSES)


def test_labels_are_different() -> None:
    assert len(set(LABELS.values())) == len(LABELS)
    assert len(set(FOR_RESIDENTS.values())) == len(LABELS)


def test_residents_do_not_read_that_others_said_the_same() -> None:
    """A bundle may hold one or two: whoever knows the other would learn what they said."""
    told = f"{FOR_RESIDENTS['gebundeld']}. {content.texts()['status_uitleg']['gebundeld']}".lower()
    assert [word for word in ("ander", "meer mensen", "samen", "bundel") if word in told] == []


def test_only_what_is_passed_on_follows_itself_and_nothing_returns_to_received() -> None:
    """To somebody else, or for another day."""
    assert [status for status, allowed in ALLOWED.items() if status in allowed] == ["doorgezonden", "ingepland"]
    assert [status for status, allowed in ALLOWED.items() if "ontvangen" in allowed] == []


def test_every_status_can_be_reached_and_every_one_can_end() -> None:
    def reachable(start: str) -> set[str]:
        seen, todo = {start}, [start]
        while todo:
            for following in ALLOWED[todo.pop()] - seen:
                seen.add(following)
                todo.append(following)
        return seen

    assert reachable("ontvangen") == set(STATUSES)
    assert [status for status in STATUSES if not reachable(status) & CLOSING] == []


def test_what_is_closed_can_only_be_reopened() -> None:
    assert {status: ALLOWED[status] for status in CLOSING} == {status: frozenset({"heropend"}) for status in CLOSING}
    assert [status for status, allowed in ALLOWED.items() if "heropend" in allowed and status not in CLOSING] == []


def test_a_closing_says_why_and_what_was_done() -> None:
    closing = {(after, change.needs, change.told) for (_, after), change in CHANGES.items() if after in CLOSING}
    assert closing == {("afgehandeld", DISPOSITION, TEXT), ("geannuleerd", TEXT, TEXT)}


def test_residents_and_the_program_do_what_is_theirs_and_no_more() -> None:
    theirs = {(before, after) for (before, after), change in CHANGES.items() if INWONER in change.by}
    assert theirs == {
        ("ontvangen", "geannuleerd"),
        ("in_behandeling", "geannuleerd"),
        ("reactie_gevraagd", "geannuleerd"),
        ("heropend", "geannuleerd"),
        ("reactie_gevraagd", "reactie_ontvangen"),
        ("afgehandeld", "heropend"),
    }
    assert {change for change in CHANGES if may(PROGRAMMA, *change)} == {("reactie_gevraagd", "in_behandeling")}
    assert not may(INWONER, "geannuleerd", "heropend")
    assert not may(GRIFFIE, "ontvangen", "onzin")


def test_asking_bundling_and_passing_on_are_not_chosen_from_a_list() -> None:
    offered = {status for before in STATUSES for status in choices(before)}
    assert offered == set(STATUSES) - {"ontvangen", "reactie_gevraagd", "gebundeld", "doorgezonden", "ingepland"}
    assert choices("gebundeld") == ["afgehandeld"]


def test_what_is_passed_on_always_says_where() -> None:
    needed = {(after, change.needs) for (_, after), change in CHANGES.items() if after in {"doorgezonden", "ingepland"}}
    assert needed == {("doorgezonden", RECIPIENT), ("ingepland", MEETING)}
    assert set(content.texts()["status_waarheen"]) == {"doorgezonden", "ingepland"}
