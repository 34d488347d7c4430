"""The parts of an instance as one table: what to run, after what, and how to see that it works."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from launcher.health import Check, answers_ok, database_announced, reports_true, touched_lately
from launcher.ports import LOOPBACK
from launcher.variables import Plan


@dataclass(frozen=True, kw_only=True)
class Part:
    """One process to keep running, or to run once when it has no health check.

    `needs` runs before it starts. It is stopped only when `stops_after` has ended, and what needs it.
    `environment` is asked at every start, because the database's address is only known when it runs.
    `hangs_after` is how many seconds it may be unhealthy, once healthy, before it is restarted; None is for ever,
    for a part whose health is told by another one. Of those with the same `kind` one is started again at a time: each
    takes all of the processor while it starts, and the first that is ready is what people wait for.
    """

    name: str
    command: tuple[str, ...]
    environment: Callable[[], Mapping[str, str]]
    healthy: Check | None
    needs: tuple[str, ...] = ()
    stops_after: tuple[str, ...] = ()
    start_seconds: float = 90.0
    hangs_after: float | None = 60.0
    before_start: Callable[[], None] | None = None
    kind: str | None = None

    @property
    def one_shot(self) -> bool:
        return self.healthy is None


def web_host(plan: Plan) -> str:
    """Where to reach the web part from here, whatever address it listens on."""
    host = plan.environ.get("SAMENSPEL_HOST", LOOPBACK)
    return LOOPBACK if host in {"", "0.0.0.0", "::", "localhost"} else host  # noqa: S104  (compared, not bound)


def parts(plan: Plan) -> list[Part]:
    """The table for one instance, in starting order."""
    layout, ports = plan.layout, plan.ports
    app, rasa = str(layout.app_python), str(layout.rasa_python)
    web = web_host(plan)

    def part(
        name: str,
        command: tuple[str, ...],
        healthy: Check | None,
        *needs: str,
        stops_after: tuple[str, ...] = (),
        start_seconds: float = 90.0,
        hangs_after: float | None = 60.0,
        before_start: Callable[[], None] | None = None,
        kind: str | None = None,
    ) -> Part:
        return Part(
            name=name,
            command=command,
            environment=lambda: plan.variables(name),
            healthy=healthy,
            needs=needs,
            stops_after=stops_after,
            start_seconds=start_seconds,
            hangs_after=hangs_after,
            before_start=before_start,
            kind=kind,
        )

    database = part(
        "database",
        (app, "-m", "participation.database.embedded", str(layout.postgres), str(layout.database_file)),
        database_announced(layout.database_file, layout.postgres),
        hangs_after=5.0,
        before_start=lambda: layout.database_file.unlink(missing_ok=True),
    )
    base = ("database",) if plan.embedded else ()
    ready = (*base, "prepare")
    demo = ("--demo",) if plan.demo else ()
    serve = ("--endpoints", "endpoints.yml", "--credentials", "credentials.yml", "-i", LOOPBACK)
    rasas = [
        part(
            name,
            (rasa, "-m", "rasa", "run", "-m", str(plan.model), *serve, "-p", str(port)),
            answers_ok(LOOPBACK, port, "/webhooks/samenspel/health"),
            *ready,
            stops_after=("web", "telegram"),  # their turns under way are finished first
            start_seconds=240.0,
            kind="rasa",
        )
        for name, port in ports.rasas.items()
    ]
    table = [
        part(
            "prepare",
            (app, "-m", "participation.database.prepare", *demo, "--json"),
            None,
            *base,
            start_seconds=900.0,  # migrating a large database takes its time
        ),
        *rasas,
        part(
            "actions",
            (app, "-m", "actions"),
            answers_ok(LOOPBACK, ports.actions, "/health"),
            *ready,
            stops_after=tuple(ports.rasas),
        ),
        part("web", (app, "-m", "web"), answers_ok(web, ports.web, "/gezondheid/levend"), *ready),
        part(
            "worker",
            (app, "-m", "participation.worker"),
            reports_true(web, ports.web, "/gezondheid/gereed", "onderdelen", "worker"),
            *ready,
            hangs_after=None,
        ),
    ]
    for wanted, channel, module in (
        (plan.telegram, "telegram", "bot.telegram"),
        (plan.relay, "koppeling", "bot.relay"),
    ):
        if wanted:
            alive = layout.run / f"{channel}.alive"
            table.append(
                part(
                    channel,
                    (app, "-m", module, "--alive", str(alive)),
                    touched_lately(alive, seconds=30.0),  # whether the other side answers is not for us to mend
                    *ready,
                    before_start=partial(alive.unlink, missing_ok=True),
                )
            )
    return [database, *table] if plan.embedded else table
