"""``hotline setup``: asks what a line needs, checks each answer at once, and writes it down.

It can be stopped at any question and taken up again: what was answered is kept, secrets in files of their own. Nothing
that is there is written over unasked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from hotline.commands import staff_file
from hotline.commands.going_live import centre_files
from hotline.commands.going_live.asked_in_order import questions
from hotline.commands.going_live.centre_files import Folder
from hotline.commands.going_live.questions import Answers, SetupQuestion, WrongAnswer
from hotline.commands.staff_file import CommandRefused, NewcomerRefused
from hotline.operations.checkup.account_seen import NotSeen
from hotline.settings.load import load_settings
from hotline.settings.toml_text import toml_text
from hotline.telephony.rest.account_reading import AccountReader

Ask = Callable[[SetupQuestion, str], str]
"""Asks one question, and is told what was wrong with the last answer to it."""
_OF_NEWCOMER: Final = {"name": "admin_name", "phone": "admin_phone"}
_SECRETS: Final = {"auth_token": "TWILIO_AUTH_TOKEN", "database_url": "DATABASE_URL"}
_NEXT: Final = """
Next, in this folder:
  set -a; . ./hotline.env; set +a     # in every shell that runs hotline
  hotline load staff.toml             # who is on the staff and when: docs/staff-file.md
  hotline run                         # with something that has a certificate before it: docs/deploying.md
  hotline provision                   # points the account's numbers here, after it was shown what changes
  hotline doctor                      # whatever is still amiss, what it does to callers, and how to mend it
Keep a copy of {key} where the backups are not: without it nobody can read them."""


def numbers_of(answers: Answers) -> tuple[str, ...] | str:
    """The numbers of the account that was named, or why they can't be had."""
    if not (answers.get("account_sid") and answers.get("auth_token")):
        return "no account was named"
    with TemporaryDirectory() as folder:
        config = Path(folder) / "hotline.toml"
        trial = {"line": {"name": "Line", "numbers": ["+16174960100"], "failsafe_number": "+16174960199"}}
        config.write_text(toml_text(trial), encoding="utf-8")
        given = {
            "TWILIO_ACCOUNT_SID": answers["account_sid"],
            "TWILIO_AUTH_TOKEN": answers["auth_token"],
            "TWILIO_API_BASE_URL": answers.get("api_base_url", ""),
            "PUBLIC_BASE_URL": "https://trial.invalid",
            "HOTLINE_DATA_KEY": "A" * 43 + "=",
            "SECRET_KEY": "-" * 32,
            "HOTLINE_HOME": folder,
            "HOTLINE_CONFIG": str(config),
            "REDIS_URL": "redis://127.0.0.1",
        }
        found = AccountReader(load_settings(given)).numbers()
    return found.why if isinstance(found, NotSeen) else tuple(sorted(one.number for one in found))


def gathered(
    folder: Folder,
    ask: Ask | None,
    given: Mapping[str, str],
    say: Callable[[str], None],
) -> dict[str, str]:
    """Every answer, checked. `ask`: asks for one, and is told what was wrong with the last; None: all must be given.

    `given`: answers from a file. Raises CommandRefused, with all that is missing or wrong.
    """
    asked = questions(numbers_of)
    keys = {one.key for one in asked}
    # Each is held against those before it only: what is wrong is told of its own question.
    answers = {key: value for key, value in given.items() if key not in keys}
    problems = []
    for one in asked:
        held = given.get(one.key)
        if one.secret and held is None:
            held = folder.held(_SECRETS[one.key])
        try:
            answers[one.key] = _answered(one, held, answers, ask, say)
        except WrongAnswer as wrong:
            problems.append(f"{one.key} {wrong}.")
            continue
        _keep(folder, one, {**given, **answers})
    if problems:
        raise CommandRefused(
            "\n".join(("Nothing was set up. To mend:", *(f"  - {each}" for each in problems)))
        )
    return answers


def _answered(
    one: SetupQuestion,
    held: str | None,
    answers: Answers,
    ask: Ask | None,
    say: Callable[[str], None],
) -> str:
    """A good answer. Raises WrongAnswer, where nobody is there to be asked."""
    wrong = ""
    while True:
        if held is None and ask is not None:
            held = ask(one, wrong)
        answer = one.meant(one.default if held is None else held).strip()
        if not answer and one.optional:
            return ""
        try:
            if not answer:
                raise WrongAnswer("is missing")
            told = one.check(answer, answers)
        except WrongAnswer as refused:
            if ask is None:
                raise
            wrong, held = str(refused), None
            continue
        if told:
            say(told)
        return answer


def _keep(folder: Folder, one: SetupQuestion, answers: Mapping[str, str]) -> None:
    if one.secret and answers[one.key]:
        folder.keep_secret(_SECRETS[one.key], answers[one.key])
    else:
        folder.save({key: value for key, value in answers.items() if key not in _SECRETS or not value})


def set_up(
    folder: Folder,
    answers: Answers,
    say: Callable[[str], None],
    may_replace: Callable[[Path], bool],
    password: Callable[[], str] | None,
) -> None:
    """Write the files, make the database, and let the first admin in. Raises CommandRefused, and as `load` does.

    `may_replace`: whether a file that is there, and says something else, may be replaced. `password`: the admin's;
    None: they get none yet.
    """
    for made in folder.make_keys():
        say(f"Made {made}")
    environ = folder.environment(answers)
    for file, text in (
        (folder.config, centre_files.config_text(answers)),
        (folder.env, centre_files.env_text(environ)),
    ):
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        if file.exists() and not may_replace(file):
            say(f"Kept {file} as it is.")
            continue
        centre_files.put(file, text)
        say(f"Wrote {file}")
    load_settings(environ)
    staff_file.migrate_database(environ)
    say("The database is made.")
    say(_let_in(environ, answers, password))
    with suppress(OSError):
        folder.saved.unlink()


def _let_in(environ: Mapping[str, str], answers: Answers, password: Callable[[], str] | None) -> str:
    name = answers["admin_name"]
    newcomer = staff_file.Newcomer(name, answers["admin_phone"], ("admin",), ("en",), verified=False)
    if staff_file.is_on_staff(environ, name):
        return f"{name} is on the staff already."
    return staff_file.add_staff(environ, newcomer, password)


@click.command("setup")
@click.option(
    "--answers",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A TOML file with all answers, for machines: nobody is asked, and nothing is written over.",
)
@click.option(
    "--again",
    is_flag=True,
    help="Ask everything anew; of a setup that was stopped, with what was answered as what is meant.",
)
def command(*, file: Path | None, again: bool) -> None:
    """Set a line up in this folder: ask what it needs, check it at once, write it down, let the first admin in.

    May be stopped at any question (Ctrl-C) and taken up again. Overwrites nothing unasked.
    """
    home = os.environ.get("HOTLINE_HOME")
    folder = Folder(Path.cwd(), Path(home).expanduser().absolute() if home else None)
    elsewhere = (
        {"api_base_url": os.environ["TWILIO_API_BASE_URL"]} if os.environ.get("TWILIO_API_BASE_URL") else {}
    )
    if file is not None:
        answers = gathered(folder, None, elsewhere | _read(file), click.echo)
        secret = answers.pop("admin_password", "")
        set_up(folder, answers, click.echo, _never, (lambda: secret) if secret else None)
    else:
        if not sys.stdin.isatty():
            raise CommandRefused("Nobody is there to be asked: give all answers in a file, with --answers.")
        before = _read(folder.saved) if folder.saved.exists() else {}
        if again and not before and folder.config.exists():
            click.echo(
                "What stands in the files of this folder isn't read back: every question comes anew.\n"
            )
        if before and not again:
            answered = ", ".join(one.ask for one in questions(numbers_of) if one.key in before)
            click.echo(f"Taken up where it was stopped; answered so far: {answered}. --again asks anew.\n")
        given = elsewhere if again else {**elsewhere, **before}
        try:
            until_it_stands(folder, _asker(before), given, click.echo, _asks)
        except (click.Abort, KeyboardInterrupt):
            click.echo("\nStopped. What was answered is kept: `hotline setup` goes on here.")
            raise
    click.echo(_NEXT.format(key=folder.secret("HOTLINE_DATA_KEY")))


def until_it_stands(
    folder: Folder,
    ask: Ask,
    given: Mapping[str, str],
    say: Callable[[str], None],
    may_replace: Callable[[Path], bool],
    password: Callable[[], str] = staff_file.ask_password,
) -> None:
    """Ask, and set up; what is refused only then is asked once more, and nothing else is."""
    answers = gathered(folder, ask, given, say)
    while True:
        try:
            return set_up(folder, answers, say, may_replace, password)
        except NewcomerRefused as refused:
            wrong = {_OF_NEWCOMER[key]: what for key, what in refused.found.items() if key in _OF_NEWCOMER}
            if not wrong:
                raise
            for key, what in wrong.items():
                say(f"{answers.pop(key)}: {what}.")
            answers = gathered(folder, ask, answers, lambda _: None)


def _asker(before: Mapping[str, str]) -> Ask:
    def ask(one: SetupQuestion, wrong: str) -> str:
        if wrong:
            click.echo(f"  {one.ask} {wrong}.")
        else:
            click.echo(f"\n{click.wrap_text(one.why, 100)}")
        meant = "" if one.secret else before.get(one.key, one.default)
        answered: str = click.prompt(
            one.ask,
            default=meant or ("" if one.optional else None),
            show_default=bool(meant),
            hide_input=one.secret,
        )
        return answered

    return ask


def _asks(file: Path) -> bool:
    return click.confirm(f"{file} is there, and says something else. Write it anew?", default=False)


def _never(file: Path) -> bool:
    raise CommandRefused(f"{file} is there, and says something else: move it away first. It was not touched.")


def _read(file: Path) -> dict[str, str]:
    """Answers from a file; lists become what a person would type. Raises CommandRefused."""
    written = staff_file.toml_of(file, staff_file.text_of(file))
    known = {one.key for one in questions(numbers_of)} | {"admin_password", "api_base_url"}
    unknown = sorted(set(written) - known)
    if unknown:
        raise CommandRefused(
            f"{file}: nobody asks for {', '.join(unknown)}; known are {', '.join(sorted(known))}."
        )
    return {
        key: ",".join(map(str, value)) if isinstance(value, list) else str(value)
        for key, value in written.items()
    }
