"""The command line of `./samenspel`: subcommands, options and their help."""

import argparse

from launcher.layers import ALL, ONLY_BY_NAME

ABOUT = """\
Samenspel: residents and their council, in conversation.

  ./samenspel up      sets up everything that is missing, starts, and prints the addresses
  ./samenspel test    runs all tests

Everything it makes lives in var/, .venv-app/ and .venv-rasa/."""

SETTINGS = """\
environment variables:
  SAMENSPEL_DATABASE_URL   your own PostgreSQL; without it an embedded one is started
  SAMENSPEL_DEMO           true or false; on by default with the embedded PostgreSQL, off with your own
  SAMENSPEL_RASA_REPLICAS  replicas of Rasa that 'up' starts, as --rasa does (default 1)
  SAMENSPEL_PYTHON310      the Python 3.10 for Rasa, when it is not found by itself
  SAMENSPEL_VAR            folder of this instance (default var); another folder is another instance
  All other settings are in docs/instellingen.md."""

CHAT = """\
Talk to the running instance as a resident, over the same API as the widget.

examples:
  ./samenspel chat --gemeente GM0344
  ./samenspel chat --gemeente GM0344 "Wat doet de gemeenteraad?"
  ./samenspel chat --gemeente GM0344 "Er rijden hier te veel auto's" --sessie anna --json"""

EVALUATE = """\
Score the language model; trains first when its sources changed. Arguments go to nlu.components.evaluation,
together with --model unless you name one yourself."""

BENCH = """\
Run one of the measurements in bench/. Further arguments go to it; the last line it prints is one JSON object.

examples:
  ./samenspel bench chat                how long answers of the running instance take
  ./samenspel bench nlu                 compare our understanding of Dutch with Rasa's own, an SVM and nlp.js (long)
  ./samenspel bench nlu --share 0.05    a quick look, trained on a small part
  ./samenspel bench channels            what the gateway adds, answers at ten a second, and 2,000 open chats
  ./samenspel bench load --replicas 2 --rate 30 --duration 600   an own instance under load: times, faults, memory
  ./samenspel bench load --rate 15      the same of the running instance; it keeps the visits
  ./samenspel bench upgrade --from v1   an earlier version of this clone under traffic, replaced by this one
  ./samenspel bench campaign            an own instance: two hundred votes a second for five minutes, opinion groups
  ./samenspel bench campaign --whole    a campaign of 10,000 residents from draft to final report (a quarter of an hour)
  ./samenspel bench fuzz                requests that nobody thought of, to the running chat API, with all checks
  ./samenspel bench hostile             10,000 hostile messages to the running instance: none may be a fault (long)
  ./samenspel bench disk                how much disk conversations take, in an own instance
  ./samenspel bench backup              how long a back-up and putting it back take, with 100,000 contributions
  ./samenspel bench desk                how fast the work list is with 100,000 contributions (some minutes)"""

MASK = """\
Mask personal data: reads a text a line, prints one JSON object a line with what the desk would read.

examples:
  ./samenspel mask inbreng.txt
  echo "Ik heet Fatima, bel 06-12345678" | ./samenspel mask"""

RETENTION = """\
Erase what has had its time, as the worker does every night. Contributions are only destroyed when a griffier has
approved the list at the desk.

examples:
  ./samenspel retention --dry-run           what has had its time, per kind and municipality; changes nothing
  ./samenspel retention --dry-run --json"""

AUDIT = """\
Show the newest of what was done at the desk, or check that nobody changed the log. Exit code of the check: 0 the log is
whole, 1 it was changed, 2 it could not be checked.

examples:
  ./samenspel audit --gemeente GM0344           the newest twenty events of a municipality
  ./samenspel audit --controle                  check the chain; prints a mark to note down somewhere else
  ./samenspel audit --controle --sinds 120:9f8  check, and that this mark is still in the chain"""

BACKUP = """\
Write a back-up of the database, locked with public keys: the machine that makes it can not read it. It may be made
while Samenspel runs. Beside it comes erasures.jsonl, the list of what residents had erased. See docs/beheer.md.

examples:
  ./samenspel backup --new-key sleutel.txt                make a pair of keys; prints the public one
  ./samenspel backup /mnt/kopie --to age1... --keep 30    a back-up in a folder; those older than 30 days go
  ./samenspel backup /mnt/kopie --erasures                only bring the list of erasures up to date"""

RESTORE = """\
Put a back-up back in an empty database, with Samenspel stopped. Who was erased since the back-up is erased again.

examples:
  ./samenspel restore samenspel-20261127T021500Z.age --key sleutel.txt --check    only read it to its end
  ./samenspel restore samenspel-20261127T021500Z.age --key sleutel.txt
  ./samenspel restore samenspel-20261127T021500Z.age --key sleutel.txt --replace  what is there now goes first"""

UP = """\
Set up what is missing (Python environments, language model, database), start all parts, watch and restart them.
Without --detach it stays in the foreground and Ctrl-C stops it. When it runs already, it says so."""

TEST = """\
Run the tests, in this order: checks (ruff, mypy, import law), unit, integration (real PostgreSQL), nlu, dialogue
(rasa test core), e2e (a second instance with all parts) and browser (Chromium on that instance).
Only when asked for by name: faults (an instance of which the parts are broken one by one; half an hour).
Closes with one line of counts. Reports are in var/test/."""

PACKAGES = """\
What Samenspel is made of.

examples:
  ./samenspel packages list       writes var/sbom/*.json (CycloneDX 1.6), checked against its schema
  ./samenspel packages check      known weaknesses. Exit code 0: none; 1: some; 3: the register could not be reached,
                                  so nothing was checked"""

PAPERS = """\
Write docs/veiligheid.md and docs/verantwoording/ anew, from the code and the tables in papers/.

examples:
  ./samenspel papers              writes them
  ./samenspel papers --check      exit code 1 when they are not up to date"""

# Their arguments, --help included, belong to the program behind them.
PASSED_ON = ("chat", "evaluate", "mask", "retention", "audit", "backup", "restore", "packages", "papers", "bench")


class _Parser(argparse.ArgumentParser):
    """Keeps line breaks of descriptions, and no abbreviated options: scripts must not break on a new one."""

    def __init__(self, **options: object) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **options)  # type: ignore[arg-type]  # options are passed on unread


def parser() -> argparse.ArgumentParser:
    """All subcommands."""
    top = _Parser(prog="./samenspel", description=ABOUT, epilog=SETTINGS)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, summary: str, description: str = "") -> argparse.ArgumentParser:
        return commands.add_parser(name, help=summary, description=description or summary)

    up = add("up", "set up what is missing and start", UP)
    up.add_argument("--detach", action="store_true", help="run in the background; stop with ./samenspel down")
    up.add_argument("--port", type=int, metavar="N", help="web on N, Rasa on N+1, actions on N+2 (default 8000)")
    up.add_argument(
        "--rasa",
        type=int,
        metavar="N",
        help="replicas of Rasa, 0.9 GB and a core each (default 1); the second on the port after actions",
    )

    add("down", "stop, and check that no process is left")

    status = add("status", "show the parts; exit code 0 when all is healthy, 3 otherwise")
    status.add_argument("--json", action="store_true", help="for programs")

    logs = add("logs", "show the end of the logs")
    logs.add_argument("name", nargs="?", metavar="NAME", help="one log, such as web or rasa (default: all)")
    logs.add_argument("-n", "--lines", type=int, default=20, metavar="N", help="lines of each log (default 20)")
    logs.add_argument("-f", "--follow", action="store_true", help="keep printing what is added")

    test = add("test", "run the tests: all layers, or one", TEST)
    layers = (*ALL, *ONLY_BY_NAME)
    test.add_argument("layer", nargs="?", choices=layers, metavar="LAYER", help=f"one of {', '.join(layers)}")
    test.add_argument("--fast", action="store_true", help="only checks, unit and integration")

    train = add("train", "train the language model when its sources changed (otherwise under a second)")
    train.add_argument("--force", action="store_true", help="train in any case")

    commands.add_parser("evaluate", help="score the language model", description=EVALUATE, add_help=False)
    commands.add_parser("chat", help="talk to the running instance from the terminal", description=CHAT, add_help=False)
    commands.add_parser("mask", help="mask personal data in a text", description=MASK, add_help=False)
    commands.add_parser(
        "retention", help="erase what has had its time, or only count it", description=RETENTION, add_help=False
    )
    commands.add_parser(
        "audit", help="show what was done at the desk, or check the log", description=AUDIT, add_help=False
    )
    commands.add_parser("backup", help="write an encrypted back-up", description=BACKUP, add_help=False)
    commands.add_parser("restore", help="put a back-up back", description=RESTORE, add_help=False)
    commands.add_parser(
        "packages", help="list all packages (SBOM), or look for known weaknesses", description=PACKAGES, add_help=False
    )
    commands.add_parser(
        "papers", help="write the papers by which a municipality gives account", description=PAPERS, add_help=False
    )
    bench = commands.add_parser("bench", help="run a measurement from bench/", add_help=False)
    bench.description = BENCH

    doctor = add("doctor", "check this machine: Pythons, environments, models, database, disk, ports, browser")
    doctor.add_argument("--port", type=int, default=None, metavar="N", help="the port that 'up' will use")

    reset = add("reset", "stop, and remove all data of this instance (asks first)")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    reset.add_argument("--all", action="store_true", help="remove the trained models too")
    return top


def print_help(command: str) -> None:
    """The help of one subcommand whose arguments are passed on."""
    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            chosen: argparse.ArgumentParser = action.choices[command]
            chosen.usage = f"./samenspel {command} ARGUMENTS..."
            chosen.print_help()
