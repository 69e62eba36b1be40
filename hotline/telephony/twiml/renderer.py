"""Answers as TwiML: a pure rendering, decided nowhere but here and deciding nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from hotline import paths
from hotline.dialling import may_be_dialled
from hotline.model import Channel, Language, PhoneNumber
from hotline.operations import answers
from hotline.operations.answers import NAMES_STAR, Answer, Question, StaffAnswer, Then
from hotline.prompts import Prompts, Utterance
from hotline.settings.centre import Centre
from hotline.telephony.twiml.voices import voice_of
from hotline.triage.meaning import Meaning
from hotline.triage.numbers import spoken, written
from hotline.triage.turn import Spoken

RETRY: Final = "#ct=2000&rt=4000&rc=2&rp=all"
"""Twilio asks again, twice, when we can't be reached within 2 s or don't answer within 4 s, or with an error."""

_BRIEF: Final = 1
_STAFF_SILENCE: Final = 6
_STAR_SILENCE: Final = 3
"""The caller is alone meanwhile."""
_MOMENT: Final = 2
_SETTLED: Final = 6
"""Seconds after which whoever pressed 1 is alone for longer: longer than a redirect of either side takes."""
_NUMBER_SILENCE: Final = 10


def _key_of(answer: StaffAnswer) -> str:
    match answer.question:
        case Question.ACCEPT:
            return paths.page_key(answer.page, answer.tries)
        case Question.OUTCOME:
            return paths.page_outcome(answer.page, answer.tries)
        case Question.WHO:
            return paths.page_who(answer.page, answer.tries)
        case Question.STAR:
            return paths.page_star(answer.page, answer.stay, answer.tries)
        case Question.DIRECTORY:
            return paths.page_directory(answer.page, answer.offered, answer.stay)
        case Question.ASIDE:
            return paths.page_aside_key(answer.page, answer.stay, answer.tries)


@dataclass(frozen=True, slots=True)
class Renderer:
    """Turns answers into words and TwiML."""

    prompts: Prompts
    centre: Centre
    root: str = ""
    """The path part of our public address, without a slash at its end."""

    def _at(self, path: str) -> str:
        return f"{self.root}{path}{RETRY}"

    # --- callers -----------------------------------------------------------------------------------------------

    def voice(self, answer: Answer) -> str:
        """A turn of a call."""
        response = VoiceResponse()
        action = self._at(paths.turn(answer.contact, answer.next_turn))
        answer = replace(answer, say=self._numbered(answer, spoken))
        match answer.then:
            case Then.LISTEN | Then.LISTEN_NUMBER:
                self._listen(response, answer, action)
            case Then.JOIN:
                self._say(response, answer.say, answer.language)
                self._join(response, str(answer.room), action, wait=paths.moment(answer.contact), ends=True)
            case Then.DIAL:
                self._dial(response, answer, action)
            case Then.END:
                self._say(response, answer.say, answer.language)
                response.hangup()
            case Then.REST:
                self._say(response, answer.say, answer.language)
            case Then.WAIT:
                self._say(response, answer.say, answer.language)
                response.pause(length=_MOMENT)
        return str(response)

    def text(self, answer: Answer, message: str | None) -> str:
        """The reply to a text; `message` is the id under which its delivery is reported."""
        return self.reply(self.words(answer), message)

    def words(self, answer: Answer) -> str:
        """The words of a reply to a text; empty if there is none."""
        said = (
            self.prompts.text(one.prompt, Channel.TEXT, answer.language, one.values)
            for one in self._numbered(answer, written)
        )
        return " ".join(said)

    def _numbered(self, answer: Answer, shown: Callable[[PhoneNumber], str]) -> tuple[Spoken, ...]:
        """The words, with the number of ours that they are about."""
        number = ("NUMBER", shown(self.centre.line.used(answer.ours)))
        return tuple(replace(one, values=(number, *one.values)) for one in answer.say)

    def reply(self, words: str, message: str | None) -> str:
        """One text message, or nothing."""
        response = MessagingResponse()
        if words:
            status = {"status_callback": self._at(paths.text_status(message))} if message else {}
            response.message(words, **status)
        return str(response)

    def _listen(self, response: VoiceResponse, answer: Answer, action: str) -> None:
        number = answer.then is Then.LISTEN_NUMBER
        options: dict[str, Any] = {"finish_on_key": "#"} if number else {"num_digits": 1, "finish_on_key": ""}
        after_words = answers.silence(answer.wait, self.centre.waits)
        gather = Gather(
            input="dtmf speech",
            action=action,
            method="POST",
            timeout=_NUMBER_SILENCE if number else max(1, int(after_words.total_seconds())),
            action_on_empty_result=True,
            language=voice_of(self.centre.voices, answer.language).locale,
            hints=self.prompts.hints(answer.language, number=number),
            **options,
        )
        self._say(gather, answer.say, answer.language)
        response.append(gather)
        response.redirect(action, method="POST")

    def _say(self, verb: VoiceResponse | Gather, words: tuple[Spoken, ...], language: Language) -> None:
        for one in words:
            self._utter(verb, self.prompts.say(one.prompt, one.language or language, one.values))

    def _utter(self, verb: VoiceResponse | Gather, utterance: Utterance) -> None:
        sound = utterance.recording
        if sound is not None:
            verb.play(self.root + paths.recording(sound.digest, utterance.language, sound.name))
        else:
            voice = voice_of(self.centre.voices, utterance.language)
            verb.say(utterance.words, voice=voice.name, language=voice.locale)

    def _join(
        self,
        response: VoiceResponse,
        room: str,
        action: str,
        *,
        wait: str,
        ends: bool = False,
        listens: bool = False,
        **dialled: bool,
    ) -> None:
        """`wait`: what they hear alone; `ends`: the room is over when they leave it; `listens`: they can't be heard,
        begin no talk, and a tone tells the others when they come and go."""
        dial = Dial(action=action, method="POST", **dialled)
        dial.conference(
            room,
            start_conference_on_enter=not listens,
            end_conference_on_exit=ends,
            beep="true" if listens else "false",
            **({"muted": True} if listens else {}),
            wait_url=self._at(wait),
            wait_method="POST",
        )
        response.append(dial)

    def _dial(self, response: VoiceResponse, answer: Answer, action: str) -> None:
        allowed = [one for one in answer.dial if may_be_dialled(one.number)]
        if not allowed:
            # An empty <Dial> is an error, and the caller would be cut off: they are listened to, and asked again.
            self._listen(response, answer, action)
            return
        self._say(response, answer.say, answer.language)
        dial = self._ring(action, self.centre.line.pages_from)
        for one in allowed:
            about = answer.contact
            screen = paths.failsafe_asked(about) if one.staff is None else paths.screen(about, one.staff)
            dial.number(one.number.e164, url=self._at(screen), method="POST")
        response.append(dial)

    def _ring(self, action: str, shown: PhoneNumber) -> Dial:
        return Dial(
            action=action,
            method="POST",
            timeout=int(self.centre.waits.self_dial_ring.total_seconds()),
            caller_id=shown.e164,
            answer_on_bridge=True,
        )

    # --- staff -------------------------------------------------------------------------------------------------

    def staff(self, answer: StaffAnswer, wait: str = paths.WAITING) -> str:
        """A turn of a leg of a member of staff. `wait`: what they hear alone in a room."""
        response = VoiceResponse()
        if answer.then is Then.LISTEN:
            waited_for = answer.question in (Question.STAR, Question.DIRECTORY, Question.ASIDE)
            patience = _STAR_SILENCE if waited_for else _STAFF_SILENCE
            patience = patience if answer.say else _BRIEF
            self._ask_key(response, answer.say, self._at(_key_of(answer)), patience)
            return str(response)
        if answer.then is Then.JOIN:
            after = self._at(paths.page_after(answer.page, answer.stay))
            if NAMES_STAR.isdisjoint(one.prompt for one in answer.say):
                self._say(response, answer.say, Language.EN)
            else:
                self._while_said(response, answer.say, after)
            self._join(response, str(answer.room), after, wait=wait, hangup_on_star=True)
        else:
            self._say(response, answer.say, Language.EN)
            response.hangup()
        return str(response)

    def _while_said(self, response: VoiceResponse, words: tuple[Spoken, ...], action: str) -> None:
        """These words, and a key that is pressed meanwhile; then on with what follows."""
        gather = Gather(
            input="dtmf",
            num_digits=1,
            finish_on_key="",
            action=action,
            method="POST",
            timeout=_BRIEF,
            action_on_empty_result=False,
        )
        self._say(gather, words, Language.EN)
        response.append(gather)

    def _ask_key(
        self,
        response: VoiceResponse,
        words: tuple[Spoken, ...],
        action: str,
        silence: int = _STAFF_SILENCE,
        digits: int = 1,
    ) -> None:
        gather = Gather(
            input="dtmf",
            num_digits=digits,
            finish_on_key="",
            action=action,
            method="POST",
            timeout=silence,
            action_on_empty_result=True,
        )
        self._say(gather, words, Language.EN)
        response.append(gather)
        response.redirect(action, method="POST")

    def screen(self, *words: Spoken, action: str, digits: int = 1) -> str:
        """What somebody hears whom a caller's own leg has dialled, or an interpreter: only a key connects. Also staff
        who call us, of whom so many `digits` are asked."""
        response = VoiceResponse()
        self._ask_key(response, words, self._at(action), digits=digits)
        return str(response)

    def interpret(self, room: str, after: str, wait: str = paths.WAITING) -> str:
        """An interpreter, or whom a caller is handed to, joins a room, and leaves it when they or the caller do.

        `wait`: what they hear alone in it.
        """
        response = VoiceResponse()
        self._join(response, room, self._at(after), wait=wait)
        return str(response)

    def listen(self, room: str, after: str) -> str:
        """A trainee hears the talk in a room, and leaves it by * or when it is over."""
        response = VoiceResponse()
        self._join(response, room, self._at(after), wait=paths.SILENCE, listens=True, hangup_on_star=True)
        return str(response)

    def connect(self) -> str:
        """The end of the screening: they are connected."""
        return str(VoiceResponse())

    def goodbye(self, *words: Spoken) -> str:
        """A few words, and the end of a leg that isn't a caller's."""
        response = VoiceResponse()
        self._say(response, words, Language.EN)
        response.hangup()
        return str(response)

    def waiting(self) -> str:
        """What a member of staff hears alone in a room.

        Nothing at first: whoever they wait for comes in a moment; or has just gone, and they are told that.
        """
        response = VoiceResponse()
        response.pause(length=_SETTLED)
        self._say(response, (Spoken("still_calling"),), Language.EN)
        response.pause(length=_MOMENT)
        return str(response)

    def hand_off_waiting(self) -> str:
        """What somebody hears alone in a room to whom a caller is handed over."""
        response = VoiceResponse()
        self._say(response, (Spoken("hand_off_wait"),), Language.EN)
        response.pause(length=_MOMENT)
        return str(response)

    def silence(self) -> str:
        """What somebody hears alone in a room whom no machine may speak to."""
        response = VoiceResponse()
        response.pause(length=_MOMENT)
        return str(response)

    def moment(self) -> str:
        """What a caller hears alone in a room while we can't know their language."""
        response = VoiceResponse()
        self._say(response, (Spoken("one_moment"),), Language.EN)
        response.pause(length=_MOMENT)
        return str(response)

    # --- when we are broken ------------------------------------------------------------------------------------

    def failsafe(self, words: str = "failsafe") -> str:
        """No database: the 911 sentence, and the failsafe number, from the caller's own leg. Promises nothing.

        `words`: others, for whom nothing may be said that tells what this is about.
        """
        response = VoiceResponse()
        self._say(response, (Spoken(words),), Language.EN)
        number: PhoneNumber = self.centre.line.failsafe_number
        dial = self._ring(self._at(paths.FAILSAFE_AGAIN), self.centre.line.numbers[0])
        dial.number(number.e164, url=self._at(paths.FAILSAFE_SCREEN), method="POST")
        response.append(dial)
        return str(response)

    def once_more(self, path: str, *words: str) -> str:
        """The database is well and only busy: these words, and the carrier asks the same again."""
        response = VoiceResponse()
        self._say(response, tuple(map(Spoken, words)), Language.EN)
        response.redirect(self._at(path), method="POST")
        return str(response)

    def failsafe_text(self, meaning: Meaning | None, ours: str) -> str:
        """No database: what can be said to a texter. `meaning`: of their words, if these are in the journal; `ours`:
        the number that they texted.

        Those of an emergency promise a call; else nothing is promised.
        """
        key = meaning.value if meaning in (Meaning.EMERGENCY, Meaning.SUICIDE) else "failsafe"
        number = ("NUMBER", written(self.centre.line.used(ours)))
        return self.reply(self.prompts.text(key, Channel.TEXT, values=[number]), None)
