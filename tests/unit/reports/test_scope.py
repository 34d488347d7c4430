"""What may be chosen, and which period a period is compared with."""

from datetime import date

import pytest

from participation.reports.scope import Period, Scope, ScopeFaulty

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("since", "until", "before"),
    [
        (date(2026, 9, 1), date(2026, 9, 30), (date(2026, 8, 1), date(2026, 8, 31))),
        (date(2026, 1, 1), date(2026, 3, 31), (date(2025, 10, 1), date(2025, 12, 31))),
        (date(2024, 2, 1), date(2024, 2, 29), (date(2024, 1, 1), date(2024, 1, 31))),
        (date(2026, 1, 1), date(2026, 12, 31), (date(2025, 1, 1), date(2025, 12, 31))),
        (date(2026, 9, 7), date(2026, 9, 13), (date(2026, 8, 31), date(2026, 9, 6))),
        (date(2026, 9, 7), date(2026, 9, 7), (date(2026, 9, 6), date(2026, 9, 6))),
    ],
)
def test_a_period_is_compared_with_as_long_a_one_just_before(
    since: date, until: date, before: tuple[date, date]
) -> None:
    assert Period(since, until).before == Period(*before)


def test_the_days_of_a_period_are_dutch_days() -> None:
    first, after = Period(date(2026, 10, 25), date(2026, 10, 25)).moments
    assert (first.isoformat(), after.isoformat()) == ("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00")


def test_a_choice_is_kept_and_read_again() -> None:
    scope = Scope("signalen", "openbaar", date(2026, 9, 1), date(2026, 9, 30), ("wonen",), quotes=0)
    assert Scope.read(scope.kept()) == scope


@pytest.mark.parametrize(
    ("chosen", "faults"),
    [
        ({}, {}),
        ({"kind": "verslag"}, {"soort": "onbekend"}),
        ({"audience": "pers"}, {"lezers": "onbekend"}),
        ({"since": date(2026, 10, 1)}, {"tot": "volgorde"}),
        ({"until": date(2026, 11, 24)}, {"tot": "toekomst"}),
        ({"since": date(2024, 1, 1)}, {"tot": "te_lang"}),
        ({"themes": ("wonen", "x")}, {"thema": "onbekend"}),
        ({"quotes": 6}, {"citaten": "aantal"}),
    ],
)
def test_what_can_not_be_is_told_by_field(chosen: dict[str, object], faults: dict[str, str]) -> None:
    usual = {"kind": "signalen", "audience": "raad", "since": date(2026, 9, 1), "until": date(2026, 9, 30)}
    scope = Scope(**usual | chosen)  # type: ignore[arg-type]
    if not faults:
        scope.check(today=TODAY)
        return
    with pytest.raises(ScopeFaulty) as refused:
        scope.check(today=TODAY)
    assert refused.value.faults == faults
