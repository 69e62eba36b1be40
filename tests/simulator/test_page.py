"""The page with everybody's telephones, as a browser asks for it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import resources

import pytest
import requests
from flask.testing import FlaskClient

from hotline.simulator.__main__ import arguments, build, page_of
from hotline.simulator.page import Cast, PretendMember, pages

from .conftest import LINE, SID, TOKEN, World
from .stage import ANA, BEN, CAST, KIM, MIA, Stage, furnish, staged

STATIC = resources.files("hotline.simulator.page").joinpath("static")
NEEDED = ["--web", "http://127.0.0.1:8000", "--number", LINE]


class Tags(HTMLParser):
    """All the tags of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def client(world: World) -> FlaskClient:
    furnish(world.sim)
    return pages(world.sim, CAST).test_client()


@pytest.fixture
def stage() -> Iterator[Stage]:
    with staged() as found:
        yield found


def test_the_page_says_what_it_is(client: FlaskClient) -> None:
    """Everybody is there by name and role, with the number to call and the way to the console."""
    page = client.get("/").text
    for words in (
        "pretend phone network",
        "Press “Call the hotline”",
        "Mia",
        "Ben Ortiz",
        "Clinician",
        "617-555-0100",
    ):
        assert words in page
    assert 'href="http://127.0.0.1:8000"' in page
    assert page.count("<article") == len(CAST.handsets)
    assert page.count('data-act="calls"') == len(CAST.handsets), "staff call in, too"


def test_nothing_runs_that_is_not_the_pages_own(client: FlaskClient) -> None:
    """No script, style or event handler stands in the page, and nothing comes from elsewhere."""
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'" in policy
    assert "unsafe" not in policy
    for tag, attributes in Tags(answer.text).found:
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        assert tag != "style"
        for address in (attributes.get("src"), attributes.get("href") if tag == "link" else None):
            assert address is None or address.startswith("/static/")
    assert re.findall(r"<script[^>]*>([^<]+)</script>", answer.text) == []


def test_scripts_and_styles_ask_nobody_else() -> None:
    """No address of another host, and nothing that makes code out of words."""
    for file in STATIC.iterdir():
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//\w+\.|innerHTML|outerHTML|insertAdjacentHTML|eval\(|@import", text)


def test_every_field_and_button_has_a_name(client: FlaskClient) -> None:
    """Fields are labelled; ids are there once; what a label points at exists."""
    found = Tags(client.get("/").text).found
    ids = [attributes["id"] for _, attributes in found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in found:
        if tag in ("input", "select"):
            assert attributes.get("aria-label")
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in ids


def test_names_cannot_break_out_of_the_page(world: World) -> None:
    """A name is text, whatever is in it."""
    cast = Cast(LINE, CAST.callers, (PretendMember(ANA, '<img src=x onerror="x">', "Coordinator"),))
    page = pages(world.sim, cast).test_client().get("/").text
    assert "<img src=x" not in page
    assert "&lt;img" in page


def test_the_page_does_without_a_console_and_without_tries(world: World) -> None:
    """What isn't there isn't offered."""
    page = pages(world.sim, Cast(LINE, CAST.callers, ())).test_client().get("/").text
    assert "Staff console" not in page
    assert "What can I try?" not in page


def test_what_was_seen_is_not_sent_again(client: FlaskClient, world: World) -> None:
    """As long as nothing happens but time passing, the answer is empty."""
    first = client.get("/live").get_json()
    world.pass_(5)
    assert client.get(f"/live?seen={first['version']}").status_code == 204
    world.sim.phone(MIA).calls(LINE)
    assert client.get(f"/live?seen={first['version']}").get_json()["handsets"][MIA]["mode"] == "dialling"


def test_the_page_stands_beside_the_control_desk(stage: Stage) -> None:
    """One address has the page, its files, the news and the desk that holds the telephones."""
    for path, kind in (
        ("/", "text/html"),
        ("/static/phones.js", "text/javascript"),
        ("/static/phones.css", "text/css"),
        ("/static/mark.svg", "image/svg+xml"),
        ("/live", "application/json"),
        ("/sim/state", "application/json"),
    ):
        answer = requests.get(f"{stage.url}{path}", timeout=5)
        assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, kind)
    assert requests.get(f"{stage.url}/elsewhere", timeout=5).status_code == 404


def test_the_command_line_sets_the_stage() -> None:
    """Callers and staff get telephones and stand on the page."""
    given = arguments(
        [*NEEDED, "--caller", f"{MIA}=Mia", "--hidden-caller", f"{KIM}=Kim",
         "--staff", f"{ANA}=Ana Lima:Coordinator", "--console", "http://127.0.0.1:8000/"]
    )  # fmt: skip
    simulator = build(given, SID, TOKEN)
    assert {phone["label"] for phone in _phones(simulator.state())} == {"Mia", "Kim", "Ana Lima"}
    app = page_of(given, simulator)
    assert app is not None
    page = app.test_client().get("/").text
    assert "data-withheld" in page
    assert 'href="http://127.0.0.1:8000/"' in page


def _phones(state: dict[str, object]) -> list[dict[str, str]]:
    found = state["phones"]
    assert isinstance(found, list)
    return found


def test_without_callers_there_is_no_page() -> None:
    """Then the simulator is only an API."""
    given = arguments([*NEEDED, "--phone", f"{ANA}=rings:Ana"])
    assert page_of(given, build(given, SID, TOKEN)) is None
    nothing_to_call = argparse.Namespace(**{**vars(given), "number": [], "caller": list(CAST.callers)})
    assert page_of(nothing_to_call, build(given, SID, TOKEN)) is None


def test_only_staff_are_offered_to_call_the_staff_line() -> None:
    """The last resort and whoever stands in the directory are rung, and have nothing to call in for."""
    given = arguments(
        [
            *NEEDED,
            "--caller",
            f"{MIA}=Mia",
            "--staff",
            f"{ANA}=Ana Lima:Coordinator",
            "--beside",
            f"{BEN}=Failsafe:Last",
        ]
    )
    app = page_of(given, build(given, SID, TOKEN))
    assert app is not None
    page = app.test_client().get("/").text
    assert page.count("<article") == 3
    assert page.count("Call the staff line") == 1


def test_half_named_people_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With usage and the exit code for it."""
    with pytest.raises(SystemExit, match="2"):
        arguments([*NEEDED, "--staff", "Ana Lima"])
    assert "--staff" in capsys.readouterr().err
