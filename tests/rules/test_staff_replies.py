"""What staff answer to a page by text: every word of the table by itself, and what it must never be taken from."""

from __future__ import annotations

import pytest

from hotline.prompts.word_lists import all_words, word_lists
from hotline.triage.texts.staff_replies import PageReply, Verb, understood

CODE = "482913"
SAYS = [Verb.TAKE, Verb.DECLINE, Verb.HELP]
PHRASES = [(verb, words) for verb in SAYS for words in dict.fromkeys(all_words("staff_replies", verb.value))]
MORE = [
    "but", "tomorrow", "later", "tonight", "if", "when", "who", "not", "dont", "never", "maybe", "unless", "after",
    "only", "my", "his", "was", "did", "wrong", "home", "someone has", "what", "why", "until", "pero", "amanha",
    "demen", "10", "3", "he said", "we", "can you",
]  # fmt: skip
"""Words beside which nothing is meant as it stands in the table."""


@pytest.mark.parametrize("verb", SAYS)
def test_every_word_of_the_table_says_what_it_stands_for(verb: Verb) -> None:
    """Alone, with a code on either side, in capitals, with signs, and a letter written twice too often."""
    for words in all_words("staff_replies", verb.value):
        for written in (
            words,
            words.upper(),
            f" {words}! ",
            f"{words}{words[-1] * 2 if words[-1].isalpha() else ''}.",
        ):
            assert understood(written) == PageReply(verb), written
        for written in (f"{words} {CODE}", f"#{CODE}: {words}", f"code {CODE} {words} please"):
            assert understood(written) == PageReply(verb, CODE), written


@pytest.mark.parametrize("more", MORE)
def test_one_word_more_says_something_else(more: str) -> None:
    """Before, behind, or in the middle of any of them: nothing is taken or asked for. Who can't, can't all the same."""
    known = {words for _, words in PHRASES}
    for verb, words in PHRASES:
        first, *rest = words.split()
        for written in (f"{more} {words}", f"{words} {more}", " ".join((first, more, *rest))):
            said = understood(written)
            assert said is None or written in known or said.verb is verb is Verb.DECLINE, written


@pytest.mark.parametrize("theirs", ["no puedo", "send help", "on it"])
def test_two_things_at_once_say_neither(theirs: str) -> None:
    """ "ok no puedo", "on it, send help": whoever reads it asks, and we do nothing."""
    for verb, words in PHRASES:
        said = understood(f"{words} {theirs}")
        assert said is None or said.verb is verb, words


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        ("Yes, on it!", Verb.TAKE), ("ok ok ok", Verb.TAKE), ("OK, I got it.", Verb.TAKE), ("I’ll take it", Verb.TAKE),
        ("I'll take it now please", Verb.TAKE), ("sí, voy", Verb.TAKE), ("Sí!!", Verb.TAKE), ("SÍ", Verb.TAKE),
        ("m ap vini", Verb.TAKE), ("yess", Verb.TAKE), ("okk", Verb.TAKE), ("comin", Verb.TAKE), ("cmoing", Verb.TAKE),
        ("acept", Verb.TAKE), ("👍", Verb.TAKE), ("👍🏽", Verb.TAKE), ("on it 👍", Verb.TAKE), ("ok 1", Verb.TAKE),
        ("1 please", Verb.TAKE), ("press 1", Verb.TAKE), ("no problem", Verb.TAKE), ("já vou", Verb.TAKE),
        ("Can’t, sorry", Verb.DECLINE), ("no, I can't", Verb.DECLINE), ("não posso", Verb.DECLINE),
        ("👎", Verb.DECLINE),
        ("no 2", Verb.DECLINE), ("Sorry! Driving.", Verb.DECLINE), ("with a ptient", Verb.DECLINE),
        ("I need help!!", Verb.HELP), ("please send somebody", Verb.HELP), ("Necesito ayuda", Verb.HELP),
        ("bezwen èd", Verb.HELP), ("help me please", Verb.HELP),
    ],
)  # fmt: skip
def test_as_people_write_it(words: str, verb: Verb) -> None:
    said = understood(words)
    assert said is not None
    assert said.verb is verb


@pytest.mark.parametrize(
    "words",
    [
        "yes but I can't", "on it tomorrow", "got it?", "yes?", "who's got it?", "who is on it", "is Ana on it",
        "not on it", "I'm not on it", "don't", "thanks", "thank you", "ok thanks", "received", "seen", "copy", "roger",
        "10-4", "yes to the meeting", "I can't find the code", "nobody can take it", "can you take it",
        "can somebody take it", "take it Ana", "Ben will take it", "he is on it", "got it wrong", "on it in 10 min",
        "in 5", "on my way home", "1 moment please", "1 2", "10", "11", "12", "01", "done for today", "not done",
        "HELP", "help", "ayuda", "info", "do you need help", "need help?", "he needs help", "she said she needs help",
        "help is coming", "can I help", "help my son won't wake up", "I want to die", "Sue", "Yeo", "STOP", "START", "",
        "?", "...", "482913 482914", "yes 482913 482914", "yes " * 20, "48291", "4829130", "yes 4829130",
    ],
)  # fmt: skip
def test_what_says_something_else_is_no_answer(words: str) -> None:
    """It takes nothing, passes nothing on, and calls nobody."""
    assert understood(words) is None


@pytest.mark.parametrize(
    ("words", "reply"),
    [
        ("1", PageReply(Verb.TAKE, keyed=True)),
        ("2", PageReply(Verb.DECLINE, keyed=True)),
        ("DONE", PageReply(Verb.DONE, keyed=True)),
        (CODE, PageReply(Verb.TAKE, CODE, keyed=True)),
        (f"1 {CODE}", PageReply(Verb.TAKE, CODE, keyed=True)),
        (f"{CODE} 2.", PageReply(Verb.DECLINE, CODE, keyed=True)),
        (f"done {CODE}!", PageReply(Verb.DONE, CODE, keyed=True)),
    ],
)
def test_keys_and_codes_are_never_words_for_a_caller(words: str, reply: PageReply) -> None:
    """So they count for somebody who writes with a caller also while nothing waits; words then don't."""
    assert understood(words) == reply


def test_no_name_on_the_list_of_words_is_one_of_the_carriers_own() -> None:
    """The carrier answers these by itself, and has blocked the phone."""
    own = {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "start", "unstop"}
    own |= {"help", "info"}
    assert own.isdisjoint(words for _, words in PHRASES)
    assert own.isdisjoint(word_lists("staff_replies")["around"]["words"])
