"""What griffiers read about passing contributions on, and the text that they can copy for whom it goes to."""

from collections.abc import Mapping
from urllib.parse import quote

from participation.dates import AMSTERDAM, dutch_date, dutch_day
from participation.services.contributions import ContributionDetail
from participation.services.passing_on import LONGEST_NAME, Shifted

COLLEAGUE = "Dit kan nu niet meer. Een collega heeft de status intussen veranderd. Kijk eerst wat er is gebeurd."
ONE_OF_BOTH = "Kies uit de lijst of vul zelf iets in. Niet allebei."
NO_RECIPIENT = "Kies eerst naar wie dit gaat, of typ een naam."
NO_MEETING = "Kies eerst een vergadering uit de lijst, of typ zelf een naam en een datum."
NO_DAY = "Vul ook een datum in, bijvoorbeeld 3-12-2026."
DAY_OVER = "Kies een datum vanaf vandaag, hooguit twee jaar vooruit."
TOO_LONG = f"De naam is te lang. Gebruik ten hoogste {LONGEST_NAME} tekens."


def shifted(one: Shifted) -> str:
    """Say what became of a meeting for which something is planned."""
    told = f"Gepland voor {dutch_day(one.told)}: {one.name}."
    if one.day is None:
        return f"{told} Die vergadering gaat niet door, of staat niet meer in de kalender."
    return f"{told} Die vergadering is nu op {dutch_day(one.day)}."


def to_copy(detail: ContributionDetail) -> str:
    """Write what the desk may read of a contribution, for who has to do something with it."""
    contribution = detail.contribution
    day = dutch_date(contribution.created_at.astimezone(AMSTERDAM).date())
    texts = [contribution.readable_text, *(entry.readable_text for entry in detail.entries if entry.from_resident)]
    return "\n\n".join([f"Inbreng {contribution.reference}, ontvangen op {day}.", *texts])


def mail_link(detail: ContributionDetail, recipients: Mapping[str, str]) -> str:
    """An address that opens a mail to whom it went, without the text; empty where the list has no address."""
    last = detail.statuses[-1]
    address = recipients.get(last.destination or "", "")
    subject = quote(f"Inbreng {detail.contribution.reference}")
    return f"mailto:{quote(address, safe='@')}?subject={subject}" if address else ""
