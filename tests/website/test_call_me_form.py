"""The form, before whoever may send one: people, people in a hurry, people without scripts, and programs."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.model import Language, Line, When
from hotline.prompts.shipped import shipped
from hotline.runtime import web_worker
from hotline.settings.centre import Centre
from hotline.website import website_wiring
from tests.stories.centre import ANA, CENTRE, LINE, MIA
from tests.telephony.doorstep import Doorstep
from tests.website.visiting import FILLED, OPEN, Visitor, opened, owed, worked_out

MIA_WRITTEN = "617-555-0142"


@pytest.fixture
def door(tmp_path: Path) -> Doorstep:
    """A centre with the form, in four languages."""
    return opened(tmp_path)


@pytest.fixture
def visitor(door: Doorstep) -> Visitor:
    """Somebody before it."""
    return Visitor(door).looks()


# --- whoever fills it in ---------------------------------------------------------------------------------------


def test_whoever_fills_it_in_is_told_by_when_and_from_where_they_are_called(visitor: Visitor) -> None:
    """And what to do if it gets worse, and what may keep us from calling."""
    visitor.sends(name="Mia", message="1")
    assert visitor.is_told
    assert "We will call within 15 minutes, from 617-555-0100" in visitor.reads
    assert "If things get worse, call 911" in visitor.reads
    assert "a number that asked us for no calls" in visitor.reads
    (row,) = owed(visitor.door)
    assert (row.callback.line, row.callback.message_safe, row.callback.text_safe) == (
        Line.ADMISSIONS,
        True,
        False,
    )


def test_what_to_do_in_danger_is_first_on_every_page(visitor: Visitor) -> None:
    for path in ("/call-me/en", "/call-me/en/emergency", "/call-me/nothing/here/at/all"):
        page = visitor.looks(path).page.text
        assert page.index("tel:911") < page.find("<form") or "<form" not in page
        assert "tel:988" in page
        assert f"tel:{LINE}" in page


def test_an_emergency_is_told_what_to_do_and_that_nobody_was_told(visitor: Visitor) -> None:
    """Whatever else is filled in, or isn't; nothing is queued, and what was filled in is kept."""
    visitor.sends(line="emergency", number="617", agreed="")
    assert "This page can't send help, and it has told no one." in visitor.reads
    assert "If you have Narcan, give it now" in visitor.reads
    assert 'value="617"' in visitor.page.text
    visitor.sends(line="", number="617", change="1")
    assert 'value="617"' in visitor.page.text
    assert owed(visitor.door) == []


def test_a_time_of_day_is_promised_as_such(visitor: Visitor) -> None:
    visitor.sends(when="evening", line="family")
    assert "We will call this evening" in visitor.reads
    (row,) = owed(visitor.door)
    assert row.callback.line is Line.FAMILY
    assert row.callback.due_at == visitor.door.clock.now.replace(hour=22, minute=0, second=0, microsecond=0)


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("en", "Your first name, if you like"),
        ("es", "Su nombre de pila, si quiere"),
        ("pt", "Seu primeiro nome, se quiser"),
        ("ht", "Prenon ou, si ou vle"),
    ],
)
def test_nobody_is_told_that_somebody_will_be_asked_for_by_name(
    door: Doorstep, language: str, label: str
) -> None:
    """A form proves nobody: whoever calls asks for nobody until they say that they asked."""
    page = Visitor(door).looks(f"/call-me/{language}").page.text
    assert f'<label for="name">{label}</label>' in page


@pytest.mark.parametrize("language", ["es", "pt", "ht"])
def test_it_is_there_in_every_language_of_the_line(door: Doorstep, language: str) -> None:
    """And who asks in one is called in it."""
    here = Visitor(door).looks(f"/call-me/{language}")
    words = shipped(Language(language)).sections["website"]
    assert words["title"] in here.reads
    assert f'<html lang="{language}">' in here.page.text
    here.sends(f"/call-me/{language}", language="")
    assert words["sent_title"] in here.reads
    (row,) = owed(door)
    assert row.callback.language == language


def test_the_browsers_language_is_taken_where_the_link_names_none(door: Doorstep) -> None:
    assert (
        '<html lang="pt">'
        in Visitor(door).looks("/call-me", **{"Accept-Language": "pt-BR,pt;q=0.9"}).page.text
    )
    assert '<html lang="en">' in Visitor(door).looks("/call-me", **{"Accept-Language": "fi"}).page.text
    assert Visitor(door).looks("/call-me/fi").page.status_code == 404


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"number": ""}, "Write the number that we should call."),
        ({"number": "555"}, "That is not a full number."),
        ({"number": "911"}, "We can't call an emergency number for you. If you need help now, call 911."),
        ({"number": "123"}, "We can't call an emergency number for you. If you need help now, call 911."),
        ({"number": "9 8 8"}, "We can't call 988 for you."),
        ({"number": "+442071234567"}, "We can't call that country."),
        ({"number": "+1 900 555 0142"}, "We can't call that kind of number."),
        ({"number": "+1 617 555 0100"}, "That is our own number."),
        ({"line": ""}, "Choose who it is for."),
        ({"line": "person"}, "Choose who it is for."),
        ({"agreed": ""}, "We can only call if you tick this."),
        ({"name": "please call me after six"}, "Write only a name, or leave this empty."),
        ({"name": "<b>Mia</b>"}, "Write only a name, or leave this empty."),
        ({"name": "he is not breathing"}, "Is somebody in danger? Then call 911 now"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_the_rest_is_kept(
    visitor: Visitor, form: dict[str, str], told: str
) -> None:
    visitor.sends(**{"name": "Mia", "message": "1", **form})
    assert visitor.page.status_code == 400
    assert told in visitor.reads
    assert "Nothing was sent yet." in visitor.reads
    assert 'name="message" value="1" checked' in visitor.page.text
    if "number" not in form:
        assert f'value="{MIA_WRITTEN}"' in visitor.page.text
    assert owed(visitor.door) == []


@pytest.mark.parametrize("name", ["Mia", "María José", "O'Brien", "Jean-Luc", "Ana M. Lima", "Đặng"])
def test_a_name_is_taken(visitor: Visitor, name: str) -> None:
    assert visitor.sends(name=name).is_told


# --- twice, late, again ----------------------------------------------------------------------------------------


def test_a_form_that_is_sent_twice_makes_one_call_and_tells_the_same(visitor: Visitor) -> None:
    """By a double click, a reload, or a browser that tries again."""
    form = {"token": visitor.token, **FILLED, "proof": worked_out(visitor.work)}
    visitor.door.clock.now += timedelta(seconds=10)
    first = visitor.sends_as_it_is(form).reads
    assert visitor.sends_as_it_is(form).reads == first
    (row,) = owed(visitor.door)
    assert row.callback.repeats == 0


def test_a_form_that_is_sent_again_with_another_number_is_not_taken_for_the_first(visitor: Visitor) -> None:
    form = {"token": visitor.token, **FILLED, "proof": worked_out(visitor.work)}
    visitor.door.clock.now += timedelta(seconds=10)
    visitor.sends_as_it_is(form)
    visitor.sends_as_it_is({**form, "number": "617-555-0143"})
    assert visitor.page.status_code == 409
    assert "You sent this form before, with something else in it." in visitor.reads
    assert visitor.sends(number="617-555-0143").is_told
    assert len(owed(visitor.door, "+16175550143")) == 1


def test_a_form_that_was_open_for_long_is_shown_anew_with_what_was_filled_in(visitor: Visitor) -> None:
    form = {"token": visitor.token, **FILLED}
    visitor.door.clock.now += timedelta(hours=5)
    visitor.sends_as_it_is(form)
    assert visitor.page.status_code == 400
    assert "This page was open for a long time" in visitor.reads
    assert visitor.sends().is_told


def test_words_of_consent_that_have_changed_are_shown_before_anybody_agrees_to_them(
    door: Doorstep, tmp_path: Path
) -> None:
    before = Visitor(door).looks()
    form = {"token": before.token, **FILLED, "proof": worked_out(before.work)}
    now = OPEN + '[prompts.en.website]\nconsent_call = "{NAME} may ring me."\n'
    after = Visitor(opened(tmp_path / "again", now))
    after.door.clock.now += timedelta(seconds=10)
    assert "or has changed" in after.sends_as_it_is(form).reads
    assert "Care Line may ring me." in after.reads


# --- programs, and whoever is taken for one --------------------------------------------------------------------


@pytest.mark.parametrize(
    "how",
    [{"quick": True}, {"script": False}, {"website": "https://spam.example"}, {"proof": "1"}, {"proof": "x"}],
)
def test_whoever_may_be_a_program_has_the_number_read_back(visitor: Visitor, how: dict[str, str]) -> None:
    """And is called once they have written its last two digits: nobody is dropped."""
    visitor.sends(**how)
    assert visitor.is_asked_again
    assert "We will call 617-555-0142." in visitor.reads
    assert owed(visitor.door) == []
    visitor.sends(digits="41")
    assert "Those are not its last 2 digits." in visitor.reads
    visitor.sends(digits="42", quick=True)
    assert "That was very quick." in visitor.reads
    assert visitor.sends(digits=" 4 2 ").is_told
    assert len(owed(visitor.door)) == 1


def test_the_second_step_is_for_the_number_that_it_showed(visitor: Visitor) -> None:
    visitor.sends(script=False)
    visitor.sends(number="617-555-0143", digits="43")
    assert visitor.is_asked_again
    assert owed(visitor.door, "+16175550143") == []


def test_a_token_is_ours_or_none(visitor: Visitor) -> None:
    for token in ("", "x", visitor.token[:-1], "a" * 5000, "WyJ4Il0.x"):
        visitor.sends_as_it_is({"token": token, **FILLED})
        assert visitor.page.status_code == 400
    assert owed(visitor.door) == []


def test_above_its_limit_an_address_is_told_to_call(tmp_path: Path) -> None:
    here = Visitor(opened(tmp_path, f"{OPEN}asks_per_address = 2\n"))
    for n in range(2):
        assert here.looks().sends(number=f"617-555-014{n}").is_told
    here.looks().sends(number="617-555-0149")
    assert here.page.status_code == 429
    assert "Please call 617-555-0100" in here.reads
    assert 'value="617-555-0149"' in here.page.text
    assert Visitor(here.door, "198.51.100.4").looks().sends(number="617-555-0149").is_told


def test_nobody_learns_from_the_page_what_is_known_of_a_number(door: Doorstep) -> None:
    """One that is staff's, one that asked for no calls, one that is owed a call, one that is new: the same words."""
    door.texts("don't ever call or text me again, stop", sid="SM1", caller="+16175550177")
    told = set()
    for number in (ANA, "+16175550177", MIA, MIA, "+16175550155"):
        visitor = Visitor(door).looks().sends(number=number)
        assert visitor.is_told
        told.add(visitor.reads)
    assert len(told) == 1
    assert owed(door, ANA) == []


def test_what_is_away_is_told_and_nothing_is_promised(door: Doorstep, visitor: Visitor) -> None:
    """The form stays filled in."""
    door.here.application.database.dispose()
    path = str(door.settings.database_url.get_secret_value()).removeprefix("sqlite:///")
    Path(path).rename(f"{path}.away")
    Path(path).mkdir()
    visitor.sends()
    assert visitor.page.status_code == 503
    assert "We could not keep this, and no one will call." in visitor.reads
    assert f'value="{MIA_WRITTEN}"' in visitor.page.text
    Path(path).rmdir()
    Path(f"{path}.away").rename(path)


def test_a_number_is_left_so_often_as_the_centre_says(tmp_path: Path) -> None:
    """Once more is answered alike, and changes nothing."""
    for most, repeats in ((1, 0), (2, 1)):
        here = Visitor(opened(tmp_path / str(most), f"{OPEN}asks_per_number = {most}\n"))
        told = {here.looks().sends().reads for _ in range(3)}
        assert len(told) == 1
        assert [row.callback.repeats for row in owed(here.door)] == [repeats]


def test_of_everybody_so_many_are_taken_as_the_centre_says(tmp_path: Path) -> None:
    door = opened(tmp_path, f"{OPEN}asks_per_hour = 2\n")
    found = [
        Visitor(door, f"192.0.2.{n}").looks().sends(number=f"617-555-014{n}").page.status_code
        for n in range(3)
    ]
    assert found == [200, 200, 429]


def test_where_the_page_leads_is_the_centres_to_say(tmp_path: Path) -> None:
    """To its words on privacy, if it has named them, and away."""
    here = Visitor(opened(tmp_path / "one", OPEN + 'leave_to = "https://news.example/"\n')).looks()
    assert 'href="https://news.example/" target="_top"' in here.page.text
    assert 'href="https://www.example.org/privacy"' in here.page.text
    bare = Visitor(opened(tmp_path / "two", f"{CENTRE}[call_me]\nopen = true\n")).looks()
    assert "https://www.weather.gov/" in bare.page.text
    assert "privacy" not in bare.page.text


# --- what goes along -------------------------------------------------------------------------------------------


def test_only_named_sites_may_show_it_in_a_frame(door: Doorstep, tmp_path: Path) -> None:
    framed = Visitor(door).looks().page.headers
    assert "frame-ancestors https://www.example.org" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    alone = Visitor(opened(tmp_path / "alone", f"{CENTRE}[call_me]\nopen = true\n")).looks().page.headers
    assert "frame-ancestors 'none'" in alone["Content-Security-Policy"]
    assert alone["X-Frame-Options"] == "DENY"


def test_nothing_is_kept_by_a_browser_and_nothing_told_to_others(visitor: Visitor) -> None:
    headers = visitor.sends().page.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Strict-Transport-Security"]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert visitor.looks("/call-me/static/call-me.js").page.status_code == 200


def test_it_is_not_there_unless_it_is_opened(tmp_path: Path) -> None:
    door = opened(tmp_path, CENTRE)
    for path in ("/call-me", "/call-me/en", "/call-me/static/call-me.css"):
        page = Visitor(door).looks(path).page
        assert (page.status_code, page.text) == (404, "There is nothing here.\n")


def test_it_has_threads_of_its_own() -> None:
    """Whatever is sent to it keeps no telephone waiting, and no page of staff's."""
    assert web_worker.pool_of("/call-me") == web_worker.pool_of("/call-me/es") == "website"
    assert web_worker.pool_of("/call-menu") == "pages"


def test_no_log_tells_who_asked(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        visitor.sends(name="Wilhelmina", message="1")
    assert visitor.is_told
    assert not [one for one in ("0142", "Wilhelmina") if one in caplog.text]


def test_what_a_browser_may_do_names_each_site() -> None:
    table = Centre.model_validate(
        {"line": {"name": "A", "numbers": [LINE], "failsafe_number": "+16175550999"}}
    ).call_me
    two = table.model_copy(update={"sites": ("https://a.example", "https://b.example")})
    assert website_wiring.content(two).endswith("frame-ancestors https://a.example https://b.example")


# --- whatever a stranger sends ---------------------------------------------------------------------------------

_FIELDS = (
    "number",
    "name",
    "line",
    "language",
    "when",
    "message",
    "text",
    "agreed",
    "token",
    "proof",
    "digits",
)
_WORDS = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["617-555-0142", "911", "+1", "1e9", "emergency", "admissions", "\x00", "٤٢", "²", "9" * 400]
    ),
    st.sampled_from([*When, *Line, *Language]),
)


@pytest.fixture(scope="module")
def anybody(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """A form whose limits nobody reaches."""
    many = "asks_per_address = 10000\nasks_per_hour = 10000\n"
    return Visitor(opened(tmp_path_factory.mktemp("fuzz"), OPEN + many)).looks()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=st.dictionaries(st.sampled_from(_FIELDS), _WORDS), genuine=st.booleans())
def test_nothing_that_a_stranger_sends_is_a_fault_of_ours(
    anybody: Visitor, form: dict[str, str], genuine: bool
) -> None:
    if genuine:
        token = anybody.looks().token
        form = {**FILLED, "token": token, "proof": worked_out(anybody.work), **form}
    anybody.sends_as_it_is(form)
    assert anybody.page.status_code in (200, 400, 409, 429)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"\xff" * 100, "application/x-www-form-urlencoded", 400),
        (b"x=" + b"y" * 40_000, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 400),
        (b"--x", "multipart/form-data; boundary=x", 400),
        (b"", "multipart/form-data", 400),
    ],
)
def test_no_form_at_all_is_answered_as_such(door: Doorstep, body: bytes, kind: str, status: int) -> None:
    answer = door.app.test_client().post("/call-me/en", data=body, content_type=kind)
    assert answer.status_code == status
    assert f"tel:{LINE}" in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_another_method_is_answered_as_such(door: Doorstep, method: str) -> None:
    assert door.app.test_client().open("/call-me/en", method=method).status_code == 405
