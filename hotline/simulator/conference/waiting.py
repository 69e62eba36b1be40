"""What somebody hears who is alone in a conference room."""

from __future__ import annotations

from hotline.simulator.asking.postman import Failure, Outcome, Postman, Webhook
from hotline.simulator.calls.call import Call, voice_parameters
from hotline.simulator.calls.playback import Playback, Prompt, prompts_of
from hotline.simulator.kernel import Kernel
from hotline.simulator.twiml.document import WAITING, XML_TYPES, BadTwiml, Element, parse

TWILIOS_MUSIC = Prompt("[hold music]", 30.0)


class HoldMusic:
    """Plays `wait_url`'s document round and round: None is Twilio's music, empty is silence."""

    def __init__(
        self, kernel: Kernel, postman: Postman, call: Call, room_sid: str, wait_url: str | None
    ) -> None:
        self._kernel = kernel
        self._postman = postman
        self._call = call
        self._room_sid = room_sid
        self._url = wait_url
        self._stopped = False
        self._playback: Playback | None = None

    def start(self) -> None:
        if self._url is None:
            self._play(Playback(self._kernel, self._call, iter([TWILIOS_MUSIC]), self.start))
        elif self._url:
            self._fetch(self._url)

    def stop(self) -> None:
        self._stopped = True
        if self._playback is not None:
            self._playback.stop()

    def _fetch(self, url: str) -> None:
        parameters = {**voice_parameters(self._kernel, self._call), "ConferenceSid": self._room_sid}
        webhook = Webhook("wait", url, parameters, self._call.sid)
        self._postman.post(webhook, lambda outcome: self._answered(url, outcome))

    def _answered(self, url: str, outcome: Outcome) -> None:
        if self._stopped or isinstance(outcome, Failure):
            return
        try:
            if outcome.headers.get("content-type", "").partition(";")[0].strip() not in XML_TYPES:
                raise BadTwiml("the wait document is not XML")
            verbs = parse(outcome.body, url, WAITING)
        except BadTwiml as error:
            self._kernel.violation(self._call.sid, url, str(error))
            return
        self._run(verbs)

    def _run(self, verbs: tuple[Element, ...]) -> None:
        """Play up to the first Redirect, or to the end and then ask again."""
        names = [verb.name for verb in verbs]
        turn = names.index("Redirect") if "Redirect" in names else len(verbs)
        following = verbs[turn].target() if turn < len(verbs) else self._url or ""
        if turn == 0 and not verbs:
            return
        prompts = prompts_of(self._kernel, verbs[:turn])
        self._play(Playback(self._kernel, self._call, prompts, lambda: self._fetch(following)))

    def _play(self, playback: Playback) -> None:
        if not self._stopped:
            self._playback = playback
            playback.start()
