"""What callers and staff hear and read, in each language: how long it is, whose words it is, and read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from hotline.console.frame import polling
from hotline.console.frame.asking import current_application
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import Words, gettext
from hotline.model import Channel, Language
from hotline.operations.looking_back import sentence_history
from hotline.operations.looking_back.sentence_history import HeldSentence
from hotline.prompts import Prompts
from hotline.prompts.lengths import placeholders
from hotline.settings.sentences import Sentence, every_sentence

SECTIONS: Final[Mapping[str, str]] = Words(
    {
        "voice": "Said to callers",
        "text": "Texted to callers",
        "suggestions": "Suggested to whoever writes to them",
        "website": "Shown on the website",
        "script": "Read aloud by staff, in a talk",
        "staff_voice": "Said to staff",
        "staff_text": "Texted to staff",
    }
)


@dataclass(frozen=True, slots=True)
class PreviewedSentence:
    """One sentence, as it is heard or read."""

    key: str
    reference: str
    words: str
    """With the line's name and number in their places."""
    length: str
    how: str
    """Recorded, in the centre's words, or as it came."""
    aloud: bool
    held: tuple[HeldSentence, ...] = ()
    """What it said since which start, the latest first; empty if it always was as it came."""


@only(Right.SEE_SETTINGS)
def show_sentences(person: Person) -> ResponseReturnValue:
    """The whole page; `?language=` names one of those that are on."""
    return _drawn(person, "settings/sentences.html")


@only(Right.SEE_SETTINGS)
def live_sentences(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _drawn(person, "settings/sentences_live.html")


def _drawn(person: Person, template: str) -> ResponseReturnValue:
    application = current_application()
    languages = application.settings.centre.line.languages
    asked = request.args.get("language", "")
    language = next((one for one in languages if one.value == asked), languages[0])
    return polling.drawn(
        template,
        person,
        language=language,
        languages=languages,
        voice=application.settings.centre.voices.of(language).split()[-1],
        sections=_sections(application.prompts, language),
        titles=SECTIONS,
        now=application.clock(),
    )


def _sections(said: Prompts, language: Language) -> Mapping[str, list[PreviewedSentence]]:
    application = current_application()
    wording = application.settings.wording
    held = application.look(lambda transaction: sentence_history.look(transaction, said))
    found: dict[str, list[PreviewedSentence]] = {}
    for line in every_sentence(said, (language,)):
        how = (
            gettext("Recorded")
            if line.is_recorded(said)
            else gettext("Your words")
            if line.is_replaced(wording)
            else gettext("As it came")
        )
        preview = PreviewedSentence(
            line.key,
            line.reference,
            _filled(line, said),
            line.length(said),
            how,
            line.channel is Channel.VOICE,
            held.get((language, line.channel, line.key), ()),
        )
        found.setdefault(line.section, []).append(preview)
    return found


def _filled(line: Sentence, said: Prompts) -> str:
    """The line's own name and number; what changes from call to call stays in braces."""
    known = {**said.constants, **(said.spoken if line.channel is Channel.VOICE else {})}
    names = placeholders(line.words)
    return line.words.format_map({name: known.get(name, f"{{{name}}}") for name in names})
