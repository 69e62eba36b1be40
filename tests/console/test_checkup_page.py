"""Check-up: what was found is shown with its age; it is looked at again on a button, and signed by people."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from hotline.effects import Origin, OriginKind, SendText
from hotline.operations.checkup import asked_for, finding
from hotline.operations.checkup.finding import Topic as About
from hotline.operations.checkup.finding import doubtful, good, wrong
from hotline.store.traffic import outbox
from hotline.worded import joined, worded, worded_many
from tests.console.centre import Centre, press

FOUND = (
    wrong(
        About.NUMBERS,
        "number.voice_url",
        "617-555-0100: calls lead elsewhere.",
        "They hear nothing.",
        "Run it.",
    ),
    doubtful(About.CALLING, "calling.attested", "Calls are not signed.", "They show as spam.", "Sign up."),
    good(About.MACHINE, "machine.disk", "40 GiB are free."),
)


def looked_over(centre: Centre) -> None:
    """Somebody has looked, and found one thing of each severity."""
    assert centre.application.change(asked_for.begin)
    centre.application.change(lambda transaction: asked_for.end(transaction, FOUND))


def test_nothing_is_made_up_before_anybody_has_looked(centre: Centre) -> None:
    """What the database knows by itself is there all the same."""
    page = centre.signed_in("Adam Cole").get("/check-up").text
    assert "have not been looked over yet" in page
    assert "No backups are made." in page
    assert "<code>hotline backup key</code>" in page
    assert "business associate agreement" in page


def test_what_was_found_is_shown_worst_first_with_its_age(centre: Centre) -> None:
    """To supervisors and admins."""
    looked_over(centre)
    centre.clock.pass_by(timedelta(hours=2))
    for who in ("Adam Cole", "Eve Stone"):
        page = centre.signed_in(who).get("/check-up").text
        assert page.index("calls lead elsewhere") < page.index("Calls are not signed") < page.index("40 GiB")
        assert "Looked over Mon 2 Mar 13:00" in page


def test_what_was_found_is_told_in_the_reader_s_language(centre: Centre) -> None:
    """However long ago, and by whoever runs the clock: what is kept remembers how it was made."""
    found = wrong(
        About.BACKUPS,
        "backups.amiss",
        worded("The newest backup is %(hours)s hours old.", hours=50),
        joined((worded("Nobody on the staff has a password."), "An older version's words.")),
        worded_many("%(num)s of them is in your own words.", "%(num)s of them are in your own words.", 2),
    )
    assert finding.read(finding.written([found])) == (found,)
    assert centre.application.change(asked_for.begin)
    centre.application.change(lambda transaction: asked_for.end(transaction, [found, *FOUND]))
    client = centre.signed_in("Adam Cole")
    page = client.get("/check-up", headers={"Accept-Language": "es"}).text
    assert "No se hacen copias de seguridad." in page
    assert "Nadie ha mirado si esto es así" in page
    assert "Calls are not signed." in page
    assert "No backups are made." in client.get("/check-up", headers={"Accept-Language": "en"}).text


def test_what_an_earlier_version_has_kept_is_read(centre: Centre) -> None:
    """In English, as it stands."""
    kept = json.dumps(finding.as_rows(FOUND))
    assert finding.read(kept) == FOUND


@pytest.mark.parametrize("who", ["Ana Lima", "Chloe Baptiste"])
def test_it_is_nobody_elses(centre: Centre, who: str) -> None:
    """Neither the page nor its buttons."""
    client = centre.signed_in(who)
    assert client.get("/check-up").status_code == 403
    assert "/check-up" not in client.get("/board").text


def test_a_button_has_everything_looked_over_and_says_so(centre: Centre) -> None:
    """Whoever runs the clock finds that it is due, once; the page says that it is under way until then."""
    looked_over(centre)
    assert not centre.application.look(asked_for.is_due)
    client = centre.signed_in("Adam Cole")
    centre.clock.pass_by(timedelta(minutes=1))
    assert press(client, "/check-up/ask").location == "/check-up"
    assert "being looked over again" in client.get("/check-up").text
    centre.clock.pass_by(timedelta(seconds=2))
    assert centre.application.change(asked_for.begin)
    assert not centre.application.change(asked_for.begin)
    centre.application.change(lambda transaction: asked_for.end(transaction, FOUND))
    assert "being looked over again" not in client.get("/check-up").text


def test_it_is_looked_over_by_itself_and_sooner_while_something_is_wrong(centre: Centre) -> None:
    """Every half hour then, else every six hours; one who began and was never heard of is given up."""
    looked_over(centre)
    centre.clock.pass_by(asked_for.SOONER)
    assert centre.application.change(asked_for.begin)
    assert not centre.application.look(asked_for.is_due)
    centre.clock.pass_by(timedelta(minutes=6))
    assert centre.application.change(asked_for.begin)
    centre.application.change(lambda transaction: asked_for.end(transaction, FOUND[1:]))
    centre.clock.pass_by(asked_for.SOONER)
    assert not centre.application.look(asked_for.is_due)
    centre.clock.pass_by(asked_for.EVERY)
    assert centre.application.look(asked_for.is_due)


def _texts(centre: Centre) -> int:
    """How many texts about the check-up left for the supervisor."""
    about = Origin(OriginKind.STAFF, centre.people["Eve Stone"])
    rows = centre.application.look(lambda transaction: outbox.about(transaction.tx, about))
    return sum(isinstance(row.effect, SendText) and "page Check-up" in row.effect.body for row in rows)


def test_what_stays_wrong_is_told_to_supervisors_once_and_by_day(centre: Centre) -> None:
    """Not what was so for a moment, and not at night; again when it has stayed for a week."""

    def looks() -> int:
        assert centre.application.change(asked_for.begin)
        centre.application.change(lambda transaction: asked_for.end(transaction, FOUND))
        told = _texts(centre)
        centre.clock.pass_by(asked_for.SOONER)
        return told

    assert [looks(), looks(), looks()] == [0, 1, 1]
    centre.clock.pass_by(timedelta(days=7, hours=10))  # it is night there
    assert looks() == 1
    centre.clock.pass_by(timedelta(hours=10))
    assert looks() == 2


def test_whoever_has_looked_signs_and_it_is_good_at_once(centre: Centre) -> None:
    """With who they are; it stands in the audit trail."""
    client = centre.signed_in("Adam Cole")
    assert press(client, "/check-up/sign", key="failsafe", who="Adam, by telephone").status_code == 303
    page = client.get("/check-up").text
    assert page.index("Good") < page.index("Adam, by telephone")
    assert "signed off" in centre.audited()
    press(client, "/check-up/sign", key="no such thing", who="Adam")
    assert "Nothing of that name is to be signed" in client.get("/check-up").text
