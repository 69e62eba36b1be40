"""What a form said that could not be done, where no script keeps it: nothing that somebody has typed is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from hotline.console.language.speech import Words
from hotline.model import Outcome

_LABELS: Final[Mapping[str, str]] = Words(
    {
        "name": "Name",
        "phone": "Their own phone, with its area code",
        "number": "Their number",
        "note": "Your note",
        "reason": "Why",
        "later": "When?",
        "at": "When?",
        "starts": "Day and time",
        "place": "Place",
        "to_whom": "To whom",
        "connected": "Connected directly with",
        "why": "In words, if it helps",
    }
)


def is_written() -> bool:
    """Whether the form that was sent holds anything that somebody has typed."""
    return any(True for _ in _written())


def page(said: str, back: str, choices: Mapping[Outcome, str] | None = None) -> ResponseReturnValue:
    """Why it was not done, with what was written: in the form of an outcome again where it is one (`choices`), else to
    be read and taken along. `back`: the page that they came from."""
    drawn = render_template(
        "frame/not_done.html",
        said=said,
        back=back,
        choices=choices,
        given=request.form,
        written=list(_written()),
    )
    answer = make_response(drawn)
    answer.status_code = 422
    return answer


def _written() -> Iterator[tuple[str, str]]:
    for name, label in _LABELS.items():
        words = request.form.get(name, "").strip()
        if words:
            yield label, words
