"""A thread's page, and the page of what did not arrive: with and without the script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from hotline.console.thread.media_page import FETCHER
from hotline.console.thread.reasons import REASONS, reason
from hotline.model import ContactId, PhoneNumber
from hotline.operations import incoming_text
from hotline.operations.callbacks import consent
from hotline.operations.console import coordinator
from hotline.operations.conversation import caller
from hotline.operations.keeping import removing
from hotline.operations.texts import threads
from hotline.operations.texts.attachments import File, NotFetched
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts
from hotline.store.people import callers
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Media, MessageRow
from hotline.telephony.webhooks import status_reports
from tests.console.centre import Centre, press, token

NUMBER = "+16175550177"
QUESTION = "is it the green building"
PICTURE = Media("image/jpeg", "ME" + "1" * 32)


@dataclass
class Provider:
    """Hands out files, or doesn't."""

    file: File | None = None
    asked: list[tuple[str, Media]] = field(default_factory=list)

    def fetch(self, message_sid: str, media: Media) -> File:
        self.asked.append((message_sid, media))
        if self.file is None:
            raise NotFetched("gone")
        return self.file


def writes(centre: Centre, words: str, media: Sequence[Media] = ()) -> ContactId:
    """Somebody texts; the thread."""
    centre.calls += 1
    number = PhoneNumber(NUMBER)
    text = caller.IncomingText(f"SM{centre.calls:032}", number, "+16175550100", words, tuple(media))
    centre.application.change(lambda transaction: incoming_text.receive(transaction, text))
    row = centre.application.look(lambda transaction: contacts.open_thread(transaction.tx, number))
    assert row is not None
    return row.id


def claimed(
    centre: Centre, words: str = QUESTION, media: Sequence[Media] = (), by: str = "Ana Lima"
) -> ContactId:
    """A thread of theirs."""
    thread = writes(centre, words, media)
    escalation, person = centre.escalation(), centre.people[by]
    centre.application.change(lambda transaction: coordinator.accept(transaction, escalation, person))
    return thread


def said(centre: Centre, thread: ContactId) -> list[MessageRow]:
    return centre.application.look(lambda transaction: messages.of_contact(transaction.tx, thread))


def key_on(page: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', page)
    assert found is not None
    return found[1]


def send(
    client: FlaskClient, thread: ContactId, words: str, *, script: bool = False, **more: str
) -> tuple[int, str]:
    """Fill in the box as it is on the page, and send it."""
    page = client.get(f"/threads/{thread}").text
    form = {"csrf_token": token(client, "/board"), "words": words, "key": key_on(page), **more}
    response = client.post(f"/threads/{thread}/write", data=form, headers={"X-Board": "1"} if script else {})
    return response.status_code, response.text


def test_without_a_script_a_thread_is_claimed_answered_and_closed_on_its_own_page(centre: Centre) -> None:
    """Plain forms; each leads back to the thread."""
    thread, client = writes(centre, QUESTION), centre.signed_in("Ana Lima")
    here, escalation = f"/threads/{thread}", centre.escalation()
    page = client.get(here).text
    assert QUESTION in page
    assert "Accept the thread to write." in page
    assert '<textarea id="write"' not in page
    response = press(client, f"/board/escalations/{escalation}/accept", back=here)
    assert response.location == here
    assert send(client, thread, "Yes, it is.")[0] == 303
    page = client.get(here).text
    assert "It is on its way." in page
    assert "Ana Lima, " in page
    assert "Queued" in page
    assert press(client, f"/board/escalations/{escalation}/close", back=here).location == here
    page = client.get(here).text
    assert "Closed. Whoever writes again begins anew." in page
    assert '<textarea id="write"' not in page


def test_what_a_colleague_asks_to_be_taken_over_stands_on_every_case(centre: Centre) -> None:
    """Whoever works on one reads there that they are asked for another."""
    chloe, eve = centre.people["Chloe Baptiste"], centre.people["Eve Stone"]
    writes(centre, "she stopped breathing")
    escalation = centre.escalation()
    press(centre.signed_in("Chloe Baptiste"), f"/board/escalations/{escalation}/accept")
    other = centre.calls_in("+16175550143", ["2"])
    assert "asks you to take over" not in centre.signed_in("Eve Stone").get(f"/threads/{other}").text
    refused = centre.application.change(
        lambda transaction: threads.hand_over(transaction, escalation, eve, chloe)
    )
    assert refused is None
    page = centre.signed_in("Eve Stone").get(f"/threads/{other}").text
    assert "Chloe Baptiste asks you to take over: see the board" in page
    assert "asks you to take over" not in centre.signed_in("Ana Lima").get(f"/threads/{other}").text


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil"]
)
def test_nobody_is_sent_elsewhere_after_a_button(centre: Centre, elsewhere: str) -> None:
    """Whatever the form says."""
    writes(centre, QUESTION)
    response = press(
        centre.signed_in("Ana Lima"), f"/board/escalations/{centre.escalation()}/accept", back=elsewhere
    )
    assert response.location.startswith("/board#")


def test_the_other_coordinator_sees_who_has_it_and_has_no_box(centre: Centre) -> None:
    """And is refused who writes all the same."""
    thread, ben = claimed(centre), centre.signed_in("Ben Ortiz")
    page = ben.get(f"/threads/{thread}").text
    assert "Ana Lima has it." in page
    assert '<textarea id="write"' not in page
    refused = press(ben, f"/threads/{thread}/write", script=True, words="Hi", key="k1")
    assert refused.json == {"said": "Not done: the thread is not yours. Accept it first.", "good": False}


def test_a_look_is_audited_once_an_hour_and_person(centre: Centre) -> None:
    """Whoever looks, whoever has it."""
    thread = claimed(centre)
    for name in ("Ana Lima", "Ben Ortiz", "Ana Lima"):
        client = centre.signed_in(name)
        client.get(f"/threads/{thread}")
        client.get(f"/threads/{thread}/live", headers={"X-Board": "1"})
    assert centre.audited().count("viewed thread") == 2


def test_an_unchanged_thread_costs_one_tiny_query(centre: Centre) -> None:
    """And changes when anybody writes."""
    thread, client = claimed(centre), centre.signed_in("Ana Lima")
    etag = client.get(f"/threads/{thread}").text.split('data-etag="')[1].split('"')[0]
    asked = {"X-Board": "1"}
    fresh = client.get(f"/threads/{thread}/live", headers=asked)
    etag = fresh.headers["ETag"]
    assert client.get(f"/threads/{thread}/live", headers={**asked, "If-None-Match": etag}).status_code == 304
    writes(centre, "hello?")
    changed = client.get(f"/threads/{thread}/live", headers={**asked, "If-None-Match": etag})
    assert (changed.status_code, "hello?" in changed.text, "<html" in changed.text) == (200, True, False)


# --- whether texting is safe -----------------------------------------------------------------------------------


def test_free_words_are_held_until_somebody_says_that_they_must_go(centre: Centre) -> None:
    """The page says why, neutral words come first, the draft is still there; and a box must be ticked."""
    thread, client = claimed(centre), centre.signed_in("Ana Lima")
    assert send(client, thread, "Yes, it is.")[0] == 303
    page = client.get(f"/threads/{thread}").text.partition("data-write")[2]
    why = "They haven&#39;t said that texting here is safe."
    assert (
        page.index(why)
        < page.index("Is this a good time?")
        < page.index("<textarea")
        < page.index('name="sure"')
    )
    assert "May I call now?" not in page
    status, page = send(client, thread, "About your <b>visit</b>")
    assert status == 422
    assert "Not sent: they haven&#39;t said that texting here is safe." in page
    assert "About your &lt;b&gt;visit&lt;/b&gt;</textarea>" in page
    assert [one.body for one in said(centre, thread) if one.by_staff] == ["Yes, it is."]
    assert send(client, thread, "About your visit", sure="1")[0] == 303
    assert centre.audited()[-1] == "text without consent"


def test_a_suggestion_only_fills_the_box(centre: Centre) -> None:
    """Without the script, too: nothing leaves before Send."""
    thread, client = claimed(centre), centre.signed_in("Ana Lima")
    page = press(
        client,
        f"/threads/{thread}/write",
        suggested="Hi. When is a good time to call you?",
        words="",
        key="k1",
    ).text
    assert "Hi. When is a good time to call you?</textarea>" in page
    assert not [one for one in said(centre, thread) if one.by_staff]


def test_who_has_opted_out_gets_no_box_at_all(centre: Centre) -> None:
    """Call only."""
    thread, client = claimed(centre), centre.signed_in("Ana Lima")
    writes(centre, "STOP")
    page = client.get(f"/threads/{thread}").text
    assert "They have ended texts: none arrives." in page
    assert "CALL ONLY" in page
    assert '<textarea id="write"' not in page
    refused = press(client, f"/threads/{thread}/write", script=True, words="Hi", key="k1", sure="1")
    assert refused.json == {"said": "Not sent: texts don't reach them. Call only.", "good": False}


@pytest.mark.parametrize(("safe", "shown"), [("yes", "text ok"), ("no", "NO TEXT")])
def test_what_they_said_is_written_down_and_shown(centre: Centre, safe: str, shown: str) -> None:
    """By whoever has the thread."""
    thread = claimed(centre)
    ben, ana = centre.signed_in("Ben Ortiz"), centre.signed_in("Ana Lima")
    assert press(ben, f"/threads/{thread}/safe", script=True, safe=safe).json == {
        "said": "Not done: the thread is not yours. Accept it first.",
        "good": False,
    }
    assert press(ana, f"/threads/{thread}/safe", script=True, safe=safe).json == {
        "said": "Written down.",
        "good": True,
    }
    assert shown in ana.get(f"/threads/{thread}").text
    assert press(ana, f"/threads/{thread}/safe", safe="perhaps").status_code == 400


def test_a_thread_is_handed_over_on_its_page(centre: Centre) -> None:
    """To those on shift only."""
    thread, ana = claimed(centre), centre.signed_in("Ana Lima")
    page = ana.get(f"/threads/{thread}").text
    assert "Ben Ortiz</option>" in page
    assert "Adam Cole" not in page
    escalation, adam = centre.escalation(), centre.people["Adam Cole"]
    refused = press(ana, f"/board/escalations/{escalation}/hand-over", script=True, to=adam)
    assert refused.json == {"said": "Not done: choose a colleague who is on shift.", "good": False}
    there, ben_s = f"/board/escalations/{escalation}/hand-over", centre.people["Ben Ortiz"]
    handed = press(ana, there, back=f"/threads/{thread}", to=ben_s)
    assert handed.location == f"/threads/{thread}"
    page = ana.get(f"/threads/{thread}").text
    assert "Until they do, it stays yours." in page
    assert "You have it. Ben Ortiz is asked to take it over." in page
    ben = centre.signed_in("Ben Ortiz")
    assert "They ask you to take it over." in ben.get(f"/threads/{thread}").text
    assert press(ben, f"/board/escalations/{escalation}/accept", script=True).json == {
        "said": "It is yours now.",
        "good": True,
    }
    assert "Ben Ortiz has it." in ana.get(f"/threads/{thread}").text


@pytest.mark.parametrize("key", ["", "../x", "x" * 41, "a b", "ä"])
def test_a_key_that_is_none_is_refused(centre: Centre, key: str) -> None:
    """It becomes part of an address of ours."""
    thread = claimed(centre)
    response = press(centre.signed_in("Ana Lima"), f"/threads/{thread}/write", words="Hi", key=key)
    assert response.status_code == 400


# --- what did not arrive ---------------------------------------------------------------------------------------


def written_to_a_landline(centre: Centre) -> tuple[ContactId, FlaskClient, str]:
    """The thread, Ana, who has it, and what she wrote in it, which no carrier could deliver."""
    thread, client = claimed(centre), centre.signed_in("Ana Lima")
    centre.clock.pass_by(timedelta(seconds=1))
    send(client, thread, "Yes, it is.")
    message = said(centre, thread)[-1]
    form = {"MessageSid": "SM" + "9" * 32, "MessageStatus": "undelivered", "ErrorCode": "30006"}
    centre.application.change(lambda transaction: status_reports.text_status(transaction, form, message.id))
    return thread, client, message.id


def test_what_did_not_arrive_says_why_and_what_to_do(centre: Centre) -> None:
    """On the thread, where it can be written again, and among the deliveries."""
    thread, client, message = written_to_a_landline(centre)
    page = client.get(f"/threads/{thread}").text
    assert "It is a landline, or a carrier that takes no texts." in page
    assert "Not delivered" in page
    assert "NO TEXT: a landline" in page
    assert "text ok" not in page
    again = client.get(f"/threads/{thread}?again={message}").text
    assert "Yes, it is.</textarea>" in again
    theirs = said(centre, thread)[0].id
    assert f"{QUESTION}</textarea>" not in client.get(f"/threads/{thread}?again={theirs}").text
    card = re.sub(r"<[^>]+>", "", client.get("/board").text)
    told = "Our last text did not arrive. It is a landline, or a carrier that takes no texts. Call them."
    assert told in card
    page = client.get("/deliveries").text
    assert "617-555-0177" in page
    assert "code 30006" in page
    assert f"/threads/{thread}" in page
    assert centre.audited().count("viewed deliveries") == 1


def test_who_said_that_texting_is_not_safe_is_told_of_so_on_a_landline_too(centre: Centre) -> None:
    """That none arrives there is the smaller reason: a colleague might try it again."""
    thread, client, _ = written_to_a_landline(centre)
    press(client, f"/threads/{thread}/safe", safe="no")
    page = client.get(f"/threads/{thread}").text
    assert "they said that it is not safe" in page
    assert "NO TEXT: a landline" not in page


def test_without_any_trouble_the_page_says_so(centre: Centre) -> None:
    """In words."""
    assert (
        "Everything that was sent in the last 7 days has arrived"
        in centre.signed_in("Eve Stone").get("/deliveries").text
    )


def test_21610_takes_the_box_away(centre: Centre) -> None:
    """The carrier knew it before us."""
    thread, client = claimed(centre), centre.signed_in("Ana Lima")
    send(client, thread, "Yes, it is.")
    form = {"MessageSid": "SM" + "9" * 32, "MessageStatus": "failed", "ErrorCode": "21610"}
    message = said(centre, thread)[-1].id
    centre.application.change(lambda transaction: status_reports.text_status(transaction, form, message))
    page = client.get(f"/threads/{thread}").text
    assert "They have ended texts from this number." in page
    assert '<textarea id="write"' not in page
    known = centre.application.look(lambda transaction: callers.get(transaction.tx, PhoneNumber(NUMBER)))
    assert known.opted_out_at is not None


@pytest.mark.parametrize("code", REASONS)
def test_every_code_is_said_in_plain_words_with_something_to_do(code: str) -> None:
    """Two short sentences, without the code."""
    found = reason(code)
    assert found.why.endswith(".")
    assert found.todo.endswith(".")
    assert code not in found.why + found.todo or not code.isdigit()
    assert len(found.why) < 90


@pytest.mark.parametrize(
    "code",
    [
        "21610",
        "21611",
        "30003",
        "30004",
        "30005",
        "30006",
        "30007",
        "30008",
        "30032",
        "30034",
        "21211",
        "20429",
    ],
)
def test_the_codes_of_the_table_are_all_known(code: str) -> None:
    """Those that Twilio gives most often."""
    assert code in REASONS


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("39999", "failed", "The provider gives no reason that we know (code 39999)."),
        (None, "failed", "The provider gives no reason that we know."),
        (None, "canceled", "It was not sent"),
    ],
)
def test_what_we_don_t_know_is_said_as_it_is(error: str | None, status: str, words: str) -> None:
    """With the code, so that it can be looked up."""
    assert reason(error, status).why.startswith(words)


# --- pictures --------------------------------------------------------------------------------------------------


def test_a_picture_is_fetched_on_a_click_and_handed_over_as_a_download(centre: Centre) -> None:
    """Never shown, never run, audited; the page itself asks for nothing."""
    provider = Provider(File("image/jpeg", b"JPEG"))
    centre.app.extensions[FETCHER] = provider
    thread, client = claimed(centre, "[picture]", [PICTURE]), centre.signed_in("Ana Lima")
    page = client.get(f"/threads/{thread}").text
    assert "Download: Picture" in page
    assert "[picture]" not in page
    assert '<img src="/threads' not in page
    assert provider.asked == []
    message = said(centre, thread)[0]
    response = press(client, f"/threads/{thread}/media/{message.id}/0")
    assert provider.asked == [(message.provider_sid, PICTURE)]
    assert (response.data, response.headers["Content-Type"]) == (b"JPEG", "image/jpeg")
    assert response.headers["Content-Disposition"] == 'attachment; filename="attachment-1.jpg"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].endswith("sandbox")
    assert response.headers["Cache-Control"] == "no-store"
    assert centre.audited()[-1] == "saw media"


@pytest.mark.parametrize(
    "kind", ["text/html", "image/svg+xml", "application/javascript", "", "x" * 300, "text/html;a=b"]
)
def test_what_could_run_is_bytes_without_a_name(centre: Centre, kind: str) -> None:
    """Whatever the sender called it."""
    centre.app.extensions[FETCHER] = Provider(File(kind, b"<script>alert(1)</script>"))
    thread, client = claimed(centre, "[picture]", [PICTURE]), centre.signed_in("Ana Lima")
    response = press(client, f"/threads/{thread}/media/{said(centre, thread)[0].id}/0")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == 'attachment; filename="attachment-1.bin"'


def test_what_can_t_be_had_is_said_and_nothing_is_asked_for_in_vain(centre: Centre) -> None:
    """Gone at the provider; no such file; another thread's."""
    provider = Provider()
    centre.app.extensions[FETCHER] = provider
    thread = claimed(centre, "[picture]", [PICTURE, Media("text/vcard", None)])
    client = centre.signed_in("Ana Lima")
    message = said(centre, thread)[0].id
    gone = press(client, f"/threads/{thread}/media/{message}/0")
    assert (gone.status_code, gone.location) == (303, f"/threads/{thread}")
    assert "It can&#39;t be had" in client.get(f"/threads/{thread}").text
    for wrong in (f"{thread}/media/{message}/2", f"{thread}/media/nothing/0", f"another/media/{message}/0"):
        assert press(client, f"/threads/{wrong}").status_code == 404
    assert len(provider.asked) == 1
    assert "Contact card: it can't be fetched from here." in client.get(f"/threads/{thread}").text


def test_the_thread_stays_yours_when_the_emergency_in_it_is_closed(centre: Centre) -> None:
    """The page says so, Ana can write, and the emergency stands under what was closed lately."""
    thread = claimed(centre)
    centre.clock.pass_by(timedelta(seconds=1))
    writes(centre, "1")
    emergency, chloe = centre.escalation(), centre.people["Chloe Baptiste"]
    centre.application.change(lambda transaction: coordinator.accept(transaction, emergency, chloe))
    ana = centre.signed_in("Ana Lima")
    page = ana.get(f"/threads/{thread}").text
    assert "Chloe Baptiste has it." in page
    assert "You had the thread before: you may write here, too." in page
    centre.application.change(lambda transaction: coordinator.close(transaction, emergency, chloe))
    page = ana.get(f"/threads/{thread}").text
    assert "You have it." in page
    assert "The menu answers here" not in page
    assert send(ana, thread, "12 Elm St.", sure="1")[0] == 303
    assert writes(centre, "thanks") == thread
    board = centre.signed_in("Chloe Baptiste").get("/board").text
    assert "Emergency by text</strong> · Closed" in board
    assert f"/board/escalations/{emergency}/reopen" in board
    assert centre.signed_in("Chloe Baptiste").get(f"/threads/{thread}").status_code == 200


def test_closing_a_thread_beside_an_emergency_closes_the_thread_alone_and_says_so(centre: Centre) -> None:
    """On the page and on the board; the red card quotes what they wrote when it was opened."""
    thread = claimed(centre)
    closing = f"/board/escalations/{centre.escalation()}/close"
    centre.clock.pass_by(timedelta(seconds=1))
    writes(centre, "I want to die")
    centre.clock.pass_by(timedelta(seconds=1))
    writes(centre, "please")
    ana = centre.signed_in("Ana Lima")
    for page in (ana.get(f"/threads/{thread}").text, ana.get("/board").text):
        assert "Close the thread; the emergency stays open" in page
        assert "Dealt with: close" not in page
        assert '<blockquote dir="auto"' in page
        assert ">I want to die</blockquote>" in page
    answer = press(ana, closing, script=True)
    assert answer.json == {"said": "The thread is closed. The emergency in it stays open.", "good": True}
    assert "Nobody has it yet" in ana.get("/board").text or "Phone" in ana.get("/board").text


@pytest.mark.parametrize(("given", "shown"), [("yes", ">text ok<"), ("no", ">NO TEXT<")])
def test_what_was_said_of_texts_stands_the_same_on_the_card_and_on_the_page(
    centre: Centre, given: str, shown: str
) -> None:
    """They had asked for a call, and nobody had asked whether texts are safe; Ana has, by now. What leaves heeds it."""
    callback = centre.asks_for_callback(NUMBER)
    thread = claimed(centre)
    ana = centre.signed_in("Ana Lima")
    for page in ("/board", f"/threads/{thread}"):
        text = ana.get(page).text
        assert ">TEXT: NOT SAID<" in text
        assert ">NO TEXT<" not in text
    assert press(ana, f"/threads/{thread}/safe", safe=given).status_code == 303
    for page in ("/board", f"/threads/{thread}"):
        text = ana.get(page).text
        assert shown in text
        assert ({">text ok<", ">NO TEXT<"} - {shown}).pop() not in text
    row = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert row is not None
    assert row.callback.text_safe is (given == "yes")


def test_a_no_to_texts_wins_wherever_it_was_said(centre: Centre) -> None:
    """On a call, though somebody with the same telephone says yes by text: card, page, and what leaves by itself. Until
    somebody of the staff has it in their own words."""
    contact = centre.calls_in(NUMBER, "24" + "4" + "4" + "5")
    centre.hangs_up(contact)
    writes(centre, "2")
    writes(centre, "4")
    thread = claimed(centre)
    ana = centre.signed_in("Ana Lima")
    for page in ("/board", f"/threads/{thread}"):
        text = ana.get(page).text
        assert ">NO TEXT<" in text
        assert ">text ok<" not in text
    assert centre.application.look(_may_text) == [False]
    assert press(ana, f"/threads/{thread}/safe", safe="yes").status_code == 303
    for page in ("/board", f"/threads/{thread}"):
        text = ana.get(page).text
        assert ">text ok<" in text
        assert ">NO TEXT<" not in text
    assert centre.application.look(_may_text) == [True]


def _may_text(transaction: Transaction) -> list[bool]:
    return [consent.text_allowed(transaction, one) for one in callbacks.all_open(transaction.tx)]


def test_who_allowed_texts_on_a_call_and_not_on_the_next_has_not_allowed_them(centre: Centre) -> None:
    """The later one was for the same callback."""
    centre.hangs_up(centre.calls_in(NUMBER, "24" + "4" + "4" + "4"))
    assert centre.application.look(_may_text) == [True]
    centre.hangs_up(centre.calls_in(NUMBER, "24" + "4" + "4" + "5"))
    assert centre.application.look(_may_text) == [False]
    assert ">NO TEXT<" in centre.signed_in("Ana Lima").get("/board").text


@pytest.mark.parametrize(
    "words",
    [
        "im 15 and i cant stop vaping weed, dont tell my mom",
        "tengo 15 años y quiero dejar la mota",
        "tenho 15 anos e quero parar de fumar maconha",
        "mwen gen 15 an m vle sispann fimen",
    ],
)
def test_a_minor_who_writes_is_marked_on_every_card_and_pages_nobody(centre: Centre, words: str) -> None:
    """Staff see it before they call, and what it means."""
    thread = writes(centre, words)
    writes(centre, "can a person answer this please")
    ana = centre.signed_in("Ana Lima")
    assert "May be a minor" in ana.get("/board").text
    assert "MAY BE A MINOR" in ana.get(f"/threads/{thread}").text
    assert "Emergency by text" not in ana.get("/board").text


def test_whom_a_call_may_harm_is_marked_before_anybody_calls(centre: Centre) -> None:
    """On the card and on the page; whoever may not see callers reads nothing of it."""
    thread, chloe = writes(centre, "my stepdad hits me"), centre.signed_in("Chloe Baptiste")
    assert "A call may harm them" in chloe.get("/board").text
    assert "A CALL MAY HARM THEM" in chloe.get(f"/threads/{thread}").text
    assert "may harm" not in centre.signed_in("Adam Cole").get("/board").text
    writes(centre, "he hit her and she isn't breathing")
    assert "A call may harm them" not in chloe.get("/board").text


def test_a_record_from_which_people_were_taken_out_says_so(centre: Centre) -> None:
    """Whoever opens it later finds when it was and how it ended, and nobody; the search doesn't find the number."""
    thread = claimed(centre)
    ana = centre.signed_in("Ana Lima")
    press(ana, f"/board/escalations/{centre.escalation()}/close", back=f"/threads/{thread}")
    number = PhoneNumber(NUMBER)
    before = centre.application.look(lambda one: contacts.ongoing_with(one.tx, number))
    centre.application.change(
        lambda one: [contacts.save(one.tx, replace(row, ended_at=one.now)) for row in before]
    )
    centre.application.change(lambda one: removing.forget(one, number, "by letter", None))
    page = ana.get(f"/threads/{thread}")
    assert page.status_code == 200
    assert "Numbers and words were removed from this record" in page.text
    assert QUESTION not in page.text
    assert NUMBER[-4:] not in page.text
