"""What a resident reads of a mailing, with the buttons below it."""

from participation.campaigns.asking import meaning
from participation.campaigns.audience import OUTCOME
from participation.campaigns.offering import about_messages
from participation.campaigns.texts import text
from participation.models import Campaign, Mailing
from participation.models.mailing import INVITES
from participation.reply import Button, Link, Reply


def written(campaign: Campaign, mailing: Mailing, *, public_url: str) -> Reply:
    """The message as it stands in the chat. It always says how to stop such messages."""
    stop = Button(text("knop_afmelden"), about_messages("afmelden"))
    page = f"{public_url.rstrip('/')}/c/{campaign.public_id}"
    told = f"{campaign.title}\n\n{mailing.text}"
    if mailing.kind in INVITES:
        buttons = (
            Button(text("knop_meedoen"), meaning(campaign.id, "begin")),
            Button(text("knop_niet_nu"), meaning(campaign.id, "niet_nu")),
            stop,
        )
        return Reply(f"{told}\n\n{text('bericht_onder')}", buttons=buttons)
    links: tuple[Link, ...] = ()
    if mailing.kind == "terugkoppeling":
        links = (Link(text("bericht_uitkomst"), f"{page}/uitkomst"),)
    below = text("bericht_onder_uitkomst" if mailing.audience.get("who") == OUTCOME else "bericht_onder")
    return Reply(f"{told}\n\n{below}", buttons=(stop,), links=links)
