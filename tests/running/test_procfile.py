"""The Procfile is what platforms and `hotline run` both start."""

from pathlib import Path

from hotline.runtime.procfile import read_procfile


def test_the_shipped_procfile_names_every_process_and_one_queue_per_worker() -> None:
    entries = read_procfile()

    assert list(entries) == ["web", "worker_emergency", "worker", "worker_ordinary", "clock", "release"]
    assert (
        'gunicorn --config python:hotline.runtime.server "hotline.runtime.app:create_app()"' in entries["web"]
    )
    assert entries["worker_emergency"].endswith(" emergency")
    assert entries["worker"].endswith(" urgent")
    assert entries["worker_ordinary"].endswith(" ordinary")


def test_comments_and_empty_lines_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "Procfile"
    file.write_text("# what runs\n\nweb: serve --port $PORT: now \n")

    assert read_procfile(file) == {"web": "serve --port $PORT: now"}
