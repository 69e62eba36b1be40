"""Homes in which commands are tried, as `hotline migrate` leaves them: made once in a process, and copied."""

from __future__ import annotations

from pathlib import Path

from hotline.commands import staff_file
from tests import databases
from tests.settings.examples import good_environment

PASSWORD = "four plain random words"
ANA = staff_file.Newcomer("Ana Lima", "+16175550101", ("coordinator",), ("en",), True)


def empty(home: Path) -> None:
    """A database with nobody in it, where this home's is usually."""
    databases.sqlite_at(home / "hotline.db")


def with_ana(home: Path) -> None:
    """The same with Ana, a coordinator who has this password, sealed with the key of `good_environment`."""
    databases.sqlite_at(home / "hotline.db", _add_ana)


def _add_ana(url: str) -> None:
    home = Path(url.removeprefix("sqlite:///")).parent
    staff_file.add_staff(good_environment(home, DATABASE_URL=url), ANA, lambda: PASSWORD)
