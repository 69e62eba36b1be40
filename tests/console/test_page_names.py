"""What a page is stands in its first heading and in the browser's tab, the same in both."""

from __future__ import annotations

import re

from hotline.store.cases import escalations
from tests.console.centre import Centre

PAGES = {
    "/board": "Board",
    "/on-call": "On call",
    "/on-call/policies": "Policies",
    "/on-call/fairness": "Who carries what",
    "/directory": "Directory",
    "/search": "Search",
    "/deliveries": "Deliveries",
    "/readiness": "Readiness",
    "/check-up": "Check-up",
    "/people": "People",
    "/audit": "Audit",
    "/settings": "Settings",
    "/blocked": "Blocked numbers",
    "/settings/sentences": "Sentences",
}


def named(page: str) -> tuple[list[str], str]:
    """Its headings of the first order, and its title."""
    (title,) = re.findall(r"<title>(.*?)</title>", page)
    return re.findall(r"<h1[^>]*>(.*?)</h1>", page), title


def test_a_page_is_called_what_it_is(centre: Centre) -> None:
    """A screen reader's list of headings begins with it, and not with the line's name on every page."""
    adam, eve = centre.signed_in("Adam Cole"), centre.signed_in("Eve Stone")
    for address, name in PAGES.items():
        pages = [answer for answer in (one.get(address) for one in (adam, eve)) if answer.status_code == 200]
        assert pages, address
        for page in pages:
            assert named(page.text) == ([name], f"{name} · Hotline")


def test_a_case_is_called_what_it_is_and_nothing_of_the_caller_is_in_that(centre: Centre) -> None:
    """A call is no thread; the browser keeps titles."""
    centre.texts("can a person read this")
    thread = centre.application.look(lambda transaction: escalations.all_open(transaction.tx)[0].contact_id)
    call = centre.calls_in("+16175550150", "24")
    centre.hangs_up(call)
    ana = centre.signed_in("Ana Lima")
    assert named(ana.get(f"/threads/{thread}").text) == (["Text thread"], "Text thread · Hotline")
    assert named(ana.get(f"/threads/{call}").text) == (["Call"], "Call · Hotline")
