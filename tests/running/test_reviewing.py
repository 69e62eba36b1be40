"""`hotline classify --review` and `--check-phrases`: a centre looks at how its texts were read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.commands import cli, staff_file
from hotline.commands.reading import phrase_check, review
from hotline.commands.reading.classify import classify_given
from hotline.commands.staff_file import CommandRefused
from hotline.model import ContactId, Language, StaffId
from hotline.phrases import Phrase, Phrases
from hotline.settings.load import Settings
from hotline.store.database import Tx
from hotline.store.people import staff
from hotline.store.traffic import messages, readings
from hotline.store.traffic.readings import Did, Judged, Judgement, KeptReading, Why
from tests import databases
from tests.observed import audit_trail
from tests.settings.examples import REPOSITORY, good_environment
from tests.store.examples import member, message
from tools.learn_urgency import examples_of

EVE = StaffId("s1")
MARCH = datetime(2026, 3, 9, 18, 0, tzinfo=UTC)
TEXTS = (
    ("a", "Marisol says the blue car is at 42 Oak Street, 617-555-0142", Did.PAGED, Judgement.NO_EMERGENCY),
    ("b", "zoraida quill said he fell and wont talk to me", Did.ASKED, Judgement.EMERGENCY),
    ("c", "he is not breathing", Did.PAGED, Judgement.EMERGENCY),
    ("d", "is there a bed", Did.OTHER, None),
    ("e", "", Did.PAGED, Judgement.NO_EMERGENCY),
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A centre with judged texts of March, by the clock of Boston."""
    given = good_environment(tmp_path, DATABASE_URL=databases.sqlite(tmp_path))
    staff_file.change(given, fill)
    return given


def fill(settings: Settings, tx: Tx, now: datetime) -> str:
    del settings, now
    staff.add(tx, member(EVE, name="Zoraida Quill"))
    for number, (name, words, did, judgement) in enumerate(TEXTS):
        at = MARCH + timedelta(minutes=number)
        messages.add(tx, message(name, body=words, at=at))
        _keep(tx, name, at, did, words, judgement)
    # In Boston the month of March is over four hours later than in Greenwich.
    for name, at in {
        "late": datetime(2026, 4, 1, 3, 30, tzinfo=UTC),
        "april": datetime(2026, 4, 1, 4, 30, tzinfo=UTC),
    }.items():
        _keep(tx, name, at, Did.PAGED, "gone", Judgement.NO_EMERGENCY)
    return ""


def _keep(tx: Tx, name: str, at: datetime, did: Did, words: str, judgement: Judgement | None) -> None:
    label = "emergency" if did is Did.PAGED else "other"
    why = Why(f"somebody's body: “{words[:16]}”", 0.31)
    kept = KeptReading(name, ContactId("c1"), at, Language.EN, label, False, did, why)
    readings.add(tx, kept)
    if judgement:
        readings.judge(tx, name, Judged(judgement, EVE, at))


def audited(environ: dict[str, str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def work(settings: Settings, tx: Tx, now: datetime) -> str:
        del settings, now
        found.extend((one.action, one.subject_id) for one in audit_trail(tx, MARCH))
        return ""

    staff_file.look(environ, work)
    return found


def test_a_month_is_reviewed_without_names_and_numbers(environ: dict[str, str]) -> None:
    """Only what staff dispute, with date, language, label and reason; what isn't kept any more is told as such."""
    told = review.review(environ, "2026-03")
    assert told.startswith(
        "2026-03 (America/New_York): paged for nothing 3, not paged and an emergency 1; right as judged 1.\n"
    )
    assert (
        "2026-03-09 14:00  en  paged for nothing\n"
        "  text: [word] says the blue car is at 42 [word] [word], [number]\n"
        "  read as emergency, 0.31: somebody's body: “[word] says the”\n"
    ) in told
    assert "  text: [word] [word] said he fell and wont talk to me\n" in told
    assert told.count("text: (its words are not kept any more)") == 2
    assert "2026-03-31 23:30" in told
    assert "2026-04" not in told
    for leak in ("Marisol", "Oak", "0142", "zoraida", "breathing"):
        assert leak not in told
    assert ("reviewed readings", "2026-03") in audited(environ)


def test_what_is_exported_is_new_and_its_owners_alone_and_can_be_learned_from(
    environ: dict[str, str], tmp_path: Path
) -> None:
    """Without texts whose words are not kept; `hotline classify` reads it, and so does the tool that learns."""
    file = tmp_path / "reviewed.jsonl"
    assert review.review(environ, "2026-03", file).endswith(f"2 texts written to {file}.")
    assert file.stat().st_mode & 0o777 == 0o600
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["language"], row["label"], row["read"]) for row in rows] == [
        ("2026-03-1", "en", "other", "emergency"),
        ("2026-03-2", "en", "emergency", "other"),
    ]
    assert "Marisol" not in file.read_text(encoding="utf-8")
    classify_given(str(file))
    with pytest.raises(CommandRefused, match="is there already"):
        review.review(environ, "2026-03", file)
    with pytest.raises(CommandRefused, match="can't be written"):
        review.review(environ, "2026-03", tmp_path / "nowhere" / "x.jsonl")
    assert ("exported readings", "2026-03") in audited(environ)


def test_reviewed_messages_are_learned_from_without_their_marks(tmp_path: Path) -> None:
    """What stands for a name is no word."""
    file = tmp_path / "reviewed.jsonl"
    row = {
        "id": "1",
        "text": "[word] took [number] pills",
        "language": "en",
        "label": "emergency",
        "read": "other",
    }
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    [learned] = examples_of([file], "reviewed")
    assert (learned.origin, learned.label) == ("reviewed", "emergency")
    assert not any("word" in one or "number" in one for one in learned.features)


@pytest.mark.parametrize("wrong", ["2026", "2026-13", "03-2026", "march", "0000-01"])
def test_a_month_is_a_year_and_a_month(wrong: str) -> None:
    with pytest.raises(ValueError, match="such as 2026-03"):
        review.month(wrong)
    assert review.month("2026-12") == "2026-12"


def test_without_a_month_it_is_the_present_one(environ: dict[str, str]) -> None:
    """And nothing disputed is a sentence."""
    told = review.review(environ)
    assert "paged for nothing 0, not paged and an emergency 0; right as judged 0." in told
    assert len(told.splitlines()) == 1


# --- phrases -------------------------------------------------------------------------------------------------------


def with_phrases(environ: dict[str, str], tmp_path: Path, table: str) -> dict[str, str]:
    shipped = (REPOSITORY / "hotline.toml").read_text(encoding="utf-8")
    file = tmp_path / "own.toml"
    file.write_text(shipped.replace("[reading]\n", f"[reading]\n{table}\n", 1), encoding="utf-8")
    return {**environ, "HOTLINE_CONFIG": str(file)}


def test_phrases_are_tried_on_what_was_written_lately(environ: dict[str, str], tmp_path: Path) -> None:
    """And on a file, and on our invented messages; each change is a line without names; useless phrases are named."""

    def today(settings: Settings, tx: Tx, now: datetime) -> str:
        del settings
        at = now - timedelta(days=2)
        messages.add(tx, message("n", body="Marisol, code purple at the desk", at=at))
        _keep(tx, "n", at, Did.OTHER, "x", None)
        return ""

    staff_file.change(environ, today)
    file = tmp_path / "more.jsonl"
    file.write_text('{"text": "another code purple"}\n{"text": "hello"}\n', encoding="utf-8")
    own = with_phrases(
        environ,
        tmp_path,
        'must_page = ["code purple", "emergency", "heron at dusk"]\nmust_never_page = ["he is not breathing"]',
    )
    told = phrase_check.check_phrases(own, file)
    assert "Texts of the last 30 days, 1: 1 pages more, 0 fewer.\n  + 20" in told
    assert "en  [word], code purple at the [word]" in told
    assert f"{file}, 2: 1 pages more, 0 fewer." in told
    assert "Hotline's invented messages, " in told
    assert "“heron at dusk” is in none of these messages." in told
    assert "“emergency” is a keyword as a whole message, and stays one." in told
    assert "“he is not breathing” names danger by itself, and always pages" in told
    assert "Marisol" not in told
    assert ("checked phrases", "reading") in audited(environ)


def test_pages_that_would_be_lost_are_counted_by_what_they_are_known_to_be() -> None:
    """A hint that a phrase holds back; the labels say whether it was dangerous."""
    hint = "the blue kid, my kid is down in the dumps and blue"
    texts = [
        phrase_check.Text(hint, Language.EN, "", "emergency"),
        phrase_check.Text("he is not breathing", Language.EN, "", "emergency"),
    ]
    phrases = Phrases(must_never_page=(Phrase(hint.replace(",", "")), Phrase("he is")))
    found = phrase_check.changed(phrases, texts)
    assert (found.read, found.more) == (2, ())
    assert all(one.words == hint for one in found.fewer)


def test_without_phrases_there_is_nothing_to_check(environ: dict[str, str]) -> None:
    assert "has no phrases" in phrase_check.check_phrases(environ)


def test_a_file_that_is_none_of_messages_is_refused(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text("[]\n", encoding="utf-8")
    own = with_phrases(environ, tmp_path, 'must_page = ["code purple"]')
    with pytest.raises(CommandRefused, match="can't be read"):
        phrase_check.check_phrases(own, file)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["--review", "--check-phrases"], "one of --review and --check-phrases"),
        (["--month", "2026-03"], "go with --review"),
        (["--export", "x.jsonl"], "go with --review"),
        (["--review", "hello"], "name no file"),
    ],
)
def test_what_does_not_go_together_is_refused(
    given: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is opened."""
    assert cli.main(["classify", *given]) == 1
    assert why in capsys.readouterr().err
