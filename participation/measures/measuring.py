"""Measuring now and then, by the worker, and telling what was measured last."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from participation.database import EVERY_MUNICIPALITY, Database
from participation.measures import handling, quality, queues
from participation.measures.figures import FIGURES, MEASURED, Figure

logger = logging.getLogger(__name__)

OFTEN, SELDOM = 30.0, 300.0
"""Seconds between two times: of what a person may have to act on at once, and of the rest."""

LONGEST = "5s"
"""A query that takes longer is given up: measuring never stands in the way of residents."""


class Measure(NamedTuple):
    """A group of figures that is measured together."""

    name: str
    every: float
    take: Callable[[AsyncSession, datetime], Awaitable[Sequence[Figure]]]


MEASURES = (
    Measure("taken", OFTEN, queues.jobs),
    Measure("berichten", OFTEN, queues.messages),
    Measure("inbreng", OFTEN, queues.contributions),
    Measure("te_laat", SELDOM, handling.overdue_contributions),
    Measure("kalenders", SELDOM, handling.imports),
    Measure("backup", SELDOM, handling.backups),
    Measure("oordelen", SELDOM, quality.verdicts),
    Measure("indeling", SELDOM, quality.sortings),
)


class Measured(Collector):
    """The figures as they were last measured. Several workers tell the same: whoever adds up takes the highest."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(self)
        self._last: dict[str, Sequence[Figure]] = {}
        self._at: dict[str, datetime] = {}

    async def measure(self, database: Database, measure: Measure, *, now: datetime) -> None:
        """Measure one group. What can not be measured is told no longer: an old figure looks like a good one."""
        try:
            async with database.session(EVERY_MUNICIPALITY) as session:
                await session.execute(text(f"SET LOCAL statement_timeout = '{LONGEST}'"))
                found = await measure.take(session, now)
        except Exception as error:  # noqa: BLE001  whatever it is, the worker goes on without a figure
            logger.warning("%s could not be measured: %s", measure.name, type(error).__name__)
            self._last.pop(measure.name, None)
            return
        self._last[measure.name], self._at[measure.name] = found, now

    async def keep_measuring(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        """Measure each group when its time has come, until cancelled."""

        async def keep(measure: Measure) -> None:
            while True:
                await self.measure(database, measure, now=clock())
                await asyncio.sleep(measure.every)

        async with asyncio.TaskGroup() as tasks:
            for measure in MEASURES:
                tasks.create_task(keep(measure))

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Called by Prometheus' library, on a thread of its own."""
        families = {name: GaugeMetricFamily(name, told, labels=labels) for name, (told, labels) in FIGURES.items()}
        for figures in list(self._last.values()):
            for figure in figures:
                families[figure.name].add_metric(figure.labels, figure.value)
        yield from families.values()
        at = GaugeMetricFamily(MEASURED, "When a group of figures was last measured", labels=("measure",))
        for name, moment in list(self._at.items()):
            at.add_metric((name,), moment.timestamp())
        yield at
