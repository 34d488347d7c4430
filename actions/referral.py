"""Saying that a matter is for another authority than the municipality."""

from participation import content
from participation.authorities import Authority
from participation.reply import Button, Link, Reply

REFERRED = "verwezen"
"""Marks a button with words of which the resident has just read who else is there for them."""


def referral(authority: Authority, *buttons: Button) -> Reply:
    """Whose it is, where to find them, and that the council may be told as well."""
    text = content.text("andere_overheid_gaat_erover", wie=authority.name, waarover=authority.about)
    return Reply(text, kind="antwoord", buttons=buttons, links=(Link(authority.link_title, authority.url),))
