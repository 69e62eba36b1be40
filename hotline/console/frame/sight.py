"""What of the board somebody may see: what isn't theirs to know is taken out before a page is drawn. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hotline.callbacks.callback import CallbackKind
from hotline.console.frame.rights import Right, may, to_read
from hotline.console.language.speech import gettext
from hotline.model import ContactId, Line, Role, Subject
from hotline.operations.console.board import Board
from hotline.operations.console.callback_cards import WaitingCallback
from hotline.operations.console.earlier_contacts import EarlierContact
from hotline.operations.console.thread_cards import Reopenable
from hotline.operations.console.what_follows import BookedIntake
from hotline.operations.texts.merged_cases import MergedCase
from hotline.operations.texts.threads import Thread


def of_board(board: Board, roles: Iterable[Role]) -> Board:
    """The board without what these roles may not see; what the viewer has accepted is theirs to see."""
    roles = frozenset(roles)
    callers, admissions = may(roles, Right.SEE_CALLERS), may(roles, Right.READ_ADMISSIONS)
    clinical = may(roles, Right.READ_CLINICAL)
    return replace(
        board,
        emergencies=tuple(
            replace(
                one,
                caller=one.caller if callers or one.mine or one.my_help else None,
                last_words=one.last_words if callers or one.mine or one.my_help else None,
                opening_words=one.opening_words if callers or one.mine or one.my_help else None,
                by_others=one.by_others and (callers or one.mine or one.my_help is not None),
                may_be_minor=one.may_be_minor and (callers or one.mine or one.my_help is not None),
                thread=one.thread if clinical or one.mine or one.my_help or one.with_me else None,
                also_open=one.also_open if callers or one.mine or one.my_help else (),
            )
            for one in board.emergencies
        ),
        callers=tuple(
            replace(
                one,
                caller=one.caller if callers else None,
                page=one.page if admissions or one.with_me else None,
                may_be_minor=one.may_be_minor and callers,
            )
            for one in board.callers
        ),
        callbacks=tuple(
            replace(
                one,
                number=one.number if callers or one.mine else None,
                wrote=one.wrote if admissions or one.mine else None,
                asked_words=one.asked_words if admissions or one.mine else None,
                asked_short=one.asked_short if admissions or one.mine else None,
                page=one.page if _opens(one, roles) else None,
                raised_for=one.raised_for if may(roles, Right.READ_RECORD) or one.mine else (),
                may_be_minor=one.may_be_minor and (callers or one.mine),
            )
            for one in board.callbacks
        ),
        threads=tuple(
            one
            if admissions or one.mine
            else replace(
                one,
                words=(),
                short={},
                number=one.number if callers else None,
                contact=None,
                not_arrived=None,
                may_be_minor=one.may_be_minor and callers,
            )
            for one in board.threads
        ),
        intakes=_intakes(board.intakes, callers=callers, admissions=admissions),
        marked=_intakes(board.marked, callers=callers, admissions=admissions),
        follow_ups=tuple(
            replace(
                one,
                number=one.number if callers or one.mine else None,
                contact=one.contact if clinical or one.mine else None,
            )
            for one in board.follow_ups
        ),
        unnamed=tuple(one if admissions else replace(one, contact=None) for one in board.unnamed),
        handed_to=board.handed_to if callers else {},
        done=tuple(
            replace(
                one,
                number=one.number if callers else None,
                page=one.page if _sees_page(one.kind, roles) else None,
            )
            for one in board.done
        ),
        talks=tuple(
            replace(
                one,
                number=one.number if callers or one.mine else None,
                readable=admissions or one.mine,
            )
            for one in board.talks
        ),
        closed=tuple(
            one
            if one.mine
            else replace(one, number=one.number if callers else None, contact=_page(one, roles))
            for one in board.closed
        ),
    )


def _intakes(several: Iterable[BookedIntake], *, callers: bool, admissions: bool) -> tuple[BookedIntake, ...]:
    return tuple(
        replace(
            one,
            number=one.number if callers else None,
            place=one.place if admissions else None,
            contact=one.contact if admissions else None,
        )
        for one in several
    )


def _opens(one: WaitingCallback, roles: Iterable[Role]) -> bool:
    """Whether the page of whom this callback is for may be opened: after an emergency it is the clinical side's."""
    return one.mine or _sees_page(one.kind, roles)


def _sees_page(kind: CallbackKind, roles: Iterable[Role]) -> bool:
    return may(roles, to_read(clinical=kind is CallbackKind.FOLLOW_UP))


def _page(one: Reopenable, roles: Iterable[Role]) -> ContactId | None:
    """Whose page they may read, if they may."""
    return one.contact if may(roles, to_read(clinical=one.subject is Subject.EMERGENCY)) else None


def covered(board: Board) -> Board:
    """The board without anything of people, for a screen that nobody sits at: how much waits, for what, since when."""
    return replace(
        board,
        emergencies=tuple(
            replace(
                one,
                caller=None,
                last_words=None,
                opening_words=None,
                thread=None,
                by_others=False,
                may_be_minor=False,
                accepted_by=gettext("Somebody") if one.accepted_by else None,
                phones_ring=(gettext("Somebody"),) if one.phones_ring else (),
                texted=(gettext("Somebody"),) if one.texted else (),
                on_calls=(gettext("Somebody"),) if one.on_calls else (),
                coming=(),
                offered_to=gettext("Somebody") if one.offered_to else None,
                kept_from=gettext("Somebody") if one.kept_from else None,
                with_whom=(gettext("Somebody"),) if one.with_whom else (),
                with_me=False,
                beside=(gettext("Somebody"),) if one.beside else (),
                called_beside=(gettext("Somebody"),) if one.called_beside else (),
            )
            for one in board.emergencies
        ),
        callers=tuple(
            replace(
                one,
                caller=None,
                with_whom=(),
                with_me=False,
                stir=None,
                phones_ring=(),
                page=None,
                may_be_minor=False,
            )
            for one in board.callers
        ),
        callbacks=tuple(
            replace(
                one,
                number=None,
                owner=None,
                tries=(),
                phones_ring=(),
                wrote=None,
                asked_words=None,
                asked_short=None,
                page=None,
                raised_for=(),
                may_be_minor=False,
            )
            for one in board.callbacks
        ),
        threads=tuple(
            replace(
                one,
                number=None,
                words=(),
                short={},
                contact=None,
                not_arrived=None,
                may_be_minor=False,
                accepted_by=gettext("Somebody") if one.accepted_by else None,
                offered_to=None,
                kept_from=None,
                phones_ring=(gettext("Somebody"),) if one.phones_ring else (),
                texted=(),
            )
            for one in board.threads
        ),
        done=(),
        talks=(),
        closed=(),
        intakes=(),
        follow_ups=(),
        unnamed=(),
        handed_to={},
        on_shift={},
        meets=(),
        colleagues=(),
        coworkers=(),
        block_ends={},
    )


def may_read(thread: Thread, roles: Iterable[Role]) -> bool:
    """Whether this thread is on a side of these roles, or its viewer has it, helps with it, or had it."""
    clinical = thread.line is Line.EMERGENCY or any(one.subject is Subject.EMERGENCY for one in thread.open)
    return _had(thread) or may(roles, to_read(clinical=clinical))


def may_read_record(thread: Thread, roles: Iterable[Role]) -> bool:
    """Whether the admissions record of this page is for these roles, or its viewer has or had what it is about."""
    return _had(thread) or may(roles, Right.READ_RECORD)


def may_write_record(thread: Thread, roles: Iterable[Role]) -> bool:
    """Whether they may fill it in: whoever has what it is about, too."""
    return _has(thread) or may(roles, Right.WRITE_RECORD)


def of_earlier(found: Iterable[EarlierContact], roles: Iterable[Role]) -> tuple[EarlierContact, ...]:
    """Earlier contacts without what these roles may not see: of another side's, only that there was one; of an
    emergency of the last day, or one that is open, that it was one and whose."""
    roles = frozenset(roles)

    def seen(one: EarlierContact) -> EarlierContact:
        if may(roles, to_read(clinical=one.clinical)):
            return (
                one if may(roles, Right.READ_RECORD) else replace(one, wanted="", dangers=(), recorded=False)
            )
        if not one.must_be_known:
            return EarlierContact(None, one.at, one.channel, None)
        still, lately = one.still_open, one.lately
        return EarlierContact(
            None, one.at, one.channel, one.line, still_open=still, has_it=one.has_it, lately=lately
        )

    return tuple(map(seen, found))


def of_merged(thread: Thread, roles: Iterable[Role]) -> tuple[MergedCase, ...]:
    """What is merged with it, without what happened on a side that these roles may not see."""
    roles = frozenset(roles)
    cases = thread.merged.cases if thread.merged is not None else ()
    return tuple(
        one
        if may(roles, to_read(clinical=one.clinical))
        else replace(one, number=None, happened=(), readable=False)
        for one in cases
    )


def _has(thread: Thread) -> bool:
    return thread.writes is not None or thread.theirs


def _had(thread: Thread) -> bool:
    return _has(thread) or (thread.closed is not None and thread.closed.mine)
