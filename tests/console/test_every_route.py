"""What holds for every route there is, as the application itself knows them: a new one is in here by itself."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.console.frame.headers import FIXED
from tests.console.centre import Centre, open_centre, token
from tests.console.every_route import ALL, WRITER, addresses, furnish

_OF_ITSELF = {"sessions", "sign_ins", "sign_in_tries", "audit", "revision", "sqlite_sequence"}
"""Tables that say who came and looked, and that something was written there."""
CORPUS = (
    "<script>ran(1)</script>",
    '"><img src=x onerror=ran(2)>',
    "' onfocus='ran(3)' autofocus='",
    "</textarea><svg onload=ran(4)>",
    "<a href=javascript:ran(5)>",
    "&lt;b onclick=ran(6)&gt;",
    "{{7*191}}",
    "-->",
)
HURTS = "".join(CORPUS)
"""All of it at once, which fits into every field."""


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, dict[str, str]]]:
    """A centre with something of everything, for all tests of this file."""
    centre = open_centre(tmp_path_factory.mktemp("routes"))
    yield centre, furnish(centre)
    centre.application.database.dispose()


def kept(centre: Centre) -> dict[str, str]:
    """A digest of each table, but those that are written by looking."""
    with closing(sqlite3.connect(centre.database_file)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
    return {
        name: hashlib.sha256(repr(found).encode()).hexdigest()
        for name, found in rows.items()
        if name not in _OF_ITSELF
    }


def test_no_form_works_but_our_own(furnished: tuple[Centre, dict[str, str]]) -> None:
    """Every route that changes anything: without the page's token, with one that is made up, with somebody else's."""
    centre, of = furnished
    client, other = centre.signed_in(ALL), centre.signed_in("Ana Lima")
    theirs, before = token(other, "/board"), kept(centre)
    tried = list(addresses(centre, "POST", of))
    assert len(tried) > 90
    for rule, address in tried:
        for form in ({}, {"csrf_token": "x"}, {"csrf_token": theirs}):
            response = client.post(address, data=form)
            assert response.status_code == 400, (rule, form)
            assert "That could not be read" in response.text, rule
    assert kept(centre) == before
    assert client.get("/board").status_code == 200


def test_nothing_is_changed_but_by_a_form(furnished: tuple[Centre, dict[str, str]]) -> None:
    """No route takes anything but GET and POST; what changes something takes no GET; and a GET changes nothing."""
    centre, of = furnished
    client, before = centre.signed_in(ALL), kept(centre)
    reads = dict(addresses(centre, "GET", of))
    for one in centre.app.url_map.iter_rules():
        assert (one.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, one.rule
    for rule, address in addresses(centre, "POST", of):
        if rule not in reads:
            response = client.get(address)
            assert response.status_code == 405, rule
            assert set(response.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}, rule
    for address in reads.values():
        client.get(address)
    assert kept(centre) == before


class Page(HTMLParser):
    """What a page holds that could run, or that comes from elsewhere; and all of its words."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        """See `words`."""
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See `wrong`."""
        of = {name: value or "" for name, value in attrs}
        told = f"<{tag} {of}>"
        if tag in ("style", "iframe", "object", "embed", "base") or (tag == "script" and "src" not in of):
            self.wrong.append(told)
        for name, value in of.items():
            foreign = name in ("src", "href", "action", "formaction") and not _is_ours(value)
            if name == "style" or name.startswith("on") or foreign:
                self.wrong.append(told)
            self.words.append(value)


def _is_ours(address: str) -> bool:
    """An address of this house, a place on this page, or what a browser does with a telephone number."""
    return address.startswith(("/", "#", "?", "tel:", "data:image/")) and not address.startswith("//")


def read(response: TestResponse) -> Page:
    """The page, as a browser takes it apart."""
    page = Page()
    page.feed(response.text)
    page.close()
    return page


def answers(client: FlaskClient, centre: Centre, of: dict[str, str]) -> Iterator[tuple[str, TestResponse]]:
    """What each route answers to each of its methods, with the token of the page."""
    form = {"csrf_token": token(client, "/board")}
    for rule, address in addresses(centre, "GET", of):
        yield f"GET {rule}", client.get(address)
    for rule, address in addresses(centre, "POST", of):
        if rule not in ("/sign-out", "/readiness/<staff_id>/lost"):
            yield f"POST {rule}", client.post(address, data=form)
    yield "POST /sign-out", client.post("/sign-out", data=form)


def test_every_answer_of_every_route_tells_the_browser_to_be_careful(
    furnished: tuple[Centre, dict[str, str]],
) -> None:
    """To somebody who may do everything: what was done or refused, files and tables; and none needs an exception."""
    centre, of = furnished
    client = centre.signed_in(ALL)
    seen: dict[str, int] = {}
    for route, response in answers(client, centre, of):
        seen[route] = response.status_code
        assert {name: response.headers.get(name) for name in FIXED} == FIXED, route
        file = route == "GET /console/static/<path:filename>"
        assert response.headers["Cache-Control"] == ("no-cache" if file else "no-store"), route
        assert response.status_code < 500 or route.startswith("GET /sign-in/single"), (route, response.text)
        if response.mimetype == "text/html":
            assert read(response).wrong == [], route
    shown = [route for route, status in seen.items() if status == 200 and route.startswith("GET")]
    assert len(shown) > 35, shown


def test_what_others_write_is_words_on_every_page_that_shows_it(tmp_path: Path) -> None:
    """By text, by picture, on the website, and what staff write down: it stands there letter by letter, and is nothing
    else."""
    centre = open_centre(tmp_path)
    of = furnish(centre, HURTS, HURTS)
    client, shown = centre.signed_in(ALL), set()
    form = {"csrf_token": token(client, "/board"), "number": WRITER}
    pages = [address for _, address in addresses(centre, "GET", of)]
    pages += [f"/threads/{of[name]}{live}" for name in ("thread", "danger") for live in ("", "/live")]
    answered = {address: client.get(address) for address in pages}
    answered["/search/find"] = client.post("/search/find", data=form)
    for address, response in answered.items():
        if response.mimetype == "text/html":
            page = read(response)
            assert page.wrong == [], address
            if any(HURTS in words for words in page.words):
                shown.add(address)
    case = {
        f"/threads/{of[name]}{live}" for name in ("contact_id", "thread", "danger") for live in ("", "/live")
    }
    assert shown >= {"/board", "/board/live", "/directory", "/blocked", *case}, shown
    centre.application.database.dispose()
