"""The journal keeps what the database couldn't: sealed, on disk, whole, and once."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.store.database import Keyring
from hotline.telephony.webhooks.journal import Journal, JournalEntry
from hotline.telephony.webhooks.spare_room import STEP, SpareRoom
from tests.telephony.doorstep import AFTERNOON

KEYS = Keyring((b"k" * 32,))
FORM = {"CallSid": "CA1", "From": "+16175550142", "Body": "he won't wake up 💊"}
ROOT = Path(__file__).resolve().parents[2]


def journal(folder: Path, keys: Keyring = KEYS) -> Journal:
    return Journal(folder / "journal", keys)


def everything(book: Journal) -> list[JournalEntry]:
    return [entry for file in book.files() for entry in book.read(file).entries]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """Path, form and time, in order."""
    book = journal(tmp_path)
    assert book.write("/twilio/sms", FORM, AFTERNOON)
    assert book.write("/twilio/voice", {}, AFTERNOON)
    first, second = everything(book)
    assert (first.path, first.form, first.at) == ("/twilio/sms", FORM, AFTERNOON)
    assert (second.path, second.form) == ("/twilio/voice", {})
    assert first.id != second.id


FORMS = st.dictionaries(st.text(max_size=10), st.text(max_size=30))


@settings(max_examples=30)
@given(st.lists(FORMS, max_size=5))
def test_whatever_was_sent_is_kept(
    tmp_path_factory: pytest.TempPathFactory, forms: list[dict[str, str]]
) -> None:
    """New lines, nulls and half characters in a form break no line."""
    book = journal(tmp_path_factory.mktemp("any"))
    for form in forms:
        assert book.write("/twilio/sms", form, AFTERNOON)
    assert [entry.form for entry in everything(book)] == forms


def test_nobody_can_read_it_without_the_keys(tmp_path: Path) -> None:
    """Sealed, and for its owner's eyes only."""
    book = journal(tmp_path)
    book.write("/twilio/sms", FORM, AFTERNOON)
    (file,) = book.files()
    kept = file.read_bytes()
    for told in (b"6175550142", b"wake", b"CA1", b"/twilio"):
        assert told not in kept
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert "wake" not in repr(everything(book))


def test_it_is_on_disk_before_the_webhook_is_answered(tmp_path: Path) -> None:
    """fsync of the line and of the new file's name, in that order, before `write` returns."""
    program = (
        "import sys, pathlib, datetime; from hotline.store.database import Keyring;"
        "from hotline.telephony.webhooks.journal import Journal;"
        "j = Journal(pathlib.Path(sys.argv[1]), Keyring((b'k' * 32,)));"
        "sys.addaudithook(lambda name, args: None);"
        "import os; real = os.fsync; calls = [];"
        "os.fsync = lambda fd: (calls.append(os.path.basename(os.readlink(f'/proc/self/fd/{fd}'))), real(fd))[1];"
        "j.write('/x', {}, datetime.datetime.now(datetime.UTC));"
        "j.write('/x', {}, datetime.datetime.now(datetime.UTC)); print(*calls)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "journal")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    line, names, again = ran.stdout.split()
    assert line.endswith(".journal")
    assert names == "journal"
    assert again == line


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_torn_line_spoils_no_other(tmp_path: Path, cut: int) -> None:
    """A crash in the middle of a line: those before it and after it are read."""
    book = journal(tmp_path)
    book.write("/before", FORM, AFTERNOON)
    book.write("/torn", FORM, AFTERNOON)
    (file,) = book.files()
    os.truncate(file, file.stat().st_size - cut)
    book.write("/after", FORM, AFTERNOON)
    paths = [entry.path for entry in everything(book)]
    assert paths == ["/before", "/after"] or (cut == 1 and paths == ["/before", "/torn", "/after"])


@settings(max_examples=40)
@given(st.binary(max_size=200))
def test_damage_of_any_kind_spoils_no_other(tmp_path_factory: pytest.TempPathFactory, damage: bytes) -> None:
    """Whatever is in the file, what we wrote after it is read."""
    home = tmp_path_factory.mktemp("damaged")
    book = journal(home)
    assert book.write("/before", FORM, AFTERNOON)
    with book.files()[0].open("ab") as file:
        file.write(damage)
    assert book.write("/after", FORM, AFTERNOON)
    assert [entry.path for entry in everything(book)] == ["/before", "/after"]


def test_what_was_read_back_in_is_removed(tmp_path: Path) -> None:
    """So that the next reader has nothing to do; asking twice is harmless."""
    book = journal(tmp_path)
    book.write("/x", FORM, AFTERNOON)
    (part,) = [book.read(file) for file in book.files()]
    book.finished(part)
    book.finished(part)
    assert book.files() == []
    assert book.read(part.file).entries == []


def test_what_came_meanwhile_is_not_removed(tmp_path: Path) -> None:
    """A line that was written after the reading stays."""
    book = journal(tmp_path)
    book.write("/x", FORM, AFTERNOON)
    part = book.read(book.files()[0])
    book.write("/y", FORM, AFTERNOON)
    book.finished(part)
    assert [entry.path for entry in everything(book)] == ["/x", "/y"]


def test_what_can_t_be_read_is_not_thrown_away(tmp_path: Path) -> None:
    """A line under a key that we weren't given is set aside, and read once we have the key."""
    other = Keyring((b"o" * 32,))
    journal(tmp_path, other).write("/other", FORM, AFTERNOON)
    book = journal(tmp_path)
    book.write("/ours", FORM, AFTERNOON)
    assert [entry.path for entry in everything(book)] == ["/ours"]
    for file in book.files():
        book.finished(book.read(file))
    assert book.files() == []
    both = journal(tmp_path, Keyring((b"k" * 32, b"o" * 32)))
    both.take_up_again()
    assert [entry.path for entry in everything(both)] == ["/other"]
    both.take_up_again()
    assert len(both.files()) == 1


def test_writers_and_a_reader_at_once_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    """Eight threads write while two readers read, finish and remove: everything is seen."""
    writers, each = 8, 25
    book, another = journal(tmp_path), journal(tmp_path)
    seen: set[str] = set()

    def write(number: int) -> None:
        for turn in range(each):
            assert (book if turn % 2 else another).write(f"/{number}/{turn}", FORM, AFTERNOON)

    def read(reader: Journal) -> None:
        for file in reader.files():
            part = reader.read(file)
            seen.update(entry.path for entry in part.entries)
            reader.finished(part)

    with ThreadPoolExecutor(writers + 2) as together:
        waiting = [together.submit(write, number) for number in range(writers)]
        while not all(one.done() for one in waiting):
            list(together.map(read, [journal(tmp_path), journal(tmp_path)]))
        for one in waiting:
            one.result()
    read(book)
    assert seen == {f"/{number}/{turn}" for number in range(writers) for turn in range(each)}
    assert book.files() == []


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    """Each has a file of its own."""
    program = (
        "import sys, pathlib, datetime; from hotline.store.database import Keyring;"
        "from hotline.telephony.webhooks.journal import Journal;"
        "j = Journal(pathlib.Path(sys.argv[1]), Keyring((b'k' * 32,)));"
        "[j.write('/x', {}, datetime.datetime.now(datetime.UTC)) for _ in range(5)]"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "journal")], cwd=ROOT)
        for _ in range(2)
    ]
    assert [one.wait(timeout=30) for one in running] == [0, 0]
    book = journal(tmp_path)
    assert len(book.files()) == 2
    assert len(everything(book)) == 10


def test_a_folder_that_can_t_be_written_is_said_and_not_raised(tmp_path: Path) -> None:
    """The caller must be answered all the same."""
    (tmp_path / "journal").write_text("a file is in the way")
    assert not journal(tmp_path).write("/x", FORM, AFTERNOON)


def test_a_disk_that_is_full_leaves_no_half_line(tmp_path: Path) -> None:
    """What didn't fit is taken back, and said; what was there before is read, and what comes later, too."""
    book = journal(tmp_path)
    assert book.write("/before", FORM, AFTERNOON)
    (file,) = book.files()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 50, hard))
        assert not book.write("/lost", FORM, AFTERNOON)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert book.write("/after", FORM, AFTERNOON)
    assert [entry.path for entry in everything(book)] == ["/before", "/after"]
    assert book.read(file).unreadable == []


ON_A_FULL_DISK = """
import subprocess, sys
from pathlib import Path
from hotline.store.database import Keyring
from hotline.telephony.webhooks.journal import Journal
from tests.telephony.doorstep import AFTERNOON
disk, room = Path(sys.argv[1]), 256 * 1024
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], check=True)
book = Journal(disk / "journal", Keyring((b"k" * 32,)), room)
book.take_room()
filler = (disk / "filler").open("wb", buffering=0)
try:
    while filler.write(bytes(4096)) == 4096:
        pass
except OSError:
    pass
kept = 0
while book.write("/twilio/sms", {"Body": "x" * 300}, AFTERNOON):
    kept += 1
print(kept, sum(len(book.read(one).entries) for one in book.files()))
filler.truncate(0)
book.take_room()
print((disk / "journal-room").stat().st_size, book.write("/twilio/sms", {}, AFTERNOON))
"""
APART = ["unshare", "--mount"]


def test_on_a_full_disk_there_is_room_for_hundreds(tmp_path: Path) -> None:
    """Each that is said to be kept is kept; when there is room again, it is taken again."""
    try:
        alone = subprocess.run([*APART, "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], check=False)
    except FileNotFoundError:
        alone = None
    if alone is None or alone.returncode:
        pytest.skip("nobody here may make a small disk")
    told = subprocess.run(
        [*APART, sys.executable, "-c", ON_A_FULL_DISK, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    *_, counted, after = told.stdout.splitlines()
    (kept, read), (size, again) = counted.split(), after.split()
    assert int(kept) == int(read) > 100
    assert (size, again) == (str(256 * 1024), "True")


def test_room_is_really_taken_once_and_given_back_by_steps(tmp_path: Path) -> None:
    """A file of this user's, with blocks of its own; none is taken of a disk that is nearly full."""
    spare = SpareRoom(tmp_path / "home" / "journal-room", 10 * STEP)
    assert not spare.give()
    for _ in range(2):
        spare.take()
        kept = spare.file.stat()
        assert (kept.st_size, stat.S_IMODE(kept.st_mode)) == (10 * STEP, 0o600)
        assert kept.st_blocks * 512 >= 10 * STEP
    assert [spare.give() for _ in range(11)] == [True] * 10 + [False]
    spare.take()
    assert spare.file.stat().st_size == 10 * STEP
    nobodys = SpareRoom(tmp_path / "home" / "larger", 2**60)
    nobodys.take()
    assert not nobodys.file.exists()
