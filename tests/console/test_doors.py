"""Every route: who may knock, with what, and what every answer says to the browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.console.console_wiring import needed
from hotline.console.frame.headers import FIXED
from hotline.console.frame.page_menu import PLACES
from hotline.console.frame.rights import may
from hotline.model import Role
from tests.console.centre import PEOPLE, Centre, open_centre, press, token

OPEN = {
    "/sign-in",
    "/sign-in/code",
    "/sign-in/welcome",
    "/sign-in/second",
    "/sign-out",
    "/sign-in/passkey",
    "/sign-in/passkey/options",
    "/sign-in/single",
    "/sign-in/single/back",
    "/sign-in/single/farewell",
    "/unlock",
    "/unlock/passkey",
    "/unlock/passkey/options",
    "/unlock/single",
    "/language",
    "/",
    "/console/static/<path:filename>",
    "/calendar/<string:token>.ics",
}
PAGES = [
    "/board",
    "/board/live",
    "/deliveries",
    "/deliveries/live",
    "/on-call",
    "/on-call/live",
    "/on-call/policies",
    "/on-call/policies/live",
    "/on-call/fairness",
    "/on-call/fairness/live",
    "/account",
    "/directory",
    "/directory/live",
    "/readiness",
    "/readiness/live",
    "/readiness/card.vcf",
    "/search",
    "/search/live",
    "/reports",
    "/reports/x",
    "/reports/x/live",
    "/reports/x/x.csv",
    "/people",
    "/people/live",
    "/people/x/tried",
    "/audit",
    "/audit/live",
    "/check-up",
    "/check-up/live",
    "/settings",
    "/settings/live",
    "/settings/sentences",
    "/settings/sentences/live",
    "/blocked",
    "/blocked/live",
]
CHECK_UP = ["/check-up/ask", "/check-up/sign"]
LOOKING_BACK = [
    "/search/find",
    "/search/export",
    "/audit/verify",
    "/deliveries/x/off",
    "/deliveries/x/again",
    "/deliveries/x/number",
]
THREADS = [
    "/threads/x",
    "/threads/x/live",
    "/threads/x/merge",
    "/audit/reached/x",
    "/audit/reached/x/live",
    "/audit/reached/x/sheet",
]
WRITING = [
    "/threads/x/write",
    "/threads/x/safe",
    "/threads/x/note",
    "/threads/x/notes/1",
    "/threads/x/clinician",
    "/threads/x/number",
    "/threads/x/listening",
    "/threads/x/listening/end",
    "/threads/x/reason",
    "/threads/x/record",
    "/threads/x/emergency",
    "/threads/x/merged",
    "/threads/x/merged/x/undo",
    "/threads/x/hand-off",
    "/threads/x/hand-off/step",
    "/threads/x/hand-off/told",
    "/threads/x/silent",
    "/threads/x/media/x/0",
    "/threads/x/messages/x/was",
]
WORK = [
    "/board/callbacks/x/claim",
    "/board/callbacks/x/call",
    "/board/callbacks/x/put-back",
    "/board/callbacks/x/hand-over",
    "/board/callers/x/plan",
    "/board/callbacks/x/outcome",
    "/board/callbacks/x/undo",
    "/board/callers/x/answer",
    "/board/callers/x/call",
    "/board/callers/x/outcome",
    "/board/callers/x/undo",
]
SHIFTS = ["/on-call/changes", "/on-call/changes/x/undo"]
OWN_SHIFTS = [
    "/on-call/calendar",
    "/on-call/calendar/revoke",
    "/on-call/asks",
    "/on-call/asks/x/answer",
    "/on-call/asks/x/withdraw",
    "/on-call/offer",
    "/on-call/take-over",
]
DIRECTORY = ["/directory/x", "/directory/x/retire"]
READINESS = [
    "/readiness/strays/x/seen",
    "/readiness/x/code",
    "/readiness/x/guard",
    "/readiness/x/lost",
    "/readiness/x/pin",
    "/readiness/x/verify",
    "/readiness/x/test",
    "/readiness/x/walk",
]
ACCOUNT = [
    "/account/second-step/begin",
    "/account/second-step/confirm",
    "/account/second-step/codes",
    "/account/second-step/end",
    "/account/password",
    "/account/sign-out-elsewhere",
    "/account/passkeys",
    "/account/passkeys/options",
    "/account/passkeys/x/remove",
]
PEOPLE_ACTS = [
    "/people/add",
    "/people/x/put-off",
    "/people/x/put-on",
    "/people/x/change",
    "/people/x/invite",
    "/people/x/reset",
    "/people/x/revoke",
    "/people/x/provider-name",
    "/people/x/second-step-off",
    "/people/x/sign-out",
]
FOLLOWS = [
    "/board/intakes/x/when",
    "/board/intakes/x/came",
    "/board/intakes/x/came-undo",
    "/board/referrals/x/to-whom",
    "/board/follow-ups/x/agree",
    "/board/follow-ups/x/refuse",
]
BLOCK = ["/board/callers/x/block", "/board/callers/x/unblock", "/blocked/x/unblock"]
EMERGENCY = [
    "/board/escalations/x/accept",
    "/board/escalations/x/know",
    "/board/escalations/x/hand-over",
    "/board/escalations/x/take-over",
    "/board/callbacks/x/take-over",
    "/board/escalations/x/keep",
    "/board/escalations/x/ring-back",
    "/board/escalations/x/write",
    "/board/escalations/x/close",
    "/board/escalations/x/reopen",
    "/board/escalations/x/help",
    "/board/escalations/x/help-over",
]


def _known(centre: Centre) -> set[str]:
    rules = {rule.rule for rule in centre.app.url_map.iter_rules() if rule.endpoint.startswith("console.")}
    return {
        re.sub(r"<[^>]+>", "x", rule.replace("<int:number>", "0").replace("<int:note_id>", "1"))
        for rule in rules - OPEN
    }


def test_no_route_is_missing_from_these_tables(centre: Centre) -> None:
    """A new one must say here who may use it."""
    assert _known(centre) == {
        *PAGES,
        *THREADS,
        *WORK,
        *FOLLOWS,
        *BLOCK,
        *EMERGENCY,
        *WRITING,
        *SHIFTS,
        *OWN_SHIFTS,
        *READINESS,
        *DIRECTORY,
        *ACCOUNT,
        *LOOKING_BACK,
        *PEOPLE_ACTS,
        *CHECK_UP,
    }


@pytest.mark.parametrize("address", PAGES + THREADS)
def test_a_stranger_sees_no_page(centre: Centre, address: str) -> None:
    """But the sign-in; the script is told with 401."""
    client = centre.someone()
    assert client.get(address).location.startswith("/sign-in?next=")
    response = client.get(address, headers={"X-Board": "1"})
    assert (response.status_code, response.json) == (
        401,
        {"said": "Your session is over: sign in again.", "good": False},
    )


@pytest.mark.parametrize(
    "address",
    WORK
    + FOLLOWS
    + BLOCK
    + EMERGENCY
    + WRITING
    + SHIFTS
    + OWN_SHIFTS
    + READINESS
    + DIRECTORY
    + ACCOUNT
    + PEOPLE_ACTS
    + CHECK_UP
    + LOOKING_BACK,
)
def test_a_stranger_can_press_no_button(centre: Centre, address: str) -> None:
    """With or without a token of their own."""
    client = centre.someone()
    data = {"csrf_token": token(client, "/sign-in")}
    for given in ({}, data):
        assert client.post(address, data=given).location == "/sign-in"
        assert client.post(address, data=given, headers={"X-Board": "1"}).status_code == 401


EVERY_ROLE = {**PEOPLE, "Tia Young": frozenset({Role.TRAINEE})}


@pytest.fixture
def everybody(centre: Centre) -> Centre:
    """Somebody of every role."""
    for name in EVERY_ROLE.keys() - PEOPLE.keys():
        centre.add_person(name, EVERY_ROLE[name])
    return centre


def test_every_role_is_among_them() -> None:
    """So that the table of rights is tried cell by cell."""
    assert {role for roles in EVERY_ROLE.values() for role in roles} == set(Role)


@pytest.mark.parametrize("name", EVERY_ROLE)
def test_the_menu_shows_what_the_table_opens_and_nothing_else(everybody: Centre, name: str) -> None:
    """It is made from the rights of its pages' own routes."""
    menu = (
        everybody.signed_in(name).get("/board").text.partition('aria-label="Pages"')[2].partition("</nav>")[0]
    )
    shown = {address.partition("#")[0] for address in re.findall(r'href="([^"]+)"', menu)}
    rights, rules = (
        needed(everybody.app),
        {one.endpoint: one.rule for one in everybody.app.url_map.iter_rules()},
    )
    open_to = {endpoint for endpoint, right in rights.items() if right and may(EVERY_ROLE[name], right)}
    assert shown == {rules[endpoint] for _, endpoint in PLACES if endpoint in open_to}


@pytest.mark.parametrize("name", EVERY_ROLE)
def test_each_route_opens_to_whoever_the_table_says_and_to_nobody_else(everybody: Centre, name: str) -> None:
    """Route by route, as the application itself knows them: a new one is in here by itself."""
    centre = everybody
    rights = needed(centre.app)
    found: dict[str, bool] = {}

    def begins() -> tuple[FlaskClient, dict[str, str]]:
        signed_in = centre.signed_in(name)
        return signed_in, {"csrf_token": token(signed_in, "/board")}

    client, form = begins()
    for rule in centre.app.url_map.iter_rules():
        right = rights.get(rule.endpoint)
        if right is not None:
            own = rule.rule.replace("<staff_id>", centre.people[name])
            address = re.sub(r"<[^>]+>", "x", re.sub("<int:[^>]+>", "1", own))
            posts = "POST" in (rule.methods or ())
            for _ in range(2):
                answer = client.post(address, data=form) if posts else client.get(address)
                if not (answer.location or "").startswith("/sign-in"):
                    break
                client, form = begins()  # whose own phone is lost was signed out by saying so
            else:
                raise AssertionError(f"{rule.endpoint} takes whoever has signed in for a stranger")
            found[rule.endpoint] = answer.status_code != 403
            assert found[rule.endpoint] is may(EVERY_ROLE[name], right), (rule.endpoint, right)
    assert len(found) == len([right for right in rights.values() if right is not None]) > 15


def test_a_route_that_says_nobody_s_right_keeps_us_from_starting() -> None:
    """It can't be forgotten."""
    app = Flask("forgetful")
    app.add_url_rule("/x", "console.forgotten", lambda: "")
    with pytest.raises(LookupError, match=r"console\.forgotten"):
        needed(app)


def test_without_any_role_there_is_nothing_to_see(centre: Centre) -> None:
    """And a page that says what to do about it."""
    centre.add_person("Ned New", frozenset())
    response = centre.signed_in("Ned New").get("/board")
    assert response.status_code == 403
    assert "ask a supervisor" in response.text


def _answers(centre: Centre) -> list[TestResponse]:
    client, stranger = centre.signed_in("Ana Lima"), centre.someone()
    gone = press(client, WORK[0])
    return [
        client.get("/board"),
        client.get("/board/live"),
        client.get("/board/live", headers={"If-None-Match": client.get("/board/live").headers["ETag"]}),
        stranger.get("/sign-in"),
        stranger.get("/board"),
        stranger.get("/board/live", headers={"X-Board": "1"}),
        gone,
        client.post(WORK[0]),
        client.get("/nowhere"),
        client.get(WORK[0]),
        client.post("/sign-out", data={"csrf_token": "x" * 200_000}),
        stranger.get("/console/static/house.css"),
        stranger.get("/console/static/nothing.css"),
    ]


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "https://hotline.example.org"])
def test_every_answer_tells_the_browser_to_be_careful(tmp_path: Path, base: str) -> None:
    """Pages, fragments, redirects, errors and files alike; no copy of what is private is kept."""
    centre = open_centre(tmp_path, PUBLIC_BASE_URL=base)
    centre.app.config["SESSION_COOKIE_SECURE"] = False  # the test's browser speaks http
    seen = set()
    for response in _answers(centre):
        seen.add(response.status_code)
        assert {name: response.headers.get(name) for name in FIXED} == FIXED
        assert ("Strict-Transport-Security" in response.headers) == base.startswith("https")
        file = response.status_code == 200 and "text/css" in response.headers["Content-Type"]
        assert response.headers["Cache-Control"] == ("no-cache" if file else "no-store")
    assert seen == {200, 303, 304, 400, 401, 404, 405, 413}
    centre.application.database.dispose()


def test_the_policy_allows_nothing_inline_or_foreign() -> None:
    """And no page needs it: see `test_every_route`."""
    policy = FIXED["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [("/nowhere", 404, "There is nothing here"), (WORK[0], 405, "use its buttons")],
)
def test_an_error_says_what_to_do(centre: Centre, address: str, status: int, words: str) -> None:
    """In the same style, with a way back."""
    response = centre.someone().get(address)
    assert response.status_code == status
    assert words in response.text
    assert 'href="/board"' in response.text


def test_a_fault_of_ours_shows_nothing_of_itself(centre: Centre) -> None:
    """Nothing of the exception is on the page."""

    def broken() -> str:
        raise LookupError("+16175550142")

    centre.app.add_url_rule("/broken", "broken", broken)
    response = centre.someone().get("/broken")
    assert response.status_code == 500
    assert "Something of ours has failed" in response.text
    assert "6175550142" not in response.text
