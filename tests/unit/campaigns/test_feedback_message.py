"""What people read in the chat about what is done with a campaign."""

from participation.campaigns import feedback, sending
from participation.campaigns.making import LONGEST
from participation.models import Campaign, CampaignFeedback

ADDRESS = "https://samenspel.example/c/abcdefgh/uitkomst"
END = f"Alles staat op deze pagina: {ADDRESS}"


def said(*lengths: int, title: str = "Het plein") -> list[str]:
    """The paragraphs of a message of points whose four texts have this many characters each."""
    points = [
        CampaignFeedback(**{name: " ".join([name] * length)[:length] for name in feedback.FIELDS}) for length in lengths
    ]
    words = feedback.message(Campaign(title=title), points, ADDRESS)
    assert len(words) <= sending.LONGEST_TEXT
    return words.split("\n\n")


def test_points_that_fit_are_told_whole():
    opening, *points, end = said(40, 40)
    assert (opening, end) == ("U deed mee aan de peiling “Het plein”. Dit is ermee gedaan.", END)
    assert [point.count("\n") + 1 for point in points] == [4, 4]


def test_a_first_point_that_is_too_long_is_told_by_what_was_heard_and_decided():
    longest = "a" * LONGEST["title"]
    for lengths, left in (
        ((600,), ""),
        ((600, 40), "Er is nog 1 punt. "),
        ((600, 600, 40), "Er zijn nog 2 punten. "),
    ):
        _, point, end = said(*lengths, title=longest)
        heard, decided = point.split("\n")
        assert (heard.startswith("1. Wij hoorden: heard heard"), heard.endswith("heard …")) == (True, True)
        assert (decided.startswith("Besluit: decided decided"), decided.endswith("decided …")) == (True, True)
        assert end == left + END


def test_one_point_that_does_not_fit_any_more_is_one_point():
    assert said(200, 200)[2] == f"Er is nog 1 punt. {END}"
