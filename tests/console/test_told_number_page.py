"""A number that a caller with a withheld one tells staff, written down on the page of their case."""

from __future__ import annotations

from hotline.model import PhoneNumber
from hotline.operations.callbacks import stopping
from tests.console.centre import Centre
from tests.console.test_case_page import flags
from tests.console.test_what_follows import says

ANA = "Ana Lima"
TYPED, HERS = "617 555 0142", "+16175550142"
ASKED, GIVEN = "They tell you a number…", "They withheld their number, and gave us this one."
SAVED = "Written down. They can be called there, now or later; it is not texted."


def test_it_is_written_down_once_it_was_read_back(centre: Centre) -> None:
    """Then the page offers a call, and says what isn't safe there; the trail tells who wrote it, and no number."""
    contact = centre.calls_in(None, "2")
    ana, page = centre.signed_in(ANA), f"/threads/{contact}"
    address = f"{page}/number"
    shown = ana.get(page).text
    assert ASKED in shown
    assert "Call later…" not in shown
    assert says(ana, address, number=TYPED)[0].startswith("Not written down: read it back to them first")
    for number, why in (
        ("555", "that is no telephone number"),
        ("911", "that is an emergency number"),
        ("1 900 555 0142", "that number costs more than a call"),
    ):
        said, good = says(ana, address, number=number, read_back="yes")
        assert (good, why in said) == (False, True)
    assert says(ana, address, number=TYPED, read_back="yes") == (SAVED, True)
    shown = ana.get(page).text
    for words in (GIVEN, "Call later…", "Put right the number that they gave…", "617-555-0142"):
        assert words in shown
    assert "They told us a number at which they can be called" in shown
    assert flags(centre, contact) == [
        "NO MESSAGE: leave nothing on a machine, or with anybody else",
        "NUMBER WITHHELD: call them at the one that they gave; write no text there",
    ]
    assert any(one.startswith("number told") for one in centre.audited())
    assert not any("0142" in one for one in centre.audited())


def test_a_number_that_wants_no_calls_is_written_down_when_they_say_so(centre: Centre) -> None:
    """Whoever has it may be somebody else: staff ask once more."""
    contact = centre.calls_in(None, "2")
    centre.application.change(lambda t: stopping.stop(t, PhoneNumber(HERS), None, centre.people[ANA]))
    ana, address = centre.signed_in(ANA), f"/threads/{contact}/number"
    said, good = says(ana, address, number=TYPED, read_back="yes")
    assert not good
    assert "asked for no calls at" in said
    assert says(ana, address, number=TYPED, read_back="yes", agreed="yes") == (SAVED, True)


def test_whose_number_is_known_has_no_such_place(centre: Centre) -> None:
    """Nor can it be written over by whoever knows the address."""
    contact = centre.calls_in(HERS, "2")
    ana = centre.signed_in(ANA)
    assert ASKED not in ana.get(f"/threads/{contact}").text
    said = says(ana, f"/threads/{contact}/number", number="617 555 0143", read_back="yes")
    assert said == ("Not written down: their number is known.", False)
