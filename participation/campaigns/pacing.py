"""When messages about campaigns may leave: not in the evening or at night, and not on Sundays unless that is chosen."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from participation.dates import AMSTERDAM
from participation.settings import Settings

SUNDAY = 6


@dataclass(frozen=True)
class QuietHours:
    """In Dutch time. Nobody gets such a message from `since` in the evening until `until` in the morning."""

    since: int = 20
    until: int = 9
    sundays: bool = False
    """Whether messages leave on Sundays."""

    @classmethod
    def of(cls, settings: Settings) -> "QuietHours":
        """What this installation chose."""
        return cls(settings.campaign_quiet_from, settings.campaign_quiet_until, settings.campaign_sundays)

    def end(self, now: datetime) -> datetime | None:
        """Return when the quiet that it is now ends; none when messages may leave."""
        here = now.astimezone(AMSTERDAM)
        if self._may(here):
            return None
        day = here.date() if here.hour < self.until else here.date() + timedelta(days=1)
        moment = datetime.combine(day, time(self.until), AMSTERDAM)
        while not self._may(moment):
            moment = datetime.combine(moment.date() + timedelta(days=1), time(self.until), AMSTERDAM)
        return moment.astimezone(now.tzinfo)

    def _may(self, here: datetime) -> bool:
        return self.until <= here.hour < self.since and (self.sundays or here.weekday() != SUNDAY)
