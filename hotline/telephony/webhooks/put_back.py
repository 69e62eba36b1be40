"""No failure of ours ends a talk: whoever is out of it for a moment is put back by the address alone.

A leg leaves a room by * or because we fetch it, to be told something or to be brought to somebody else. If we can't
look anything up then, it goes back into the room that the address names, at once: whoever it talks with is alone.
"""

from __future__ import annotations

from hotline import paths
from hotline.model import ContactId, Language, PageId, RoomName
from hotline.operations.answers import Answer, StaffAnswer, Then
from hotline.operations.staff import in_call_menu
from hotline.operations.transaction import new_id
from hotline.telephony.twiml.renderer import Renderer
from hotline.telephony.webhooks import routes
from hotline.telephony.webhooks.incoming import Form
from hotline.telephony.webhooks.routes import Address, Ids, Listener
from hotline.triage.turn import Spoken


def put_back(renderer: Renderer, address: Address, form: Form, ids: Ids) -> str | None:
    """The TwiML that joins the room again; None if the leg was in no talk, or the address names none."""
    address, ids = routes.asked_first(address, form, ids)
    errand = str(ids.get("stay") or ids.get("errand") or "")
    room = paths.room_by(errand)
    if room is None or address.rule == paths.ALONE.rule:
        return None
    if address.kind is Listener.CALLER:
        return _caller(renderer, ContactId(str(ids["contact"])), errand, room)
    if "page" in ids:
        return _staff(renderer, PageId(str(ids["page"])), str(ids.get("word", "")), room)
    over = paths.hand_off_over(str(ids["hand_off"]))
    return renderer.interpret(room, over, paths.HAND_OFF_WAITING)


def _caller(renderer: Renderer, contact: ContactId, errand: str, room: RoomName) -> str:
    """Their next turn is the one at which they stand: nothing was written down of this."""
    turn = int(errand.split("-", maxsplit=1)[0])
    return renderer.voice(Answer(contact, turn, Language.EN, (), Then.JOIN, room=room))


def _staff(renderer: Renderer, page: PageId, word: str, room: RoomName) -> str:
    """What they were to be told is said all the same; who pressed a key hears that it did nothing."""
    told = word if word in in_call_menu.TOLD else ""
    say = (Spoken(told or "no_key_now"),) if told or not word else ()
    back = StaffAnswer(page, say, Then.JOIN, room=room, stay=paths.by_room(room, new_id()))
    # Perhaps the caller has hung up, of which we can't know: nobody is told to wait for them.
    return renderer.staff(back, wait=paths.SILENCE)
