"""What hotline.toml may say, and what is answered when it says something else."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.model import Language, Line, PhoneNumber
from hotline.phrases import Phrase, Phrases
from hotline.settings.in_force import written_value
from hotline.settings.load import read_centre
from tests.settings.examples import REPOSITORY

LINE = 'name = "Hotline"\nnumbers = ["+16175550100"]\nfailsafe_number = "+16175550199"\n'


def said(tmp_path: Path, text: str) -> str:
    """The complaints about a file with ``text``, one a line."""
    file = tmp_path / "hotline.toml"
    file.write_text(text, encoding="utf-8")
    centre, problems = read_centre(file)
    assert (centre is None) == bool(problems)
    return "\n".join(problems)


def test_the_shipped_file_is_complete_and_loads() -> None:
    centre, problems = read_centre(REPOSITORY / "hotline.toml")

    assert problems == ()
    assert centre is not None
    assert centre.line.numbers == (PhoneNumber("+16175550100"),)
    assert centre.line.languages == (Language.EN,)
    assert centre.waits.live_answer == timedelta(seconds=60)
    assert centre.retries.no_answer[-1] == timedelta(days=1)


def test_the_demos_centre_loads_and_its_numbers_are_set_aside_for_examples() -> None:
    centre, problems = read_centre(REPOSITORY / "hotline" / "samples" / "demo.toml")

    assert problems == ()
    assert centre is not None
    for number in (*centre.line.numbers, centre.line.failsafe_number):
        assert number.e164[:-2] == "+161755501"


def test_a_missing_file_says_where_to_take_one_from(tmp_path: Path) -> None:
    _, [problem] = read_centre(tmp_path / "hotline.toml")

    assert "there is no such file: copy hotline.toml" in problem


@pytest.mark.parametrize("text", ["name = ", "\N{NULL}", "[line]\n[line]\n"])
def test_a_file_that_is_not_toml_is_told_with_the_place(tmp_path: Path, text: str) -> None:
    assert "is not valid TOML" in said(tmp_path, text)


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / "hotline.toml"
    file.write_bytes(b"\xff\xfe")

    assert "it is not UTF-8 text" in read_centre(file)[1][0]


def test_an_unknown_key_is_an_error_that_names_the_nearest_one(tmp_path: Path) -> None:
    told = said(tmp_path, f'[line]\n{LINE}[waits]\nlive_anser = "5s"\n[prmises]\n[texts]\nxyzzy = 1\n')

    assert '[waits] live_anser is not a setting; did you mean "live_answer"?' in told
    assert '[prmises] is not a setting; did you mean "promises"?' in told
    known = "replies_per_hour, replies_per_hour_overall, thread_quiet, redact_at_provider"
    assert f"[texts] xyzzy is not a setting; known here: {known}." in told


@pytest.mark.parametrize("key", ["emergency_silence", "first_words"])
def test_a_setting_that_is_gone_is_told_as_such(tmp_path: Path, key: str) -> None:
    told = said(tmp_path, f'[line]\n{LINE}[waits]\n{key} = "9s"\n')

    assert f"[waits] {key} is no longer a setting, and never changed anything: remove the line." in told


def test_all_that_is_missing_or_wrong_is_told_at_once(tmp_path: Path) -> None:
    told = said(
        tmp_path, '[line]\nname = "Hotline"\n[promises]\nperson = "soon"\n[retries]\nbusy = ["5m", 7]\n'
    )

    assert "[line] numbers is missing" in told
    assert "[line] failsafe_number is missing" in told
    assert "[promises] person must be a number and a unit" in told
    assert "[retries] busy, entry 2, must be a number and a unit" in told


@pytest.mark.parametrize("name", ["Recovery", "CityDetox", "", "eleven char", " Hotline", "Hot\\nline"])
def test_a_name_that_tells_or_does_not_fit_is_refused(tmp_path: Path, name: str) -> None:
    assert "[line] name must" in said(tmp_path, f"[line]\n{LINE}".replace("Hotline", name))


@pytest.mark.parametrize("number", ["6175550100", "+1 617 555 0100", "+1617555010", "+0123456789", "911"])
def test_what_is_no_full_phone_number_is_refused_and_not_repeated(tmp_path: Path, number: str) -> None:
    told = said(tmp_path, f"[line]\n{LINE}".replace("+16175550100", number))

    assert "[line] numbers, entry 1, " in told
    assert f'"{number}"' not in told


def test_a_failsafe_number_of_ours_is_refused_for_it_would_ring_us_again(tmp_path: Path) -> None:
    told = said(tmp_path, f"[line]\n{LINE}".replace("+16175550199", "+16175550100"))

    assert "failsafe_number must not be one of numbers" in told


def test_an_interpreter_number_may_be_left_out_and_is_a_telephone_of_theirs(tmp_path: Path) -> None:
    for written, meant in (('""', None), ('"+16175550177"', PhoneNumber("+16175550177"))):
        file = tmp_path / "given.toml"
        file.write_text(f"[line]\n{LINE}interpreter_number = {written}\n", encoding="utf-8")
        centre, problems = read_centre(file)
        assert problems == ()
        assert centre is not None
        assert centre.line.interpreter_number == meant
    ours = said(tmp_path, f'[line]\n{LINE}interpreter_number = "+16175550100"\n')
    assert "interpreter_number must not be one of numbers" in ours
    no_number = said(tmp_path, f'[line]\n{LINE}interpreter_number = "nobody"\n')
    assert "[line] interpreter_number " in no_number


@pytest.mark.parametrize(
    "line",
    [
        'timezone = "Boston"',
        'timezone = "EST"',
        'timezone = "Etc/GMT-5"',
        'languages = ["tlh"]',
        'languages = ["en", "en"]',
        "languages = []",
        'countries = ["usa"]',
    ],
)
def test_zones_languages_and_countries_must_exist(tmp_path: Path, line: str) -> None:
    assert f"[line] {line.split(maxsplit=1)[0]}" in said(tmp_path, f"[line]\n{LINE}{line}\n")


@pytest.mark.parametrize("duration", ['"0s"', '"-5s"', "5", '"5"', '"5 minutes"', '""', "true", '"1e9s"'])
def test_a_wait_is_a_duration_longer_than_nothing(tmp_path: Path, duration: str) -> None:
    assert "[waits] staff_ring must be" in said(tmp_path, f"[line]\n{LINE}[waits]\nstaff_ring = {duration}\n")


def test_waiting_for_a_live_answer_can_be_switched_off(tmp_path: Path) -> None:
    assert said(tmp_path, f'[line]\n{LINE}[waits]\nlive_answer = "0s"\n') == ""


def test_numbers_must_be_numbers(tmp_path: Path) -> None:
    told = said(
        tmp_path, f'[line]\n{LINE}[texts]\nreplies_per_hour = "10"\n[carrier]\ncalls_per_second = 0\n'
    )

    assert "[texts] replies_per_hour must be a whole number, without quotes." in told
    assert "[carrier] calls_per_second must be more than 0." in told


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (
            '[guard]\nnight_begins = "10pm"',
            "night_begins must be a time of day by 24 hours, with four digits, such as",
        ),
        (
            '[console]\nsign_in_limit = "5"',
            "sign_in_limit must be a number and second, minute, hour or day, such as",
        ),
        ('[console]\nsecond_step = "yes"', 'second_step must be "optional" or "required".'),
        ('[voices]\nen = "Joanna"', "en must be a voice and its locale with a space between, such as"),
        ('[carrier]\ncalled_fallback = "http://x"', "called_fallback must begin with https://"),
        ("[texts]\nredact_at_provider = 1", "redact_at_provider must be true or false, without quotes."),
        ("[texts]\nreplies_per_hour = 5000", "replies_per_hour must be 1000 or less."),
        ("[texts]\nreplies_per_hour = 0", "replies_per_hour must be 1 or more."),
        ('[retries]\nbusy = "5m"', "busy must be a list in square brackets, such as"),
        ("[retries]\nbusy = []", "busy must not be empty."),
        ("[guard]\nnight_begins = 22", "night_begins must be a text in quotes."),
    ],
)
def test_a_wrong_value_is_told_with_what_to_write_and_not_as_a_pattern(
    tmp_path: Path, written: str, why: str
) -> None:
    """In words for whoever runs a centre, and not for whoever writes programs."""
    told = said(tmp_path, f"[line]\n{LINE}{written}\n")
    assert why in told
    assert not re.search("pattern|tuple|boolean|valid (string|integer)|validation", told)


def test_one_slip_in_a_list_is_one_complaint(tmp_path: Path) -> None:
    """And not a second one that the list were empty."""
    told = said(tmp_path, f"[line]\n{LINE}".replace("+16175550100", "617-555-0100"))
    assert "[line] numbers, entry 1, must be a full number" in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("number", ["911", "9-1-1", "+1911", "988", "112"])
def test_a_failsafe_number_that_is_an_emergency_number_is_refused_with_the_reason(
    tmp_path: Path, number: str
) -> None:
    """It would reach another town's dispatch centre than the caller's."""
    told = said(tmp_path, f"[line]\n{LINE}".replace("+16175550199", number))
    assert "[line] failsafe_number must never be an emergency number" in told
    assert "not the caller's; write the full number of a telephone that one of you answers" in told


def test_a_lease_that_ends_before_its_request_would_send_things_twice(tmp_path: Path) -> None:
    told = said(tmp_path, f'[line]\n{LINE}[deliveries]\nlease = "5s"\n')

    assert "[deliveries] lease must be longer than [carrier] request_timeout" in told


def test_phrases_of_the_centres_own_are_taken_as_they_are_written(tmp_path: Path) -> None:
    """In any language, or in one."""
    file = tmp_path / "given.toml"
    phrases = 'must_page = ["Code Purple", "es: código morado"]\nmust_never_page = ["overdose day"]\n'
    file.write_text(f"[line]\n{LINE}[reading]\n{phrases}", encoding="utf-8")
    centre, problems = read_centre(file)
    assert problems == ()
    assert centre is not None
    assert centre.reading.phrases == Phrases(
        (Phrase("Code Purple"), Phrase("código morado", Language.ES)), (Phrase("overdose day"),)
    )


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ('must_page = ["ok"]', "[reading] must_page, entry 1, must have 5 letters at least"),
        (
            'must_page = ["a long one", "PLEASE!"]',
            "[reading] must_page, entry 2, is a word of everyday messages",
        ),
        ('must_never_page = ["overdose"]', "[reading] must_never_page, entry 1, must be two words at least"),
        ('must_page = ["code purple", "code purple"]', "[reading] must_page must not name anything twice"),
        (
            'must_page = ["Code purple"]\nmust_never_page = ["es: code púrple"]',
            "[reading] must_page and must_never_page have the same phrase",
        ),
        ("must_page = [7]", "[reading] must_page, entry 1, must be words in quotes"),
    ],
)
def test_a_phrase_that_would_be_everywhere_is_refused(tmp_path: Path, written: str, why: str) -> None:
    """And so is one that contradicts another."""
    assert why in said(tmp_path, f"[line]\n{LINE}[reading]\n{written}\n")


UNIT = '{ number = "+16175550100", name = "Women\'s unit", line = "family", language = "en" }'


def test_a_number_of_the_line_may_be_known_for_something(tmp_path: Path) -> None:
    file = tmp_path / "given.toml"
    file.write_text(f"[line]\n{LINE}published = [{UNIT}]\n", encoding="utf-8")
    centre, problems = read_centre(file)
    assert problems == ()
    assert centre is not None
    known = centre.line.known_for("+16175550100")
    assert known is not None
    assert (known.name, known.line, known.language) == ("Women's unit", Line.FAMILY, Language.EN)
    assert centre.line.known_for("whatsapp:+16175550100") == known
    assert centre.line.known_for("+16175550101") is None
    assert written_value((known,)) == f"[{UNIT}]"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (UNIT.replace("0100", "0133"), 'published: +16175550133 is none of numbers ("Women\'s unit")'),
        (UNIT.replace('"en"', '"es"'), 'published: "es" is none of languages ("Women\'s unit")'),
        (f"{UNIT}, {UNIT}", "published: the same number stands there twice"),
        (
            UNIT.replace("family", "emergency"),
            '[line] published, entry 1: line must be "admissions", "family"',
        ),
        (UNIT.replace("family", "famly"), '[line] published, entry 1: line must be "admissions", "family"'),
        (UNIT.replace('"en"', '"xx"'), "[line] published, entry 1: language must be"),
        (
            UNIT.replace("name =", "nme ="),
            '[line] published, entry 1: nme is not a setting; did you mean "name"?',
        ),
        (UNIT.replace("name =", "nme ="), "[line] published, entry 1: name is missing: add it."),
        (
            UNIT.replace("Women's unit", "x" * 31),
            "[line] published, entry 1: name must be 1 to 30 characters",
        ),
        (UNIT.replace("+1", ""), "[line] published, entry 1: number must be a full number"),
        ('"+16175550100"', "[line] published, entry 1, must be a table"),
    ],
)
def test_what_is_wrong_with_what_a_number_is_known_for_is_told(
    tmp_path: Path, entry: str, reason: str
) -> None:
    assert reason in said(tmp_path, f"[line]\n{LINE}published = [{entry}]\n")
