"""`hotline classify`: one answer per line, complaints and tables beside it, no settings needed."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from hotline.commands.reading.classify import Unread, classify_given

LINES = [
    {"id": "a", "text": "he is not breathing", "language": "en", "label": "emergency"},
    {"id": 2, "text": "quiero dejar de tomar", "language": "es", "label": "admissions"},
    {
        "id": "c",
        "text": "my bus card quit working",
        "label": "admissions",
        "note": "[trap] alt=stop_like_not_optout",
    },
    {"id": "d", "text": "STOP"},
]


def run(given: str) -> tuple[list[dict[str, object]], str]:
    """What is answered, and what is noted beside it."""
    out, notes = io.StringIO(), io.StringIO()
    classify_given(given, out, notes)
    return [json.loads(line) for line in out.getvalue().splitlines()], notes.getvalue()


def written(folder: Path, lines: list[str]) -> str:
    """A file of these lines."""
    path = folder / "messages.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def test_each_line_is_answered_with_its_id(tmp_path: Path) -> None:
    """In order, with label, confidence and reason."""
    answers, _ = run(written(tmp_path, [json.dumps(line) for line in LINES]))
    assert [answer["id"] for answer in answers] == ["a", 2, "c", "d"]
    assert [answer["label"] for answer in answers] == [
        "emergency",
        "admissions",
        "stop_like_not_optout",
        "opt_out",
    ]
    assert all(set(answer) == {"id", "label", "confidence", "reason"} for answer in answers)


def test_where_labels_are_given_there_is_a_table_by_language(tmp_path: Path) -> None:
    """And what `alt=` allows counts as right."""
    _, notes = run(written(tmp_path, [json.dumps(line) for line in LINES]))
    assert notes.count("100%") == 3
    assert "urgent, found urgent: 1 of 1 (100.0%)" in notes
    assert "no opt-out, taken for one: 0" in notes


def test_without_labels_nothing_is_noted(tmp_path: Path) -> None:
    """Standard error stays empty."""
    assert run(written(tmp_path, ['{"id": 1, "text": "hi"}', ""]))[1] == ""


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("hello", "line 2: this isn't JSON"),
        ("[1]", "line 2: this is JSON, but no object"),
        ('{"id": 1}', 'line 2: "text" is missing'),
        ('{"id": 1, "text": 5}', 'line 2: "text" is missing'),
        ('{"text": "hi"}', 'line 2: "id" is missing'),
        ('{"id": 1, "text": "hi", "language": "fr"}', 'line 2: "language" must be one of en, es, pt, ht'),
        ('{"id": 1, "text": "hi", "label": "urgent"}', 'line 2: "label" must be one of emergency,'),
        ('{"id": 1, "text": "hi", "label": 3}', 'line 2: "label" must be one of emergency,'),
        ("[" * 100_000, "line 2: this isn't JSON"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_answered(tmp_path: Path, line: str, complaint: str) -> None:
    """The end says that not all was read."""
    out, notes = io.StringIO(), io.StringIO()
    with pytest.raises(Unread, match="1 line could not be read"):
        classify_given(
            written(tmp_path, ['{"id": 1, "text": "hi"}', line, '{"id": 3, "text": "hi"}']), out, notes
        )
    assert complaint in notes.getvalue()
    assert [json.loads(answer)["id"] for answer in out.getvalue().splitlines()] == [1, 3]


def test_words_that_name_no_file_are_a_message() -> None:
    """However long they are."""
    for words in ("I want to kill myself", "he won't wake up\n" * 500, "no\0breathing he is not breathing"):
        answers, _ = run(words)
        assert answers[0]["label"] in ("suicide", "emergency")
        assert "id" not in answers[0]


def test_a_file_that_is_not_there_is_no_message() -> None:
    """Somebody mistyped its name."""
    with pytest.raises(Unread, match=r"nothing\.jsonl can't be read"):
        run("nothing.jsonl")


def test_it_reads_a_pipe_needs_no_settings_and_says_by_its_exit_code_that_lines_were_bad() -> None:
    """Answers on standard output alone; 2 for a bad line."""
    done = subprocess.run(
        [sys.executable, "-m", "hotline", "classify", "-"],
        input='{"id": 1, "text": "li pa respire"}\nrubbish\n',
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert done.returncode == 2
    assert json.loads(done.stdout)["label"] == "emergency"
    assert "line 2" in done.stderr
