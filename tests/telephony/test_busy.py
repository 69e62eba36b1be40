"""While the database is well and only has too much to do, no caller hears that there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from hotline.runtime.app import create_app
from hotline.simulator.twiml.document import VOICE, parse
from hotline.store.database import Contended, Database, Tx
from tests.stories.centre import FAILSAFE, LINE, MIA, SITE
from tests.telephony.doorstep import Doorstep, build

T = TypeVar("T")


class Crowded(Database):
    """Others have their turn, and ours doesn't come in time, until `let` is set."""

    let = False

    def transact(self, change: Callable[[Tx], T]) -> T:
        """As the database's own, once it is let."""
        if not self.let:
            raise Contended("others were writing until the time was over")
        return super().transact(change)


@pytest.fixture
def crowded(tmp_path: Path) -> tuple[Doorstep, Crowded]:
    """A door behind which there is too much to do."""
    door = build(tmp_path)
    url = door.settings.database_url.get_secret_value()
    database = Crowded(url, door.here.application.database.keys, timedelta(seconds=1))
    here = replace(door.here, application=replace(door.here.application, database=database))
    return replace(door, here=here, app=create_app(here)), database


def test_a_call_is_asked_to_wait_a_moment_and_asked_for_again(crowded: tuple[Doorstep, Crowded]) -> None:
    """With what to do in danger; then the menu is there, as if nothing had been."""
    door, database = crowded
    answer = door.calls()
    assert [verb.name for verb in parse(answer, f"{SITE}/twilio/voice", VOICE)] == ["Say", "Say", "Redirect"]
    assert answer.index("hang up and dial 9-1-1.") < answer.index("One moment, please.")
    assert "/twilio/voice#" in answer
    assert FAILSAFE not in answer
    assert door.here.journal.files() == []
    database.let = True
    assert "For treatment, press 2" in door.calls()


def test_what_they_press_is_kept_all_the_same(crowded: tuple[Doorstep, Crowded]) -> None:
    """A key would be lost by asking again: it goes into the journal, and the failsafe number rings."""
    door, _ = crowded
    form = {"CallSid": "CA1", "From": MIA, "To": LINE, "Digits": "1"}
    answer = door.post("/twilio/voice", form).text
    assert FAILSAFE in answer
    assert len(door.here.journal.files()) == 1
