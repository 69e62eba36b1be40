"""Speaking: how long prompts last, and what is heard when."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from hotline.simulator.agenda import Appointment
from hotline.simulator.calls.call import Activity, Call
from hotline.simulator.kernel import Kernel
from hotline.simulator.twiml.document import Element

WORDS_A_MINUTE = 150
PLAY_SECONDS = 3.0


@dataclass(frozen=True)
class Prompt:
    """A caption (empty: silence) and how long it takes."""

    words: str
    seconds: float
    language: str = ""


def seconds_to_say(words: str) -> float:
    """At 150 words a minute; at least one second. `9-1-1` counts as three words."""
    return max(len(re.findall(r"[\w']+", words)) * 60 / WORDS_A_MINUTE, 1.0)


def prompts_of(kernel: Kernel, elements: Iterable[Element]) -> Iterator[Prompt]:
    """The prompts of Say, Play and Pause elements, one after the other; loop 0 never ends."""
    for element in elements:
        loops = element.seconds("loop", 1)
        prompt = _prompt(kernel, element)
        yield from itertools.repeat(prompt) if loops == 0 else itertools.repeat(prompt, loops)


def _prompt(kernel: Kernel, element: Element) -> Prompt:
    if element.name == "Pause":
        return Prompt("", float(element.seconds("length", 1)))
    if element.name == "Say":
        return Prompt(element.text, seconds_to_say(element.text), element.get("language"))
    if "digits" in element.attributes:
        return Prompt(f"[tones: {element.get('digits')}]", 0.5 * len(element.get("digits")))
    known = kernel.recordings.get(element.target())
    if known is not None:
        return Prompt(known.words, known.seconds)
    return Prompt(f"[recording: {PurePosixPath(urlsplit(element.target()).path).name}]", PLAY_SECONDS)


class Playback(Activity):
    """Plays prompts on a call, then calls `done`. The activity of Say, Play and Pause."""

    def __init__(
        self, kernel: Kernel, call: Call, prompts: Iterator[Prompt], done: Callable[[], None]
    ) -> None:
        self._kernel = kernel
        self._call = call
        self._prompts = prompts
        self._done = done
        self._alarm: Appointment | None = None

    def start(self) -> None:
        prompt = next(self._prompts, None)
        if prompt is None:
            self._call.handset.hears_nothing()
            self._done()
            return
        self._call.handset.hears(prompt.words, prompt.seconds, language=prompt.language)
        self._alarm = self._kernel.after(prompt.seconds, self.start)

    def stop(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._call.handset.hears_nothing()
