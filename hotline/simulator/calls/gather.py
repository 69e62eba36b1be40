"""<Gather>: keys and words, and the silence when there are none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hotline.simulator.agenda import Appointment
from hotline.simulator.calls.call import Activity, Call
from hotline.simulator.calls.playback import Playback, prompts_of
from hotline.simulator.kernel import Kernel
from hotline.simulator.twiml.document import Element

AUTO_SPEECH_END = 1.0
"""Seconds of silence after which `speechTimeout="auto"` takes a sentence as finished."""


class Gather(Activity):
    """Listens while it speaks and for `timeout` seconds after; one result, or none."""

    def __init__(
        self,
        kernel: Kernel,
        call: Call,
        element: Element,
        submit: Callable[[Mapping[str, str]], None],
        give_up: Callable[[], None],
        partial: Callable[[Mapping[str, str]], None],
    ) -> None:
        self._kernel = kernel
        self._element = element
        self._submit = submit
        self._give_up = give_up
        self._partial = partial
        self._takes = element.get("input", "dtmf").split(" ")
        self._finish_key = element.get("finishOnKey", "#")
        self._timeout = float(element.seconds("timeout", 5))
        self._digits = ""
        self._words: list[str] = []
        self._speaking = True
        self._alarm: Appointment | None = None
        self._prompts = Playback(kernel, call, prompts_of(kernel, element.children), self._prompts_over)

    def start(self) -> None:
        self._prompts.start()

    def stop(self) -> None:
        self._prompts.stop()
        self._cancel_alarm()

    def key(self, digit: str) -> bool:
        """Take one key; False if this Gather doesn't listen to keys."""
        if "dtmf" not in self._takes:
            return False
        self._quiet()
        if digit == self._finish_key:
            self._keys_over(digit)
            return True
        self._digits += digit
        if len(self._digits) == self._element.seconds("numDigits", 0):
            self._keys_over("")
        else:
            self._alarm = self._kernel.after(self._timeout, lambda: self._keys_over(""))
        return True

    def speech(self, words: str, confidence: float) -> bool:
        """Take a sentence; False if this Gather doesn't listen to words, or not yet, or keys came first."""
        barred = self._speaking and not self._element.flag("bargeIn", True)
        if "speech" not in self._takes or barred or self._digits:
            return False
        self._quiet()
        self._words.append(words)
        said = " ".join(self._words)
        self._partial({"UnstableSpeechResult": said, "Stability": "0.9"})
        heard = {
            "SpeechResult": said,
            "Confidence": f"{confidence:.8g}",
            "Language": self._element.get("language", "en-US"),
        }
        self._alarm = self._kernel.after(self._speech_end(), lambda: self._finish(heard))
        return True

    def _speech_end(self) -> float:
        given = self._element.get("speechTimeout") or str(int(self._timeout))
        return AUTO_SPEECH_END if given == "auto" else float(given)

    def _prompts_over(self) -> None:
        self._speaking = False
        self._alarm = self._kernel.after(self._timeout, self._silence)

    def _keys_over(self, finished_on: str) -> None:
        if not self._digits:
            self._silence()
            return
        self._finish({"Digits": self._digits, "FinishedOnKey": finished_on, "msg": "Gather End"})

    def _silence(self) -> None:
        if self._element.flag("actionOnEmptyResult", False):
            empty = {"Digits": "", "FinishedOnKey": "", "msg": "Gather End"} if "dtmf" in self._takes else {}
            self._finish(empty if empty else {"SpeechResult": "", "Confidence": "0.0"})
            return
        self.stop()
        self._give_up()

    def _finish(self, result: Mapping[str, str]) -> None:
        self.stop()
        self._submit(result)

    def _quiet(self) -> None:
        """Something came: stop speaking, and stop waiting for it to come."""
        self._prompts.stop()
        self._speaking = False
        self._cancel_alarm()

    def _cancel_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
