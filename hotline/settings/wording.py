"""What may be said: a centre's own sentences and recordings, checked before anybody hears them.

Every problem is a sentence for whoever wrote the file, without its name. Nothing here is decided at the time of a call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from hotline.model import Channel, Language
from hotline.prompts.lengths import SEGMENT, beyond_gsm7, placeholders, seconds, segments
from hotline.prompts.prompts import Recordings, Sentences
from hotline.prompts.recordings import RecordedPrompt, Unplayable, read
from hotline.prompts.shipped import SECTIONS, STAFF, shipped
from hotline.settings.centre import LONGEST_NAME, TELLING_WORDS

LONGEST: Final[Mapping[str, float]] = {"first_words": 8, "menu": 20}
"""Seconds: whoever needs 911 must hear of it at once, and nobody remembers a longer menu."""
ALWAYS_FILLED: Final = frozenset({"NAME", "NUMBER"})
NAMELESS: Final = frozenset(
    {
        "asked_for_call",
        "calling_back",
        "discreet",
        "missed_your_call",
        "someone_else",
        "someone_else_key",
        "voicemail",
    }
)
"""Heard or read by whoever picks up: no name of ours, nothing about why we call."""
TELLING: Final = (*TELLING_WORDS, "adicci", "desintox", "recupera", "clínica", "adiksyon", "klinik", "dwòg")
"""In no text, for it shows on a locked screen (of staff, too), and in nothing that somebody else may hear."""
WIDEST: Final[Mapping[str, str]] = {
    "NAME": "N" * LONGEST_NAME,
    "NUMBER": "617-555-0100",
    "MIN": "120",
    "TIME": "12:30 PM EST",
    "DATE": "30 de septiembre",
    "FIRST": "Maximiliana",
    "WHO": "Maximiliana",
    "REF": "482913",
    "CODES": "482913, 571204, 660127, 903445",
    "COUNT": "100",
    "SHIFT": "coordinators, Wed 30 Sep 12:30-Wed 30 Sep 12:30",
    "BACK": "Wed 30 Sep 12:30-Wed 30 Sep 12:30",
    "WHERE": "coordinators",
    "NEED": "N" * 30,
    "FROM": "Wed 30 Sep 12:30",
    "UNTIL": "Wed 30 Sep 12:30 and longer",
}
"""The longest value that each placeholder of a text is counted with."""
_ANY_NUMBER: Final = re.compile(r"\d(?:-?\d)*")
_ADVICE: Final = frozenset({(Channel.VOICE, "guidance_2"), (Channel.TEXT, "emergency")})
"""Their small numbers are seconds and breaths, not keys."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a centre says in its own words or its own voice."""

    sentences: Sentences = field(default_factory=dict)
    recordings: Recordings = field(default_factory=dict)


def written(tables: Mapping[str, Any]) -> tuple[Sentences, tuple[str, ...]]:
    """The ``[prompts]`` of ``hotline.toml`` as sentences, and everything that is wrong with them, in words."""
    taken: dict[tuple[Language, Channel, str], str] = {}
    problems: list[str] = []
    for language, sections in tables.items():
        if language not in list(Language):
            problems.append(f"[prompts.{language}] is not a language: use {', '.join(Language)}.")
        elif not isinstance(sections, Mapping):
            problems.append(f"[prompts] {language} must hold tables such as [prompts.{language}.voice].")
        else:
            _language(Language(language), sections, taken, problems)
    return taken, tuple(problems)


def _language(
    language: Language,
    sections: Mapping[str, Any],
    taken: dict[tuple[Language, Channel, str], str],
    problems: list[str],
) -> None:
    known = {name: keys for name, keys in shipped(language).sections.items() if name in SECTIONS}
    for section, sentences in sections.items():
        place = f"[prompts.{language}.{section}]"
        if section not in known:
            english = " (staff hear and read English)" if section in STAFF else ""
            problems.append(f"{place} is not known{english}: use {', '.join(known)}.")
        elif not isinstance(sentences, Mapping):
            problems.append(f"{place} must hold sentences, each under the name of its prompt.")
        else:
            for key, words in sentences.items():
                wrong = list(_sentence(section, key, words, known[section]))
                problems += (f"{place} {key} {each}." for each in wrong)
                if not wrong:
                    taken[(language, SECTIONS[section], key)] = words


def _sentence(section: str, key: str, words: object, known: Mapping[str, str]) -> Iterator[str]:
    if key not in known:
        near = get_close_matches(key, known, n=1, cutoff=0.5)
        hint = f'the nearest is "{near[0]}"' if near else "`hotline prompts list` names them all"
        yield f"is not a prompt: {hint}"
        return
    if not isinstance(words, str) or not words.strip() or not words.isprintable():
        yield "must be one line of words in quotes"
        return
    try:
        used = placeholders(words)
    except ValueError:
        yield "has braces that hold no plain name: write {NAME} and the like, without anything else"
        return
    shipped_with = placeholders(known[key])
    allowed = shipped_with if key in NAMELESS else shipped_with | ALWAYS_FILLED
    for name in sorted(used - allowed):
        yield f"has {{{name}}}, which isn't known here: " + (_names(allowed) or "use none")
    for name in sorted(shipped_with - used):
        yield f"lacks {{{name}}}: callers need what is filled in there"
    yield from _kept(SECTIONS[section], key, words, known[key])
    yield from faults(SECTIONS[section], key, words)


def _names(allowed: Iterable[str]) -> str:
    names = ", ".join(f"{{{name}}}" for name in sorted(allowed))
    return f"use {names}" if names else ""


def _kept(channel: Channel, key: str, words: str, before: str) -> Iterator[str]:
    """Keys and emergency numbers can't get lost: a menu that forgets one is a dead end."""
    numbers = _ANY_NUMBER.findall(before)
    if (channel, key) in _ADVICE:
        numbers = [each for each in numbers if len(each) > 1]
    lost = [each for each in dict.fromkeys(numbers) if each not in _ANY_NUMBER.findall(words)]
    if lost:
        yield f"must say {' and '.join(lost)}, as the sentence that it replaces does"


def faults(channel: Channel, key: str, words: str) -> Iterator[str]:
    """What is wrong with the words of a prompt, whoever wrote them; its placeholders are known."""
    telling = next((word for word in TELLING if word in words.casefold()), None)
    if telling is not None and (channel is Channel.TEXT or key in NAMELESS):
        yield f'must not contain "{telling}": others may see or hear it'
    if channel is Channel.VOICE:
        yield from _too_long(key, seconds(words))
    if channel is not Channel.TEXT:
        return
    text = filled(words)
    if beyond_gsm7(text) and len(text) > SEGMENT:
        yield f"is {len(text)} letters long with its longest values: {SEGMENT} at most"
    elif not beyond_gsm7(text) and segments(text) > 1:
        yield f"is sent in {segments(text)} parts with its longest values: shorten it to one, {SEGMENT} letters"


def filled(words: str) -> str:
    """A text with the longest values in its places."""
    return words.format_map({name: WIDEST.get(name, "0") for name in placeholders(words)})


def _too_long(key: str, length: float) -> Iterator[str]:
    most = LONGEST.get(key)
    if most is not None and length > most:
        yield f"takes about {length:.1f} seconds: {most:.0f} at most"


def costly(words: str) -> str | None:
    """A warning, if letters beyond the GSM-7 table make a text be sent in several parts."""
    text = filled(words)
    letters = beyond_gsm7(text)
    if not letters or segments(text) == 1:
        return None
    return f"is sent in {segments(text)} parts because of {' '.join(letters)}"


def recorded(folder: Path, sentences: Sentences) -> tuple[Recordings, tuple[str, ...]]:
    """The recordings in a folder, ``<language>/<prompt>.mp3`` or ``.wav``, and what is wrong with them, in words.

    `sentences`: every one that is spoken. Files whose names begin with a dot are nobody's.
    """
    taken: dict[tuple[Language, str], RecordedPrompt] = {}
    problems: list[str] = []
    try:
        files = sorted(each for each in folder.rglob("*") if each.is_file() and not _hidden(each, folder))
    except OSError as unreadable:
        return {}, (f"{folder} can't be read ({unreadable.strerror}).",)
    for file in files:
        place = file.relative_to(folder)
        try:
            prompt, recording = _recording(file, place, sentences)
        except Unplayable as wrong:
            problems.append(f"{place} {wrong}.")
        except OSError as unreadable:
            problems.append(f"{place} can't be read ({unreadable.strerror}).")
        else:
            if prompt in taken:
                problems.append(f"{place} is there twice, also as {taken[prompt].name}: keep one.")
            taken[prompt] = recording
    return taken, tuple(problems)


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _recording(file: Path, place: Path, sentences: Sentences) -> tuple[tuple[Language, str], RecordedPrompt]:
    """Raises Unplayable and OSError."""
    if len(place.parts) != 2 or place.parts[0] not in list(Language):
        raise Unplayable(
            f"is in no language's folder: put it into {', '.join(f'{one}/' for one in Language)}"
        )
    language, key = Language(place.parts[0]), file.stem
    words = sentences.get((language, Channel.VOICE, key))
    if words is None:
        raise Unplayable("is named after no prompt: `hotline prompts list` names them all")
    if values := placeholders(words):
        names = ", ".join(f"{{{name}}}" for name in sorted(values))
        raise Unplayable(f"can't be a recording, for {names} in it changes from call to call: remove it")
    recording = read(file)
    for wrong in _too_long(key, recording.seconds):
        raise Unplayable(wrong)
    return (language, key), recording
