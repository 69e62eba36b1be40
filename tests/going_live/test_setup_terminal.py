"""`hotline setup` as a person meets it: at a terminal, stopped with Ctrl-C and taken up again."""

from __future__ import annotations

from pathlib import Path

from tests.terminal import at_a_terminal

SID = "AC" + "0" * 31 + "7"


def test_it_is_stopped_at_any_question_and_taken_up_there(tmp_path: Path) -> None:
    """A wrong answer is asked again; what was answered is said, and isn't asked twice unless one wishes."""
    with at_a_terminal(tmp_path, "setup") as terminal:
        terminal.waits_for("Account SID")
        terminal.types("nothing of the kind\n")
        terminal.waits_for("Account SID:")
        terminal.types(f"{SID}\n")
        terminal.waits_for("oken")
        terminal.stops()
        terminal.waits_for("`hotline setup` goes on here")
    with at_a_terminal(tmp_path, "setup") as terminal:
        terminal.waits_for("Taken up where it was stopped; answered so far: Account SID")
        terminal.waits_for("oken")
        terminal.stops()
        terminal.waits_for("goes on here")
    with at_a_terminal(tmp_path, "setup", "--again") as terminal:
        terminal.waits_for(f"[{SID}]")
        terminal.stops()
        terminal.waits_for("goes on here")
    assert SID in (tmp_path / "setup-answers.toml").read_text(encoding="utf-8")
