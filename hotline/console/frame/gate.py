"""The door to every page behind the sign-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import abort
from flask.typing import ResponseReturnValue

from hotline.console.frame import rights, signed_in
from hotline.console.frame.asking import by_hand, current_application, sign_in_first
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.lock import lock_page

P = ParamSpec("P")
Guarded = Callable[P, ResponseReturnValue]
View = Callable[Concatenate[Person, P], ResponseReturnValue]


def only(right: Right) -> Callable[[View[P]], Guarded[P]]:
    """For those who have this right; the view is told who it is. Strangers must sign in, others get 403.

    A session that is locked gets the lock instead, whatever it asks for.
    """

    def guard(view: View[P]) -> Guarded[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            shut = signed_in.locked()
            if shut is not None:
                return lock_page.instead(shut)
            held = signed_in.ticket()
            if held is None:
                return sign_in_first()
            if by_hand():
                signed_in.touch(current_application().clock())
            if not rights.may(held.person.roles, right):
                abort(403)
            return view(held.person, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]  # read by whoever asks which rights the routes need
        return guarded

    return guard
