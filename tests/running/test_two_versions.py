"""A deploy as it is: the version before and today's answer at once, on one database that today's has migrated."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from hotline import paths
from tests import databases
from tests.proofs import proofs
from tests.running.application import REPOSITORY
from tests.running.version_before import unpack_version_before
from tests.running.web import Web, web
from tests.stories.centre import LINE

pytestmark = [pytest.mark.process, pytest.mark.postgres]

ORDERS = [("before", "today"), ("today", "before")]
_KEYS = (
    ("For treatment, press 2", "2"),
    ("For a call at this number, press 4", "4"),
    ("safe to leave a message", "4"),
    ("safe to text this number", "4"),
    ("as soon as we can", "4"),
)


@dataclass
class Both:
    """Two versions, and what they share."""

    webs: dict[str, Web]
    database: str

    def counted(self, table: str) -> int:
        """How many rows of it there are."""
        engine = create_engine(self.database)
        with engine.connect() as connection:
            found = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        engine.dispose()
        return int(found)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program as it was before the newest step of the database, in a folder of its own."""
    return unpack_version_before(tmp_path_factory.mktemp("before"))


@pytest.fixture(scope="module", params=["sqlite", *proofs(["postgresql"])])
def both(
    before: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Both]:
    """Each has a home of its own, as on two machines."""
    homes = {name: tmp_path_factory.mktemp(name) for name in ("before", "today")}
    postgresql = request.param == "postgresql"
    database = databases.postgresql() if postgresql else databases.sqlite(homes["today"])
    with ExitStack() as stack:
        webs = {
            name: stack.enter_context(web(homes[name], database, sources))
            for name, sources in (("before", before), ("today", REPOSITORY))
        }
        yield Both(webs, database)
    if postgresql:
        databases.drop(database)


def test_the_version_before_is_really_what_runs(before: Path, both: Both) -> None:
    """Not today's, which is installed in the environment of both."""
    told = subprocess.run(
        [sys.executable, "-c", "import hotline; print(hotline.__file__)"],
        env={"PYTHONPATH": str(before)},
        cwd=before,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(told.stdout.strip()).is_relative_to(before)
    assert Path(f"/proc/{both.webs['before'].process.pid}/cwd").resolve() == before


@pytest.mark.parametrize("order", ORDERS, ids="-then-".join)
def test_a_call_that_begins_at_one_goes_on_at_the_other(both: Both, order: tuple[str, str]) -> None:
    """Each turn comes to the other one; who calls again, and meets the other first, still waits for one call."""
    caller = f"+1617555016{ORDERS.index(order)}"
    kept = both.counted("callbacks")
    for sid, turns in ((f"CA{order[0]}1", cycle(order)), (f"CA{order[0]}2", cycle(order[::-1]))):
        said = _tell(both, next(turns), paths.VOICE, sid, caller, CallStatus="ringing")
        for question, key in _KEYS:
            assert question in said
            said = _tell(both, next(turns), _next(said), sid, caller, Digits=key)
        assert "You are in line" in said
        _tell(both, next(turns), paths.VOICE_STATUS, sid, caller, CallStatus="completed")
        assert both.counted("callbacks") == kept + 1


def _tell(both: Both, to: str, path: str, sid: str, who: str, **more: str) -> str:
    form = {"CallSid": sid, "From": who, "To": LINE, "CallStatus": "in-progress"}
    status, said = both.webs[to].tells(path, {**form, **more})
    assert status in (200, 204), (to, path, both.webs[to].log.read_text())
    return said


def _next(said: str) -> str:
    """Where the carrier goes on, as it stands in what was said."""
    found = re.search(r'<Gather action="([^"#]+)', said)
    assert found, said
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize("order", ORDERS, ids="-then-".join)
def test_a_text_is_answered_by_one_and_read_on_by_the_other(both: Both, order: tuple[str, str]) -> None:
    """The answer to one's question goes to the other; and what the carrier tells the first again is known there."""
    first, second = order
    who = f"+1617555017{ORDERS.index(order)}"
    kept = both.counted("callbacks")
    for to, body, answer in ((first, "2", "Is it safe to call"), (second, "4", "You are in line")):
        assert answer in _text(both, to, body, who, order)
    assert both.counted("callbacks") == kept + 1
    texts = both.counted("messages")
    assert "You are in line" in _text(both, first, "4", who, order)
    assert (both.counted("callbacks"), both.counted("messages")) == (kept + 1, texts)


def _text(both: Both, to: str, body: str, who: str, order: tuple[str, str]) -> str:
    form = {"MessageSid": f"SM{'-'.join(order)}{body}", "From": who, "To": LINE, "Body": body}
    status, said = both.webs[to].tells(paths.SMS, form)
    assert status == 200, (to, both.webs[to].log.read_text())
    return said
