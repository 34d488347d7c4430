"""The status table is whole: nothing unknown, nothing without a name, no dead end, no way around a closing text."""

from participation.models.contribution import STATUSES
from participation.services.lifecycle import ALLOWED, CLOSING, LABELS


def test_all_statuses_are_in_the_table_and_have_a_label() -> None:
    assert set(ALLOWED) == set(STATUSES)
    assert set(LABELS) == set(STATUSES)
    assert {following for allowed in ALLOWED.values() for following in allowed} <= set(STATUSES)


def test_labels_are_different() -> None:
    assert len(set(LABELS.values())) == len(LABELS)


def test_nothing_follows_itself_and_nothing_returns_to_received() -> None:
    assert [status for status, allowed in ALLOWED.items() if status in allowed] == []
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
