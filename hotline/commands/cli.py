"""The ``hotline`` command: what was asked for, handed to those who do it, and what went wrong, in words.

Exit codes: 0 done; 1 refused, with the reason; 2 settings or the command line are wrong, nothing was started.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from hotline.commands import (
    block_list,
    demo,
    keys,
    paperwork,
    phrase_check,
    prompts,
    provision,
    review,
    run,
    staff,
)
from hotline.commands import classify as classifying
from hotline.commands import report as reporting
from hotline.model import Language
from hotline.operations.people import roster
from hotline.runtime.supervisor import AlreadyRunning
from hotline.runtime.wiring import wall_clock
from hotline.settings.load import SettingsProblems
from hotline.store.failures import Newer, Unavailable
from hotline.store.sealed import WRONG_KEY, Unsealable
from hotline.telephony.twiml_bin import Whose

WRONG_SETTINGS = 2
Command = Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code; settings come from the environment."""
    given = _parser().parse_args(arguments)
    command: Command = given.command
    try:
        command(given)
    except SettingsProblems as wrong:
        told = (f"  - {each}" for each in wrong.problems)
        _complain("Hotline can't start; nothing was started. To mend:", *told)
        return WRONG_SETTINGS
    except classifying.Unread as wrong:
        _complain(str(wrong))
        return WRONG_SETTINGS
    except (
        AlreadyRunning,
        Newer,
        Unavailable,
        Unsealable,
        paperwork.Refused,
        demo.Refused,
        roster.Problems,
        prompts.Wrong,
    ) as refused:
        _complain(_reason(refused))
        return 1
    except KeyboardInterrupt:
        return 1
    return 0


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


def _complain(*lines: str) -> None:
    print(*lines, sep="\n", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hotline",
        description="A phone and text hotline that always reaches a human.",
        epilog="Settings come from the environment and from hotline.toml: see docs/settings.md.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add(commands, "run", "run everything on this machine: web, workers, clock and a Redis", _run)
    pretend = _add(
        commands, "demo", "the same with a pretend phone network and sample staff: no account needed", _demo
    )
    pretend.add_argument(
        "rest",
        nargs=argparse.REMAINDER,
        metavar="COMMAND ...",
        help="instead, any other command, such as `report` or `staff list`, about the demo that was started here",
    )
    load = _add(
        commands, "load", "take staff, schedules and policies from a TOML file; may be repeated", _load
    )
    load.add_argument(
        "file", type=Path, metavar="FILE", help='what `hotline dump` prints; "-" reads it from a pipe'
    )
    load.add_argument("--dry-run", action="store_true", help="only say what would be done")
    load.add_argument("--yes", action="store_true", help="don't ask, even if somebody is watching")
    _add(commands, "dump", "print staff, schedules and policies as TOML, as `hotline load` takes them", _dump)
    classify = _add(
        commands, "classify", "say what messages are about: urgent, an opt-out, which line", _classify
    )
    classify.add_argument(
        "messages",
        metavar="FILE.jsonl|TEXT",
        nargs="?",
        help='lines with "id", "text" and perhaps "language" and "label"; "-" reads them from a pipe; or one message, '
        "which is better left out: then it is asked for, and is in no list of processes",
    )
    classify.add_argument(
        "--review",
        action="store_true",
        help="instead, list this centre's texts of a month whose reading staff dispute, without names and numbers",
    )
    classify.add_argument(
        "--month", type=review.month, metavar="YYYY-MM", help="with --review: usually this month"
    )
    classify.add_argument(
        "--export",
        type=Path,
        metavar="NEW.jsonl",
        help="with --review: write them to a file to learn from, too",
    )
    classify.add_argument(
        "--check-phrases",
        action="store_true",
        help="instead, tell what the phrases in hotline.toml change on last month's texts, on invented messages, "
        "and on FILE.jsonl",
    )
    _add(commands, "migrate", "bring the database to this version; may be repeated", _migrate)
    said = _add(
        commands, "twiml-bin", "print what Twilio is to say by itself while we can't be reached", _twiml_bin
    )
    said.add_argument(
        "whose",
        nargs="?",
        type=Whose,
        choices=list(Whose),
        default=Whose.CALLS,
        help="on whose calls: of those who call us (usual), of callers whom we call, of staff",
    )
    _add_staff(commands)
    _add_prompts(commands)
    _add_key(commands)
    _add_block(commands)
    report = _add(commands, "report", "say where callers were lost and how soon people were reached", _report)
    report.add_argument(
        "--days", type=reporting.days, default=reporting.USUAL_DAYS, metavar="N", help="until now; usually 7"
    )
    report.add_argument(
        "--before",
        type=reporting.day,
        metavar="DAY",
        help="until the morning of that day, such as 2026-03-09",
    )
    report.add_argument("--csv", action="store_true", help="as a sheet; else as tables to read")
    return parser


def _add_staff(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    promise = "say who is on the staff, what they may do, and how they sign in"
    members = commands.add_parser("staff", help=promise, description=f"{promise.capitalize()}.")
    actions = members.add_subparsers(title="commands", metavar="COMMAND", required=True)
    staff.explain(lambda name, told, answer: _add(actions, name, told, lambda given: print(answer(given))))


def _add_prompts(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    promise = "look at what callers and staff hear and read"
    words = commands.add_parser("prompts", help=promise, description=f"{promise.capitalize()}.")
    actions = words.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add(
        actions, "check", "say what is missing, too long or wrong; ends with 1 if anything is", _prompts_check
    )
    _add(actions, "list", "name every prompt, how long it is, and whether it is recorded", _prompts_list)
    export = _add(actions, "export", "print every sentence, for translators", _prompts_export)
    export.add_argument("--csv", action="store_true", help="as a sheet; else as TOML for hotline.toml")
    export.add_argument("--language", action="append", choices=[language.value for language in Language])


def _add_key(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    promise = "change the key that seals numbers, names and texts"
    key = commands.add_parser("key", help=promise, description=f"{promise.capitalize()}.")
    actions = key.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add(actions, "rotate", "seal everything anew under the newest key, while all goes on", _key_rotate)


def _add_block(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    promise = "say who isn't put through; emergencies always are"
    block = commands.add_parser("block", help=promise, description=f"{promise.capitalize()}.")
    actions = block.add_subparsers(title="commands", metavar="COMMAND", required=True)
    block_list.explain(
        lambda name, told, answer: _add(actions, name, told, lambda given: print(answer(given)))
    )


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, promise: str, command: Command
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=promise, description=f"{promise[:1].upper()}{promise[1:]}.")
    parser.set_defaults(command=command)
    return parser


def _run(_given: argparse.Namespace) -> None:
    run.run(os.environ)


def _demo(given: argparse.Namespace) -> None:
    if not given.rest:
        demo.run(os.environ)
        return
    about = _parser().parse_args(given.rest)
    if about.command in (_run, _demo):
        raise demo.Refused("The demo is run by `hotline demo`, with nothing behind it.")
    os.environ.update(demo.settings_of(os.environ))
    about.command(about)


def _load(given: argparse.Namespace) -> None:
    watched = sys.stdin.isatty() and sys.stdout.isatty() and not given.yes
    agreed = _ask if watched else lambda _: True
    print(paperwork.load(os.environ, given.file, dry=given.dry_run, agreed=agreed))


def _ask(wanted: str) -> bool:
    print(wanted)
    return input("Take it? [y/N] ").strip().lower() in ("y", "yes")


def _dump(_given: argparse.Namespace) -> None:
    print(paperwork.dump(os.environ), end="")


def _classify(given: argparse.Namespace) -> None:
    if given.review and given.check_phrases:
        raise paperwork.Refused("Ask for one of --review and --check-phrases at a time.")
    if (given.month or given.export) and not given.review:
        raise paperwork.Refused("--month and --export go with --review.")
    if given.review and given.messages is not None:
        raise paperwork.Refused("--review reads this centre's own texts: name no file.")
    if given.review:
        print(review.review(os.environ, given.month, given.export))
    elif given.check_phrases:
        file = Path(given.messages) if given.messages is not None else None
        print(phrase_check.check_phrases(os.environ, file))
    else:
        classifying.classify_given(given.messages)


def _migrate(_given: argparse.Namespace) -> None:
    paperwork.migrate_database(os.environ)


def _report(given: argparse.Namespace) -> None:
    told = reporting.report(os.environ, given.days, as_csv=given.csv, before=given.before)
    print(told, end="" if given.csv else "\n")


def _twiml_bin(given: argparse.Namespace) -> None:
    print(provision.bin_text(os.environ, given.whose))


def _key_rotate(_given: argparse.Namespace) -> None:
    print(keys.rotate(os.environ, print, wall_clock))


def _prompts_check(_given: argparse.Namespace) -> None:
    print(prompts.check(os.environ))


def _prompts_list(_given: argparse.Namespace) -> None:
    print(prompts.listing(os.environ))


def _prompts_export(given: argparse.Namespace) -> None:
    languages = map(Language, given.language or ())
    print(prompts.export(os.environ, languages, as_csv=given.csv), end="")
