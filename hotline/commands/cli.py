"""The ``hotline`` command: what was asked for, handed to those who do it, and what went wrong, in words.

Exit codes: 0 done; 1 refused, with the reason; 2 settings or the command line are wrong, nothing was started.
"""

import os
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Final

import click

from hotline.commands import (
    block_list,
    demo,
    directory_command,
    keys,
    prompts_command,
    run,
    staff_command,
    staff_file,
    wishes_command,
)
from hotline.commands import report as reporting
from hotline.commands.at_night import status_command
from hotline.commands.going_live import centre_files, doctor, provision, setup_command
from hotline.commands.keeping import backup_command, purge_command, restore_command
from hotline.commands.looking_back import audit_command, breach_command
from hotline.commands.oncall import commands as oncall
from hotline.commands.outside import events
from hotline.commands.reading import classify as classifying
from hotline.commands.reading import phrase_check, review
from hotline.commands.sign_in import sign_in_commands
from hotline.commands.typed import Commands, Written, asks_first
from hotline.operations import roster
from hotline.runtime.supervisor import AlreadyRunning
from hotline.settings.load import SettingsProblems, load_settings
from hotline.store.database import WRONG_KEY, Newer, Unavailable, Unsealable
from hotline.telephony.twiml.twiml_bin import Whose

WRONG_SETTINGS = 2
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Go live": ("setup", "provision", "twiml-bin", "doctor"),
    "Run it": ("run", "demo", "migrate", "status"),
    "The centre": ("staff", "oncall", "page", "load", "dump", "directory", "block", "wishes"),
    "What is said and read": ("prompts", "classify"),
    "How it goes": ("report", "audit", "events", "consents", "breach"),
    "What is kept": ("backup", "restore", "purge", "forget", "hold", "key"),
}
"""How `hotline --help` puts the commands together."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code; settings come from the environment."""
    try:
        code = hotline.main(
            None if arguments is None else list(arguments), prog_name="hotline", standalone_mode=False
        )
        sys.stdout.flush()
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except click.Abort:
        return 1
    except BrokenPipeError:
        _say_nothing_more()
        return 1
    except SettingsProblems as wrong:
        _complain(*_unset(sys.argv[1:] if arguments is None else arguments, wrong))
        return WRONG_SETTINGS
    except classifying.Unread as wrong:
        _complain(str(wrong))
        return WRONG_SETTINGS
    except (
        AlreadyRunning,
        Newer,
        Unavailable,
        Unsealable,
        staff_file.CommandRefused,
        demo.DemoRefused,
        roster.Problems,
        prompts_command.Wrong,
    ) as refused:
        _complain(_reason(refused))
        return 1
    return code if isinstance(code, int) else 0


_DAMAGED = "The database's file is damaged, or none of a database: put a backup in its place."
_DATABASE = {
    "SQLITE_NOTADB": _DAMAGED,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_CANTOPEN": "The database's file can't be opened: is its folder (HOTLINE_HOME) there, and may this user "
    "write to it? `hotline migrate` makes both.",
    "SQLITE_READONLY": "The database's file can't be written to: let the user that runs Hotline write to it and its "
    "folder.",
    "SQLITE_FULL": "The disk is full: make room, then try again.",
}
"""What SQLite calls what went wrong, in an operator's words."""


def _reason(refused: Exception) -> str:
    match refused:
        case AlreadyRunning():
            return "A Hotline is running on this HOTLINE_HOME already: stop it, or choose another home."
        case Unavailable():
            usual = "The database can't be used now: is it there, and not busy? Is `hotline migrate` done?"
            return _DATABASE.get(str(refused), usual)
        case Newer():
            return "A later version of Hotline has changed this database: install that version, or restore a backup."
        case Unsealable():
            return WRONG_KEY
        case _:
            return str(refused)


def _unset(asked: Sequence[str], wrong: SettingsProblems) -> Iterable[str]:
    """What is wrong in the settings, for whoever wanted to start something or only to ask; beside a demo, how that one
    is asked."""
    starts = next((word for word in asked if not word.startswith("-")), "") in ("run", "demo")
    yield (
        "Hotline can't start; nothing was started. To mend:"
        if starts
        else "Nothing was done, for the settings must be mended first:"
    )
    hint = centre_files.not_read(os.environ, Path.cwd())
    yield from (f"  - {each}" for each in (wrong.problems if hint is None else (hint,)))
    if not starts and demo.is_here(os.environ):
        yield f"If you mean the demo that was started from here: hotline demo {shlex.join(asked)}"


def _say_nothing_more() -> None:
    """Whoever read what we say has gone, as `head` does: what is still to be written, at the end of the process, too,
    goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _complain(*lines: str) -> None:
    click.echo("\n".join(lines), err=True)


class _Grouped(Commands):
    def sections(self, ctx: click.Context) -> Iterable[tuple[str, Iterable[str]]]:
        """By what they are for."""
        return GROUPS.items()


def _say_version(ctx: click.Context) -> None:
    try:
        click.echo(f"hotline {metadata.version('hotline')}")
    except metadata.PackageNotFoundError:
        click.echo(
            "hotline, run from its folder and not installed: CHANGELOG.md there says which version it is"
        )
    ctx.exit()


@click.group(
    cls=_Grouped,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Settings come from the environment and from hotline.toml: see docs/settings.md.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, _, asked: _say_version(ctx) if asked else None,
    help="Say which version this is.",
)
def hotline() -> None:
    """A phone and text hotline that always reaches a human."""


sign_in_commands.add_to(staff_command.group)
hotline.add_command(staff_command.group)
hotline.add_command(oncall.group)
hotline.add_command(oncall.page)
hotline.add_command(directory_command.group)
hotline.add_command(block_list.group)
hotline.add_command(wishes_command.group)
hotline.add_command(events.group)
hotline.add_command(prompts_command.group)
hotline.add_command(keys.group)
hotline.add_command(setup_command.command)
hotline.add_command(provision.command)
hotline.add_command(doctor.group)
hotline.add_command(status_command.command)
hotline.add_command(audit_command.group)
hotline.add_command(breach_command.breach)
hotline.add_command(breach_command.consents)
hotline.add_command(backup_command.group)
hotline.add_command(restore_command.command)
hotline.add_command(purge_command.purge)
hotline.add_command(purge_command.forget)
hotline.add_command(purge_command.hold)


# --- run it ------------------------------------------------------------------------------------------------------


@hotline.command("run")
def _run() -> None:
    """Run everything on this machine: web, workers, clock and a Redis."""
    run.run(os.environ)


@hotline.command("demo", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="[COMMAND ...]")
def _demo(command: tuple[str, ...]) -> int | None:
    """The same with a pretend phone network and sample staff; no account is needed.

    Before any other COMMAND, such as `report` or `staff list`: that command is about the demo that was started here.
    `sample-months` puts invented months into its reports, as its first start does.
    """
    if not command:
        demo.run(os.environ)
        return None
    if command[0] in ("run", "demo"):
        raise demo.DemoRefused("The demo is run by `hotline demo`, with nothing behind it.")
    if command[0] == "sample-months":
        click.echo(demo.fill_samples(os.environ))
        return None
    os.environ.update(demo.settings_of(os.environ))
    code = hotline.main(list(command), prog_name="hotline demo", standalone_mode=False)
    return code if isinstance(code, int) else None


@hotline.command("migrate")
def _migrate() -> None:
    """Bring the database to this version; may be repeated."""
    click.echo(staff_file.migrate_database(os.environ))
    for warning in run.samples_left(load_settings(os.environ)):
        click.echo(f"WARNING: {warning}", err=True)


# --- the centre --------------------------------------------------------------------------------------------------


@hotline.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", "dry", is_flag=True, help="Only say what would be done.")
@click.option("--yes", is_flag=True, help="Don't ask, even if somebody is watching.")
def _load(file: Path, *, dry: bool, yes: bool) -> None:
    """Take staff, schedules, needs and policies from a TOML file, or staff from a CSV file; may be repeated.

    FILE is what `hotline dump` prints, or a sheet whose name ends in .csv; "-" reads TOML from a pipe.
    """
    click.echo(staff_file.load(os.environ, file, dry=dry, agreed=asks_first(yes=yes)))


@hotline.command("dump")
@click.option(
    "--sheet",
    type=click.Choice(["staff", "policies"]),
    help="Only these, as a sheet (CSV); usually everything.",
)
def _dump(*, sheet: str | None) -> None:
    """Print staff, schedules and policies as TOML, as `hotline load` takes them."""
    click.echo(staff_file.dump(os.environ, sheet), nl=False)


# --- what is said and read ---------------------------------------------------------------------------------------


@hotline.command("classify")
@click.argument("messages", metavar="[FILE.jsonl|TEXT]", required=False)
@click.option(
    "--review",
    "reviewed",
    is_flag=True,
    help="Instead, list this centre's texts of a month whose reading staff dispute, without names and numbers.",
)
@click.option(
    "--month",
    type=Written("month", review.month),
    metavar="YYYY-MM",
    help="With --review: usually this month.",
)
@click.option(
    "--export",
    type=click.Path(path_type=Path),
    metavar="NEW.jsonl",
    help="With --review: write them to a file to learn from, too.",
)
@click.option(
    "--check-phrases",
    "checked",
    is_flag=True,
    help="Instead, tell what the phrases in hotline.toml change on last month's texts, on invented messages, and on "
    "FILE.jsonl.",
)
def _classify(
    messages: str | None, *, reviewed: bool, month: str | None, export: Path | None, checked: bool
) -> None:
    """Say what messages are about: urgent, an opt-out, which line.

    FILE.jsonl has lines with "id", "text" and perhaps "language" and "label"; "-" reads them from a pipe. TEXT is
    one message, which is better left out: then it is asked for, and is in no list of processes.
    """
    if reviewed and checked:
        raise staff_file.CommandRefused("Ask for one of --review and --check-phrases at a time.")
    if (month or export) and not reviewed:
        raise staff_file.CommandRefused("--month and --export go with --review.")
    if reviewed and messages is not None:
        raise staff_file.CommandRefused("--review reads this centre's own texts: name no file.")
    if reviewed:
        click.echo(review.review(os.environ, month, export))
    elif checked:
        file = Path(messages) if messages is not None else None
        click.echo(phrase_check.check_phrases(os.environ, file))
    else:
        classifying.classify_given(messages)


@hotline.command("twiml-bin")
@click.argument("whose", type=click.Choice([each.value for each in Whose]), default=Whose.CALLS.value)
def _twiml_bin(whose: str) -> None:
    """Print what Twilio is to say by itself while we can't be reached.

    On whose calls: of those who call us (the usual ones), of callers whom we call, of staff.
    """
    click.echo(provision.bin_text(os.environ, Whose(whose)))


# --- how it goes -------------------------------------------------------------------------------------------------


@hotline.command("report")
@click.option(
    "--days",
    type=Written("days", reporting.days),
    default=reporting.USUAL_DAYS,
    metavar="N",
    help="So many days until now; usually 7.",
)
@click.option(
    "--before",
    type=Written("day", reporting.day),
    metavar="DAY",
    help="Until the morning of that day, such as 2026-03-09.",
)
@click.option("--csv", "as_csv", is_flag=True, help="As a sheet; else as tables to read.")
def _report(*, days: int, before: date | None, as_csv: bool) -> None:
    """Say where callers were lost and how soon people were reached."""
    written = reporting.report(os.environ, days, as_csv=as_csv, before=before)
    click.echo(written, nl=not as_csv)
