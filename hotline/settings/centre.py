"""What one centre decides for itself: the shape of ``hotline.toml``, with every default.

Each table of the file is one class here, each key one field; ``docs/settings.md`` explains them to operators.
Durations are :class:`datetime.timedelta`; phone numbers are written as E.164 (``+`` and digits).
"""

import ipaddress
import re
from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import phonenumbers
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    model_validator,
)

from hotline.dialling import Flaw, full_number, refusal
from hotline.durations import parse_duration
from hotline.model import Language, Line, PhoneNumber
from hotline.phrases import Phrase, Phrases, folded, of_several_words, phrase
from hotline.settings.elsewhere.call_me_settings import CallMeTable
from hotline.settings.events_settings import EventsTable
from hotline.settings.keeping_settings import BackupsTable, RetentionTable
from hotline.settings.sign_on_settings import SingleSignOnTable

_Thing = TypeVar("_Thing")

LONGEST_NAME = 10
"""Longer names push the first words of a call past their time and a text into a second segment."""

LONGEST_LABEL = 30
"""Of what a number is known for: read by a machine in two seconds, and no more than a chip on a card."""

TELLING_WORDS = ("recovery", "rehab", "addiction", "detox", "clinic")
"""A name is heard and read by whoever holds the caller's phone; none of these may be in it."""


def _neutral(name: str) -> str:
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ValueError(f"must be 1 to {LONGEST_NAME} characters long")
    if not name.isprintable() or name != name.strip():
        raise ValueError("must be plain words without spaces around them")
    told = next((word for word in TELLING_WORDS if word in name.lower()), None)
    if told is not None:
        raise ValueError(f'must not contain "{told}": others may see it on the caller\'s phone')
    return name


def _phone(written: object) -> PhoneNumber:
    if isinstance(written, PhoneNumber):
        return written
    number = full_number(written) if isinstance(written, str) else Flaw.NOT_FULL
    exact = isinstance(written, str) and re.fullmatch(r"\+[1-9]\d{6,14}", written, re.ASCII)
    match number if exact or number is Flaw.EMERGENCY else Flaw.NOT_FULL:
        case PhoneNumber() as number:
            return number
        case Flaw.EMERGENCY:
            raise ValueError(
                "must never be an emergency number: it would reach the dispatch centre of your number's registered "
                "address, not the caller's; write the full number of a telephone that one of you answers, such as "
                '"+16175550199"'
            )
        case Flaw.NEVER_DIALLED:
            raise ValueError(
                "is an emergency, premium or satellite number, or nobody's: such are never dialled"
            )
        case Flaw.NOT_POSSIBLE:
            raise ValueError("is not a possible phone number in its country: check its digits")
        case _:
            raise ValueError('must be a full number with country code and no spaces, such as "+16175550100"')


def zone(name: str) -> str:
    """The name of a place's time zone. Raises ValueError for what is none, or knows no summer time."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = get_close_matches(name, available_timezones(), n=1, cutoff=0.6)
        hint = f'did you mean "{near[0]}"?' if near else 'use a name such as "America/New_York"'
        raise ValueError(f"is not a time zone; {hint}") from None
    if ("/" not in name or name.startswith("Etc/")) and name not in ("UTC", "Etc/UTC"):
        raise ValueError('knows no place, and no summer time: use one such as "America/New_York"')
    return name


def _country(code: str) -> str:
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError('is not a country; use two capital letters such as "US"')
    return code


def _without_repeats(given: tuple[_Thing, ...]) -> tuple[_Thing, ...]:
    if len(set(given)) != len(given):
        raise ValueError("must not name anything twice")
    return given


def _phone_if_any(written: object) -> PhoneNumber | None:
    return None if written in ("", None) else _phone(written)


def _network(written: str) -> str:
    try:
        return str(ipaddress.ip_network(written))
    except ValueError:
        raise ValueError('is not an address or a network; write it such as "10.0.0.0/8"') from None


def _written(pattern: str, what: str) -> AfterValidator:
    """A check that a text is of this form; `what`: the form in words, with an example."""

    def check(written: str) -> str:
        if not re.fullmatch(pattern, written):
            raise ValueError(what)
        return written

    return AfterValidator(check)


def _is_positive(duration: timedelta) -> timedelta:
    if duration <= timedelta(0):
        raise ValueError("must be longer than nothing")
    return duration


Pause = Annotated[timedelta, BeforeValidator(parse_duration)]
"""A duration that may be ``"0s"``, which switches the waiting off."""

Duration = Annotated[timedelta, BeforeValidator(parse_duration), AfterValidator(_is_positive)]
"""A duration longer than nothing."""
Networks = Annotated[tuple[Annotated[str, AfterValidator(_network)], ...], AfterValidator(_without_repeats)]
Phone = Annotated[PhoneNumber, PlainValidator(_phone)]
PhoneIfAny = Annotated[PhoneNumber | None, PlainValidator(_phone_if_any)]
"""A number, or `""` for none."""
Country = Annotated[str, AfterValidator(_country)]
Numbers = Annotated[tuple[Phone, ...], Field(min_length=1), AfterValidator(_without_repeats)]
Languages = Annotated[tuple[Language, ...], Field(min_length=1), AfterValidator(_without_repeats)]
Countries = Annotated[tuple[Country, ...], Field(min_length=1), AfterValidator(_without_repeats)]
Voice = Annotated[
    str,
    _written(
        r"[A-Za-z][A-Za-z0-9._-]* [a-z]{2,3}-[A-Z]{2}",
        'must be a voice and its locale with a space between, such as "Polly.Joanna-Neural en-US"',
    ),
]
"""A voice of the carrier's and the locale that it speaks in, with a space between."""
AddressIfAny = Annotated[
    str,
    _written(r"(https://\S+)?", 'must begin with https:// and have no space in it; write "" for none'),
]
"""Elsewhere on the web, or `""` for none."""
WallTime = Annotated[
    str,
    _written(
        r"([01][0-9]|2[0-3]):[0-5][0-9]",
        'must be a time of day by 24 hours, with four digits, such as "22:00" or "07:30"',
    ),
]
"""A time on the clock on the wall."""
Delays = Annotated[tuple[Duration, ...], Field(min_length=1)]
_Phrase = Annotated[Phrase, PlainValidator(phrase)]
OwnPhrases = Annotated[tuple[_Phrase, ...], Field(max_length=200), AfterValidator(_without_repeats)]
LongerPhrases = Annotated[
    tuple[Annotated[_Phrase, AfterValidator(of_several_words)], ...],
    Field(max_length=200),
    AfterValidator(_without_repeats),
]

_lasting = parse_duration


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _label(name: str) -> str:
    if not 1 <= len(name) <= LONGEST_LABEL or not name.isprintable() or name != name.strip():
        raise ValueError(
            f"must be 1 to {LONGEST_LABEL} characters, plain words without spaces around them: it is read to staff"
        )
    return name


def _line_for_silence(written: object) -> Line:
    for line in (Line.ADMISSIONS, Line.FAMILY, Line.PERSON):
        if written == line:
            return line
    raise ValueError('must be "admissions", "family" or "person"; emergencies have key 1 on every number')


class PublishedNumber(_Table):
    """What one of our numbers is known for: on a programme's page, a flyer in another language, families' card."""

    number: Phone
    """One of the line's `numbers`."""
    name: Annotated[str, AfterValidator(_label)]
    """Staff see and hear it; callers never do."""
    line: Annotated[Line, PlainValidator(_line_for_silence)] = Line.PERSON
    """With which whoever presses and says nothing is connected."""
    language: Language | None = None
    """Spoken to whoever is new to us; None: the line's first."""


class LineTable(_Table):
    """Who answers, on which numbers; the only table with keys that must be given."""

    name: Annotated[str, AfterValidator(_neutral)]
    numbers: Numbers
    """Ours at the carrier. Callers are rung back and written to from the one that they used; staff from the first."""
    registered_name: Annotated[str, Field(max_length=80)] = ""
    """Under which the business is registered: said by a machine that calls (47 CFR 64.1200(b)); empty: `name` is it."""
    failsafe_number: Phone
    """Rung by the carrier itself when nothing of ours answers; must be no number of ours."""
    interpreter_number: PhoneIfAny = None
    """Rung into a talk by `*2`: whoever answers there presses 1, is told the language, and nothing else."""
    paging_number: PhoneIfAny = None
    """A number of ours at the carrier from which staff are called and texted, and nobody else is."""
    staff_number: PhoneIfAny = None
    """A number of ours at the carrier for staff phones: what it offers opens with a PIN."""
    published: tuple[PublishedNumber, ...] = ()
    """What some of `numbers` are known for; the others are for everything."""
    timezone: Annotated[str, AfterValidator(zone)] = "America/New_York"
    languages: Languages = (Language.EN,)
    countries: Countries = ("US",)
    """Where callers' numbers may be: everything else costs money or is fraud, and is as good as withheld. `US` means
    its territories, too."""

    @property
    def business(self) -> str:
        """The name that a machine of ours says first."""
        return self.registered_name or self.name

    @model_validator(mode="after")
    def _failsafe_is_another_phone(self) -> "LineTable":
        if self.failsafe_number in self.numbers:
            raise ValueError("failsafe_number must not be one of numbers: the call would come back to us")
        if self.interpreter_number in self.numbers:
            raise ValueError("interpreter_number must not be one of numbers: the call would come back to us")
        if self.staff_number in (*self.numbers, self.failsafe_number):
            raise ValueError("staff_number must not be one of numbers: callers would be asked for a PIN")
        if self.paging_number in (*self.numbers, self.failsafe_number):
            raise ValueError(
                "paging_number must not be one of numbers: staff let exactly that one through at night"
            )
        return self

    @model_validator(mode="after")
    def _published_are_ours(self) -> "LineTable":
        for one in self.published:
            if one.number not in self.numbers:
                raise ValueError(f'published: {one.number.e164} is none of numbers ("{one.name}")')
            if one.language is not None and one.language not in self.languages:
                raise ValueError(f'published: "{one.language}" is none of languages ("{one.name}")')
        for what, said in (
            ("number", [one.number.e164 for one in self.published]),
            ("name", [one.name.casefold() for one in self.published]),
        ):
            if len(set(said)) != len(said):
                raise ValueError(f"published: the same {what} stands there twice")
        return self

    @property
    def own(self) -> tuple[PhoneNumber, ...]:
        """Every number of ours at the carrier, those that callers know first."""
        others = dict.fromkeys(one for one in (self.paging_number, self.staff_number) if one is not None)
        return (*self.numbers, *others)

    @property
    def pages_from(self) -> PhoneNumber:
        """Which number staff's phones show when they are called or texted."""
        return self.paging_number or self.numbers[0]

    @property
    def leaves_from(self) -> tuple[PhoneNumber, ...]:
        """The numbers of ours from which calls and texts leave."""
        return tuple(dict.fromkeys((*self.numbers, self.pages_from)))

    def used(self, written: str) -> PhoneNumber:
        """That one of our numbers; the first one if it isn't (any more) one of them."""
        plain = written.rpartition(":")[2]
        return next((one for one in self.numbers if one.e164 == plain), self.numbers[0])

    def known_for(self, written: str) -> PublishedNumber | None:
        """What that one of our numbers is known for; None: for everything, or it isn't (any more) one of them."""
        plain = written.rpartition(":")[2]
        return next((one for one in self.published if one.number.e164 == plain), None)

    @property
    def ours(self) -> tuple[PhoneNumber, ...]:
        """What is never rung or texted as a caller's: a call to ourselves would come back."""
        return (*self.own, self.failsafe_number)

    def reaches(self, number: PhoneNumber) -> bool:
        """Whether a caller with this number may be rung and texted."""
        return refusal(number, self.countries, self.ours) is None


class Opening(StrEnum):
    """Who speaks first to whoever answers when a caller is rung back."""

    PERSON = "person"
    """The coordinator; no machine says a word."""
    KEY = "key"
    """A machine, which asks for a key before anybody is connected."""


class CallbacksTable(_Table):
    """How callers are rung back."""

    opening: Opening = Opening.PERSON


class PromisesTable(_Table):
    """How soon a human is promised, per line."""

    person: Duration = _lasting("10m")
    admissions: Duration = _lasting("15m")
    family: Duration = _lasting("30m")
    thread: Duration = _lasting("2m")
    """A text that a person must read."""


class WaitsTable(_Table):
    """How long each moment of a call lasts."""

    menu_silence: Duration = _lasting("7s")
    hold_loop: Duration = _lasting("10s")
    live_answer: Pause = _lasting("60s")
    """Ringing coordinators while the caller holds; ``"0s"`` offers a callback at once."""
    self_dial_unpaged: Duration = _lasting("5s")
    self_dial_unanswered: Duration = _lasting("60s")
    self_dial_ring: Duration = _lasting("20s")
    staff_ring: Duration = _lasting("25s")
    caller_ring: Duration = _lasting("45s")
    claim_lease: Duration = _lasting("15m")
    emergency_untouched: Duration = _lasting("15m")
    talk_counts_after: Duration = _lasting("20s")
    confirm_silence: Duration = _lasting("6s")


class RetriesTable(_Table):
    """When somebody is tried again; the last delay of a list is followed by a supervisor, not by silence."""

    no_answer: Delays = tuple(map(_lasting, ("15m", "1h", "4h", "1d")))
    busy: Delays = tuple(map(_lasting, ("5m", "15m", "1h", "4h")))
    emergency_callback: Delays = tuple(map(_lasting, ("2m", "5m", "10m")))
    asked_later: Duration = _lasting("1h")
    staff_round_pause: Duration = _lasting("60s")


class ShiftsTable(_Table):
    """Rest and hours of the staff, when they change their shifts; ``"0s"``: no limit."""

    rest: Pause = _lasting("8h")
    """At least, between two times of duty."""
    longest: Pause = _lasting("24h")
    """Duty without a pause. A turn as it was planned is never too long by itself."""
    weekly: Pause = _lasting("0s")
    """Duty in any seven days."""


class TextsTable(_Table):
    """Caps against loops and floods; emergencies are answered above any cap."""

    replies_per_hour: Annotated[int, Field(ge=1, le=1000, strict=True)] = 10
    """To one number."""
    replies_per_hour_overall: Annotated[int, Field(ge=1, le=100_000, strict=True)] = 300
    """To all numbers together."""
    thread_quiet: Duration = _lasting("24h")
    redact_at_provider: Annotated[bool, Field(strict=True)] = False
    """Texts are emptied at the carrier when they have arrived, and pictures deleted when a thread has gone quiet."""


class ReadingTable(_Table):
    """Phrases of the centre's own: "words" in any language, or "es: words" in one."""

    must_page: OwnPhrases = ()
    must_never_page: LongerPhrases = ()
    """Words that alone are no danger here. They hold back a page that nothing but a hint with a score asks for."""

    @model_validator(mode="after")
    def _not_both(self) -> "ReadingTable":
        pages = [folded(one.words) for one in self.must_page]
        both = next((one.words for one in self.must_never_page if folded(one.words) in pages), None)
        if both is not None:
            raise ValueError("must_page and must_never_page have the same phrase: take it out of one of them")
        return self

    @property
    def phrases(self) -> Phrases:
        """Both lists."""
        return Phrases(self.must_page, self.must_never_page)


class FloodsTable(_Table):
    """How many calls one number may make; the emergency key works above any cap."""

    calls_per_hour: Annotated[int, Field(ge=1, le=1000, strict=True)] = 30
    calls_at_once: Annotated[int, Field(ge=1, le=100, strict=True)] = 3


class SpendingTable(_Table):
    """Calls and texts to callers that leave by themselves in 24 hours. Emergencies and staff are never held back."""

    calls_per_day: Annotated[int, Field(ge=1, le=100_000, strict=True)] = 500
    texts_per_day: Annotated[int, Field(ge=1, le=1_000_000, strict=True)] = 2000


class CarrierTable(_Table):
    """How the carrier's REST interface is used."""

    request_timeout: Duration = _lasting("5s")
    calls_per_second: Annotated[float, Field(gt=0, le=100, strict=True)] = 1
    calls_fallback: AddressIfAny = ""
    """The carrier's own answer (a TwiML Bin) to whoever calls us, while nothing of ours answers."""
    called_fallback: AddressIfAny = ""
    """The same on calls that we place to callers."""
    staff_fallback: AddressIfAny = ""
    """The same for calls that we place to staff and interpreters."""


class GuardTable(_Table):
    """How people are let sleep, as long as somebody else can be rung."""

    night_begins: WallTime = "22:00"
    night_ends: WallTime = "07:00"
    """By the clock of the centre."""
    pages_a_night: Annotated[int, Field(ge=1, le=100, strict=True)] = 3
    """Whoever has answered so many pages in a night is rung for the next emergency only if nobody else is there, or
    nobody else has answered. Everybody may choose to be rung all the same."""
    long_call: Duration = _lasting("30m")
    """Whoever has talked in an emergency for so long is offered somebody beside them, or in their place."""


class ReadinessTable(_Table):
    """How it is found out in time that somebody can't be reached."""

    test_at_shift_start: Annotated[bool, Field(strict=True)] = True
    """Whoever's shift begins is called and texted, and has to answer."""
    remind_after: Duration = _lasting("5m")
    """Without an answer they are called and texted again; as long after that, somebody else is put on as well."""
    digest: Annotated[bool, Field(strict=True)] = True
    """A text at the beginning and at the end of a shift, of what is open."""
    code_lasts: Duration = _lasting("10m")
    """How long a code counts by which a phone is verified."""


class DeliveriesTable(_Table):
    """How what must leave the building is claimed and tried again."""

    lease: Duration = _lasting("8s")
    retry: Delays = tuple(map(_lasting, ("1s", "5s", "15s", "60s")))


class SecondStep(StrEnum):
    """Whether signing in takes more than a password."""

    OPTIONAL = "optional"
    """For whoever has switched it on."""
    REQUIRED = "required"
    """For everybody: who has none yet sets it up when they sign in next."""


class RecoveryTable(_Table):
    """How calls and texts are taken up of which the carrier could tell us nothing."""

    every: Pause = _lasting("1m")
    """Between two looks at the carrier's own lists; ``"0s"``: they are not looked at."""
    answer_within: Duration = _lasting("15m")
    """A text that reaches us later than this is put before a person; emergencies and opt-outs count at any age."""


class CanaryTable(_Table):
    """The line calls and texts itself, end to end, so that a line that is dead is known before a caller finds out."""

    number: PhoneIfAny = None
    """A second number of ours at the carrier, which nobody else knows, and from which nothing else is done."""
    every: Duration = _lasting("1h")


class ConsoleTable(_Table):
    """Staff's pages."""

    idle: Duration = _lasting("15m")
    trusted_proxies: Networks = ()
    """Whose word about where a request comes from is taken: only that of proxies in these networks."""
    sign_in_limit: Annotated[
        str,
        _written(
            r"[1-9][0-9]{0,3}/(second|minute|hour|day)",
            'must be a number and second, minute, hour or day, such as "5/minute"',
        ),
    ] = "5/minute"
    second_step: SecondStep = SecondStep.OPTIONAL
    """Six digits of an app on one's phone, after the password."""
    link_lasts: Duration = _lasting("72h")
    """How long a one-time link lets somebody choose their password."""


class VoicesTable(_Table):
    """How the line sounds."""

    en: Voice = "Polly.Joanna-Neural en-US"
    es: Voice = "Polly.Lupe-Neural es-US"
    pt: Voice = "Polly.Camila-Neural pt-BR"
    ht: Voice = "Polly.Lea-Neural fr-FR"
    """No voice of the carrier's speaks Haitian Creole: French is the nearest, and only a stopgap for recordings."""
    recordings: Annotated[str, Field(min_length=1)] = "recordings"
    """The folder with the centre's own recordings, beside ``hotline.toml`` unless the path says otherwise."""

    def of(self, language: Language) -> str:
        """The voice and the locale of a language."""
        return {
            Language.EN: self.en,
            Language.ES: self.es,
            Language.PT: self.pt,
            Language.HT: self.ht,
        }.get(language, self.en)


class Centre(_Table):
    """The whole of ``hotline.toml``."""

    line: LineTable
    callbacks: CallbacksTable = CallbacksTable()
    promises: PromisesTable = PromisesTable()
    waits: WaitsTable = WaitsTable()
    retries: RetriesTable = RetriesTable()
    shifts: ShiftsTable = ShiftsTable()
    texts: TextsTable = TextsTable()
    reading: ReadingTable = ReadingTable()
    floods: FloodsTable = FloodsTable()
    spending: SpendingTable = SpendingTable()
    carrier: CarrierTable = CarrierTable()
    guard: GuardTable = GuardTable()
    readiness: ReadinessTable = ReadinessTable()
    deliveries: DeliveriesTable = DeliveriesTable()
    backups: BackupsTable = BackupsTable()
    events: EventsTable = EventsTable()
    call_me: CallMeTable = CallMeTable()
    recovery: RecoveryTable = RecoveryTable()
    retention: RetentionTable = RetentionTable()
    canary: CanaryTable = CanaryTable()
    console: ConsoleTable = ConsoleTable()
    single_sign_on: SingleSignOnTable = SingleSignOnTable()
    voices: VoicesTable = VoicesTable()
    prompts: Mapping[str, Any] = Field(default_factory=dict)
    """Sentences of the centre's own, by language, channel and prompt; `hotline.settings.wording` reads them."""

    @model_validator(mode="after")
    def _canary_is_a_number_apart(self) -> "Centre":
        if self.canary.number is not None and self.canary.number in self.line.ours:
            raise ValueError("[canary] number must be no number of [line]: what comes from it is no caller's")
        return self

    @model_validator(mode="after")
    def _leases_outlast_what_they_cover(self) -> "Centre":
        if self.deliveries.lease <= self.carrier.request_timeout:
            raise ValueError("[deliveries] lease must be longer than [carrier] request_timeout")
        return self
