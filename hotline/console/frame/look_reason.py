"""Why somebody looks at a case that isn't theirs: the question, which stands in place of the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Response, make_response, render_template, request

from hotline.console.frame.asking import local
from hotline.console.language.speech import Words
from hotline.model import ContactId
from hotline.store.looking_back.look_reasons import LookReason

WORDS: Final[Mapping[LookReason, str]] = Words(
    {
        LookReason.HELPING: "I help a colleague with it",
        LookReason.CALLER_ASKED: "They, or their family, got in touch about it",
        LookReason.REVIEW: "I look at how it was handled",
        LookReason.LEARNING: "I learn from it, with whoever guides me",
        LookReason.COMPLAINT: "A complaint, or something that went wrong",
        LookReason.OTHER: "Something else, in my own words",
    }
)


def ask(contact: ContactId, wrong: str = "", onward: str = "") -> Response:
    """The question, in place of the case: nothing of it is on this page. `onward`: where they go once they have said
    why; what they asked for, unless it is said."""
    wanted = onward or (request.full_path.removesuffix("?") if request.method == "GET" else "")
    page = render_template(
        "thread/reason.html", contact=contact, reasons=WORDS, wrong=wrong, onward=local(wanted)
    )
    answer = make_response(page)
    answer.status_code = 422 if wrong else 200
    return answer
