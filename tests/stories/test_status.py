"""`hotline status`: one screen for the night shift, which reads the database itself."""

from __future__ import annotations

from datetime import timedelta

from hotline.commands.at_night import status_command
from hotline.commands.at_night.status_command import NO_DATABASE, WANTS_DOING
from hotline.operations import roster
from tests.operations.outages import gone
from tests.stories.world import MIA, STAFF, World


def shown(world: World) -> tuple[dict[str, list[str]], int]:
    """The lines, by what they are about, with their mark; and the exit code."""
    words, code = status_command.screen(world.here.application)
    by: dict[str, list[str]] = {}
    for line in words.splitlines()[1:]:
        mark, about, said = line[:1], *line[3:].split("  ", 1)
        by.setdefault(about.strip(), []).append(f"{mark} {said.strip()}".strip())
    assert MIA not in words
    assert MIA[2:] not in words
    return by, code


def test_who_is_on_and_that_nothing_waits(world: World) -> None:
    """Each by name and role; and what of the machine has not shown itself."""
    by, code = shown(world)
    assert by["emergency"] == ["none is open"]
    assert any("Ana Lima (coordinator), on coordinators" in one for one in by["on now"])
    assert by["goes to"] == ["clinicians: Cleo Park, Dev Rao, Eva Stone"]
    assert not any(one.startswith("!") for one in by["on now"])
    assert by["call backs"] == ["none is open"]
    assert by["carrier"] == ["reached"]
    assert by["canary"] == ["off: nothing calls the line to see whether it answers"]
    assert any("worker:urgent: has never shown itself" in one for one in by["health"])
    assert code == WANTS_DOING


def test_a_night_on_which_no_clinician_is_on_is_said_loudly(world: World) -> None:
    """To whom an emergency goes, rung by rung, and when somebody is on next; the schedule, too, and the check-up."""
    later = (world.clock() + timedelta(days=3)).replace(tzinfo=None)
    rota = {"turns": ["Cleo Park"], "every": "7d", "starts": later}
    theirs = {"name": "clinicians", "timezone": "UTC", "rotation": [rota]}
    plans = [theirs if one["name"] == "clinicians" else one for one in STAFF["schedule"]]
    world.change(lambda now: roster.load(now.tx, {**STAFF, "schedule": plans}, world.clock()))
    by, code = shown(world)
    assert by["goes to"] == ["! clinicians: NOBODY now, next Thu 5 Mar 15:00 Cleo Park"]
    assert by["then to"][0].startswith("clinicians: NOBODY now")
    assert "supervisors: Sue" in by["then to"][0]
    assert "! clinicians: NOBODY, next Thu 5 Mar 15:00 Cleo Park" in by["on now"]
    assert by["check-up"][0].endswith("wrong: hotline doctor")
    assert by["check-up"][0].startswith("!")
    assert by["backups"][0].startswith("!")
    assert code == WANTS_DOING


def test_an_emergency_is_told_by_its_reference_and_whose_it_is(world: World) -> None:
    """Marked as long as nobody has it; no word of who called."""
    world.mia.calls().presses("1")
    (before,) = shown(world)[0]["emergency"]
    assert before.startswith("!")
    assert before.endswith("nobody has it yet")
    world.cleo.answers().presses("1").meets(world.mia)
    (after,) = shown(world)[0]["emergency"]
    assert after.endswith("Cleo has it")
    assert not after.startswith("!")


def test_what_waits_is_counted(world: World) -> None:
    """Call backs, texts, and callers on hold."""
    world.mia.calls().presses("2")
    assert "1 caller waits on the line" in shown(world)[0]["on hold"][0]
    world.mia.hangs_up()
    assert shown(world)[0]["call backs"][0].startswith("1 open")
    world.person("+16175550143").texts("is the side door open")
    assert "1 waits for somebody" in shown(world)[0]["texts"][0]


def test_a_database_that_is_away_is_said_so(world: World) -> None:
    """With what callers hear meanwhile; and an exit code of its own."""
    with gone(world.here):
        words, code = status_command.screen(world.here.application)
    assert "The database can't be read" in words
    assert code == NO_DATABASE
