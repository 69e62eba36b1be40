"""A number that somebody whose own is withheld tells whoever talks with them: written down on their page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue

from hotline.console.frame.asking import current_application
from hotline.console.frame.gate import only
from hotline.console.frame.one_case import opened, told_of_case
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.dates import clock
from hotline.console.language.speech import Words, gettext
from hotline.dialling import Refusal
from hotline.model import PhoneNumber
from hotline.operations.callbacks import told_number
from hotline.operations.callbacks.consent import NoCalls
from hotline.operations.callbacks.told_number import NotToBeTold
from hotline.operations.transaction import Transaction

ANCHOR: Final = "told-number"
_REFUSED: Final[Mapping[Refusal | NotToBeTold, str]] = Words(
    {
        Refusal.NOT_A_NUMBER: "Not written down: that is no telephone number. Write all of it, such as 617-555-0142.",
        Refusal.COUNTRY: "Not written down: this line does not call that country. Ask for another number.",
        Refusal.NOT_PLAIN: "Not written down: that number costs more than a call, or can't be called. Ask for another.",
        Refusal.OURS: "Not written down: that is a number of this line. Ask for theirs.",
        Refusal.EMERGENCY: "Not written down: that is an emergency number. In danger, page a clinician now.",
        Refusal.LIFELINE: "Not written down: 988 is the lifeline. In danger, page a clinician now.",
        NotToBeTold.KNOWN: "Not written down: their number is known.",
        NotToBeTold.OVER: "Not written down: there is no such case.",
    }
)


@only(Right.WORK)
def tell_number(person: Person, contact_id: str) -> ResponseReturnValue:
    """Write down a number that they have told, and that was read back to them."""
    contact, typed = opened(person, contact_id).contact, request.form.get("number", "")[:40]
    agreed = request.form.get("agreed") == "yes"
    if request.form.get("read_back") != "yes":
        words = gettext(
            "Not written down: read it back to them first, digit by digit, and tick that it is right."
        )
        return told_of_case(contact_id, words, good=False, part=ANCHOR)

    def work(transaction: Transaction) -> tuple[str, bool]:
        kept = told_number.write_down(transaction, contact, typed, person.id, agreed=agreed)
        match kept:
            case PhoneNumber():
                return gettext(
                    "Written down. They can be called there, now or later; it is not texted."
                ), True
            case NoCalls(since):
                at = clock(since, ZoneInfo(transaction.settings.centre.line.timezone), transaction.now)
                return _unwanted(at), False
            case _:
                return _REFUSED[kept], False

    words, good = current_application().change(work)
    return told_of_case(contact_id, words, good=good, part=ANCHOR)


def _unwanted(at: str) -> str:
    return gettext(
        "Not written down: somebody at this number asked for no calls at %(at)s. Ask once more; only if calls "
        "there are wanted all the same, tick that.",
        at=at,
    )
