"""Search: cases are found by what is known of them, masked, and what is taken out of the house is written down."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.console.search import export_sheet, search_form
from hotline.model import ContactId, Outcome, PhoneNumber, Role
from hotline.operations.console import coordinator
from hotline.operations.looking_back.exporting import NOTICE
from hotline.store.database.tables import PHONE
from hotline.store.looking_back import exports
from tests.console.centre import Centre, press, token
from tests.console.test_live_talks import talked
from tests.console.test_sides import DANGER, WORDS, thread
from tests.observed import audit_trail

ANA, BEN, CHLOE, EVE, ADAM = "Ana Lima", "Ben Ortiz", "Chloe Baptiste", "Eve Stone", "Adam Cole"
NUMBER = "+16175550142"


def search(client: FlaskClient, **fields: str) -> TestResponse:
    """Fill in the form and send it, and go where that leads."""
    given = {"csrf_token": token(client, "/search"), **fields}
    return client.post("/search/find", data=given, follow_redirects=True)


def shown(page: TestResponse) -> list[str]:
    """What is found, a line each, as it is read."""
    listed = re.search(r'<ul class="found".*?</ul>', page.text, re.DOTALL)
    each = re.findall(r"<li.*?</li>", listed[0], re.DOTALL) if listed else []
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", one)).strip() for one in each]


def export(client: FlaskClient, **fields: str) -> TestResponse:
    """Press Export."""
    return client.post("/search/export", data={"csrf_token": token(client, "/search"), **fields})


def test_nothing_is_shown_before_something_is_asked(centre: Centre) -> None:
    """A page that says what to do."""
    centre.asks_for_callback(NUMBER)
    page = centre.signed_in(ANA).get("/search")
    assert "Fill in what you know" in page.text
    assert shown(page) == []


def test_an_emergency_is_told_as_it_came(centre: Centre) -> None:
    """By text or by a call: two rows of one person aren't alike."""
    thread(centre, DANGER, NUMBER)
    (line,) = shown(search(centre.signed_in(EVE), kind="emergency"))
    assert line.startswith("Emergency by text ")


def test_a_case_is_found_and_masked_until_it_is_opened(centre: Centre) -> None:
    """With its reference, and a way to its page."""
    callback = centre.asks_for_callback(NUMBER)
    client = centre.signed_in(ANA)
    found = search(client, line="admissions")
    (line,) = shown(found)
    assert "Admissions" in line
    assert "Still open" in line
    assert f"Ref {callback[:4].upper()}" in line
    assert "number ends in 42" in line
    for sign in ("555-0142", "5550142"):
        assert sign not in found.text
    (where,) = re.findall(r'href="(/threads/[^"]+)"', found.text)
    assert "555-0142" in client.get(where).text


def test_a_number_is_found_and_stands_in_no_address_and_in_the_trail_as_a_hash(centre: Centre) -> None:
    """However it is written."""
    centre.asks_for_callback(NUMBER)
    client = centre.signed_in(ANA)
    for written in ("617-555-0142", "(617) 555 0142", NUMBER):
        found = search(client, number=written)
        assert (found.status_code, len(shown(found)), found.request.path) == (200, 1, "/search/find")
        assert found.request.query_string == b""
    entries = [
        one for one in centre.application.look(lambda t: audit_trail(t.tx)) if one.action == "searched"
    ]
    lookup = centre.application.database.keys.lookup(NUMBER, PHONE)
    assert [(one.subject_kind, one.subject_id) for one in entries] == [("number", lookup)] * 3
    assert not any("5550142" in one.subject_id for one in entries)


def test_without_a_number_what_is_asked_is_an_address(centre: Centre) -> None:
    """To keep, and to send to a colleague; nobody is in it."""
    client = centre.signed_in(ANA)
    given = {"csrf_token": token(client, "/search"), "line": "family", "since": "2026-03-01", "number": ""}
    answer = client.post("/search/find", data=given)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/search?since=2026-03-01&line=family"
    assert centre.audited().count("searched") == 0


def test_what_is_not_there_says_what_to_do(centre: Centre) -> None:
    """For a number, and for a filter."""
    client = centre.signed_in(ANA)
    assert "Look at the digits once more" in search(client, number="+16175550199").text
    assert "Leave something out" in search(client, line="family").text


@pytest.mark.parametrize(
    ("field", "written", "words"),
    [
        ("number", "12", "Write the whole number"),
        ("reference", "3f", "At least the first four"),
        ("reference", "zz99", "At least the first four"),
        ("since", "yesterday", "Write a day"),
    ],
)
def test_what_can_t_be_searched_is_told_at_its_field(
    centre: Centre, field: str, written: str, words: str
) -> None:
    """And stands there still, to be put right."""
    found = search(centre.signed_in(ANA), **{field: written})
    assert found.status_code == 422
    assert words in found.text
    assert f'value="{written}"' in found.text
    assert f'aria-describedby="wrong-{field}"' in found.text


def test_days_that_end_before_they_begin_are_told(centre: Centre) -> None:
    """At the last of them."""
    found = search(centre.signed_in(ANA), since="2026-03-09", until="2026-03-02")
    assert "before the first one" in found.text


def test_days_are_those_of_the_centre(centre: Centre) -> None:
    """At eight in the evening in Boston it is tomorrow in Greenwich."""
    centre.clock.pass_by(timedelta(hours=7))  # 20:00 on 2 March in Boston
    centre.asks_for_callback(NUMBER)
    client = centre.signed_in(ANA)
    assert len(shown(search(client, since="2026-03-02", until="2026-03-02"))) == 1
    assert shown(search(client, since="2026-03-03")) == []


def test_a_reference_is_found_as_it_is_read_out(centre: Centre) -> None:
    """In capitals, with a space in it."""
    callback = centre.asks_for_callback(NUMBER)
    client = centre.signed_in(ANA)
    assert len(shown(search(client, reference=f"{callback[:4].upper()} {callback[4:6]}"))) == 1


def test_who_had_it_and_how_it_ended_are_found(centre: Centre) -> None:
    """By people's names, and together."""
    callback = centre.asks_for_callback(NUMBER)
    centre.asks_for_callback("+16175550150")
    centre.claims(BEN, callback)
    centre.application.change(
        lambda t: coordinator.set_outcome(t, callback, Outcome.DECLINED, centre.people[BEN])
    )
    client = centre.signed_in(ANA)
    (line,) = shown(search(client, by=centre.people[BEN], outcome="declined"))
    assert "Declined" in line
    assert "Ben Ortiz" in line
    assert shown(search(client, by=centre.people[ANA])) == []
    assert len(shown(search(client, outcome="open"))) == 1


def test_how_a_talk_ended_is_found_that_led_to_no_callback(centre: Centre) -> None:
    """As staff have said, corrected and undone it; who was reached, and no more, is another."""
    contact = talked(centre)
    ana, eve = centre.signed_in(ANA), centre.signed_in(EVE)

    def found(outcome: str) -> list[str]:
        lines = shown(search(eve, outcome=outcome))
        sheet = rows(export(eve, outcome=outcome, reason="for the state's auditor"))[2:-1]
        assert len(lines) == len(sheet)
        return lines

    assert len(found("reached")) == 1
    press(ana, f"/board/callers/{contact}/outcome", script=True, outcome="declined")
    (line,) = found("declined")
    assert "Declined" in line
    assert len(found("reached")) == 0
    assert len(shown(search(eve, by=centre.people[ANA], outcome="declined"))) == 1
    press(ana, f"/board/callers/{contact}/outcome", script=True, outcome="wrong_number", was="declined")
    assert (len(found("declined")), len(found("wrong_number"))) == (0, 1)
    press(ana, f"/board/callers/{contact}/undo", script=True)
    assert (len(found("declined")), len(found("wrong_number"))) == (1, 0)
    press(ana, f"/board/callers/{contact}/undo", script=True)
    assert (len(found("declined")), len(found("reached"))) == (0, 1)


def test_each_side_finds_its_own(centre: Centre) -> None:
    """Coordinators no emergencies, clinicians nothing else, supervisors and trainees both."""
    centre.asks_for_callback(NUMBER)
    emergency = centre.calls_in("+16175550150", "1")
    centre.hangs_up(emergency)
    thread(centre, WORDS, "+16175550181")
    thread(centre, DANGER, "+16175550182")
    centre.add_person("Tess Young", frozenset({Role.TRAINEE}))

    def found(name: str) -> set[str]:
        page = search(centre.signed_in(name), all="1")
        return set(re.findall(r"ends in </span>(\d\d)", page.text))

    assert found(ANA) == {"42", "81"}
    assert found(CHLOE) == {"50", "82"}
    assert found(EVE) == found("Tess Young") == {"42", "81", "50", "82"}
    assert centre.signed_in(ADAM).get("/search").status_code == 403


def test_older_ones_are_on_the_next_page(centre: Centre) -> None:
    """Also of a number, by a button."""
    for _ in range(52):
        centre.clock.pass_by(timedelta(minutes=1))
        centre.hangs_up(centre.calls_in(NUMBER, ""))
    client = centre.signed_in(ANA)
    first = search(client, all="1")
    assert len(shown(first)) == 50
    (further,) = re.findall(r'href="(/search\?behind=[^"]+)"', first.text)
    assert len(shown(client.get(further.replace("&amp;", "&")))) == 2
    of_number = search(client, number=NUMBER)
    (behind,) = re.findall(r'name="behind" value="([^"]+)"', of_number.text)
    again = search(client, number=NUMBER, behind=behind)
    assert len(shown(again)) == 2
    assert "Further back" in again.text
    assert "Nothing is further back" in client.get("/search?all=1&behind=1.a").text
    assert len(shown(client.get("/search?all=1&behind=nonsense"))) == 50


def test_what_was_found_stays_until_it_is_asked_for_anew(centre: Centre) -> None:
    """The script asks every second; the page doesn't move under anybody's finger. Locked, it is covered."""
    client = centre.signed_in(ANA)
    headers = {"X-Board": "1", "If-None-Match": '"any"'}
    assert client.get("/search/live", headers=headers).status_code == 304
    centre.clock.pass_by(timedelta(hours=1))
    locked = client.get("/search/live", headers=headers)
    assert (locked.status_code, locked.headers["X-Locked"]) == (200, "1")


# --- taking it out of the house ----------------------------------------------------------------------------------


def rows(page: TestResponse) -> list[list[str]]:
    """The sheet."""
    return list(csv.reader(io.StringIO(page.text)))


def test_an_export_has_the_notice_and_is_written_down(centre: Centre) -> None:
    """Who, why, by what filter, how many, and whose cases were in it."""
    centre.asks_for_callback(NUMBER)
    centre.asks_for_callback("+16175550150", "3")
    client = centre.signed_in(EVE)
    sheet = export(client, line="admissions", reason="for the state's auditor")
    assert sheet.headers["Content-Type"].startswith("text/csv")
    assert "confidential.csv" in sheet.headers["Content-Disposition"]
    found = rows(sheet)
    assert found[0] == found[-1] == [NOTICE]
    assert found[1] == [
        "reference",
        "when",
        "how",
        "line",
        "language",
        "outcome",
        "who had it",
        "reached us at",
    ]
    assert [one[2:6] for one in found[2:-1]] == [["Call", "Admissions", "English", "Still open"]]
    assert "6175550142" not in sheet.text
    assert "555-0142" not in sheet.text
    entries = [
        one for one in centre.application.look(lambda t: audit_trail(t.tx)) if one.subject_kind == "export"
    ]
    assert [one.action for one in entries] == ["exported line admissions", "export ended 1 cases"]
    kept = centre.application.look(lambda t: exports.get(t.tx, entries[0].subject_id))
    assert kept is not None
    assert (kept.by, kept.reason, kept.cases) == (centre.people[EVE], "for the state's auditor", 1)


def test_numbers_leave_only_if_they_are_asked_for(centre: Centre) -> None:
    """And are no formula to a spreadsheet."""
    centre.asks_for_callback(NUMBER)
    sheet = rows(export(centre.signed_in(EVE), all="1", reason="a subpoena", numbers="yes"))
    assert [one[-1] for one in sheet[1:-1]] == ["number", f"'{NUMBER}"]


def test_an_export_of_a_number_doesn_t_name_it_in_the_trail(centre: Centre) -> None:
    """Only that one was asked for."""
    centre.asks_for_callback(NUMBER)
    export(centre.signed_in(EVE), number=NUMBER, reason="their own wish")
    assert "exported a number" in centre.audited()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_without_a_reason_nothing_leaves(centre: Centre, reason: str) -> None:
    """It is asked for, and what was found is still there."""
    centre.asks_for_callback(NUMBER)
    refused = export(centre.signed_in(EVE), all="1", reason=reason)
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert not any(one.startswith("export") for one in centre.audited())


def test_only_supervisors_export(centre: Centre) -> None:
    """Nobody else is offered it."""
    centre.asks_for_callback(NUMBER)
    for name in (ANA, CHLOE, ADAM):
        client = centre.signed_in(name)
        given = {"csrf_token": token(client, "/board"), "all": "1", "reason": "x"}
        assert client.post("/search/export", data=given).status_code == 403
    assert "Export as a sheet" not in search(centre.signed_in(ANA), all="1").text
    assert "Export as a sheet" in search(centre.signed_in(EVE), all="1").text


def test_an_export_is_sent_while_it_is_read(centre: Centre) -> None:
    """Page by page, and never as a whole: whoever reads no further has what was sent written down, and no more."""
    for n in range(3):
        centre.asks_for_callback(f"+1617555015{n}")
    client = centre.signed_in(EVE)
    given = {"csrf_token": token(client, "/search"), "all": "1", "reason": "x"}
    sheet = client.post("/search/export", data=given, buffered=False)
    assert sheet.is_streamed
    sheet.close()


@pytest.mark.parametrize("cell", ["=1+1", "+1617", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_nothing_in_a_sheet_is_a_formula(cell: str) -> None:
    """Whatever it begins with."""
    assert export_sheet.plain(cell) == f"'{cell}"
    assert export_sheet.plain("Ana =1") == "Ana =1"


def test_every_outcome_has_words() -> None:
    """As it ended, whatever it was."""
    assert set(search_form.ENDED) == {*Outcome, search_form.OPEN}


def test_many_cases_leave_in_pages(centre: Centre, tmp_path: Path) -> None:
    """Each of them once."""
    contacts: list[ContactId] = []
    for _ in range(205):
        contacts.append(centre.calls_in("+16175550142", ""))
        centre.hangs_up(contacts[-1])
    sheet = rows(export(centre.signed_in(EVE), all="1", reason="x"))
    assert sorted(one[0] for one in sheet[2:-1]) == sorted(contacts)
    assert centre.audited()[-1] == "export ended 205 cases"
    number = PhoneNumber("+16175550142")
    assert number.e164 not in "".join(map(str, sheet))
