"""When somebody wants to be rung: understood where it is plain, in four languages, and else left to a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotline.model import Language
from hotline.prompts.lengths import beyond_gsm7
from hotline.settings import wording
from hotline.triage.texts.time_words import FILLERS, WEEKDAYS
from hotline.triage.texts.times import FARTHEST, told, understood

BOSTON = ZoneInfo("America/New_York")
IDAHO = (ZoneInfo("America/Boise"), ZoneInfo("America/Los_Angeles"))
MONDAY = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
"""Three o'clock in the afternoon in Boston; on Sunday clocks there go forward."""
EN, ES, PT, HT = Language


def local(words: str, language: Language = EN, now: datetime = MONDAY) -> str | None:
    found = understood(words, now, (BOSTON,), language)
    return f"{found.at.astimezone(BOSTON):%a %H:%M}" if found else None


@pytest.mark.parametrize(
    ("words", "language", "at"),
    [
        ("tonight", EN, "Mon 17:00"),
        ("2nite after 7", EN, "Mon 19:00"),
        ("tmrw 9am", EN, "Tue 09:00"),
        ("Tomorrow morning please", EN, "Tue 08:00"),
        ("in 2 hours", EN, "Mon 17:00"),
        ("in half an hour", EN, "Mon 15:30"),
        ("half an hour", EN, "Mon 15:30"),
        ("in 20 min", EN, "Mon 15:20"),
        ("after 5", EN, "Mon 17:00"),
        ("call me at 8 pls", EN, "Mon 20:00"),
        ("6", EN, "Mon 18:00"),
        ("five thirty", EN, "Mon 17:30"),
        ("5:30 p.m.", EN, "Mon 17:30"),
        ("9", EN, "Tue 09:00"),
        ("today at 9", EN, "Mon 21:00"),
        ("at 11 pm", EN, "Mon 23:00"),
        ("2am", EN, "Tue 02:00"),
        ("tonight at 12", EN, "Tue 00:00"),
        ("noon", EN, "Tue 12:00"),
        ("this afternoon", EN, "Mon 15:30"),
        ("friday afternoon", EN, "Fri 12:00"),
        ("monday", EN, "Mon 08:00"),
        ("2-4pm", EN, "Tue 14:00"),
        ("after work", EN, "Mon 17:00"),
        ("I can't talk until 6pm", EN, "Mon 18:00"),
        ("the day after tomorrow at 10", EN, "Wed 10:00"),
        ("mañana por la mañana", ES, "Tue 08:00"),
        ("mañana", ES, "Tue 08:00"),
        ("en la tarde", ES, "Mon 15:30"),
        ("esta noche", ES, "Mon 17:00"),
        ("a las dos", ES, "Tue 14:00"),
        ("a las 3 y media", ES, "Mon 15:30"),
        ("mañana como a las 9 de la mañana", ES, "Tue 09:00"),
        ("en media hora", ES, "Mon 15:30"),
        ("después de las 5, por favor", ES, "Mon 17:00"),
        ("mediodía", ES, "Tue 12:00"),
        ("el jueves a las 10", ES, "Thu 10:00"),
        ("amanhã às 9", PT, "Tue 09:00"),
        ("amanhã de manhã", PT, "Tue 08:00"),
        ("hoje à noite", PT, "Mon 17:00"),
        ("daqui a meia hora", PT, "Mon 15:30"),
        ("quinta às 14h", PT, "Thu 14:00"),
        ("18h30", PT, "Mon 18:30"),
        ("dia seguinte 9 am", PT, "Tue 09:00"),
        ("tomorrow at half past two", EN, "Tue 14:30"),
        ("tomorrow at four thirty", EN, "Tue 16:30"),
        ("demen maten", HT, "Tue 08:00"),
        ("aswè a", HT, "Mon 17:00"),
        ("demen a 9è nan maten", HT, "Tue 09:00"),
        ("dezè", HT, "Tue 14:00"),
        ("nan inèdtan", HT, "Mon 16:00"),
        ("apremidi", HT, "Mon 15:30"),
        ("vandredi a 10è", HT, "Fri 10:00"),
    ],
)
def test_a_time_is_understood(words: str, language: Language, at: str | None) -> None:
    assert local(words, language) == at


@pytest.mark.parametrize(
    "words",
    [
        *(
            "",
            "later",
            "no",
            "now",
            "not tomorrow",
            "don't call me tonight",
            "next week",
            "by 5",
            "before noon",
        ),
        *(
            "im ill tonight",
            "I took pills tonight",
            "good night",
            "buenas noches",
            "6175550143",
            "911",
            "0",
            "25",
        ),
        *("5:75", "in 0 minutes", "in 999 hours", "wednesday tomorrow", "friday maybe idk", "tonight " * 40),
    ],
)
def test_what_is_no_plain_time_is_left_to_a_person(words: str) -> None:
    assert local(words) is None


def test_number_words_are_read_in_the_language_of_the_talk_only() -> None:
    """ "De" is two in Haitian Creole, and nothing in Spanish."""
    assert local("a de", HT) == "Tue 14:00"
    assert local("a de", ES) is None


def test_a_time_that_has_just_gone_by_is_tomorrow_s() -> None:
    """And what is named at night is meant of the coming day."""
    assert local("at 2") == "Tue 14:00"
    late = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
    assert local("tonight", now=late) is None
    assert local("tomorrow morning", now=late) == "Tue 08:00"
    assert local("in 10 minutes", now=late) == "Mon 23:40"


def test_where_the_number_may_be_in_two_zones_it_is_that_time_in_both() -> None:
    """Nobody is rung before they said; the later zone's clock is the one that is told."""
    found = understood("tomorrow 9am", MONDAY, IDAHO)
    assert found is not None
    assert found.zone == IDAHO[1]
    assert all(found.at.astimezone(zone).hour >= 9 for zone in IDAHO)


def test_the_change_of_clocks_is_heeded() -> None:
    """Sunday at nine is nine by Sunday's clock."""
    found = understood("sunday 9am", MONDAY, (BOSTON,))
    assert found is not None
    assert found.at == datetime(2026, 3, 8, 13, tzinfo=UTC)
    assert told(found.at, MONDAY, BOSTON, EN) == (
        "later_date",
        (("DATE", "March 8"), ("TIME", "9:00 AM EDT")),
    )


@pytest.mark.parametrize("language", Language)
def test_every_time_is_told_in_letters_of_one_segment(language: Language) -> None:
    """No longer than what the texts are measured with."""
    for day in range(365):
        at = MONDAY + timedelta(days=day, hours=day % 24, minutes=30)
        prompt, values = told(at, MONDAY, BOSTON, language)
        assert (
            prompt == ("later_today" if day == 0 else "later_tomorrow" if day == 1 else "later_date")
            or day < 3
        )
        for name, value in values:
            assert beyond_gsm7(value) == ""
            assert len(value) <= len(wording.WIDEST[name])


def test_a_zone_without_letters_is_told_without_its_name() -> None:
    prompt, values = told(MONDAY, MONDAY, ZoneInfo("America/Sao_Paulo"), PT)
    assert (prompt, dict(values)) == ("later_today", {"TIME": "17:00"})


WORDS = [
    *sorted(FILLERS | WEEKDAYS.keys()),
    *(
        "tonight",
        "tomorrow",
        "manana",
        "noite",
        "demen",
        "maten",
        "at",
        "9",
        "10:30",
        "pm",
        "am",
        "in",
        "half",
        "2",
    ),
    *(
        "hours",
        "minutes",
        "-",
        "to",
        "after",
        "today",
        "aswe",
        "apre midi",
        "12",
        "00",
        "h",
        "y media",
        "0",
        "por la",
    ),
]


@given(
    st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join) | st.text(max_size=60),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.sampled_from([(BOSTON,), IDAHO, (ZoneInfo("Australia/Lord_Howe"),), (ZoneInfo("Pacific/Honolulu"),)]),
    st.sampled_from(Language),
)
@example("tomorrow 2:30 am", datetime(2026, 3, 7, 20, tzinfo=UTC), (BOSTON,), EN)
def test_whatever_is_written_the_moment_lies_ahead_and_by_day_unless_the_night_is_named(
    words: str, now: datetime, zones: tuple[ZoneInfo, ...], language: Language
) -> None:
    """Never in the past, never more than a week ahead, never at night without having been asked for."""
    found = understood(words, now, zones, language)
    if found is None:
        return
    assert now < found.at <= now + FARTHEST
    assert found.zone in zones
    if not found.meant:
        assert 8 <= found.at.astimezone(found.zone).hour < 21
    prompt, values = told(found.at, now, found.zone, language)
    assert prompt in ("later_today", "later_tomorrow", "later_date")
    assert all(value for _, value in values)
