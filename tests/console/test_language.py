"""The language of the pages: who reads in which, where it is kept, and what stays in English."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.console.language import dates, speech
from hotline.console.language.speech import Words, gettext, ngettext, translated
from hotline.model import Language
from hotline.oncall import wall_clock
from hotline.worded import joined, worded, worded_many
from tests.console.centre import EPOCH, PASSWORD, Centre, token

ANA = "Ana Lima"


def choose(client: FlaskClient, language: str, page: str = "/sign-in") -> TestResponse:
    """By the button of a page."""
    given = {"csrf_token": token(client, page), "language": language, "back": page}
    return client.post("/language", data=given)


def test_a_browser_is_answered_in_its_own_language(centre: Centre) -> None:
    """As long as nobody has said otherwise; in English if we don't have it."""
    client = centre.someone()
    page = client.get("/sign-in", headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}).text
    assert '<html lang="es">' in page
    assert "Nombre o teléfono" in page
    page = client.get("/sign-in", headers={"Accept-Language": "fr"}).text
    assert '<html lang="en">' in page
    assert "Name or phone" in page


def test_a_stranger_can_choose(centre: Centre) -> None:
    """And comes back to the page on which they did; what they chose outlasts the signing in."""
    client = centre.someone()
    assert ">Español</button>" in client.get("/sign-in").text
    response = choose(client, "es")
    assert (response.status_code, response.location) == (303, "/sign-in")
    assert ">English</button>" in client.get("/sign-in").text
    given = {"csrf_token": token(client, "/sign-in"), "who": ANA, "password": PASSWORD}
    client.post("/sign-in", data=given)
    assert '<html lang="es">' in client.get("/account").text


def test_a_person_s_choice_is_theirs_in_every_browser(centre: Centre) -> None:
    """It goes before what a browser asks for; left to the browser again, that counts."""
    client = centre.signed_in(ANA)
    assert "Language of the pages" in client.get("/account").text
    assert choose(client, "es", "/account").location == "/account"
    page = client.get("/account").text
    assert "Idioma de las páginas" in page
    assert "Desde ahora las páginas están en español." in page
    other = centre.signed_in(ANA)
    assert "Cerrar sesión" in other.get("/account", headers={"Accept-Language": "en"}).text
    choose(client, "", "/account")
    assert "Your account" in other.get("/account", headers={"Accept-Language": "en"}).text


def test_signing_out_keeps_the_language(centre: Centre) -> None:
    """Whoever reads Spanish signs in again in Spanish."""
    client = centre.signed_in(ANA)
    choose(client, "es", "/account")
    client.post("/sign-out", data={"csrf_token": token(client, "/account")})
    assert "Su sesión está cerrada." in client.get("/sign-in?bye=1").text


def test_only_what_is_offered_can_be_chosen(centre: Centre) -> None:
    """And nobody is sent elsewhere by it."""
    client = centre.someone()
    assert choose(client, "xx").status_code == 400
    given = {"csrf_token": token(client, "/sign-in"), "language": "es", "back": "https://example.com/"}
    assert client.post("/language", data=given).location == "/sign-in"
    assert client.post("/language", data={"language": "en"}).status_code == 400


def test_a_board_that_stays_as_it_was_is_drawn_anew_in_another_language(centre: Centre) -> None:
    """What it is known by tells the languages apart, also of one browser that asks for another."""
    client = centre.signed_in(ANA)
    known = client.get("/board/live", headers={"X-Board": "1"}).headers["ETag"]
    asked = {"X-Board": "1", "If-None-Match": known}
    assert client.get("/board/live", headers=asked).status_code == 304
    assert client.get("/board/live", headers={**asked, "Accept-Language": "es"}).status_code == 200


def test_what_went_wrong_is_told_in_the_reader_s_language(centre: Centre) -> None:
    """On a page, and to its script."""
    client = centre.someone()
    spanish = {"Accept-Language": "es"}
    assert "Aquí no hay nada" in client.get("/nowhere", headers=spanish).text
    said = client.get("/board/live", headers={"X-Board": "1", **spanish}).json
    assert said == {"said": "Su sesión terminó: inicie sesión otra vez.", "good": False}


@pytest.fixture
def spanish(centre: Centre) -> Centre:
    """A centre in which one person reads Spanish."""
    choose(centre.signed_in(ANA), "es", "/account")
    return centre


def test_scripts_bring_their_texts_with_the_page(spanish: Centre) -> None:
    """Not in English, which they have themselves."""
    assert '"Hide": "Ocultar"' in spanish.signed_in(ANA).get("/board").text
    assert 'id="script-texts"' not in spanish.signed_in("Ben Ortiz").get("/board").text


def test_outside_a_request_everything_is_english() -> None:
    """Logs, the audit trail, commands and texts to phones."""
    assert speech.language() is Language.EN
    assert gettext("Sign in") == "Sign in"
    assert ngettext("%(num)s recovery code is left", "%(num)s recovery codes are left", 2) == (
        "2 recovery codes are left"
    )
    assert translated(worded("Switched %(how)s", how="on")) == "Switched on"


def test_words_of_the_floors_below_remember_how_they_were_made(centre: Centre) -> None:
    """They are English, and said in the reader's language: also what stands in them, several, and errors."""
    plain = worded("Somebody has it.")
    many = worded_many("%(num)s recovery code is left", "%(num)s recovery codes are left", 1)
    both = joined((plain, "", many))
    assert (plain, many) == ("Somebody has it.", "1 recovery code is left")
    assert both == "Somebody has it. 1 recovery code is left"
    error = ValueError(
        worded("%(owner)s has it. It becomes yours, and they are told.", owner=worded("Somebody"))
    )
    with centre.app.test_request_context(headers={"Accept-Language": "es"}):
        centre.app.preprocess_request()
        assert translated(both) == "Alguien la tiene. Queda 1 código de recuperación"
        assert translated(str(error)) == "Está a cargo de Alguien. Pasa a usted, y se le avisa a esa persona."
        assert translated("nobody has this in a catalogue") == "nobody has this in a catalogue"
        assert translated("") == ""
        table = Words({1: "Somebody", 2: ""})
        assert (table[1], table[2], len(table), list(table)) == ("Alguien", "", 2, [1, 2])
        speech.choose(None)


def test_days_are_said_in_the_reader_s_language(centre: Centre) -> None:
    """The clock of the wall stays as it is."""
    boston, end = ZoneInfo("America/New_York"), EPOCH + timedelta(hours=2)
    assert dates.day_clock(EPOCH, boston) == "Mon 2 Mar 13:00"
    assert dates.span(EPOCH, end, boston) == "Mon 2 Mar 13:00-15:00"
    assert dates.full(EPOCH, boston) == "Monday 2 March 2026, 13:00:00 EST"
    with centre.app.test_request_context(headers={"Accept-Language": "es"}):
        centre.app.preprocess_request()
        assert dates.clock(EPOCH, boston, EPOCH + timedelta(days=1)) == "lun 13:00"
        assert dates.span(EPOCH, EPOCH + timedelta(days=1), boston) == "lun 2 mar 13:00-mar 3 mar 13:00"
        assert dates.full(EPOCH, boston) == "lunes 2 de marzo 2026, 13:00:00 EST"
        assert translated(wall_clock.said_span(EPOCH, end, boston)) == dates.span(EPOCH, end, boston)
        for month in range(12):
            at = EPOCH + timedelta(days=29 * month)
            assert translated(wall_clock.said(at, boston)) == dates.day_clock(at, boston)
        speech.choose(None)
