"""A leg's TwiML program: fetching documents and carrying out their verbs, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from hotline.simulator.asking.overrides import without_fragment
from hotline.simulator.asking.postman import Failure, Outcome, Webhook
from hotline.simulator.calls.call import Activity, Call, CallStatus, voice_parameters
from hotline.simulator.calls.dial import DialNumbers
from hotline.simulator.calls.gather import Gather
from hotline.simulator.calls.playback import Playback, Prompt, prompts_of, seconds_to_say
from hotline.simulator.calls.switchboard import Switchboard
from hotline.simulator.conference.room_leg import DialRoom
from hotline.simulator.twiml.document import VOICE, XML_TYPES, BadTwiml, Element, parse

APPLICATION_ERROR = "An application error has occurred. Goodbye."
PARSE_FAILURE = 12100


class Script:
    """Runs on one call until its document ends; `on_finished` then ends the call, unless set otherwise."""

    def __init__(self, exchange: Switchboard, call: Call) -> None:
        self._exchange = exchange
        self._kernel = exchange.kernel
        self._call = call
        self._verbs: list[Element] = []
        self._errand = 0
        self.activity: Activity | None = None
        self.url = ""
        self.on_finished: Callable[[], None] = self.complete

    def complete(self) -> None:
        """The document is at its end: so is the call."""
        self._exchange.end(self._call, CallStatus.COMPLETED)

    def begin(self, url: str, twiml: str) -> None:
        """Start with a URL, or with TwiML that was given by REST."""
        if url:
            self.fetch(url)
        else:
            self._run(twiml, "")

    def interrupt(self) -> None:
        """Drop what is being done, and what is being fetched."""
        self._errand += 1
        self._verbs = []
        if self.activity is not None:
            busy, self.activity = self.activity, None
            busy.stop()

    def hung_up(self) -> None:
        """The leg is over."""
        self._errand += 1
        self._verbs = []
        if self.activity is not None:
            busy, self.activity = self.activity, None
            busy.leg_gone()

    def key(self, digit: str) -> bool:
        return self.activity is not None and self.activity.key(digit)

    def speech(self, words: str, confidence: float) -> bool:
        return self.activity is not None and self.activity.speech(words, confidence)

    # -- documents --------------------------------------------------------------------------------------

    def fetch(self, url: str, extra: Mapping[str, str] | None = None, *, last_resort: bool = False) -> None:
        """Ask `url` what to do next; a failure asks the call's fallback URL, once."""
        self.activity = None
        self._errand += 1
        errand = self._errand

        def answered(outcome: Outcome) -> None:
            if errand == self._errand and not self._call.over:
                self._answered(url, outcome, last_resort)

        self._post(url, extra, answered)

    def _post(self, url: str, extra: Mapping[str, str] | None, then: Callable[[Outcome], None]) -> None:
        parameters = {**voice_parameters(self._kernel, self._call), **(extra or {})}
        self._exchange.postman.post(Webhook("voice", url, parameters, self._call.sid), then)

    def tell(self, url: str, extra: Mapping[str, str]) -> None:
        """Ask a URL although nobody is there any more to hear the answer."""
        self._post(url, extra, lambda outcome: None)

    def _answered(self, url: str, outcome: Outcome, last_resort: bool) -> None:
        if isinstance(outcome, Failure):
            self._fail_over(url, outcome, last_resort)
            return
        content_type = outcome.headers.get("content-type", "").partition(";")[0].strip()
        if content_type not in XML_TYPES:
            self._refuse(url, f"content type {content_type!r} is not XML")
        elif not outcome.body.strip():
            self._fail_over(url, Failure(PARSE_FAILURE, "empty document"), last_resort)
        else:
            self._run(outcome.body, url)

    def _fail_over(self, url: str, failure: Failure, last_resort: bool) -> None:
        fallback = self._call.entry.fallback_url
        if not fallback or last_resort:
            self._application_error()
            return
        error = {"ErrorCode": str(failure.code), "ErrorUrl": without_fragment(url)}
        self.fetch(fallback, error, last_resort=True)

    def _run(self, document: str, url: str) -> None:
        try:
            verbs = parse(document, url, VOICE)
        except BadTwiml as error:
            self._refuse(url, str(error))
            return
        self.url = url
        self._verbs = list(verbs)
        self.next()

    def _refuse(self, where: str, what: str) -> None:
        self._kernel.violation(self._call.sid, where, what)
        self._application_error()

    def refuse(self, what: str) -> None:
        """A verb can't be carried out: the application broke a rule that only shows now."""
        self._refuse(self.url, what)

    def _application_error(self) -> None:
        self._verbs = []
        self.on_finished = self.complete
        self._exchange.answer_line(self._call)
        prompt = Prompt(APPLICATION_ERROR, seconds_to_say(APPLICATION_ERROR))
        self._be(Playback(self._kernel, self._call, iter([prompt]), self.complete))

    # -- verbs ------------------------------------------------------------------------------------------

    def next(self) -> None:
        """Carry out the next verb; at the end of the document, finish."""
        self.activity = None
        if self._call.over:
            return
        if not self._verbs:
            if self.on_finished == self.complete:
                self._exchange.answer_line(self._call)
            self.on_finished()
            return
        verb = self._verbs.pop(0)
        if verb.name not in {"Reject", "Pause", "Redirect"} and not verb.flag("answerOnBridge", False):
            self._exchange.answer_line(self._call)
        self._carry_out(verb)

    def _carry_out(self, verb: Element) -> None:
        match verb.name:
            case "Say" | "Play" | "Pause":
                self._be(Playback(self._kernel, self._call, prompts_of(self._kernel, [verb]), self.next))
            case "Gather":
                self._be(self._gather(verb))
            case "Redirect":
                self.fetch(verb.target())
            case "Hangup":
                self.complete()
            case "Reject":
                self._reject(verb)
            case "Dial":
                self._dial(verb)

    def _be(self, activity: Activity) -> None:
        self.activity = activity
        activity.start()

    def _gather(self, verb: Element) -> Gather:
        partial_url = verb.url("partialResultCallback")

        def partial(heard: Mapping[str, str]) -> None:
            if partial_url:
                parameters = {**voice_parameters(self._kernel, self._call), **heard, "SequenceNumber": "0"}
                self._exchange.postman.post(Webhook("partial", partial_url, parameters, self._call.sid))

        def submit(result: Mapping[str, str]) -> None:
            self.fetch(verb.url("action") or self.url, result)

        return Gather(self._kernel, self._call, verb, submit, self.next, partial)

    def _reject(self, verb: Element) -> None:
        if self._call.direction != "inbound" or self._call.answered_at is not None:
            self.refuse("<Reject> on a call that isn't a new incoming one")
            return
        busy = verb.get("reason", "rejected") == "busy"
        self._exchange.end(self._call, CallStatus.BUSY if busy else CallStatus.NO_ANSWER)

    def _dial(self, verb: Element) -> None:
        caller_id = verb.get("callerId", self._call.from_)
        known: Iterable[str] = {*self._kernel.numbers, self._call.from_, self._call.to}
        if caller_id not in known:
            self.refuse(f"<Dial callerId={caller_id!r}> is none of the account's numbers")
        elif verb.children[0].name == "Conference":
            self._be(DialRoom(self._exchange, self._call, verb, self.dialled))
        else:
            self._be(DialNumbers(self._exchange, self._call, verb, self.dialled))

    def dialled(self, verb: Element, result: Mapping[str, str]) -> None:
        """A <Dial> is over: its action is asked, or the next verb is carried out."""
        action = verb.url("action")
        if self._call.over:
            if action is not None:
                self.tell(action or self.url, result)
        elif action is not None:
            self.fetch(action or self.url, result)
        else:
            self.next()
