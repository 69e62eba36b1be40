"""A centre that has recorded its own voice: callers hear it, and all that follows is as ever."""

from __future__ import annotations

from pathlib import Path

from tests.prompts.sounds import record, wav
from tests.stories.conftest import Building
from tests.stories.world import CENTRE


def test_a_caller_hears_the_recording_and_goes_on_as_ever(building: Building, tmp_path: Path) -> None:
    """Key 1 cuts it short, like any other prompt."""
    record(tmp_path, "recordings/en/first_words.wav", wav(6))
    world = building()
    world.mia.calls().hears("[recording: first_words.wav]").presses("1").hears("dial 9-1-1", within=1)
    world.cleo.answers().presses("1").meets(world.mia)


def test_the_centres_own_sentence_is_heard(building: Building) -> None:
    """In the place of ours."""
    world = building(
        centre=CENTRE + '[prompts.en.voice]\ngoodbye = "Goodbye from {NAME}."\n[waits]\nlive_answer = "0s"\n'
    )
    world.mia.calls().presses("2").presses("4").presses("5").presses("5").hears(
        "Goodbye from Care Line.", within=60
    )
