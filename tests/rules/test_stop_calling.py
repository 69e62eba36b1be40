"""Words that end our calls and our texts at once, and words that only sound like them."""

from __future__ import annotations

import pytest

from hotline.model import Channel, Language, Line, PhoneNumber
from hotline.triage.caller_events import Texted
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.flow import step
from hotline.triage.open_callback import CallbackStanding, OpenCallback
from hotline.triage.texts.stop_calling import keeps_calls, stops_calls
from hotline.triage.turn import OptOut, Turn

STOPS = """
stop calling me
Please stop calling!
quit calling me
stop calling and texting me
don't call me anymore
Don’t call me again.
do not contact us again
never call this number again
no more calls
I don't want any more calls
deje de llamarme
no me llamen más por favor
dejen de llamar
no quiero más llamadas
não me liguem mais
pare de me ligar
não quero mais ligações
pa rele m ankò
sispann rele m
""".strip().splitlines()
OTHERS = """
stop calling my mom
i want to stop calling my dealer
I can't stop calling her
don't call 911
don't call me
cancel my call
stop calling it rehab lol
I want to stop
he won't stop calling me he has a gun
he stopped breathing
no llamen a la policía
""".strip().splitlines()


@pytest.mark.parametrize("words", STOPS)
@pytest.mark.parametrize(
    "state", [ContactState.TEXT_MENU, ContactState.TEXT_WAITING, ContactState.TEXT_WITH_PERSON]
)
def test_stop_calling_me_is_an_opt_out_in_any_state(words: str, state: ContactState) -> None:
    """Also where a call is owed, and where a human has the thread; nobody is asked whether they are sure."""
    assert stops_calls(words)
    contact = Contact(Channel.TEXT, state, language=Language.EN, caller=PhoneNumber("+16175550142"))
    open_callback = OpenCallback(Line.ADMISSIONS, CallbackStanding.IN_LINE, 10, text_safe=True)
    turn = step(contact, Texted(words), Facts(open_callback=open_callback, languages=(Language.EN,)))
    assert OptOut() in turn.requests
    assert {one.prompt for one in turn.say} == {"stopped_calls"}


@pytest.mark.parametrize(
    "words",
    [
        "pls take me off your list, no more calls",
        "unsubscribe from calls and texts",
        "sáquenme de la lista, no más llamadas",
    ],
)
def test_an_opt_out_that_speaks_of_calls_is_answered_about_calls(words: str) -> None:
    """In whatever words: both end, and that is what they are told."""
    turn = _answer(words)
    assert OptOut() in turn.requests
    assert {one.prompt for one in turn.say} == {"stopped_calls"}


@pytest.mark.parametrize("words", ["pls take me off your list", "unsubscribe me please"])
def test_one_that_doesn_t_is_answered_about_texts(words: str) -> None:
    """A call that nobody spoke of isn't named."""
    assert {one.prompt for one in _answer(words).say} == {"stopped"}


def test_in_an_emergency_calls_are_not_called_off() -> None:
    """One may come: only a human ends that."""
    assert {one.prompt for one in _answer("take me off your list, no more calls", True).say} == {"stopped"}


def _answer(words: str, emergency_goes_on: bool = False) -> Turn:
    contact = Contact(Channel.TEXT, ContactState.TEXT_MENU, caller=PhoneNumber("+16175550142"))
    return step(contact, Texted(words), Facts(emergency_goes_on=emergency_goes_on))


@pytest.mark.parametrize("words", OTHERS)
def test_about_somebody_else_or_one_call_it_is_none(words: str) -> None:
    """These are read like any other words."""
    assert not stops_calls(words)


@pytest.mark.parametrize(
    "words",
    [
        "no texts please, just call me",
        "call me if you need me but stop texting me",
        "si me necesitan llamen, pero no me manden más mensajes",
        "não me mandem mensagem, melhor ligar",
        "rele m si nou bezwen m men pa voye mesaj ankò",
    ],
)
def test_whoever_asks_for_calls_in_place_of_texts_keeps_theirs(words: str) -> None:
    """The other channel is no revocation."""
    assert keeps_calls(words)


@pytest.mark.parametrize(
    "words",
    [
        "don't text or call me",
        "stop texting and dont call me",
        "call me again and i sue, stop texting me",
        "no me llamen ni me escriban",
        "não me liguem nem escrevam",
        "pa rele m pa ekri m",
    ],
)
def test_whoever_wants_neither_keeps_none(words: str) -> None:
    """Calls are named, and denied."""
    assert not keeps_calls(words)


def test_texts_end_and_the_call_stays_where_it_is_asked_for() -> None:
    """It is promised to them, and no carrier's keyword was sent."""
    contact = Contact(Channel.TEXT, ContactState.TEXT_MENU, caller=PhoneNumber("+16175550142"))
    turn = step(contact, Texted("phone calls only, dont text me"), Facts())
    assert OptOut(calls_too=False) in turn.requests
