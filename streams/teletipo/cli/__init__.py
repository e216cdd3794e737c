"""The `teletipo` command. Each subcommand is one module here, imported only when it is called.

Exit status: 0 done · 1 some input was refused, each with its line · 2 wrong use, settings or missing precondition ·
3 the worker must be restarted · 130 interrupted.
"""

from __future__ import annotations

import errno
import importlib
import os
import signal
import sys

import click

from teletipo import __version__
from teletipo.errors import TeletipoError

COMMANDS = {
    "demo": ("teletipo.cli.demo:demo", "Run everything on the seeds and show what comes out."),
    "enrich": ("teletipo.cli.enrich:enrich", "Enrich records without Kafka: JSON lines in, JSON lines out."),
    "explain": ("teletipo.cli.explain:explain", "Show what was coded in a text, and why."),
    "read": ("teletipo.cli.read:read", "Turn wire files of any format into news.raw records."),
    "feed": ("teletipo.cli.feed:feed", "Send wires to Kafka: files, folders, feeds, HTTP, mail."),
    "worker": ("teletipo.cli.worker:worker", "Run the Faust worker."),
    "tail": ("teletipo.cli.tail:tail", "Show articles or events as they are published."),
    "deadletter": ("teletipo.cli.deadletter:deadletter", "List, show, replay or discard what could not be processed."),
    "history": ("teletipo.cli.history:history", "Show every version of an item and what was decided."),
    "held": ("teletipo.cli.held:held", "Show what waits for its embargo to end."),
    "kill": ("teletipo.cli.kill:kill", "Retract an item on an editor's order."),
    "recode": ("teletipo.cli.recode:recode", "Code past items again and publish only the differences."),
    "kafka": ("teletipo.cli.kafka:kafka", "Start, stop and look at the embedded Kafka broker."),
    "topics": ("teletipo.cli.topics:topics", "Create, list and check the topics."),
    "profiles": ("teletipo.cli.profiles:profiles", "List and check wire profiles."),
    "tails": ("teletipo.cli.tails:tails", "Learn what every article of a provider ends with."),
    "lexicon": ("teletipo.cli.lexicon:lexicon", "Check the event lexicons."),
    "schemas": ("teletipo.cli.schemas:schemas", "Write the JSON Schemas and the AsyncAPI document."),
}

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
"""Faults of a disk that are no faults of ours."""


class ReaderGone(Exception):
    """Whoever read our output went away (`teletipo tail … | head`); click itself would make it a failure."""


class LazyGroup(click.Group):
    """A group that imports a subcommand's module only when it is called, so that `--help` stays fast."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the subcommand. Raises ReaderGone."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise ReaderGone from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of COMMANDS, the main ones first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one subcommand."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands with their summaries, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="teletipo")
def cli() -> None:
    """Live news wires in, normalized event records out."""


def main() -> None:
    """Run the command; a person's mistake is one line on standard error, never a traceback."""
    # Closed by whoever started us (`<&-`): nothing comes in, nobody reads what goes out.
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    try:
        status = cli.main(standalone_mode=False)  # click returns the status of an `Exit` instead of raising it
        if isinstance(status, int) and status:
            sys.exit(status)
    except click.ClickException as mistake:
        click.echo(f"teletipo: {mistake.format_message()}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except TeletipoError as error:
        click.echo(f"teletipo: {error}", err=True)
        sys.exit(2)
    except ReaderGone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        click.echo(f"teletipo: {error.filename or 'what is written'}: {error.strerror}; make room or write elsewhere", err=True)
        # What could not be written would be tried once more at the interpreter's end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(2)
    except Exception as error:
        # Kafka's errors cannot be named here: importing them would cost every command a tenth of a second. Others go on.
        if not _is_kafkas(error):
            raise
        click.echo(f"teletipo: Kafka: {' '.join(str(error).split())}", err=True)
        sys.exit(2)
    finally:
        # Nothing is left to be tidied up; Ctrl-C while the interpreter goes down would show a traceback of its own.
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _is_kafkas(error: Exception) -> bool:
    """Whether kafka-python raised it in the middle of a command: missing rights, a broker that went away for too long."""
    library = sys.modules.get("kafka.errors")
    return library is not None and isinstance(error, library.KafkaError)
