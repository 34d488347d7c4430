"""What is outside goes wrong: Telegram's network, a certificate, the clock, and far more visitors than usual."""

import asyncio
import itertools
import subprocess
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from time import monotonic, time

import httpx
import pytest

from tests.bot_api import Fault, Person, TelegramDouble
from tests.e2e.instance import until
from tests.faults.drill import GIVE_UP, Drill, drilled
from tests.faults.residents import QUESTION, RIGHT, WIDGET_WAITS, Traffic
from tests.faults.tls import TlsFront
from tests.faults.world import World, running
from tests.hearing import Hearing
from tests.relay_service import Correspondent, RelayService

pytestmark = pytest.mark.timeout(900)
LASTS = 15.0
numbers = itertools.count(4_800_001)


async def settled(person: Hearing) -> None:
    """Somebody in a channel who has said where they live."""
    for text in ("Hallo", "Utrecht"):
        before = len(person.chat)
        await person.types(text)
        await until(lambda before=before: _longer(person, before), seconds=GIVE_UP, what=f"an answer to {text}")
        await asyncio.sleep(2)


async def _longer(person: Hearing, before: int) -> bool:
    return len(person.chat) > before


def answers(person: Hearing) -> int:
    """How often the right answer stands in the chat."""
    return sum(RIGHT in message.text for message in person.chat)


async def asked_meanwhile(
    drill: Drill, person: Hearing, break_it: Callable[[], Awaitable[None]], mend: Callable[[], Awaitable[None]]
) -> None:
    """A question that is asked while the way is closed is answered once, when it is open again."""
    await drill.going()
    await settled(person)
    await break_it()
    try:
        await person.types(QUESTION)
        await drill.lasts(LASTS)
        assert answers(person) == 0, "nothing was broken"
    finally:
        await mend()
    drill.ends()

    async def answered() -> bool:
        return answers(person) >= 1

    await drill.normal_again(answered)
    await asyncio.sleep(5)
    assert answers(person) == 1, "the answer came more than once"
    drill.extra.append("de vraag van tijdens de storing kreeg daarna precies één antwoord")


async def test_telegram_is_out_of_reach(world: World, telegram: TelegramDouble) -> None:
    how = f"de dubbel van Telegram luistert {LASTS:.0f} seconden niet meer en breekt alle verbindingen af"
    async with drilled(world, "telegram-weg", "Het netwerk naar Telegram valt weg", how) as drill:
        port = telegram.port
        await asked_meanwhile(drill, Person(telegram, next(numbers)), telegram.stop, lambda: telegram.start(port))


FAULTS = {
    "telegram-breekt-af": ("Telegram breekt elke verbinding af", Fault(refused=True)),
    "telegram-502": ("Telegram antwoordt met 502", Fault(status=502)),
    "telegram-429": ("Telegram zegt dat het te snel gaat (429)", Fault(status=429, parameters={"retry_after": 3})),
}


@pytest.mark.parametrize("key", FAULTS)
async def test_telegram_refuses(key: str, world: World, telegram: TelegramDouble) -> None:
    title, fault = FAULTS[key]
    how = f"de dubbel van Telegram doet dit {LASTS:.0f} seconden lang bij ophalen en versturen"

    async def refuse() -> None:
        for method in ("getUpdates", "sendMessage"):
            telegram.faults[method] = [fault] * 10_000

    async def accept() -> None:
        telegram.faults.clear()

    async with drilled(world, key, title, how) as drill:
        await asked_meanwhile(drill, Person(telegram, next(numbers)), refuse, accept)


async def test_a_certificate_has_expired(world: World, front: TlsFront, relay: RelayService) -> None:
    how = f"de dienst van een eigen kanaal toont {LASTS:.0f} seconden lang een certificaat van gisteren"

    async def show(days_left: int) -> None:
        await front.stop()
        await front.start(days_left=days_left)

    async with (
        drilled(world, "certificaat-verlopen", "Het certificaat van een dienst is verlopen", how) as drill,
        httpx.AsyncClient(base_url=world.instance.url, trust_env=False, timeout=30) as client,
    ):
        person = Correspondent(relay, client, "proef-certificaat")
        await asked_meanwhile(drill, person, lambda: show(-1), lambda: show(30))


def from_everywhere(number: int) -> dict[str, str]:
    """Visitors have addresses of their own; the instance believes a proxy on the same machine about that."""
    return {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


async def test_ten_times_as_many_turns(world: World) -> None:
    ordinary, seconds = 1.5, 120.0
    how = f"{10 * ordinary:.0f} nieuwe bezoekers per seconde die iets vragen, {seconds:.0f} seconden lang"
    async with drilled(world, "tien-keer-zo-druk", "Tien keer zo veel verkeer", how) as drill:
        await drill.going()
        told: Counter[str] = Counter()
        certificates = httpx.create_ssl_context()  # takes long, and once is enough

        async def visit(number: int) -> None:
            headers = from_everywhere(number)
            async with httpx.AsyncClient(
                base_url=world.instance.url, headers=headers, verify=certificates, trust_env=False, timeout=WIDGET_WAITS
            ) as http:
                visitor = Traffic(world, http, drill.ledger)
                [answer, *_] = await visitor.once(await visitor.opens(), tekst=QUESTION)
            right = answer["tekst"].startswith(RIGHT)
            told["goed" if right else answer["soort"]] += 1
            if not right:
                drill.ledger.seen[answer["tekst"].strip()] += 1

        started, visiting = monotonic(), []
        for number in range(int(10 * ordinary * seconds)):
            await asyncio.sleep(max(0.0, started + number / (10 * ordinary) - monotonic()))
            visiting.append(asyncio.create_task(visit(number)))
        drill.ends()
        await drill.normal_again()
        outcomes = await asyncio.gather(*visiting, return_exceptions=True)  # nobody visits the next drill
        if failed := [outcome for outcome in outcomes if outcome is not None]:
            raise AssertionError(f"never answered: {len(failed)} visitors")
        if not set(told) <= {"goed", "fout"}:
            raise AssertionError(f"other answers: {dict(told)}")
        drill.extra.append(
            f"{len(visiting)} bezoekers: {told['goed']} kregen het goede antwoord, {told['fout']} een verontschuldiging"
        )


@pytest.fixture
def clock() -> Iterator[Path]:
    """The file that tells how wrong the clock is, beside the library that makes it so; all processes may read it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "klok"
        _set(file, 0)
        command = ["cc", "-O1", "-shared", "-fPIC", "-o", f"{folder}/klok.so", str(Path(__file__).with_name("klok.c"))]
        try:
            subprocess.run(command, check=True)
        except OSError:
            pytest.skip("there is no C compiler here (Debian: apt install gcc libc6-dev)")
        yield file


def _set(file: Path, wrong: int) -> None:
    file.write_text(f"{wrong}\n")
    file.chmod(0o644)


@pytest.mark.parametrize(("key", "hours"), [("klok-vooruit", 2), ("klok-terug", -2)])
async def test_the_clock_jumps(key: str, hours: int, clock: Path) -> None:
    """All parts and the database see the same wrong time, as when the machine's own clock jumps."""
    told = {"LD_PRELOAD": str(clock.with_name("klok.so")), "PROEFKLOK": str(clock)}
    way = "vooruit" if hours > 0 else "terug"
    how = f"de klok van alle processen springt {abs(hours)} uur {way} en na {LASTS:.0f} seconden weer goed"
    with running(key, told, replicas=1) as world:
        async with drilled(world, key, f"De klok springt {abs(hours)} uur {way}", how) as drill:
            await drill.going()
            _set(clock, hours * 3600)
            await asyncio.sleep(2)
            [row] = await world.instance.rows("SELECT extract(epoch FROM now())::float AS seconds")
            assert abs(row["seconds"] - (time() + hours * 3600)) < 60, "the clock did not jump"
            await drill.lasts(LASTS)
            _set(clock, 0)
            drill.ends()
            await drill.normal_again()
            await drill.lasts(LASTS)
