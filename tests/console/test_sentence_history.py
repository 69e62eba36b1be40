"""Which sentence said what, and since when: noted at each start, in the audit trail and beside the sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hotline.console.frame.asking import HOUSE
from hotline.model import Channel, Language
from hotline.operations.looking_back import sentence_history
from hotline.prompts import load
from hotline.settings.wording import Wording
from tests.console.centre import Centre

GOODBYE = (Language.EN, Channel.VOICE, "goodbye")
FIRST, SECOND = "Thank you. Call again.", "Thanks. Call us again, any time."


def starts_with(centre: Centre, words: str | None) -> int:
    """Hotline is started while the file says this; how many sentences are noted."""
    mine = {GOODBYE: words} if words is not None else {}
    settings = replace(centre.application.settings, wording=Wording(mine))
    prompts = load([Language.EN], centre.application.prompts.constants, replaced=mine)
    centre.application = replace(centre.application, settings=settings, prompts=prompts)
    centre.app.extensions[HOUSE] = centre.application
    return centre.application.change(sentence_history.note)


def test_a_sentence_is_noted_when_hotline_starts_with_other_words(centre: Centre) -> None:
    """Once for each change; a start with the same words notes nothing, nor does one that has none of its own."""
    assert starts_with(centre, None) == 0
    assert [starts_with(centre, FIRST), starts_with(centre, FIRST)] == [1, 0]
    assert [starts_with(centre, SECOND), starts_with(centre, None), starts_with(centre, None)] == [1, 1, 0]
    noted = [one for one in centre.audited() if one.startswith("sentence changed")]
    assert noted == [
        f"sentence changed {FIRST}",
        f"sentence changed {SECOND}",
        "sentence changed as it came",
    ]


def test_its_page_says_since_when_it_says_that_and_what_it_said_before(centre: Centre) -> None:
    """With the day of the start; who wrote the file is for whoever runs the machine to say."""
    starts_with(centre, FIRST)
    centre.clock.pass_by(timedelta(hours=1))
    starts_with(centre, SECOND)
    page = centre.signed_in("Eve Stone").get("/settings/sentences").text
    entry = page.partition('data-key="goodbye"')[2].partition("</li>")[0]
    assert SECOND in entry
    assert "In these words since the start of" in entry
    assert entry.index(">14:00<") < entry.index("What stood there before") < entry.index(FIRST)
    assert page.count("What stood there before") == 1
