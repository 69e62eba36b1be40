"""Every setting acts: with another value, people or the carrier notice something else in the same story."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import BaseModel

from hotline.model import How, OutboxId
from hotline.operations import roster
from hotline.operations.at_work import long_calls
from hotline.operations.console import coordinator
from hotline.operations.outbox import delivery
from hotline.operations.shifts.asking_for_shifts import cover, swap
from hotline.operations.shifts.changing_shifts import CannotChange
from hotline.operations.sign_in import inviting
from hotline.runtime.wiring import Wiring
from hotline.settings.centre import Centre
from hotline.settings.elsewhere.call_me_settings import CallMeTable
from hotline.settings.events_settings import EventsTable
from hotline.settings.keeping_settings import BackupsTable, RetentionTable
from hotline.settings.toml_text import toml_text
from hotline.simulator import Attachment, Behaviour
from hotline.telephony.rest.pointing import wanted
from tests.console.centre import Centre as Console
from tests.console.centre import open_centre, sign_in
from tests.console.links import link_for, opens
from tests.console.test_sign_in import try_from
from tests.console.test_single_sign_on import SETTINGS
from tests.prompts.sounds import record, wav
from tests.proofs import proofs
from tests.stories.conftest import Building
from tests.stories.everything_seen import Noticed, everything_seen
from tests.stories.test_called_back import owe
from tests.stories.test_readiness import SHIFTS, check, other_phone, send, watched
from tests.stories.test_staff_line import DESK
from tests.stories.test_swaps import TURNS, WEDNESDAY
from tests.stories.world import ANA, CLEO, FAILSAFE, LINE, SITE, SUE, World, has_number
from workers.canary_flights import CanaryFlights
from workers.list_reading import ListReading

Story = Callable[[World], object]
OTHER_LINE: Final = "+16175550188"


@dataclass(frozen=True)
class Shown:
    """By which story a setting shows, and with which other value; `beside`: what else the centre has set, in both."""

    by: Story
    value: str
    beside: str = ""


# --- the stories -----------------------------------------------------------------------------------------------


def calls(world: World) -> None:
    """Mia hears the first words and the menu."""
    world.mia.calls()


def says_nothing_at_the_menu(world: World) -> None:
    """She stays on the line, and presses no key."""
    world.mia.calls()
    world.passes(60)


def calls_three_times(world: World) -> None:
    """She hangs up as soon as she has heard the first words."""
    for _ in range(3):
        world.mia.calls().hangs_up()


def two_handsets_call(world: World) -> None:
    """They have one number."""
    for handset in (world.person("+16175550161"), world.person("+16175550162")):
        handset.calls(shown_as="+16175550142")


def chooses_spanish(world: World) -> None:
    """And Portuguese, and Haitian Creole, on other calls."""
    for key in "789":
        world.mia.calls().presses(key).hangs_up()


def holds(world: World) -> None:
    """Nobody picks up for two minutes."""
    world.mia.calls().presses("2")
    world.passes(80)


def asks_for(line: str) -> Story:
    """Mia chooses this line and a call back, whose promise is said."""

    def asks(world: World) -> None:
        world.mia.calls().presses(line).hears("a call at this number, press 4", within=60).presses("4").hears(
            "message"
        )
        world.mia.presses("5").hears("text").presses("5").hears("as soon as we can").presses("4")
        world.passes(10)

    return asks


def emergency(world: World) -> None:
    """Mia presses 1; nobody picks up."""
    world.mia.calls().presses("1")
    world.passes(85)


def emergency_with_nobody_on(world: World) -> None:
    """All who could come have switched their phones off; no page has left."""
    world.sim.faults.error(503, "calls", times=50)
    world.sim.faults.error(503, "messages", times=50)
    world.mia.calls().presses("1")
    world.passes(30)


def emergency_hung_up(world: World) -> None:
    """Mia hears that she should dial 911, and hangs up; whoever rings her later reaches nobody."""
    world.mia.calls().presses("1")
    world.passes(15)
    world.mia.hangs_up()
    world.cleo.answers(within=60).presses("1")
    world.passes(minutes=6)


NIGHT: Final = '[guard]\nnight_begins = "14:00"\nnight_ends = "20:00"\npages_a_night = 1\n'
"""It is afternoon in the stories."""


PAGER: Final = "+16175550122"


def paged_from_its_own_number(world: World) -> None:
    """The carrier knows one more number of the centre's."""
    world.sim.number(PAGER, voice_url=f"{SITE}/twilio/voice", sms_url=f"{SITE}/twilio/sms")
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)


def woken_twice(world: World) -> None:
    """Cleo answers an emergency, and a second one comes in the same night."""
    for _ in range(2):
        world.mia.calls().presses("1")
        world.passes(3)
        if world.cleo.rings:
            world.cleo.answers().presses("1").meets(world.mia)
            world.mia.hangs_up()
            world.cleo.hears("Is this emergency closed").presses("1").leaves()
        world.passes(10)
        world.mia.leaves()


def talks_for_long(world: World) -> None:
    """Cleo is with Mia for a quarter of an hour."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.passes(minutes=15)
    long_calls.watch(world.here.application)
    world.passes(2)


def emergency_left_lying(world: World) -> None:
    """Cleo talks with Mia, and says nothing about how it ended."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.mia.hangs_up()
    world.cleo.leaves()
    world.passes(minutes=17)


def rung_back(world: World) -> None:
    """Ana takes the callback, and hears how it goes."""
    owe(world)
    world.ana.answers().presses("1")
    world.passes(70)


def answers_when_rung_back(world: World) -> None:
    """Mia hears what is said first."""
    owe(world)
    world.ana.answers().presses("1")
    world.mia.answers(within=30)
    world.passes(10)


def rung_back_in_vain(behaviour: Behaviour) -> Story:
    """Mia's phone does this; the callback is tried again."""

    def story(world: World) -> None:
        owe(world)
        world.phones(behaviour, world.mia)
        world.ana.answers().presses("1")
        world.passes(60)
        world.ana.leaves()
        world.passes(minutes=18)

    return story


def answers_and_wants_it_later(world: World) -> None:
    """Mia says so by key."""
    owe(world)
    world.ana.answers().presses("1")
    world.mia.answers(within=30).presses("2")
    world.passes(minutes=62)


def talks_shortly(world: World) -> None:
    """Ana and Mia are cut off after ten seconds."""
    world.mia.calls().presses("2")
    world.ana.answers().presses("1").meets(world.mia)
    world.passes(10)
    world.mia.hangs_up()
    world.passes(60)


def nobody_of_the_staff_picks_up(world: World) -> None:
    """Two rounds of ringing."""
    world.mia.calls().presses("2").hears("call you back", within=60).presses("4").hears("message").presses(
        "5"
    )
    world.mia.hears("text").presses("5").hears("as soon as we can").presses("4").hears("in line").hangs_up()
    world.passes(minutes=4)


def taken_and_forgotten(world: World) -> None:
    """Ana claims a callback on her page, and does nothing."""
    owe(world)
    world.ana.declines()
    (owed,) = world.board().callbacks
    ana = world.staff_id(ANA)
    world.change(lambda transaction: coordinator.claim(transaction, owed.callback, ana))
    world.passes(minutes=20)


def texts(*words: str) -> Story:
    """Mia texts this."""

    def story(world: World) -> None:
        for text in words:
            world.mia.texts(text)
        world.passes(12)

    return story


def texts_and_nobody_reads(world: World) -> None:
    """A person must read it, and none does for three minutes."""
    world.mia.texts("is the side door open")
    world.passes(minutes=3)


def a_picture(world: World) -> None:
    """Mia sends one; two hours go by."""
    world.mia.texts("look", media=[Attachment("image/jpeg", b"\xff\xd8\xff")])
    world.passes(30)
    world.leaps(minutes=121)


def texts_from_abroad(world: World) -> None:
    """From Mexico."""
    world.person("+525512345678").texts("2")
    world.passes(5)


def the_carrier_is_slow(world: World) -> None:
    """The first page's call takes three seconds to be made."""
    world.sim.faults.delay(3, "calls")
    world.mia.calls().presses("1")
    world.passes(15)


def the_carrier_is_away(world: World) -> None:
    """It takes none of four requests, and says so."""
    world.phones(Behaviour.OFF, world.dev, world.eva)
    world.mia.calls()
    world.sim.faults.error(429, "calls", times=4)
    world.mia.presses("1")
    world.passes(30)


def asks_who_can_take_a_shift(world: World) -> None:
    """Cleo, of all clinicians who could."""
    world.change(lambda transaction: roster.load(transaction.tx, TURNS, transaction.now))
    cleo = world.staff_id(CLEO)
    with suppress(CannotChange):
        world.change(lambda transaction: cover(transaction, WEDNESDAY, cleo, cleo))
    world.passes(5)


def asks_somebody_who_has_the_nights(world: World) -> None:
    """Sue, who is a clinician, too."""
    people = [{**one, "roles": ["clinician"]} if one["name"] == "Sue Hall" else one for one in TURNS["staff"]]
    world.change(lambda transaction: roster.load(transaction.tx, {**TURNS, "staff": people}, transaction.now))
    cleo, sue = world.staff_id(CLEO), world.staff_id(SUE)
    with suppress(CannotChange):
        world.change(lambda transaction: swap(transaction, WEDNESDAY, cleo, sue, None, cleo))
    world.passes(5)


def a_worker_dies(world: World) -> None:
    """It has claimed what was to leave, and is gone."""
    carries_out, gone = world.worker, world.clock.now + timedelta(seconds=3)

    def worker(here: Wiring, outbox_id: OutboxId) -> object:
        if world.clock.now > gone:
            return carries_out(here, outbox_id)
        return here.application.change(lambda transaction: delivery.claim(transaction, outbox_id))

    world.worker = worker
    world.mia.calls().presses("1")
    world.passes(30)


def a_shift_begins(world: World) -> None:
    """Cleo's, who doesn't pick up when she is tested."""
    world.here.application.database.transact(lambda tx: roster.load(tx, SHIFTS, world.clock()))
    world.phones(Behaviour.IGNORES, world.cleo)
    for minutes in (1, 4, 4):
        watched(world, minutes=minutes)


def verifies_six_minutes_later(world: World) -> None:
    """Cleo's new phone, by the code that went to it; whether it is rung for an emergency then."""
    phone = other_phone(world)
    send(world, How.TEXT)
    code = phone.reads("is the code").last_text
    world.passes(minutes=6)
    check(world, "".join(re.findall(r"\d{6}", code)[:1]))
    world.mia.calls().presses("1")
    world.passes(10)


def calls_the_desk(world: World) -> None:
    """Ana calls a number of ours that callers don't know."""
    has_number(world.sim, DESK)
    world.ana.calls(DESK)
    world.passes(5)


def writes_while_nobody_hears(world: World) -> None:
    """Mia's text is lost, and the clock reads the carrier's lists."""
    reading, waits = ListReading(world.here), 0.0

    def goes_by(seconds: float) -> None:
        nonlocal waits
        for _ in range(int(seconds) // 10):
            world.clock.let_pass(world.sim, 10)
            waits -= 10
            if waits <= 0:
                waits = reading.look()

    goes_by(10)
    world.sim.faults.lose(kind="sms")
    world.mia.phone.texts(LINE, "hi")
    goes_by(300)
    world.passes(10)


def an_hour_of_canaries(world: World) -> None:
    """The line calls and texts itself, if it has a number for it, and again when it is time."""
    world.sim.number(OTHER_LINE)
    flights = CanaryFlights(world.here)
    for _ in range(4):
        flights.look()
        world.clock.let_pass(world.sim, 1000)
    world.sim.messages[:] = [one for one in world.sim.messages if one.direction != "inbound"]
    world.sim.calls[:] = [one for one in world.sim.calls if one.direction != "inbound"]


# --- the table -------------------------------------------------------------------------------------------------

AT_ONCE: Final = '[waits]\nlive_answer = "0s"\n'
BY_KEY: Final = '[callbacks]\nopening = "key"\n' + AT_ONCE
LANGUAGES: Final = '[line]\nlanguages = ["en", "es", "pt", "ht"]\n'
HINT: Final = "Two product mixed, chest whistle, boss say milk"
"""It pages by nothing but a hint with a score: the setting that it shows would else change nothing."""
IN_STORIES: Final[Mapping[str, Shown]] = {
    "line.name": Shown(texts("hi"), '"Other Line"'),
    "line.numbers": Shown(emergency, f'["{OTHER_LINE}", "{LINE}"]'),
    "line.registered_name": Shown(answers_when_rung_back, '"Care Line of Boston"', BY_KEY),
    "line.failsafe_number": Shown(emergency, '"+16175550998"'),
    "line.interpreter_number": Shown(calls, '"+16175550177"'),
    "line.languages": Shown(calls, '["en", "es"]'),
    "line.countries": Shown(texts_from_abroad, '["US", "MX"]'),
    "callbacks.opening": Shown(answers_when_rung_back, '"key"', AT_ONCE),
    "promises.person": Shown(asks_for("0"), '"25m"', AT_ONCE),
    "promises.admissions": Shown(asks_for("2"), '"25m"', AT_ONCE),
    "promises.family": Shown(asks_for("3"), '"25m"', AT_ONCE),
    "promises.thread": Shown(texts_and_nobody_reads, '"20m"'),
    "waits.menu_silence": Shown(calls, '"9s"'),
    "waits.hold_loop": Shown(holds, '"14s"'),
    "waits.live_answer": Shown(holds, '"30s"'),
    "waits.self_dial_unpaged": Shown(emergency_with_nobody_on, '"20s"'),
    "waits.self_dial_unanswered": Shown(emergency, '"30s"'),
    "waits.self_dial_ring": Shown(emergency, '"10s"'),
    "waits.staff_ring": Shown(emergency, '"15s"'),
    "waits.caller_ring": Shown(rung_back, '"15s"', AT_ONCE),
    "waits.claim_lease": Shown(taken_and_forgotten, '"5m"', AT_ONCE),
    "waits.emergency_untouched": Shown(emergency_left_lying, '"5m"'),
    "waits.talk_counts_after": Shown(talks_shortly, '"5s"'),
    "waits.confirm_silence": Shown(asks_for("2"), '"9s"', AT_ONCE),
    "retries.no_answer": Shown(rung_back_in_vain(Behaviour.IGNORES), '["3m"]', AT_ONCE),
    "retries.busy": Shown(rung_back_in_vain(Behaviour.BUSY), '["2m"]', AT_ONCE),
    "retries.emergency_callback": Shown(emergency_hung_up, '["4m"]'),
    "retries.asked_later": Shown(answers_and_wants_it_later, '"30m"', BY_KEY),
    "retries.staff_round_pause": Shown(nobody_of_the_staff_picks_up, '"20s"', AT_ONCE),
    "line.paging_number": Shown(paged_from_its_own_number, f'"{PAGER}"'),
    "line.published": Shown(
        says_nothing_at_the_menu, f'[{{ number = "{LINE}", name = "Card", line = "family" }}]'
    ),
    "line.staff_number": Shown(calls_the_desk, f'"{DESK}"'),
    "readiness.test_at_shift_start": Shown(a_shift_begins, "false"),
    "readiness.remind_after": Shown(a_shift_begins, '"3m"'),
    "readiness.digest": Shown(a_shift_begins, "false"),
    "readiness.code_lasts": Shown(verifies_six_minutes_later, '"5m"'),
    "guard.night_begins": Shown(woken_twice, '"16:00"', NIGHT),
    "guard.night_ends": Shown(woken_twice, '"14:30"', NIGHT),
    "guard.pages_a_night": Shown(woken_twice, "2", NIGHT),
    "guard.long_call": Shown(talks_for_long, '"10m"'),
    "shifts.rest": Shown(asks_who_can_take_a_shift, '"20h"'),
    "shifts.longest": Shown(asks_somebody_who_has_the_nights, '"48h"'),
    "shifts.weekly": Shown(asks_who_can_take_a_shift, '"30h"'),
    "texts.replies_per_hour": Shown(texts("hi", "2"), "1"),
    "texts.replies_per_hour_overall": Shown(texts("hi", "2"), "1"),
    "texts.thread_quiet": Shown(a_picture, '"1h"', "[texts]\nredact_at_provider = true\n"),
    "texts.redact_at_provider": Shown(texts("hi"), "true"),
    "reading.must_page": Shown(texts("code purple in the laundry"), '["code purple"]'),
    "reading.must_never_page": Shown(texts(HINT), json.dumps([HINT])),
    "floods.calls_per_hour": Shown(calls_three_times, "1"),
    "floods.calls_at_once": Shown(two_handsets_call, "1"),
    "spending.calls_per_day": Shown(rung_back, "1", AT_ONCE),
    "spending.texts_per_day": Shown(texts("hi"), "1"),
    "carrier.request_timeout": Shown(the_carrier_is_slow, '"2s"'),
    "carrier.calls_per_second": Shown(emergency, "0.2"),
    "carrier.called_fallback": Shown(rung_back, '"https://bins.example/called"', BY_KEY),
    "carrier.staff_fallback": Shown(emergency, '"https://bins.example/staff"'),
    "deliveries.lease": Shown(a_worker_dies, '"16s"'),
    "deliveries.retry": Shown(the_carrier_is_away, '["9s"]'),
    "voices.en": Shown(calls, '"Polly.Kendra-Neural en-US"'),
    "voices.es": Shown(chooses_spanish, '"Polly.Mia-Neural es-MX"', LANGUAGES),
    "voices.pt": Shown(chooses_spanish, '"Polly.Vitoria-Neural pt-BR"', LANGUAGES),
    "voices.ht": Shown(chooses_spanish, '"Polly.Chantal fr-CA"', LANGUAGES),
    "voices.recordings": Shown(calls, '"studio"'),
    "recovery.every": Shown(writes_while_nobody_hears, '"4m"'),
    "recovery.answer_within": Shown(writes_while_nobody_hears, '"5s"'),
    "canary.number": Shown(an_hour_of_canaries, f'"{OTHER_LINE}"'),
    "canary.every": Shown(an_hour_of_canaries, '"15m"', f'[canary]\nnumber = "{OTHER_LINE}"\n'),
    "prompts.en": Shown(calls, '{ voice = { menu = "Press 1, 2, 3, 4 or 0." } }'),
}
CENTRE: Final = tomllib.loads(f"""
[line]
name = "Care Line"
numbers = ["{LINE}"]
failsafe_number = "{FAILSAFE}"
[carrier]
calls_per_second = 50
""")
KEYS: Final = [
    f"{table}.{key}"
    for table, field in Centre.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    for key in field.annotation.model_fields
]


def _centre(*changes: str) -> str:
    """The file of a centre with these changes, one after the other."""
    whole: dict[str, dict[str, Any]] = {table: dict(keys) for table, keys in CENTRE.items()}
    for change in changes:
        for table, keys in tomllib.loads(change).items():
            whole[table] = whole.get(table, {}) | keys
    return toml_text(whole)


def _noticed(building: Building, story: Story, centre: str) -> set[Noticed]:
    world = building(centre=centre)
    story(world)
    return everything_seen(world)


_AS_SHIPPED: Final[dict[tuple[Story, str], set[Noticed]]] = {}


_IN_THE_SUITE: Final = [*IN_STORIES][::5]


@pytest.mark.parametrize(
    "setting", [*_IN_THE_SUITE, *proofs(one for one in IN_STORIES if one not in _IN_THE_SUITE)]
)
def test_with_another_value_something_else_is_noticed(
    building: Building, tmp_path: Path, setting: str
) -> None:
    """The same people do the same, at the same time."""
    shown = IN_STORIES[setting]
    table, key = setting.split(".")
    record(tmp_path, "studio/en/menu.wav", wav(6))
    known = (shown.by, shown.beside)
    if known not in _AS_SHIPPED:
        _AS_SHIPPED[known] = _noticed(building, shown.by, _centre(shown.beside))
    changed = _noticed(building, shown.by, _centre(shown.beside, f"[{table}]\n{key} = {shown.value}\n"))
    assert changed != _AS_SHIPPED[known]


# --- on pages --------------------------------------------------------------------------------------------------

Look = Callable[[Console], object]


def _footer(console: Console) -> object:
    return console.signed_in("Ana Lima").get("/board").text.partition("Times are in")[2][:30]


def _until_locked(console: Console) -> object:
    return console.signed_in("Ana Lima").get("/board/live", headers={"X-Board": "1"}).headers["X-Idle-Left"]


def _second_try(console: Console) -> object:
    return [sign_in(console.someone(), "Ana Lima", "wrong").status_code for _ in range(2)]


def _after_the_password(console: Console) -> object:
    return sign_in(console.someone(), "Ana Lima").location


def _a_day_old_link(console: Console) -> object:
    link = link_for(console, "Ana Lima", inviting.reset)
    console.clock.pass_by(timedelta(days=1))
    return opens(console.someone(), link.code).status_code


def _another_behind_the_proxy(console: Console) -> object:
    """Whoever is behind the same proxy as somebody who has tried too often, from elsewhere."""
    return [try_from(console.someone(), "10.1.1.1", "Ana", "wrong", f"203.0.113.{n}") for n in range(6)]


ON_PAGES: Final[Mapping[str, tuple[Look, str]]] = {
    "line.timezone": (_footer, '"America/Denver"'),
    "console.idle": (_until_locked, '"5m"'),
    "console.link_lasts": (_a_day_old_link, '"12h"'),
    "console.second_step": (_after_the_password, '"required"'),
    "console.sign_in_limit": (_second_try, '"1/minute"'),
    "console.trusted_proxies": (_another_behind_the_proxy, '["10.0.0.0/8"]'),
}


@pytest.mark.parametrize("setting", ON_PAGES)
def test_with_another_value_pages_show_something_else(tmp_path: Path, setting: str) -> None:
    """The same people ask for the same pages."""
    look, value = ON_PAGES[setting]
    table, key = setting.split(".")
    seen = []
    for centre in (_centre(), _centre(f"[{table}]\n{key} = {value}\n")):
        (tmp_path / "hotline.toml").write_text(centre, encoding="utf-8")
        console = open_centre(tmp_path, HOTLINE_CONFIG=str(tmp_path / "hotline.toml"))
        seen.append(look(console))
        console.application.database.dispose()
    assert seen[0] != seen[1]


AT_THE_CARRIER: Final[Mapping[str, str]] = {"carrier.calls_fallback": '"https://bins.example/calls"'}


@pytest.mark.parametrize("setting", AT_THE_CARRIER)
def test_with_another_value_numbers_are_pointed_elsewhere(tmp_path: Path, setting: str) -> None:
    """As `hotline provision` would point them."""
    table, key = setting.split(".")
    pointed = []
    for centre in (_centre(), _centre(f"[{table}]\n{key} = {AT_THE_CARRIER[setting]}\n")):
        (tmp_path / "hotline.toml").write_text(centre, encoding="utf-8")
        console = open_centre(tmp_path, HOTLINE_CONFIG=str(tmp_path / "hotline.toml"))
        pointed.append(wanted(console.application.settings, console.application.prompts).pointed)
        console.application.database.dispose()
    assert pointed[0] != pointed[1]


def test_no_setting_is_left_out() -> None:
    """Whoever adds one says here how it shows."""
    at_a_provider = {f"single_sign_on.{key}" for key in SETTINGS}
    of_backups = {f"backups.{key}" for key in BackupsTable.model_fields}  # tests/store/test_backups.py
    of_events = {f"events.{key}" for key in EventsTable.model_fields}  # tests/outside/test_events.py
    of_form = {f"call_me.{key}" for key in CallMeTable.model_fields}  # tests/website/test_call_me_form.py
    removed = {f"retention.{key}" for key in RetentionTable.model_fields}  # tests/store/test_removing.py
    shown = {
        *IN_STORIES,
        *ON_PAGES,
        *AT_THE_CARRIER,
        *at_a_provider,
        *of_backups,
        *of_events,
        *of_form,
        *removed,
    }
    assert shown == {*KEYS, "prompts.en"}
