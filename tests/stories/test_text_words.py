"""What the first, short list of words must page for, must not page for, and must never take for an opt-out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.triage.meaning import Meaning, is_carrier_keyword, key_of, plain, read

EMERGENCIES = """
overdose
he overdosed
she is overdosing please hurry
I think my son OD'd
he od'ed
O.D.
my friend is ODing
he took fentanyl and he wont wake up
he won't wake up
He won’t wake up!!!
hes not waking up
she isn't waking up
can't wake him
I cant wake my son up
cannot wake her
couldn't wake him up
unable to wake her
he can't be woken
not breathing
she's not breathing
hes not really breathing
he isnt breathing
he stopped breathing
he quit breathing
barely breathing
I can't breathe
she cant breath
can hardly breathe
not responding
he doesn't respond
he is unresponsive
shes unconscious
my daughter passed out and wont move
he passed out
lips are blue
her lips are turning blue
hes blue
shes turning purple
blue lips
gray face
gurgling
foaming at the mouth
no pulse
can't feel a pulse
he is choking
having a seizure
she is seizing
having a heart attack
he collapsed
I gave him narcan
used narcan twice
narcan isnt working
took too many pills
I took too much
I swallowed a whole bottle of pills
took all my pills
took the whole bottle
he's dying
im dying
I am dying
I think he is going to die
call 911
911
need an ambulance
send an ambulance
please send help
bleeding out
there is so much blood
this is an emergency
its an emergency please
emergency
EMERGENCY!!
1
one
press 1
sos
emergency my son fell
help emergency
911 now
""".strip().splitlines()

SUICIDES = """
I want to die
i wanna die
I don't want to live anymore
dont want to be alive
I don't want to be here anymore
I want to kill myself
thinking of killing myself
kill my self
I am suicidal
suicide
thinking about suicide
I want to end my life
I'm going to end it all
better off dead
no reason to live
I want to hurt myself
I'll take my own life
kms
I want to unalive myself
my daughter wants to kill herself
he says he wants to die
""".strip().splitlines()

QUIET = """
hi
I need help with drinking
I want to stop using
I want to stop
I want to quit
i want to quit drinking
please help me quit
how do I stop
can I stop by today
when does the class end
cancel my appointment
stop calling it rehab lol
where can I get narcan
do you have narcan training
narcan class tuesday?
overdose prevention class
overdose awareness day
my brother died of an overdose last year
he overdosed two years ago
I overdosed last year and need treatment
this is not an emergency
no emergency
it's not an emergency, just a question
I'm dying to know when you open
I feel blue
feeling blue today
the blue pills
not responding to my texts
my dad isn't responding to my messages
detox
do you take MassHealth
how much does it cost
2
3
0
4
5
thanks
can someone call me
my son needs treatment
one of your staff called me
I have 1 question
I can't sleep, waking up sick every night
my son can not be trusted
an emergency contact
emergency contact for my son
emergency housing?
I have an emergency contact for him
I live in Blue Hill
""".strip().splitlines()

STAYS = """
I want to stop
I want to quit
quit drinking
i need to quit
end this
I want it to end
stop using
please stop me from using
help me stop
I can't stop
cancel my appointment please
I want to quit heroin
make it stop
never stop
unsubscribe me from life
""".strip().splitlines()


@pytest.mark.parametrize("words", EMERGENCIES)
def test_unmistakable_words_are_an_emergency(words: str) -> None:
    """Whoever writes this gets the 911 words and a page, whatever else they meant."""
    assert read(words) is Meaning.EMERGENCY


@pytest.mark.parametrize("words", SUICIDES)
def test_words_of_a_wish_to_die_are_heard(words: str) -> None:
    """Whoever writes this gets the 988 words and a page."""
    assert read(words) is Meaning.SUICIDE


@pytest.mark.parametrize("words", QUIET)
def test_other_words_do_not_page_the_clinicians(words: str) -> None:
    """A clinician who is woken for nothing sleeps through the next one."""
    assert read(words) not in (Meaning.EMERGENCY, Meaning.SUICIDE)


@pytest.mark.parametrize("words", STAYS)
def test_quitting_is_treatment_and_no_opt_out(words: str) -> None:
    """Stop, quit and end in a sentence are what people want of drugs, not of us."""
    assert read(words) is not Meaning.OPT_OUT


@pytest.mark.parametrize(
    "words", ["STOP", "stop", " Stop ", "StopAll", "UNSUBSCRIBE", "cancel", "END", "quit", "revoke", "optout"]
)
def test_the_carriers_own_keywords_are_always_honoured(words: str) -> None:
    """The carrier has blocked the number already: we keep the same books."""
    assert read(words) is Meaning.OPT_OUT
    assert is_carrier_keyword(words)


@pytest.mark.parametrize("words", ["Stop.", "STOP!", "opt out"])
def test_a_keyword_that_the_carrier_overlooks_is_honoured_by_us(words: str) -> None:
    """Then the carrier hasn't answered, and we do."""
    assert read(words) is Meaning.OPT_OUT
    assert not is_carrier_keyword(words)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("2", "2"),
        (" 2 ", "2"),
        ("two", "2"),
        ("Two!", "2"),
        ("press 2", "2"),
        ("Press two", "2"),
        ("option 3", "3"),
        ("number 1", "1"),
        ("#2", "2"),
        ("2.", "2"),
        ("２", "2"),
        ("22", None),
        ("2 3", None),
        ("two people", None),
        ("", None),
    ],
)
def test_a_digit_is_understood_however_it_is_written(words: str, key: str | None) -> None:
    """A whole message that names a key is that key."""
    assert key_of(words) == key


@given(st.text())
def test_anything_that_can_be_written_has_a_meaning(words: str) -> None:
    """No text makes the reader stumble, and reading plain words again changes nothing."""
    assert isinstance(read(words), Meaning)
    assert plain(plain(words)) == plain(words)


@given(st.sampled_from(EMERGENCIES + SUICIDES), st.text(alphabet=" .,!?\n'-🙏", max_size=6))
def test_signs_and_capitals_hide_no_emergency(words: str, signs: str) -> None:
    """Shouting, emoji and punctuation around the words make no difference."""
    for written in (words.upper(), words.lower(), f"{signs}{words}{signs}"):
        assert read(written) in (Meaning.EMERGENCY, Meaning.SUICIDE)


@given(st.sampled_from(EMERGENCIES[:40] + SUICIDES), st.sampled_from(["stop", "quit", "hi", "thanks"]))
def test_emergency_words_beat_whatever_stands_beside_them(words: str, other: str) -> None:
    """An opt-out, a greeting or a choice in the same message doesn't drown them."""
    for written in (f"{other}. {words}", f"{words}. {other}"):
        assert read(written) in (Meaning.EMERGENCY, Meaning.SUICIDE)
