"""Who could be reached now, as a table to read in a terminal."""

from __future__ import annotations

from hotline.commands.aligned import aligned
from hotline.oncall.at_work.readiness import State
from hotline.oncall.wall_clock import said, zone
from hotline.operations.at_work import who_is_ready
from hotline.operations.at_work.who_is_ready import OfSomebody
from hotline.operations.transaction import Transaction

_STATES = {
    State.UNVERIFIED: "phone not verified",
    State.UNREACHED: "has answered nothing since",
    State.CANNOT: "can't work, said at",
    State.UNTRIED: "answered no call in the last two weeks",
    State.READY: "answered at",
}


def told(transaction: Transaction) -> str:
    """Everybody, the worst first; times are by the centre's own clock."""
    found = who_is_ready.look(transaction)
    place = zone(transaction.settings.centre.line.timezone)

    def row(one: OfSomebody) -> tuple[str, ...]:
        state, since = one.readiness.state, one.readiness.since
        when = f" {said(since, place)}" if since is not None else ""
        on = "on now" if one.on_now else "" if one.scheduled else "on no schedule"
        mend = who_is_ready.MEND[state]
        if state is State.UNVERIFIED:
            mend = f'hotline staff verify "{one.member.name}" --by text'
        elif state is State.UNTRIED:
            mend = f'hotline oncall test "{one.member.name}"'
        nights = f"answered {one.rung_last_night} last night" if one.rung_last_night else ""
        failing = one.texts_fail
        texts = f"texts fail since {said(failing.since, place)}" if failing is not None else ""
        return one.member.name, on, f"{_STATES[state]}{when}", nights, texts, mend

    return "\n".join(aligned([row(one) for one in found.people])) or "Nobody is on the staff yet."
