"""The machine is gone, and what was on it is put back from a backup hours later: nobody who waited is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.runtime.keeping import making_backups, restoring
from hotline.settings.keeping_settings import BackupsTable
from hotline.settings.load import Settings
from hotline.simulator import Behaviour
from hotline.store.keeping import sealed_file
from tests.stories.records import emergencies
from tests.stories.world import MIA, World
from tests.telephony.test_twiml_bin import AtTwilio

pytestmark = pytest.mark.both_databases
KEYS = sealed_file.new_keys()


def with_backups(world: World) -> Settings:
    """The centre's settings with a key to seal backups for."""
    settings = world.here.application.settings
    backups = BackupsTable(keys=(KEYS.public,))
    return replace(settings, centre=settings.centre.model_copy(update={"backups": backups}))


def back_up(world: World) -> Path:
    """One that is made now."""
    made = making_backups.make(replace(world.here.application, settings=with_backups(world)))
    assert made is not None
    return made.path


def put_back_later(world: World, file: Path, tmp_path: Path, hours: float) -> restoring.Restored:
    """Nothing of ours runs for so long; then the backup is put in the place of whatever is there."""
    private = tmp_path / "private"
    private.write_text(KEYS.private)
    world.sim.kernel.web = AtTwilio("")
    world.clock.let_pass(world.sim, timedelta(hours=hours).total_seconds())
    world.here.application.database.dispose()
    done = restoring.restore(with_backups(world), file, private, world.clock, lambda _: None, replace=True)
    world.sim.kernel.web = world.web
    world._next_tick = None
    return done


def test_whoever_waited_is_rung_late_and_hears_that_we_are_sorry(world: World, tmp_path: Path) -> None:
    """Their callback was promised in ten minutes, and three hours are gone; since the backup it was kept even."""
    world.phones(Behaviour.OFF, *world.staff)
    world.mia.calls().presses("0").hears("getting a person")
    world.passes(minutes=2)
    world.mia.leaves()
    file = back_up(world)
    done = put_back_later(world, file, tmp_path, hours=3)
    assert done.still_open is not None
    assert (done.still_open.callbacks, done.still_open.late) == (1, 1)
    world.phones(Behaviour.RINGS, world.ana)
    world.ana.answers(within=60).presses("1").hears("say sorry first")
    world.mia.answers(within=60).presses("1").meets(world.ana)


def test_an_open_emergency_is_paged_and_whoever_held_is_called(world: World, tmp_path: Path) -> None:
    """They were on the line when the backup was made, and have hung up long since."""
    world.phones(Behaviour.IGNORES, *world.staff)
    world.mia.calls().presses("1")
    world.passes(5)
    file = back_up(world)
    world.mia.leaves()
    done = put_back_later(world, file, tmp_path, hours=5)
    assert done.still_open is not None
    assert done.still_open.emergencies == 1
    world.until(lambda: any(person.rings for person in world.staff), within=30)
    world.until(lambda: world.mia.rings, within=180)
    assert len(emergencies(world)) == 1


def test_what_had_left_for_a_caller_since_the_backup_is_not_sent_again(world: World, tmp_path: Path) -> None:
    """In the backup their phone is about to be rung; it was, and they talked."""
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.mia.calls().presses("0").hears("getting a person").hangs_up()
    world.ana.answers(within=60)
    carries_out, world.worker = world.worker, lambda here, outbox_id: None
    world.ana.presses("1")
    file = back_up(world)
    world.worker = carries_out
    world.mia.answers(within=60).presses("1").meets(world.ana)
    world.mia.leaves()
    world.ana.leaves()
    rung = len(world.calls_to(MIA))
    put_back_later(world, file, tmp_path, hours=0.005)
    world.passes(20)
    assert len(world.calls_to(MIA)) == rung
