"""Words of somebody who is not proven to be the caller: on a call of ours, before key 1."""

from __future__ import annotations

import pytest

from hotline.model import Channel, Language, Line, PhoneNumber, Subject
from hotline.triage.caller_events import Said
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.flow import step
from hotline.triage.turn import JoinRoom, Reach, Turn

EN, ES, PT, HT = Language.EN, Language.ES, Language.PT, Language.HT
ASSISTANTS = (
    "hi the person you are calling is using a screening service please state your name and why you are calling",
    "please state your name and the reason for your call and I'll see if this person is available",
    "record your name and reason for calling",
    "is it urgent",
    "is this urgent or can it wait",
    "go ahead and say why you're calling if it is an emergency call 911",
    "the person you have called is not available right now",
    "your call has been forwarded to an automated voice messaging system",
    "if this is a medical emergency hang up and dial 911",
    "thanks one moment please",
    "I'm sorry this person can't take your call now",
    "stay on the line",
)
AUNTS = (
    "She's in the shower, call back in ten minutes",
    "Yeah, this is she",
    "yes speaking",
    "yeah",
    "yes",
    "who is this",
    "he's asleep I can't wake him up now he worked all night",
    "she went to the hospital with my sister to have the baby",
    "he passed out on the couch he was up all night with the kids",
    "my phone is dying I'll call you back",
    "she took her pills and went to bed",
    "I'm dead tired can you call tomorrow",
    "stop calling me",
    "this is the police department",
    "you're killing me stop calling",
    "he overslept",
    "mommy can't come she is in the bathroom",
    "daddy is not here",
    "sorry wrong number",
)
OTHERS = (
    (ES, "está en la ducha, llame en diez minutos"),
    (ES, "sí, soy yo"),
    (ES, "deje un mensaje después del tono"),
    (PT, "ela está no banho, liga daqui a dez minutos"),
    (PT, "sim, sou eu"),
    (PT, "diga o seu nome e o motivo da ligação"),
    (HT, "li nan beny, rele nan dis minit"),
    (HT, "wi se mwen"),
)
CRIES = (
    (EN, "he's not breathing"),
    (EN, "help help he won't wake up"),
    (EN, "I want to die"),
    (ES, "auxilio no respira"),
    (PT, "socorro ele não acorda"),
    (HT, "anmwe li pa respire"),
)


def said(words: str, language: Language, line: Line, *, ready: bool) -> Turn:
    """What follows when these words are the first that whoever picked up says."""
    contact = Contact(
        Channel.VOICE,
        ContactState.ASKED_FOR_CALL,
        line=line,
        language=language,
        caller=PhoneNumber("+16175550142"),
        outbound=True,
        message_safe=True,
    )
    return step(contact, Said(words, 0.95), Facts(human_ready=ready, languages=tuple(Language)))


@pytest.mark.parametrize("line", [Line.ADMISSIONS, Line.EMERGENCY])
@pytest.mark.parametrize(
    ("language", "words"), [*((EN, words) for words in (*ASSISTANTS, *AUNTS)), *OTHERS], ids=str
)
def test_nobody_is_paged_and_no_danger_is_spoken_of(language: Language, words: str, line: Line) -> None:
    """Assistants, children and aunts: the neutral question again, in the same language, and nothing else."""
    for ready in (True, False):
        turn = said(words, language, line, ready=ready)
        why = "calling_back" if line is Line.EMERGENCY else "asked_for_call"
        assert {one.prompt for one in turn.say} == {"business", why, "someone_else_key"}
        assert turn.requests == ()
        assert not isinstance(turn.then, JoinRoom)
        assert turn.contact.language is language


@pytest.mark.parametrize(("language", "words"), CRIES, ids=str)
def test_a_cry_for_help_pages_whoever_cries(language: Language, words: str) -> None:
    """A life comes before a secret."""
    turn = said(words, language, Line.ADMISSIONS, ready=False)
    assert any(isinstance(ask, Reach) and ask.subject is Subject.EMERGENCY for ask in turn.requests)
    assert turn.contact.state is ContactState.EMERGENCY
