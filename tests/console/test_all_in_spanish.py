"""Every page in Spanish: no text went past the catalogue.

Each word that is seen or read out on a page must stand somewhere in the Spanish catalogue, or be data: a name, a
caller's words, a centre's own. A text that was never marked has words which the catalogue doesn't know, and is found
by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from hotline.console.reports.drawing.plotter import PLOTTER
from hotline.console.reports.told import sections
from hotline.model import Language
from tests.console.centre import PEOPLE, SCHEDULES, Centre, open_centre, press
from tests.console.test_reports_page import Drawn, fill
from tools import texts

_WORD = re.compile(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ]{3,}")
_NO_WORD = re.compile(r"%\(\w+\)s|<[^>]+>|&\w+;|\b\w*\d\w*\b|Ref\. \w+|referencia \w+")
"""Places for values, marks of HTML, and references."""
_READ_OUT = (
    "aria-label",
    "title",
    "placeholder",
    "alt",
    "data-news",
    "data-until-words",
    "data-danger-words",
)
_NO_TEXT = frozenset({"script", "style", "code", "svg", "kbd"})
_VOID = frozenset({"meta", "link", "img", "input", "br", "rect", "line"})
_QUOTES = "Escribió: "
"""Behind it stand a caller's words."""
DATA = (
    *PEOPLE,
    *SCHEDULES,
    "Hotline America New York English Español EST EDT",
    "MassHealth Medicaid Medicare Tia Young",
    "hotline.toml PUBLIC_BASE_URL always Mon Fri",
    "SAMP Sample: a hospital's emergency department, the Behavioral Health Help Line, an outpatient programme",
    "menu welcome waiting admissions family callback",
)
"""What is nobody's to translate: names of people, of schedules and of the line, its place, languages by themselves;
what is typed as it stands; the samples' own words; names of prompts."""


class Seen(HTMLParser):
    """What of a page is seen, or read out; without what says that it is English, or somebody's own words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Its attributes that are read out, and whether what stands in it counts."""
        given = dict(attrs)
        theirs = given.get("lang") not in (None, "es") or (given.get("dir"), given.get("translate")) != (
            None,
            None,
        )
        within = self._counts() and not theirs and tag not in _NO_TEXT
        if within:
            self.found += [value for name, value in attrs if name in _READ_OUT and value]
        if tag not in _VOID:
            self._open.append((tag, within))

    def handle_endtag(self, tag: str) -> None:
        """Back to what is around it."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Text, if it counts."""
        if self._counts() and data.strip():
            self.found.append(data.strip())

    def _counts(self) -> bool:
        return self._open[-1][1] if self._open else True


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(_NO_WORD.sub(" ", text))}


@pytest.fixture(scope="module")
def spanish() -> set[str]:
    """Every word of the Spanish catalogue."""
    known = set[str]()
    for one in texts.read(Language.ES):
        for text in (one.string,) if isinstance(one.string, str) else one.string or ():
            known |= _words(text)
    days = "lunes martes miércoles jueves viernes sábado domingo lun mar mié jue vie sáb dom"
    months = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    short = "ene feb abr may jun jul ago sept oct nov dic"
    return known | _words(f"{days} {months} {short}") | _words(" ".join(DATA))


def unknown(page: str, spanish: set[str]) -> list[str]:
    """Texts of a page in which a word stands that no translation has."""
    seen = Seen()
    seen.feed(page)
    return [text for text in seen.found if not text.startswith(_QUOTES) and _words(text) - spanish]


def reads_spanish(centre: Centre, name: str) -> FlaskClient:
    """A browser of somebody who has chosen Spanish."""
    centre.change_person(name, page_language=Language.ES)
    return centre.signed_in(name)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A centre in which everything has happened at once, behind which are the sample months."""
    centre = open_centre(tmp_path_factory.mktemp("spanish"))
    fill(centre)
    centre.app.extensions[PLOTTER] = Drawn()
    centre.add_person("Tia Young", frozenset())
    eve = centre.signed_in("Eve Stone")
    centre.calls_in("+16175550161", "1")
    mine = centre.escalation()
    press(eve, f"/board/escalations/{mine}/accept")
    centre.clock.pass_by(timedelta(seconds=1))
    centre.calls_in("+16175550162", "1")
    closed = centre.escalation()
    press(eve, f"/board/escalations/{closed}/accept")
    press(eve, f"/board/escalations/{closed}/close", who="them")
    centre.calls_in("+16175550163", "2")
    centre.calls_in(None, "3")
    centre.asks_for_callback("+16175550164")
    claimed = centre.asks_for_callback("+16175550165", "3")
    centre.claims("Eve Stone", claimed)
    booked = centre.asks_for_callback("+16175550166")
    centre.claims("Eve Stone", booked)
    press(eve, f"/board/callbacks/{booked}/outcome", outcome="booked_intake", unknown="yes")
    came = centre.asks_for_callback("+16175550170")
    centre.claims("Eve Stone", came)
    press(
        eve,
        f"/board/callbacks/{came}/outcome",
        outcome="booked_intake",
        starts="2026-03-01T10:00",
        past="yes",
        place="Hotline",
    )
    centre.clock.pass_by(timedelta(seconds=1))
    centre.hangs_up(centre.calls_in("+16175550169", "1"))
    agreed = centre.escalation()
    press(eve, f"/board/escalations/{agreed}/accept")
    press(eve, f"/board/escalations/{agreed}/close", who="them")
    press(eve, f"/board/follow-ups/{agreed}/agree", at="2026-03-04T10:00")
    lost = centre.asks_for_callback("+16175550167")
    centre.claims("Eve Stone", lost)
    press(eve, f"/board/callbacks/{lost}/outcome", outcome="no_answer")
    centre.texts("can a person answer this please, what do you mean")
    blocked = centre.calls_in("+16175550168", "2")
    press(eve, f"/board/callers/{blocked}/block", reason="Xzq", lasting="week")
    centre.clock.pass_by(timedelta(minutes=20))
    board = centre.signed_in("Eve Stone").get("/board").text
    assert "Did they come?" in board
    assert "Are you safe now?" in board
    yield centre
    centre.application.database.dispose()


PAGES = [
    "/board",
    "/on-call",
    "/on-call/policies",
    "/on-call/policies?subject=emergency&language=en",
    "/on-call/fairness",
    "/search",
    "/search?line=admissions",
    "/people",
    "/settings",
    "/settings/sentences",
    "/blocked",
    "/directory",
    "/deliveries",
    "/readiness",
    "/check-up",
    "/audit",
    "/account",
    "/reports",
    *(f"/reports/{name}" for name in sections.TITLES if name != "overview"),
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["Eve Stone", "Adam Cole"])
def test_every_page_is_whole_in_spanish(busy: Centre, spanish: set[str], name: str, page: str) -> None:
    """Of a supervisor, and of an admin."""
    response = reads_spanish(busy, name).get(page)
    if response.status_code == 200:
        assert '<html lang="es">' in response.text
    else:
        assert response.status_code == 403
    assert unknown(response.text, spanish) == []


@pytest.mark.parametrize(
    "page", ["/sign-in", "/sign-in?over=1", "/sign-in?bye=1", "/sign-in/code", "/nowhere"]
)
def test_what_strangers_see_is_whole_in_spanish(busy: Centre, spanish: set[str], page: str) -> None:
    """Also where something has gone wrong."""
    response = busy.someone().get(page, headers={"Accept-Language": "es"})
    assert unknown(response.text, spanish) == []


def test_every_case_is_whole_in_spanish(busy: Centre, spanish: set[str]) -> None:
    """Calls and threads, emergencies, callbacks and what is closed; and where another one is chosen to merge."""
    client = reads_spanish(busy, "Eve Stone")
    shown = set(re.findall(r"/threads/([\w-]+)", client.get("/board").text))
    assert len(shown) > 6
    for contact in shown:
        for page in (f"/threads/{contact}", f"/threads/{contact}/merge", f"/audit/reached/{contact}"):
            assert unknown(client.get(page).text, spanish) == [], page


def test_the_lock_is_whole_in_spanish(busy: Centre, spanish: set[str]) -> None:
    """What hangs on a wall, too."""
    client = reads_spanish(busy, "Ana Lima")
    client.get("/board")
    busy.clock.pass_by(busy.application.settings.centre.console.idle + timedelta(seconds=1))
    page = client.get("/board").text
    assert "Bloqueada" in page
    assert unknown(page, spanish) == []


def test_a_text_that_was_not_marked_is_found(spanish: set[str]) -> None:
    """By any word that no translation has; in an attribute, too. What is somebody's own is left alone."""
    assert unknown('<p>Guardar</p><p aria-label="Nobody is here">Sí</p>', spanish) == ["Nobody is here"]
    assert unknown('<p>Nobody is here <b dir="auto">nobody</b></p>', spanish) == ["Nobody is here"]
    assert unknown('<p lang="en">Nobody is here</p><code>nobody</code>', spanish) == []
