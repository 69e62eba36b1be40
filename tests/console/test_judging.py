"""On a thread's page: how each text was read, and whether that was right."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from hotline.console.thread import reading_words
from hotline.model import ContactId, Language
from hotline.operations.transaction import Transaction
from hotline.store.cases import timeline
from hotline.store.traffic import readings
from hotline.store.traffic.readings import Did, Judgement, KeptReading, Why
from hotline.triage.urgency import Label
from tests.console.centre import EPOCH, Centre, press
from tests.console.test_thread_page import writes
from tests.observed import audit_trail

DANGER = "my brother is not breathing"


def kept(centre: Centre, thread: ContactId) -> list[KeptReading]:
    return centre.application.look(lambda transaction: readings.of_contact(transaction.tx, thread))


def says(centre: Centre, name: str, thread: ContactId, was: str, message: str = "") -> int:
    message = message or kept(centre, thread)[0].message_id
    here = f"/threads/{thread}/messages/{message}/was"
    return press(centre.signed_in(name), here, was=was).status_code


def test_the_page_says_why_it_paged_and_takes_a_judgement(centre: Centre) -> None:
    """Who said so and when stands there; the last word counts, and may be taken back."""
    thread = writes(centre, DANGER)
    chloe = centre.signed_in("Chloe Baptiste")
    page = chloe.get(f"/threads/{thread}").text
    assert "Read as an emergency, named: a cry for help: “my brother is not breathing”." in page
    assert 'open>\n  <summary>How it was read<span class="aside"> (message of' in page
    assert page.count('<button>This was an emergency<span class="aside"> (message of') == 1
    assert says(centre, "Chloe Baptiste", thread, "no_emergency") == 303
    page = chloe.get(f"/threads/{thread}").text
    assert "This was not an emergency, says Chloe Baptiste, <time" in page
    assert "A text was said to have been no emergency" in page
    assert "<button>This was not" not in page
    assert says(centre, "Eve Stone", thread, "emergency") == 303
    assert "This was an emergency, says Eve Stone" in chloe.get(f"/threads/{thread}").text
    assert says(centre, "Eve Stone", thread, "emergency") == 303  # pressed twice: said once
    assert says(centre, "Eve Stone", thread, "") == 303
    page = chloe.get(f"/threads/{thread}").text
    assert "says Eve Stone" not in page
    assert kept(centre, thread)[0].judged is None
    said = [one for one in centre.audited() if one.startswith(("was ", "judgement"))]
    assert said == ["was no emergency", "was emergency", "judgement taken back"]


def test_why_a_person_was_asked_is_said_in_plain_words(centre: Centre) -> None:
    """With the score, and what it is about."""
    thread = writes(centre, "i am scared")
    page = centre.signed_in("Ana Lima").get(f"/threads/{thread}").text
    assert re.search(r"A person was asked: score 0\.\d\d, may be a cry for help: “i am scared”\.</p>", page)


def test_who_may_not_read_a_thread_judges_nothing_in_it(centre: Centre) -> None:
    """A coordinator an emergency, an admin anything; and nobody a text of another thread, or in other words."""
    thread = writes(centre, DANGER)
    message = kept(centre, thread)[0].message_id
    assert says(centre, "Ana Lima", thread, "no_emergency") == 403
    assert says(centre, "Adam Cole", thread, "no_emergency") == 403
    assert says(centre, "Eve Stone", thread, "perhaps") == 400
    assert says(centre, "Eve Stone", ContactId("nobody"), "emergency", message) == 404
    assert says(centre, "Eve Stone", thread, "emergency", "no-such-text") == 404
    elsewhere = centre.calls_in(keys="1")
    assert says(centre, "Eve Stone", elsewhere, "emergency", message) == 404
    assert kept(centre, thread)[0].judged is None


def test_a_judgement_leaves_no_words_in_the_open(centre: Centre) -> None:
    """On the timeline and in the audit trail stand ids and words of ours."""
    thread = writes(centre, DANGER)
    says(centre, "Eve Stone", thread, "no_emergency")

    def look(transaction: Transaction) -> str:
        return repr((audit_trail(transaction.tx), timeline.of(transaction.tx, contact_id=thread)))

    assert "breathing" not in centre.application.look(look)


def example(label: Label, did: Did, why: str, score: float = 0.06, *, named: bool = False) -> str:
    about = KeptReading(
        message_id="m", contact_id=ContactId("c"), at=EPOCH, language=Language.EN,
        label=label.value, named=named, did=did, why=Why(why, score),
    )  # fmt: skip
    return reading_words.reason(about)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            (Label.ASK, Did.ASKED, "unsure: reads like suicide by “<GIFT>”, “^ i told”"),
            "A person was asked: score 0.06, no named danger. "
            "It reads like danger to their own life by “gift”, “i told”.",
        ),
        (
            (Label.ASK, Did.ASKED, "unsure: overdose: “overdose”"),
            "A person was asked: score 0.06, which speaks against what was found: overdose: “overdose”.",
        ),
        (
            (Label.ASK, Did.OTHER, "may be a cry for help: “911”"),
            "Not paged: score 0.06, may be a cry for help: “911”.",
        ),
        (
            (Label.EMERGENCY, Did.PAGED, "a state of the body: “blue”"),
            "Read as an emergency, by a hint and score 0.06: a state of the body: “blue”.",
        ),
        (
            (Label.SUICIDE, Did.ASKED, "death: “dying”"),
            "A person was asked: perhaps danger to their own life, by a hint and score 0.06: death: “dying”.",
        ),
        (
            (Label.OTHER, Did.ASKED, "reads like other by “the”"),
            "A person was asked, as the menu can't answer it. Read as ordinary; no danger found.",
        ),
        (
            (Label.ADMISSIONS, Did.OTHER, "reads like admissions by “bed”"),
            "Read as about treatment; no danger found.",
        ),
        (
            (Label.OPT_OUT, Did.OPTED_OUT, "wants no more messages: “stop”"),
            "Read as a wish for no more texts: wants no more messages: “stop”.",
        ),
    ],
)
def test_each_reading_is_told_in_a_sentence(said: tuple[Label, Did, str], expected: str) -> None:
    """What was found, how sure it is, and in whose words."""
    assert example(*said) == expected


def test_what_each_rule_finds_has_words() -> None:
    """Every rule of the reader's, by its name, and nothing that no rule is called."""
    written = (files("hotline.triage.reading") / "rules.toml").read_text(encoding="utf-8")
    assert set(reading_words.RULES) == {rule["name"] for rule in tomllib.loads(written)["rules"]}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            (Label.EMERGENCY, "violence: “hits me”; does not wake: “no despierta: “sí””"),
            "Leído como una emergencia, nombrado: violencia: “hits me”; no despierta: “no despierta: “sí””.",
        ),
        (
            (Label.EMERGENCY, "a cry for help: “ayuda”"),
            "Leído como una emergencia, nombrado: un grito de ayuda: “ayuda”.",
        ),
        (
            (Label.ASK, "unsure: reads like suicide by “<GIFT>”"),
            "Se preguntó a una persona: puntaje 0.06, ningún peligro nombrado: "
            "se lee como peligro para su propia vida por “gift”.",
        ),
        ((Label.ASK, "unsure: told that it is over: “ya respira”"), "cuenta que ya pasó: “ya respira”"),
        ((Label.EMERGENCY, "the whole message is the key 1"), "todo el mensaje es la tecla 1"),
        ((Label.EMERGENCY, "the whole message is a word for emergency"), "una palabra para una emergencia"),
        (
            (Label.STOP_LIKE, "“stop”, but “not”: not surely an opt-out"),
            "pero “no”: no es seguro que sea una baja",
        ),
        ((Label.ASK, "“adiós”, and may be a goodbye: “última”"), "y puede ser una despedida: “última”"),
        ((Label.EMERGENCY, "a rule of before: “x”"), "a rule of before: “x”"),
    ],
)
def test_it_is_told_in_the_reader_s_language(centre: Centre, said: tuple[Label, str], expected: str) -> None:
    """What the reader found is kept in English; the caller's own words stay as they are."""
    label, why = said
    with centre.app.test_request_context(headers={"Accept-Language": "es"}):
        centre.app.preprocess_request()
        assert expected in example(label, Did.ASKED if label is Label.ASK else Did.PAGED, why, named=True)


def test_both_judgements_have_words() -> None:
    """For their buttons."""
    assert set(reading_words.JUDGEMENTS) == set(Judgement)
