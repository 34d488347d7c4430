"""To whom a municipality passes contributions on: reading what was typed."""

import pytest

from participation.recipients import RecipientUnreadable, read_recipients, written

RECIPIENTS = {"Afdeling Openbare ruimte": "openbareruimte@gemeente.example", "Waterschap": ""}


def test_recipients_are_read_one_a_line_and_written_as_they_are_read() -> None:
    typed = " Afdeling  Openbare ruimte : openbareruimte@gemeente.example\n\nWaterschap\n"
    assert read_recipients(typed) == RECIPIENTS
    assert read_recipients(written(RECIPIENTS)) == RECIPIENTS
    assert read_recipients(" \n") == {}


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("Waterschap\nwaterschap", "waterschap"),
        (": post@waterschap.example", ": post@waterschap.example"),
        ("Waterschap: geen adres", "Waterschap: geen adres"),
        ("Waterschap: a@b.nl?bcc=c@d.nl", "Waterschap: a@b.nl?bcc=c@d.nl"),
        ("x" * 101, "x" * 80),
        ("Groen [noord]: groen@gemeente.example", "Groen [noord]: groen@gemeente.example"),
        ("Groen {noord}", "Groen {noord}"),
    ],
)
def test_a_line_that_can_not_be_read_is_named(typed: str, line: str) -> None:
    with pytest.raises(RecipientUnreadable) as refused:
        read_recipients(typed)
    assert refused.value.line == line
