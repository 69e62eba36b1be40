"""The pages on which anybody asks to be called: the form, a second step for whoever may be no person, and what follows.

Nobody is refused in silence: who is too quick, has no script, or has filled in what nobody sees gets the second step,
which reads the number back. Every page says first what to do in danger.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, cast
from zoneinfo import ZoneInfo

import structlog
from flask import Response, abort, current_app, make_response, render_template, request
from markupsafe import Markup, escape

from hotline import paths
from hotline.callbacks.daytime import offered_times
from hotline.model import Channel, Language, When
from hotline.operations.transaction import Application, new_id
from hotline.operations.website import asking_for_call
from hotline.operations.website.asking_for_call import CallMeForm, NotAsked
from hotline.prompts import version_of
from hotline.settings.elsewhere.far_ends import far_end, home_of
from hotline.store.database import StoreError
from hotline.triage.numbers import written as number_written
from hotline.website import written_form
from hotline.website.form_tokens import FormTokens, ShownForm, is_worked_for
from hotline.website.written_form import EMERGENCY, LINES, TakenForm, WrittenForm

_log = structlog.get_logger("hotline.website")
HOUSE: Final = "hotline.website"
NAMES: Final[Mapping[Language, str]] = {
    Language.EN: "English",
    Language.ES: "Español",
    Language.PT: "Português",
    Language.HT: "Kreyòl ayisyen",
}
"""Each in itself."""
_TRAP: Final = "website"
"""A field that no person sees, and that programs fill in."""
_LONGEST_TOKEN: Final = 1000
_SHORT_NUMBERS: Final = re.compile(r"\b(911|988)\b")


@dataclass(frozen=True, slots=True)
class CallMePage:
    """What every page is made with: in one language, for one request."""

    application: Application
    language: Language

    def say(self, key: str, **values: str) -> str:
        """The sentence, filled in."""
        return self.application.prompts.text(key, Channel.WEBSITE, self.language, values.items())

    def aloud(self, key: str) -> str:
        """What a caller hears in an emergency, to be read."""
        return self.application.prompts.text(key, Channel.VOICE, self.language)

    def dial(self, key: str, **values: str) -> Markup:
        """The sentence, with every number in it as a link that a telephone dials."""
        number = self.application.settings.centre.line.numbers[0]
        words = _SHORT_NUMBERS.sub(r'<a href="tel:\1">\1</a>', str(escape(self.say(key, **values))))
        ours = str(escape(number_written(number)))
        return Markup(words.replace(ours, f'<a href="tel:{number.e164}">{ours}</a>'))  # noqa: S704 - escaped above

    @property
    def languages(self) -> tuple[Language, ...]:
        """What the line speaks."""
        return self.application.settings.centre.line.languages

    @property
    def times(self) -> tuple[When, ...]:
        """What may be chosen, where the centre is."""
        place = ZoneInfo(self.application.settings.centre.line.timezone)
        return (When.NOW, *offered_times(self.application.clock(), (place,)))

    def shown(self, template: str, status: int = 200, **more: object) -> Response:
        """A page."""
        settings = self.application.settings.centre.call_me
        words = render_template(
            template,
            say=self.say,
            dial=self.dial,
            aloud=self.aloud,
            language=self.language,
            languages=self.languages,
            names=NAMES,
            lines=LINES,
            emergency=EMERGENCY,
            home=paths.CALL_ME,
            here=f"{paths.CALL_ME}/{self.language}",
            leave_to=settings.leave_to,
            privacy=settings.privacy,
            trap=_TRAP,
            **more,
        )
        response = make_response(words, status)
        response.headers["Content-Language"] = self.language.value
        response.headers["Vary"] = "Accept-Language"
        return response

    # --- consent -----------------------------------------------------------------------------------------------

    @property
    def version(self) -> str:
        """Of the words in which consent is asked for now."""
        asked = [self.say(key) for key in ("consent_call", "consent_message", "consent_text")]
        return version_of("\n".join(asked))

    def agreed(self, form: WrittenForm) -> str:
        """Those of them that were ticked."""
        ticked = {"consent_call": form.agreed, "consent_message": form.message, "consent_text": form.text}
        return "\n".join(self.say(key) for key, one in ticked.items() if one)

    # --- the form ----------------------------------------------------------------------------------------------

    @property
    def tokens(self) -> FormTokens:
        """Signs forms."""
        return FormTokens(self.application.settings.secret_key.get_secret_value())

    def form(self, form: WrittenForm, wrong: Mapping[str, str], status: int, said: str = "") -> Response:
        """The form, new, with what was filled in. `wrong`: prompts by field; `said`: one about all of it."""
        shown = ShownForm(new_id(), self.application.clock(), self.version)
        return self.shown(
            "call_me_form.html",
            status,
            form=form,
            wrong=wrong,
            said=said,
            times=self.times,
            token=self.tokens.made(shown),
            work=shown.id,
        )

    def check(self, form: WrittenForm, taken: TakenForm, shown: ShownForm, wrong: str = "") -> Response:
        """The second step."""
        token = self.tokens.for_check(shown, taken.number, self.application.clock())
        digits = number_written(taken.number)
        return self.shown("number_check.html", form=form, digits=digits, token=token, wrong=wrong)


def page(language: str | None = None) -> CallMePage:
    """In the language of the address, or else the one that the browser asks for; 404 for one that the line lacks."""
    application = cast(Application, current_app.extensions[HOUSE])
    spoken = application.settings.centre.line.languages
    if language is not None:
        found = next((one for one in spoken if one.value == language), None)
        return CallMePage(application, found) if found is not None else abort(404)
    wanted = request.accept_languages.best_match([one.value for one in spoken])
    return CallMePage(application, Language(wanted) if wanted else spoken[0])


def show(language: str | None = None) -> Response:
    """The form."""
    here = page(language)
    return here.form(WrittenForm(language=here.language.value), {}, 200)


def danger(language: str) -> Response:
    """What to do in an emergency: nothing is queued, and that is said."""
    here = page(language)
    return here.shown("danger.html", form=WrittenForm(language=here.language.value))


def send(language: str | None = None) -> Response:
    """The form is sent, or its second step."""
    here = page(language)
    form = written_form.written(request.form, here.language)
    if form.line == EMERGENCY:
        return here.shown("danger.html", form=form)
    if "change" in request.form:
        return here.form(form, {}, 200)
    shown = here.tokens.read(request.form.get("token", "")[:_LONGEST_TOKEN], here.application.clock())
    taken, wrong = written_form.taken(form, here.application.settings.centre.line)
    if taken is None:
        return here.form(form, wrong, 400)
    if shown is None or shown.version != here.version:
        return here.form(form, {}, 400, "error_stale")
    return _check(here, form, taken, shown) or _ask(here, form, taken, shown)


def _check(here: CallMePage, form: WrittenForm, taken: TakenForm, shown: ShownForm) -> Response | None:
    """The second step, if it is still to be taken."""
    quick = shown.is_quick(here.application.clock())
    if not shown.is_for(taken.number):
        alone = is_worked_for(shown, request.form.get("proof", "")) and not request.form.get(_TRAP)
        return None if alone and not quick and not shown.checked else here.check(form, taken, shown)
    digits = "".join(sign for sign in request.form.get("digits", "")[:_LONGEST_TOKEN] if sign.isdecimal())
    if digits != taken.number.e164[-2:]:
        return here.check(form, taken, shown, "check_wrong")
    return here.check(form, taken, shown, "check_soon") if quick else None


def _ask(here: CallMePage, form: WrittenForm, taken: TakenForm, shown: ShownForm) -> Response:
    asked = CallMeForm(
        id=shown.id,
        number=taken.number,
        line=taken.line,
        language=taken.language,
        when=taken.when,
        message_safe=form.message,
        text_safe=form.text,
        agreed=here.agreed(form),
        name=taken.name,
        origin=_origin(here.application),
    )
    try:
        answer = here.application.change(partial(asking_for_call.ask, form=asked))
    except StoreError as away:
        _log.warning("a form could not be kept", reason=type(away).__name__)
        return here.form(form, {}, 503, "error_away")
    if answer is NotAsked.TOO_MANY:
        return here.form(form, {}, 429, "error_too_many")
    if isinstance(answer, NotAsked):
        return here.form(form, {}, 409, "error_changed")
    return here.shown("sent.html", promise=here.dial(answer.told, MIN=str(answer.minutes)))


def _origin(application: Application) -> str:
    proxies = application.settings.centre.console.trusted_proxies
    return home_of(far_end(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""), proxies))
