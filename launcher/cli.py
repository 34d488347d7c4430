"""Runs the subcommand that was asked for, and turns whatever goes wrong into one clear line."""

import argparse
import os
import signal
import sys
from collections.abc import Mapping, Sequence

from launcher import arguments
from launcher.commands import ask
from launcher.console import Console
from launcher.doctor import Doctor
from launcher.down import down
from launcher.environments import Environments, World
from launcher.failure import DISK_FULL, Failure, is_disk_full
from launcher.layout import Layout
from launcher.passing import Passing, benches
from launcher.reset import reset
from launcher.status import logs, status
from launcher.testing import test
from launcher.training import Trainer
from launcher.up import Up, default_port
from launcher.variables import base

INTERRUPTED = 130


def main(argv: Sequence[str]) -> int:
    """The exit code of one call; nothing here ends in a traceback for a cause that we know."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        return run(argv, os.environ)
    except Failure as failure:
        sys.stdout.flush()
        print(f"samenspel: {failure.message}", file=sys.stderr)
        for line in failure.details:
            print(f"  {line}", file=sys.stderr)
        return failure.exit_code
    except KeyboardInterrupt:
        print("\nsamenspel: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `./samenspel logs | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if is_disk_full(error):
            print(f"samenspel: {DISK_FULL}", file=sys.stderr)
        else:
            print(f"samenspel: {error.strerror or error}: {error.filename or 'no file named'}", file=sys.stderr)
        return 1


def _interrupt(*_: object) -> None:
    """Being told to stop is the same as Ctrl-C: what was started is stopped on the way out."""
    raise KeyboardInterrupt


def run(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Dispatch."""
    layout = Layout.of(environ)
    if argv and argv[0] in arguments.PASSED_ON:
        return _pass_on(argv[0], argv[1:], layout, environ)
    return _own(arguments.parser().parse_args(argv), layout, environ)


def _pass_on(command: str, rest: Sequence[str], layout: Layout, environ: Mapping[str, str]) -> int:
    """Become the program that was asked for; returns only after help."""
    if rest and rest[0] in ("-h", "--help"):
        arguments.print_help(command)
        _help_of_the_program(command, layout, environ)
        return 0
    passing = Passing(layout, environ, Console(sys.stderr))
    become = {
        "chat": passing.chat,
        "evaluate": passing.evaluate,
        "mask": passing.mask,
        "retention": passing.retention,
        "audit": passing.audit,
        "backup": passing.backup,
        "restore": passing.restore,
        "packages": passing.packages,
        "papers": passing.papers,
        "bench": passing.bench,
    }
    return become[command](rest)


def _help_of_the_program(command: str, layout: Layout, environ: Mapping[str, str]) -> None:
    """The options of the program behind the command, when it can be asked already."""
    if command == "bench":
        print(f"\nbenches: {', '.join(benches(layout.root)) or 'none'}")
        return
    python, module = {
        "chat": (layout.app_python, "bot.terminal"),
        "evaluate": (layout.rasa_python, "nlu.components.evaluation"),
        "mask": (layout.app_python, "participation.privacy.masking_lines"),
        "retention": (layout.app_python, "participation.privacy.retention_round"),
        "audit": (layout.app_python, "participation.audit_check"),
        "backup": (layout.app_python, "participation.operations.backup"),
        "restore": (layout.app_python, "participation.operations.restore"),
        "packages": (layout.app_python, "supply"),
        "papers": (layout.app_python, "papers"),
    }[command]
    code, text = ask([str(python), "-m", module, "--help"], timeout=60, cwd=layout.root, env=base(layout, environ))
    if code == 0:
        print(f"\n{text}")


def _own(options: argparse.Namespace, layout: Layout, environ: Mapping[str, str]) -> int:
    console = Console()
    match options.command:
        case "up":
            return Up(layout, environ, console)(port=options.port, rasa=options.rasa, detach=options.detach)
        case "down":
            return down(layout, console)
        case "status":
            return status(layout, console, as_json=options.json)
        case "logs":
            return logs(layout, console, name=options.name, lines=options.lines, follow=options.follow)
        case "test":
            return test(layout, environ, console, layer=options.layer, fast=options.fast)
        case "train":
            return _train(layout, environ, console, force=options.force)
        case "doctor":
            return Doctor(layout, environ, console)(options.port or default_port(environ))
        case "reset":
            return reset(layout, console, yes=options.yes, everything=options.all)
    raise AssertionError(options.command)


def _train(layout: Layout, environ: Mapping[str, str], console: Console, *, force: bool) -> int:
    layout.make()
    trainer = Trainer(layout, console, environ)
    if not force and trainer.is_current():
        console.say(f"The language model is up to date: {trainer.current()}")
        return 0
    Environments(layout, console, environ).ensure(World.APP, World.RASA)
    console.say(f"The language model is now {trainer.ensure(force=force)}")
    return 0
