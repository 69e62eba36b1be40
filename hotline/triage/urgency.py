"""What a message is about, and how surely: the reading that decides whether a clinician is paged.

Theory of operation
-------------------
A text, or what a recogniser heard, goes through six steps; each is data that can be read and corrected.

1. `reading.words`: one spelling for every way of typing; sentences kept apart.
2. `reading.spelling`: slang written out, slips of the thumb put right, in four languages.
3. `reading.cries`: what very short messages are, by a table.
4. `reading.concepts`: which things are spoken of (breathing, blue lips, naloxone, goodbye, a class, a film), from
   `reading/lexicon/*.toml`; figures of speech and denials cover what they only seem to say.
5. `reading.rules`: the phrase grammar of `reading/rules.toml` ("NEG 3 WAKE"), with what holds a rule back: long
   ago, a lesson, a film, a supposition. Some of its rules are only hints.
6. `reading.opinion`: how likely danger is, learned from invented messages and ordinary real talk.

**Danger needs a witness that can be named.** A cry of the table pages; a rule that fits pages, unless the score finds
next to nothing dangerous in the message; a hint pages where the score finds danger likely. The score alone pages
nobody: what it finds without a witness a person reads (ASK), and so are rules that it doubts. An opt-out needs both the
phrase and the score. docs/adr/0012 tells how it came to this.

When unsure between urgent and not, a person reads it at once; when unsure whether it's an opt-out, it isn't. No clock,
no chance, no network: the same words always mean the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from hotline.model import Danger, KeptWord, Language, Line
from hotline.triage.menu import MENU
from hotline.triage.reading.about_themselves import without_secrets
from hotline.triage.reading.concepts import Span, UnderstoodMessage, understood
from hotline.triage.reading.cries import Cry, courtesy, cry_of
from hotline.triage.reading.endangered import danger_of
from hotline.triage.reading.opinion import Opinion, opinion
from hotline.triage.reading.optouts import Asked, asked, hesitation, objection
from hotline.triage.reading.rules import Hit, hits
from hotline.triage.reading.words import NOT
from hotline.triage.texts.auto_replies import is_reaction
from hotline.triage.texts.keywords import Kind, key_of, kind_of


class Label(KeptWord):
    """What a message is about, in the order in which one beats the next."""

    EMERGENCY = "emergency"
    SUICIDE = "suicide"
    ASK = "ask_a_person"
    """Nothing that can be named, or nothing that is borne out; yet a person must read it at once."""
    OPT_OUT = "opt_out"
    HELP = "help"
    ADMISSIONS = "admissions"
    FAMILY = "family"
    STOP_LIKE = "stop_like_not_optout"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message is about. The reason quotes the message: it is as private as the message is."""

    label: Label
    confidence: float
    """0 to 1. Of urgent ones and of those for a person a probability of danger; of the others an ordering."""
    reason: str
    """Which words, and what they were taken for."""
    named: bool = False
    """Whether a cry or a rule says so, and not only a hint with a score: what pages within a talk, too.

    Of one that a person is asked to read: whether a rule found danger in it, against which the score speaks.
    """
    danger: Danger = Danger.UNSAID
    """Of urgent ones: what it is, as far as they tell."""

    @property
    def urgent(self) -> bool:
        """Whether a clinician must be paged."""
        return self.label in (Label.EMERGENCY, Label.SUICIDE)


PERSON: Final = 0.02
"""Probability from which a person reads it at once, whatever else it may be: forty needless readings for one missed."""
_BELIEVED: Final = 0.045
"""Probability from which a rule that fits is believed: of the message, or of just the sentences by which it does."""
_PLAINLY: Final = 0.3
"""Probability from which the sentence of a hint speaks for itself."""
_FEW: Final = 5
"""Words: a shorter message has no room for what would explain a rule away. Courtesy (`cries.toml`) takes up none."""
_OPT_OUT: Final = 0.15
"""How likely the score must find an opt-out before words for one unsubscribe anybody."""
_OPT_OUT_IN_TALK: Final = 0.45
"""The same in more than a short sentence, where the words may be about somebody else's texts."""
_ASKED: Final = 0.1
"""The same where the grammar of such wishes finds one, and nothing in its sentence against it."""
_ALL_THE_SAME: Final = 0.9
"""The same where the grammar finds somebody or some time that may speak against it."""
_SILENCE: Final = 0.1
"""Probability of danger from which a wish that the grammar finds may be a goodbye."""
_SENTENCE: Final = 6
"""Words of a short sentence."""
_BY_ITS_WHOLE: Final = 0.9
"""How likely, where neither grammar nor phrase is found: no message of others that is none came near it."""
_CALM: Final = 0.01
"""Probability of danger from which the score alone unsubscribes nobody."""
_NOT_OVER: Final = ("NEG", "BARELY", "HYPO", "TOOK", "INGEST", "SWALLOW", "PILLS", "SUBSTANCE", "MUCH")
"""What keeps a telling of relief from being one: a denial, a supposition, more that was taken."""
_UNTIL: Final = frozenset(
    [
        "if",
        "whether",
        "until",
        "till",
        "til",
        "unless",
        "si",
        "hasta",
        "cuando",
        "se",
        "ate",
        "quando",
        "jis",
        "jiskaske",
    ]
)
"""Words before it that make it a wish, or a question."""
_SURE: Final = 0.97
_AGAINST_OPT_OUT: Final = ("STILL_WANT", "OPT_COND", "SIGN", "WEAK", "OUT", "COLOUR", "FLOOR")
"""Whoever asks for fewer messages and tells of a body may need something else than silence."""
_QUIET: Final = (Label.HELP, Label.ADMISSIONS, Label.FAMILY, Label.STOP_LIKE, Label.OTHER)
_PLAIN: Final = 12
"""Words of a wish that needs no more explaining."""
_ANOTHER_WISH: Final = 0.16
"""Probability of danger from which a wish to stop may not be one for treatment."""
_BESIDE: Final = 4
"""Words between stopping, and what is stopped."""
_WISHES: Final = ("WANT", "CRY", "GIVEN", "NEG")
"""Wanting it, asking for help with it, needing it, not being able to."""
_USING: Final = ("SUBSTANCE", "DEPRESSANT", "USE_ABOUT", "OPIOID")
_OTHER_WISHES: Final = (
    "OPT_OUT", "OPT_TOPIC", "REMOTE", "RELATIVE", "HARMLESS", "FICTION", "TOPIC", "LOGISTICS", "PAST",
)  # fmt: skip
"""Texts, somebody else, coffee, a book, the way to us, or long ago."""
_OF_LINE: Final = {
    Line.EMERGENCY: Label.EMERGENCY,
    Line.ADMISSIONS: Label.ADMISSIONS,
    Line.FAMILY: Label.FAMILY,
    Line.PERSON: Label.OTHER,
}
_OF_KIND: Final = {
    Kind.STOP: Label.OPT_OUT,
    Kind.START: Label.OTHER,
    Kind.HELP: Label.HELP,
    Kind.YES: Label.OTHER,
    Kind.NO: Label.OTHER,
    Kind.THANKS: Label.OTHER,
    Kind.GREETING: Label.OTHER,
    Kind.EMERGENCY: Label.EMERGENCY,
    Kind.ADMISSIONS: Label.ADMISSIONS,
    Kind.FAMILY: Label.FAMILY,
    Kind.PERSON: Label.OTHER,
}
_OPTIONS: Final = {
    "OPTION1": Label.EMERGENCY,
    "OPTION2": Label.ADMISSIONS,
    "OPTION3": Label.FAMILY,
}


def classify(text: str, language: Language | None = None) -> Reading:
    """What a text message or a speech transcript is about. Never raises, whatever the text is.

    `language` is the one that the sender is likely to write: a hint only, but digit words are read in it alone.
    """
    whole = _as_keyword(text, language or Language.EN)
    if whole is not None:
        return whole
    if is_reaction(text):
        return Reading(Label.OTHER, _SURE, "a telephone's note that somebody reacted to another message")
    message = understood(text, language)
    cry = cry_of(message.words, language or Language.EN)
    fit, thought = _without_what_is_kept_secret(hits(message), text, language), opinion(message)
    end = asked(message, language or Language.EN)
    if end is not None and end.against is None:
        # "opt me out of everything": what asks for the end of texts is no sign of anything else.
        fit = [hit for hit in fit if hit.end <= end.span.start or end.span.end <= hit.start]
    return (
        _by_table(message, cry, fit, thought)
        or _by_rule(message, cry, fit, thought)
        or _opted_out(message, end, fit, thought, language or Language.EN)
        or _chosen(message)
        or _wants_to_stop(message, fit, thought)
        or _for_a_person(message, fit, cry, thought)
        or _their_own(text, language, thought)
        or _ordinary(thought)
    )


def _without_what_is_kept_secret(fit: list[Hit], text: str, language: Language | None) -> list[Hit]:
    """Whoever must not hear of it is no sign of a leave-taking: "don't tell my mom" hints at nothing."""
    rest = without_secrets(text) if any(hit.hint for hit in fit) else None
    if rest is None:
        return fit
    left = {(hit.name, hit.said) for hit in hits(understood(rest, language))}
    return [hit for hit in fit if not hit.hint or (hit.name, hit.said) in left]


def load() -> None:
    """Read lexicons, rules and weights now: nobody's first message should have to wait for them."""
    classify("is anybody brethng")


def _as_keyword(text: str, language: Language) -> Reading | None:
    kind = kind_of(text, language)
    if kind is not None:
        return Reading(
            _OF_KIND[kind], _SURE, f"the whole message is a word for {kind.value}", kind is Kind.EMERGENCY
        )
    key = key_of(text, language)
    if key is not None:
        label = _OF_LINE[MENU[key]] if key in MENU else Label.OTHER
        return Reading(label, _SURE, f"the whole message is the key {key}", label is Label.EMERGENCY)
    return None


def _by_table(
    message: UnderstoodMessage, cry: Cry | None, fit: list[Hit], thought: Opinion
) -> Reading | None:
    """What very short messages are, where the table has them."""
    whole = " ".join(word.text for word in message.words)
    match cry:
        case Cry.URGENT:
            of = {hit.label for hit in fit} or {_worse(thought)}
            label = Label.EMERGENCY if of != {Label.SUICIDE.value} else Label.SUICIDE
            why = f"a cry for help: “{whole}”"
            return Reading(label, _SURE, why, named=True, danger=_danger(label, message, _plainest(fit)))
        case Cry.PLEA:
            label, sure = Label(_worse(thought)), round(max(thought.danger, 0.5), 2)
            why = f"a plea: “{whole}”"
            return Reading(label, sure, why, danger=_danger(label, message, _plainest(fit)))
        case Cry.ASK:
            return Reading(Label.ASK, round(thought.danger, 2), f"may be a cry for help: “{whole}”")
        case Cry.CALM | None:
            return None


def _by_rule(message: UnderstoodMessage, cry: Cry | None, fit: list[Hit], thought: Opinion) -> Reading | None:
    if cry is Cry.CALM:
        return None
    for hint in (False,) if _relief(message) else (False, True):
        for label in (Label.EMERGENCY, Label.SUICIDE):
            own = [
                hit
                for hit in fit
                if hit.label == label.value
                and hit.hint is hint
                and _danger_at(message, hit, thought) >= hit.least
            ]
            if own and (hint or _is_believed(message, own, thought)):
                sure = thought.danger if hint else max(thought.danger, 0.5)
                meant = Label(_worse(thought)) if hint else label
                probable = round(min(sure, 0.99), 2)
                danger = _danger(meant, message, own)
                if hint and danger is Danger.UNSAID:
                    danger = Danger.OTHER  # more was said than a cry, and none of it is an overdose
                return Reading(meant, probable, _reasons(own), named=not hint, danger=danger)
    return None


def _danger(label: Label, message: UnderstoodMessage, fit: Sequence[Hit]) -> Danger:
    return Danger.SUICIDE if label is Label.SUICIDE else danger_of(message, fit)


def _plainest(fit: Sequence[Hit]) -> list[Hit]:
    """What rules find in a cry: the hints among them only if nothing else does."""
    urgent = [hit for hit in fit if hit.label == Label.EMERGENCY.value]
    return [hit for hit in urgent if not hit.hint] or urgent


def _relief(message: UnderstoodMessage) -> Span | None:
    """Where it is told that danger is over ("thanks, he breathes now"), and nothing beside it says that it isn't.

    It is told after danger, mostly in the thread of one: nobody is paged anew by what it hints at; a person reads it.
    """
    if message.asks or any(map(message.has, _NOT_OVER)):
        return None
    told = next(iter(message.concepts.get("RELIEF", ())), None)
    waits = told is not None and any(word.text in _UNTIL for word in message.words[: told.start])
    return None if waits else told


def _danger_at(message: UnderstoodMessage, hit: Hit, thought: Opinion) -> float:
    """How likely danger is in the message, or in just the sentences of a hint: courtesy must explain nothing away.

    Alone, a sentence is read as a statement; so where something is asked, a faint hint goes by the whole.
    """
    faint = hit.least >= _PLAINLY and message.asks
    if not hit.hint or faint or thought.danger >= hit.least or thought.danger < PERSON:
        return thought.danger
    alone = opinion(message.part(message.sentences_around(hit.start, hit.end))).danger
    return alone if alone >= _PLAINLY else thought.danger


def _is_believed(message: UnderstoodMessage, own: list[Hit], thought: Opinion) -> bool:
    """Whether the score sees anything dangerous too: in the whole, or plainly in just the sentences that a rule found.

    Other business in the same message must explain nothing away, and a wish for silence least of all. A few words are
    nothing but what the rule found.
    """
    few = sum(word.text not in courtesy() for word in message.words) <= _FEW
    if thought.danger >= _BELIEVED or message.has("OPT_OUT") or few or any(hit.sure for hit in own):
        return True
    parts = {message.sentences_around(hit.start, hit.end) for hit in own}
    return any(opinion(part).danger >= _BELIEVED for part in map(message.part, parts))


def _worse(thought: Opinion) -> str:
    return max((Label.EMERGENCY.value, Label.SUICIDE.value), key=lambda one: thought.likely[one])


def _for_a_person(
    message: UnderstoodMessage, fit: list[Hit], cry: Cry | None, thought: Opinion
) -> Reading | None:
    """What nothing that can be named bears out, what a rule alone says, or what is over; a person reads it at once."""
    doubted = [hit for hit in fit if hit.person or not hit.hint]
    relief = _relief(message)
    if cry is Cry.CALM or (thought.danger < PERSON and not doubted and not relief):
        return None
    why = _reasons(doubted) if doubted else _likeness(Label(_worse(thought)), thought)
    if relief and not doubted:
        why = f"told that it is over: “{message.said(relief)}”"
    return Reading(Label.ASK, round(thought.danger, 2), f"unsure: {why}", named=bool(doubted))


def _reasons(found: Iterable[Hit]) -> str:
    return "; ".join(f"{hit.name}: “{hit.said}”" for hit in list(found)[:3])


def _likeness(label: Label, thought: Opinion) -> str:
    said = ", ".join(f"“{feature}”" for feature in thought.because(label)) or "its whole"
    return f"reads like {label.value} by {said}"


def _opted_out(
    message: UnderstoodMessage, end: Asked | None, fit: list[Hit], thought: Opinion, language: Language
) -> Reading | None:
    """The end of texts, in any words: what the grammar finds, or a phrase that the score bears out; nothing against.

    Where neither is found, the score alone may be sure enough of the whole message.
    """
    likely = thought.likely[Label.OPT_OUT]
    if end is not None and end.goodbye:
        why = f"“{message.said(end.span)}”, and may be a goodbye: “{end.against}”"
        return Reading(Label.ASK, round(thought.danger, 2), why)
    if end is not None:
        least = 0 if end.plain else _ASKED
        alone = message.part(message.sentences_around(end.span.start, end.span.end))
        likely = max(likely, opinion(alone).likely[Label.OPT_OUT])
        said, against = message.said(end.span), end.against
        if end.perhaps and likely >= _ALL_THE_SAME:
            against = None
    else:
        if likely >= _BY_ITS_WHOLE and (surely := _opted_out_by_its_whole(message, fit, thought, language)):
            return surely
        asked_for = message.concepts.get("OPT_OUT", ()) or _bare_stops(message)
        if not asked_for:
            return None
        span = next((one for one in asked_for if not _is_denied(message, one)), None)
        said = message.said(span or asked_for[0])
        least = _OPT_OUT if len(message.words) <= _SENTENCE else _OPT_OUT_IN_TALK
        against = "not" if span is None else _against_opt_out(message) or objection(message, span, language)
    against = against or _danger_beside(fit)
    quiet = PERSON if end is None else _SILENCE
    if against is None and (thought.danger >= quiet or any(hit.person for hit in fit)):
        return None  # a polite goodbye may be one for ever: a person reads it at once
    if against is None and likely < least:
        against = "the rest of the message"
    if against is not None:
        return Reading(Label.STOP_LIKE, 0.7, f"“{said}”, but “{against}”: not surely an opt-out")
    return Reading(Label.OPT_OUT, 0.95, f"wants no more messages: “{said}”")


def _opted_out_by_its_whole(
    message: UnderstoodMessage, fit: list[Hit], thought: Opinion, language: Language
) -> Reading | None:
    """What the score is sure of: with no danger, nobody else, no question, and no wish to go on in it."""
    if thought.danger >= _CALM or message.asks or _danger_beside(fit) or hesitation(message, language):
        return None
    return Reading(Label.OPT_OUT, 0.9, _likeness(Label.OPT_OUT, thought))


def _is_denied(message: UnderstoodMessage, span: Span) -> bool:
    """Whether a "not" stands before these words; "no, no more texts" only begins twice."""
    first = message.words[span.start]
    before = (word.text for word in message.words[: span.start] if word.clause == first.clause)
    return any(word in NOT and word != first.text for word in before)


def _danger_beside(fit: list[Hit]) -> str | None:
    """What a rule finds beside the wish for silence."""
    return next((hit.said for hit in fit if not hit.hint), None)


def _against_opt_out(message: UnderstoodMessage) -> str | None:
    """What speaks against it where only a phrase was found: a body, or a wish to go on."""
    concept = next((one for one in _AGAINST_OPT_OUT if message.has(one)), None)
    return None if concept is None else message.said(message.concepts[concept][0])


def _bare_stops(message: UnderstoodMessage) -> tuple[Span, ...]:
    """A stop word as a whole sentence beside one about messages: "Wrong number. STOP"."""
    if not message.has("OPT_TOPIC") or message.has("WANT_STOP") or message.has("SUBSTANCE"):
        return ()
    alone = []
    for span in message.concepts.get("OPT_WORD", ()):
        sentence = message.words[span.start].sentence
        size = sum(word.sentence == sentence for word in message.words)
        if size == span.end - span.start:
            alone.append(span)
    return tuple(alone)


def _chosen(message: UnderstoodMessage) -> Reading | None:
    """A menu choice in a few words more than a key: "the second one please"."""
    for concept, label in _OPTIONS.items():
        spans = message.concepts.get(concept, ())
        if spans and _nothing_else(message, spans[0]):
            why = f"chooses from the menu: “{message.said(spans[0])}”"
            return Reading(label, 0.9, why, named=label is Label.EMERGENCY)
    return None


def _nothing_else(message: UnderstoodMessage, span: Span) -> bool:
    small = {at for one in message.concepts.get("OPTION", ()) for at in range(one.start, one.end)}
    return all(at in small or span.start <= at < span.end for at in range(len(message.words)))


def _wants_to_stop(message: UnderstoodMessage, fit: list[Hit], thought: Opinion) -> Reading | None:
    """A plain wish to stop using, in few words: the score has seen so many wishes for silence that it doubts it.

    Nor is it a wish to stop living, unless a rule fits or the score finds that likely.

    It asks for treatment, in whatever words: "I want to stop" is nobody's wish for fewer messages.
    """
    if thought.danger >= _ANOTHER_WISH or any(not hit.hint for hit in fit):
        return None
    plain = len(message.words) <= _PLAIN and any(map(message.has, _WISHES))
    if not plain or any(map(message.has, _OTHER_WISHES)) or _quiet_label(thought) is Label.FAMILY:
        return None
    using = [span for concept in _USING for span in message.concepts.get(concept, ())]
    for span in message.concepts.get("WANT_STOP", ()):
        said = next((one for one in using if abs(one.start - span.start) <= _BESIDE), None)
        if said is not None:
            return Reading(Label.ADMISSIONS, 0.9, f"wants to stop: “{message.said(span)}”")
    return None


def _quiet_label(thought: Opinion) -> Label:
    return max(_QUIET, key=lambda one: thought.likely[one])


def _their_own(text: str, language: Language | None, thought: Opinion) -> Reading | None:
    """What seems to be about somebody else, and only must be kept from them: "I can't stop, don't tell my mom"."""
    rest = without_secrets(text) if _quiet_label(thought) is Label.FAMILY else None
    if not rest:
        return None
    message = understood(rest, language)
    alone = opinion(message)
    return _wants_to_stop(message, [], alone) or _ordinary(alone)


def _ordinary(thought: Opinion) -> Reading:
    label = _quiet_label(thought)
    whole = sum(thought.likely[one] for one in _QUIET)
    return Reading(label, round(thought.likely[label] / whole, 2), _likeness(label, thought))
