"""What dies is started again; what is stopped stops everything, children and all."""

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from tests.running.application import application, eventually, is_alive

pytestmark = pytest.mark.process

STEADY = "sh -c 'echo pid $$; trap \"echo goodbye; exit 0\" TERM; while :; do sleep 0.1; done'"
STUBBORN = "sh -c 'echo pid $$; trap \"\" TERM; while :; do sleep 0.1; done'"


def pid_of(name: str, said: str) -> int:
    return int(re.findall(rf"^{name} +\| pid (\d+)$", said, re.MULTILINE)[-1])


def test_a_process_that_is_killed_is_started_again_and_the_others_notice_nothing(tmp_path: Path) -> None:
    with application(tmp_path, f"one={STEADY}", f"two={STEADY}") as running:
        said = running.says("| pid", 2)
        first, other = pid_of("one", said), pid_of("two", said)

        os.kill(first, signal.SIGKILL)

        said = running.says("| pid", 3)
        assert pid_of("one", said) != first
        assert is_alive(other)
        assert pid_of("two", said) == other


def test_what_dies_at_once_is_tried_again_with_growing_pauses(tmp_path: Path) -> None:
    with application(tmp_path, "bad=sh -c 'echo trying; exit 3'") as running:
        said = running.says("bad             | trying", 3)

    assert "bad died at once; again in 1 s" in said
    assert "bad died at once; again in 2 s" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_let_every_process_say_goodbye(tmp_path: Path, number: signal.Signals) -> None:
    with application(tmp_path, f"one={STEADY}", f"two={STEADY}") as running:
        running.says("| pid", 2)

        assert running.stops_on(number) == 0
        assert running.said.count("| goodbye") == 2
        assert running.said.endswith("all stopped\n")


def test_what_will_not_stop_is_killed_with_its_children(tmp_path: Path) -> None:
    with application(tmp_path, f"stubborn={STUBBORN}") as running:
        pid = pid_of("stubborn", running.says("| pid"))

        assert running.stops_on(signal.SIGTERM) == 0
        assert not is_alive(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent is gone")
def test_children_do_not_outlive_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    with application(tmp_path, f"one={STEADY}") as running:
        pid = pid_of("one", running.says("| pid"))

        running.stops_on(signal.SIGKILL)

        eventually(lambda: not is_alive(pid), lambda: "the child is still there")


def test_two_never_share_one_home(tmp_path: Path) -> None:
    with application(tmp_path, f"one={STEADY}") as running:
        running.says("| pid")
        before = running.said
        with application(tmp_path, f"one={STEADY}") as second:
            assert second.process.wait(timeout=30) == 1
            assert "already running" in second.said
        assert before


def test_a_home_with_spaces_and_signs_and_a_command_with_variables_work(tmp_path: Path) -> None:
    with application(tmp_path / "100% of it; or so", "web=sh -c \"echo serving $HOME'; '100%\"") as running:
        running.says(f"serving {os.environ['HOME']}; 100%")


def test_no_port_is_opened_to_the_world(tmp_path: Path) -> None:
    with application(tmp_path, f"one={STEADY}") as running:
        running.says("| pid")
        held = [
            os.readlink(fd) for fd in Path(f"/proc/{running.process.pid}/fd").iterdir() if fd.is_symlink()
        ]

    assert not [each for each in held if each.startswith("socket:")]
