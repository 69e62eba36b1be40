"""The clock is killed under the real web, and nobody starts it again: within half a minute the web does its work."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from hotline.model import EscalationId, Language, Line, RoomName, Subject
from hotline.operations import roster
from hotline.operations.paging import reaching
from hotline.operations.paging.reaching import About
from hotline.operations.transaction import Transaction
from hotline.runtime.procfile import read_procfile
from hotline.store.cases import escalations
from hotline.store.people import staff
from tests.console.centre import PASSWORD, kept_password
from tests.stories.centre import CLEO, STAFF, SUE
from tests.workers.processes import ROOT, Works, kill, works

pytestmark = pytest.mark.process

SEEN_WITHIN = 30.0
"""Seconds from the kill: the web looks every five whether there was a sign of life in the last twenty."""
SLACK = 30.0
"""What a machine on which everything else runs, too, may be slow by."""


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[Works]:
    """The staff of a centre, their telephones, and no process yet."""
    with works(tmp_path) as made:
        made.here.application.change(lambda transaction: roster.load(transaction.tx, STAFF, transaction.now))
        for member in STAFF["staff"]:
            if made.sim.phones.known(member["phone"]) is None:
                made.sim.phone(member["phone"], label=member["name"])
        made.here.application.change(_password)
        yield made


def _password(transaction: Transaction) -> None:
    row = staff.by_name(transaction.tx, "Sue Hall")
    assert row is not None
    staff.save(transaction.tx, replace(row, password_hash=kept_password()))


@contextmanager
def web(at_work: Works) -> Iterator[str]:
    """The Procfile's own words: gunicorn with its waitresses; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environ = {
        **at_work.environ,
        "PATH": f"{Path(sys.executable).parent}:{at_work.environ['PATH']}",
        "PORT": str(port),
        "HOTLINE_BIND": "127.0.0.1",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
    }
    with (at_work.home / "web.log").open("wb") as said:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {read_procfile()['web']}"],
            env=environ,
            cwd=ROOT,
            stdout=said,
            stderr=said,
        )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            kill(process)


def ready(address: str) -> list[str]:
    """What /health/ready says is wrong."""
    try:
        answer = requests.get(f"{address}/health/ready", timeout=10)
    except requests.RequestException:
        return ["no web"]
    found: list[str] = json.loads(answer.text)["reasons"]
    return found


def board(address: str) -> str:
    """The board, as the supervisor sees it."""
    with requests.Session() as browser:
        page = browser.get(f"{address}/sign-in", timeout=10).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None
        form = {"csrf_token": token[1], "who": "Sue Hall", "password": PASSWORD}
        browser.post(f"{address}/sign-in", data=form, timeout=10)
        return browser.get(f"{address}/board", timeout=10).text


def until(happens: Callable[[], bool], what: str, within: float) -> None:
    """Wait until it does."""
    deadline = time.monotonic() + within
    while not happens():
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        time.sleep(0.1)


def overdue(at_work: Works) -> EscalationId:
    """An emergency whose first pages the workers, who are dead too, have not carried out, and whose next rung is
    due a moment later."""

    def opens(transaction: Transaction) -> EscalationId:
        about = About(RoomName("room"), Line.EMERGENCY, Language.EN)
        row = reaching.open_for(transaction, Subject.EMERGENCY, about)
        due = replace(row.escalation, next_at=transaction.now + timedelta(seconds=1))
        escalations.save(transaction.tx, replace(row, escalation=due))
        return row.escalation.id

    made: EscalationId = at_work.here.application.change(opens)
    return made


@pytest.mark.proof
def test_a_clock_that_is_killed_is_stood_in_for_told_and_shown(at_work: Works) -> None:
    """Phones ring for an emergency, its next rung is taken, a supervisor has a text, the board and /health/ready say
    it; a clock that starts again ends all of that."""
    clock = at_work.start("clock")
    until(lambda: at_work.heartbeats("clock"), "the clock shows itself", 60)
    with web(at_work) as address:
        until(lambda: ready(address) != ["no web"], "the web is up", 180)
        assert not [one for one in ready(address) if one.startswith("clock")]
        kill(clock)
        emergency = overdue(at_work)
        calls = at_work.sim.calls
        until(lambda: any(one.to == CLEO for one in calls), "her phone rings", SEEN_WITHIN + SLACK)
        until(lambda: _rung(at_work, emergency) > 0, "the next rung is taken", SLACK)
        until(lambda: any(one.to == SUE for one in at_work.sim.messages), "the supervisor is told", SLACK)
        assert any(one.startswith("clock: last seen") for one in ready(address))
        assert "The clock has stood still since" in board(address)
        at_work.start("clock")
        until(lambda: not any(one.startswith("clock") for one in ready(address)), "it runs again", 60)
        until(lambda: "The clock has stood still since" not in board(address), "the board is quiet", SLACK)
    texts = [one.body for one in at_work.sim.messages if one.to == SUE and "clock" in one.body.lower()]
    assert len(texts) == 1


def _rung(at_work: Works, escalation_id: EscalationId) -> int:
    row = at_work.here.application.look(lambda transaction: escalations.get(transaction.tx, escalation_id))
    assert row is not None
    return int(row.escalation.rung)
