"""`hotline wishes load`: whoever told a former system that they want no more calls or texts gets none from here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.commands import cli, staff_file, wishes_command
from hotline.commands.looking_back import breach_command
from hotline.commands.staff_file import CommandRefused
from hotline.model import CallbackId, Channel, Line, Outcome, PhoneNumber
from hotline.operations import flow_state
from hotline.runtime.wiring import wall_clock
from hotline.store.cases import callbacks, contacts
from hotline.store.keeping import removal
from hotline.store.people import audit, brought_wishes, callers
from hotline.store.people.callers import Caller
from hotline.triage.contact import Contact, ContactState
from tests import databases
from tests.running import at_home
from tests.settings.examples import good_environment
from tests.store.conftest import BOTH
from tests.store.examples import callback, contact

TOM, MIA, IDA = (PhoneNumber(f"+1617555014{last}") for last in range(3))
HEAD = "number,what,when,how\n"
LIST = HEAD + (
    "(617) 555-0140,no texts,2025-11-03,texted STOP\n"
    "617-555-0141,Both,2025-11-04 14:05,told a coordinator\n"
    "+16175550142,no calls,2025-11-05T09:00:00+00:00,by letter\n"
)


@pytest.fixture(params=BOTH)
def environ(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A centre that nobody has called yet, on each database."""
    home = tmp_path / "home"
    home.mkdir()
    if request.param == "sqlite":
        at_home.with_ana(home)
        yield good_environment(home)
        return
    url = databases.postgresql()
    given = good_environment(home, DATABASE_URL=url)
    staff_file.add_staff(given, at_home.ANA, lambda: at_home.PASSWORD)
    yield given
    databases.drop(url)


@pytest.fixture
def load(environ: dict[str, str], tmp_path: Path) -> Callable[..., str]:
    """Load a list of these words; what is said."""

    def run(written: str = LIST, *, dry: bool = False, agreed: Callable[[str], bool] | None = None) -> str:
        file = tmp_path / "wishes.csv"
        file.write_text(written, encoding="utf-8")
        return wishes_command.load(environ, file, dry=dry, agreed=agreed)

    return run


def _known(environ: dict[str, str], number: PhoneNumber) -> Caller:
    return staff_file.look(environ, lambda _settings, tx, _now: callers.several(tx, {number})[number])


def _wishes(environ: dict[str, str]) -> tuple[bool, ...]:
    """Of each of the three, whether no texts and no calls go to them."""
    known = [_known(environ, one) for one in (TOM, MIA, IDA)]
    return tuple(at is not None for one in known for at in (one.opted_out_at, one.no_calls_at))


def test_what_was_said_elsewhere_holds_here_with_a_record_of_each(
    environ: dict[str, str], load: Callable[..., str]
) -> None:
    """Since it was said; `hotline consents` has what, when and how. A list that is loaded again changes nothing."""
    told = load(dry=True)
    assert told.splitlines() == [
        "  1 new: want no more texts",
        "  1 new: want no more calls",
        "  1 new: want no more calls and no more texts",
        "Nothing was changed.",
    ]
    assert _wishes(environ) == (False,) * 6
    assert load().splitlines()[:3] == told.splitlines()[:3]
    assert _wishes(environ) == (True, False, True, True, False, True)
    since = _known(environ, MIA)
    assert since.opted_out_at == since.no_calls_at
    assert f"{since.opted_out_at:%Y-%m-%d %H:%M}" == "2025-11-04 19:05", "14:05 on the centre's wall"
    shown = breach_command.of_caller(environ, MIA.e164).splitlines()
    assert len(shown) == 2
    assert all("2025-11-04 14:05  no" in one and '"told a coordinator"' in one for one in shown)
    assert load().splitlines() == ["  3 kept so already", "Nothing was changed."]
    trail = staff_file.look(environ, lambda _settings, tx, _now: audit.find(tx, audit.AuditFilter(), 50))
    assert [(one.action, one.subject_kind) for one in trail].count(("load", "wishes")) == 1


def test_what_is_wrong_is_told_with_its_line_and_nothing_is_taken(
    environ: dict[str, str], load: Callable[..., str]
) -> None:
    """All of it at once; the line's own number and a phone of staff are on no such list."""
    bad = (
        "12,no texts,2025-11-03,texted STOP\n"
        "+16175550143,nothing,2025-11-03,texted STOP\n"
        "+16175550144,no texts,11/03/2025,texted STOP\n"
        "+16175550145,no calls,2999-01-01,\n"
        "\n"
        "+16175550100,both,2025-11-03,texted STOP\n"
        "+16175550101,both,2025-11-03,texted STOP\n"
    )
    with pytest.raises(CommandRefused) as refused:
        load(LIST + bad)
    told = str(refused.value)
    for line, words in (
        (5, "number"),
        (6, 'what: write "no texts"'),
        (7, "when: write the day"),
        (8, "when: it is yet to come"),
        (8, "how: say how"),
        (10, "number: it is a number of the line's own"),
        (11, "number: it is the phone of a member of staff"),
    ):
        assert any(f"line {line}:" in one and words in one for one in told.splitlines()), (line, words, told)
    assert _wishes(environ) == (False,) * 6
    for head in ("number,what,when\n", "number,what,when,how,why\n", ""):
        with pytest.raises(CommandRefused, match=r"how|why|empty"):
            load(head)


def test_who_looks_on_is_shown_what_it_does_and_is_asked(
    environ: dict[str, str], load: Callable[..., str]
) -> None:
    """A no changes nothing."""
    shown: list[str] = []

    def refuses(words: str) -> bool:
        shown.append(words)
        return False

    with pytest.raises(CommandRefused, match="Nothing was changed"):
        load(agreed=refuses)
    assert "1 new: want no more calls and no more texts" in shown[0]
    assert _wishes(environ) == (False,) * 6
    assert load(agreed=lambda _: True).startswith("Kept")
    assert any(_wishes(environ))


def test_a_promise_of_before_ends_and_what_was_asked_for_since_stands(
    environ: dict[str, str], load: Callable[..., str]
) -> None:
    """Nobody rings them for what they gave up; an emergency only a human closes; who has asked for a call or for texts
    since they said so gets them."""
    hour, now = timedelta(hours=1), wall_clock()
    data = flow_state.written(Contact(Channel.VOICE, ContactState.FAREWELL))
    database = staff_file.open_here(environ)
    with database.write() as tx:
        for last, number, line, opened_at in (
            (1, TOM, Line.ADMISSIONS, now - 3 * hour),
            (2, TOM, Line.EMERGENCY, now - 3 * hour),
            (3, MIA, Line.ADMISSIONS, now - hour),
        ):
            case = contact(f"c{last}", caller=number, opened_at=opened_at, ended_at=opened_at, data=data)
            contacts.add(tx, case)
            owed = callback(f"b{last}", number, opened_at=opened_at, line=line)
            callbacks.add(tx, replace(owed, contact_id=case.id))
    database.dispose()
    said = (now - 2 * hour).isoformat()
    told = load(f"{HEAD}{TOM.e164},no calls,{said},by phone\n{MIA.e164},both,{said},by phone\n", dry=True)
    assert "1 callbacks end" in told
    assert "1 have asked this line for a call since" in told
    load(f"{HEAD}{TOM.e164},no calls,{said},by phone\n{MIA.e164},both,{said},by phone\n")

    def stands(which: str) -> tuple[CallbackStatus, Outcome | None]:
        row = staff_file.look(environ, lambda _settings, tx, _now: callbacks.get(tx, CallbackId(which)))
        assert row is not None
        return row.callback.status, row.callback.outcome

    assert stands("b1") == (CallbackStatus.CLOSED, Outcome.ASKED_TO_STOP)
    assert stands("b2")[0] is not CallbackStatus.CLOSED
    assert stands("b3")[0] is not CallbackStatus.CLOSED
    assert _wishes(environ) == (False, True, True, False, False, False)


def test_who_is_forgotten_is_forgotten_with_that(environ: dict[str, str], load: Callable[..., str]) -> None:
    """No number stays anywhere."""
    load()
    database = staff_file.open_here(environ)
    with database.write() as tx:
        removal.forget_if_nothing_is_left(tx, TOM)
        assert brought_wishes.of_numbers(tx, {TOM}), "they want no texts, and called never"
        removal.forget_number(tx, TOM)
        assert not brought_wishes.of_numbers(tx, {TOM})
        assert brought_wishes.of_numbers(tx, {MIA})
    database.dispose()


def test_the_command_says_what_it_did(
    environ: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And names no number."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    assert cli.main(["wishes", "load", str(tmp_path / "list.csv"), "--dry-run"]) == 0
    assert cli.main(["wishes", "load", str(tmp_path / "list.csv")]) == 0
    told = capsys.readouterr().out
    assert "Kept" in told
    assert "5550140" not in told
