"""What the telephones on the page show, and which things to try are done."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Response

from hotline.simulator import Behaviour, Phone, Simulator
from hotline.simulator.page import Cast, PretendCaller, PretendMember, caller_of, member_of
from hotline.simulator.page.things_to_try import tries_of
from hotline.simulator.page.view import view

from .conftest import LINE, SITE, World
from .stage import ANA, BEN, CAST, CHLOE, KIM, MENU, MIA, TOM, canned, furnish


@pytest.fixture
def mia(world: World) -> Phone:
    """Mia's telephone, with a hotline that answers it and everybody's telephones around."""
    world.app.answers = canned().answers
    furnish(world.sim)
    return world.sim.phone(MIA)


DIAL_AND_ASK = f'<Dial timeout="5" action="/ask"><Number>{ANA}</Number></Dial>'


def shown(sim: Simulator, number: str) -> dict[str, Any]:
    handsets: Any = view(sim.state(), CAST)["handsets"]
    found: dict[str, Any] = handsets[number]
    return found


def said(sim: Simulator, number: str) -> list[tuple[str, str]]:
    return [(line["who"], line["text"]) for line in shown(sim, number)["lines"]]


def ticks(sim: Simulator, since: str = "") -> dict[str, int]:
    done: Any = view(sim.state(), CAST, since)["tries"]
    return dict(done)


def connect(world: World, mia: Phone) -> Phone:
    """Mia calls and presses 2; Ben answers and presses 1."""
    mia.calls(LINE)
    world.pass_(1)
    mia.presses("2")
    world.pass_(2)
    ben = world.sim.phone(BEN)
    ben.answer()
    world.pass_(1)
    ben.presses("1")
    world.pass_(1)
    return ben


def test_a_telephone_at_rest_shows_nothing(world: World, mia: Phone) -> None:
    """No status, no words, no texts; a person holds it."""
    before = shown(world.sim, MIA)
    assert (before["mode"], before["status"], before["lines"], before["texts"]) == ("idle", "", [], [])
    assert before["held"]


def test_a_caller_sees_the_words_as_they_are_said(world: World, mia: Phone) -> None:
    """Dialling, then on the line; the words that are being said, and the keys that were pressed."""
    mia.calls(LINE)
    assert shown(world.sim, MIA)["mode"] == "dialling"
    world.pass_(1)
    menu = shown(world.sim, MIA)
    assert (menu["mode"], menu["status"], menu["hears"]) == ("talking", "On the line with the hotline", MENU)
    mia.presses("2")
    world.pass_(2)
    assert said(world.sim, MIA) == [("Hotline", MENU), ("You", "2")]
    assert shown(world.sim, MIA)["hears"] == ""


def test_of_a_long_call_the_newest_words_stay(world: World, mia: Phone) -> None:
    """Forty lines at most: what is said now is in sight, and the page stays short."""
    mia.calls(LINE)
    world.pass_(1)
    for number in range(60):
        mia.hears(f"Sentence {number}.", 1)
        world.pass_(1)
    lines = said(world.sim, MIA)
    assert len(lines) == 40
    assert lines[-1][1] == "Sentence 59."
    assert ("Hotline", "Sentence 0.") not in lines


def test_a_ringing_telephone_says_who_calls(world: World, mia: Phone) -> None:
    """It shows the hotline by name, and no number that its owner couldn't see."""
    mia.calls(LINE)
    world.pass_(1)
    mia.presses("2")
    world.pass_(2)
    ringing = shown(world.sim, BEN)
    assert (ringing["mode"], ringing["status"]) == ("ringing", "The hotline is calling")


def test_two_people_see_each_other_and_what_they_say(world: World, mia: Phone) -> None:
    """Both statuses name the other; words appear on both sides, each as said by whom."""
    ben = connect(world, mia)
    assert shown(world.sim, MIA)["status"] == "Talking with Ben Ortiz"
    assert shown(world.sim, BEN)["status"] == "Talking with Mia"
    assert shown(world.sim, BEN)["company"] == ["caller"]
    mia.says("hello")
    world.pass_(1)
    ben.says("hi Mia")
    world.pass_(1)
    assert said(world.sim, MIA)[-2:] == [("You", "hello"), ("Ben Ortiz", "hi Mia")]
    assert said(world.sim, BEN)[-2:] == [("Mia", "hello"), ("You", "hi Mia")]


def test_a_new_call_begins_with_no_words(world: World, mia: Phone) -> None:
    """The last call's words stay until the next call."""
    connect(world, mia)
    mia.hangs_up()
    world.pass_(1)
    assert said(world.sim, MIA)[0] == ("Hotline", MENU)
    mia.calls(LINE)
    assert said(world.sim, MIA) == []


def test_the_same_words_twice_are_two_lines(world: World, mia: Phone) -> None:
    """Each line has an id of its own, and keeps it."""
    ben = connect(world, mia)
    ben.says("hello")
    ben.says("hello")
    world.pass_(1)
    before = [line["id"] for line in shown(world.sim, MIA)["lines"]]
    assert len(set(before)) == len(before)
    mia.says("yes")
    world.pass_(1)
    assert [line["id"] for line in shown(world.sim, MIA)["lines"]][: len(before)] == before


def test_what_never_arrived_and_what_came_with_a_text_is_shown(world: World, mia: Phone) -> None:
    """With the carrier's code; pictures as such."""
    mia.texts(LINE, "look", ["a.jpg"])
    mia.sms = "undelivered:30003"
    world.client.messages.create(to=MIA, from_=LINE, body="hello")
    world.pass_(3)
    thread = [(one["way"], one["body"], one["mark"]) for one in shown(world.sim, MIA)["texts"]]
    assert thread[0][:2] == ("out", "look\n[picture]")
    assert ("lost", "hello", "Never arrived here: undelivered, 30003") in thread
    assert shown(world.sim, MIA)["sms"] == "undelivered:30003"


def test_texts_are_one_thread_with_what_became_of_them(world: World, mia: Phone) -> None:
    """Sent ones are marked once the hotline has them; Twilio's own answers are marked as such."""
    mia.texts(LINE, "2")
    assert [(one["way"], one["mark"]) for one in shown(world.sim, MIA)["texts"]] == [("out", "Sent")]
    world.pass_(3)
    thread = [(one["way"], one["body"], one["mark"]) for one in shown(world.sim, MIA)["texts"]]
    assert thread == [("out", "2", "Delivered"), ("in", "We can help. Reply 4 yes, 5 no.", "")]
    mia.texts(LINE, "STOP")
    world.pass_(3)
    stopped = shown(world.sim, MIA)
    assert stopped["blocked"]
    assert "From the phone company" in [one["mark"] for one in stopped["texts"]]


def test_a_text_that_the_hotline_refused_is_not_called_delivered(world: World, mia: Phone) -> None:
    """An error of the application is shown at the text."""
    world.app.answers["/sms"] = Response(status=500)
    mia.texts(LINE, "2")
    world.pass_(20)
    assert shown(world.sim, MIA)["texts"][0]["mark"] == "Not answered"


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [
        (Behaviour.VOICEMAIL, "The hotline is calling; the voicemail box will answer"),
        (Behaviour.IGNORES, "The hotline is calling, and nobody hears it"),
    ],
)
def test_a_telephone_that_nobody_holds_says_so(
    world: World, mia: Phone, behaviour: Behaviour, status: str
) -> None:
    """It rings, and there is nobody to press Answer."""
    world.sim.phone(ANA).behaviour = behaviour
    mia.calls(LINE)
    world.pass_(1)
    mia.presses("2")
    world.pass_(2)
    assert (shown(world.sim, ANA)["status"], shown(world.sim, ANA)["held"]) == (status, False)


def test_a_voicemail_box_presses_no_keys_but_its_owner_can_call(world: World, mia: Phone) -> None:
    """The box on the line is a machine; the owner of a box, calling, is not."""
    mia.behaviour = world.sim.phone(ANA).behaviour = Behaviour.VOICEMAIL
    mia.calls(LINE)
    world.pass_(1)
    assert not shown(world.sim, MIA)["machine"]
    mia.presses("2")
    world.pass_(25)
    assert shown(world.sim, ANA)["machine"]


def test_the_log_names_people_keys_answers_and_broken_rules(world: World, mia: Phone) -> None:
    """Newest first: what was asked, about whom, how it was answered; and Twilio's rules that were broken."""
    mia.calls(LINE)
    world.pass_(1)
    world.app.says("/key", "<Sing>la</Sing>")
    mia.presses("2")
    world.pass_(1)
    seen: Any = view(world.sim.state(), CAST)
    newest, first = seen["log"][0], seen["log"][-1]
    assert (newest["path"], newest["about"], newest["status"]) == ("/key", "Mia, key 2", 200)
    assert (first["path"], first["about"]) == ("/voice", "Mia, ringing")
    assert seen["posted"] == len(seen["log"]) == 2
    assert [one["where"] for one in seen["broken_rules"]] == ["/key"]


def test_a_telephone_that_was_never_made_is_out_of_service(world: World) -> None:
    """The page doesn't fall over when somebody of the cast has no telephone."""
    assert shown(world.sim, TOM)["status"] == "Not in service"


# -- things to try


def test_reaching_a_person_ticks_step_by_step(world: World, mia: Phone) -> None:
    """Call, 2, answered, 1, talked: one tick each."""
    assert ticks(world.sim)["answered"] == 0
    mia.calls(LINE)
    world.pass_(1)
    assert ticks(world.sim)["answered"] == 1
    mia.presses("2")
    world.pass_(2)
    assert ticks(world.sim)["answered"] == 2
    ben = world.sim.phone(BEN)
    ben.answer()
    world.pass_(1)
    assert ticks(world.sim)["answered"] == 3
    ben.presses("1")
    world.pass_(1)
    assert ticks(world.sim)["answered"] == 4
    ben.says("hello")
    assert ticks(world.sim)["answered"] == 5


def test_what_was_done_before_can_be_left_out(world: World, mia: Phone) -> None:
    """From a moment on, everything is untried again; another caller's call begins it anew."""
    connect(world, mia)
    now: Any = view(world.sim.state(), CAST)["now"]
    world.pass_(1)
    assert set(ticks(world.sim, now).values()) == {0}
    world.sim.phone(TOM).calls(LINE)
    assert ticks(world.sim, now)["answered"] == 1


def test_a_callback_ticks_to_the_end(world: World, mia: Phone) -> None:
    """Unanswered, questions, hung up; then staff accept, and the caller accepts."""
    mia.calls(LINE)
    world.pass_(1)
    world.app.says("/key", DIAL_AND_ASK)
    world.app.says("/ask", '<Gather numDigits="1" action="/thanks"><Say>Is it safe?</Say></Gather>')
    world.app.says("/thanks", "<Say>Thank you.</Say>")
    mia.presses("2")
    world.pass_(8)
    assert ticks(world.sim)["callback"] == 2
    mia.presses("4")
    world.pass_(5)
    assert ticks(world.sim)["callback"] == 4
    for number, done in ((ANA, 5), (MIA, 6)):
        world.client.calls.create(to=number, from_=LINE, url=f"{SITE}/staff")
        world.pass_(3)
        world.sim.phone(number).answer()
        world.pass_(0.5)
        world.sim.phone(number).presses("1")
        world.pass_(3)
        assert ticks(world.sim)["callback"] == done
    assert ticks(world.sim)["answered"] == 2


def test_an_emergency_ticks_by_the_clinicians_phones(world: World, mia: Phone) -> None:
    """1, rung, answered, accepted; a coordinator's phone doesn't count."""
    mia.calls(LINE)
    world.pass_(1)
    world.app.says("/key", '<Pause length="60"/>')
    mia.presses("1")
    world.pass_(1)
    assert ticks(world.sim)["emergency"] == 1
    for number, done in ((ANA, 1), (CHLOE, 4)):
        world.client.calls.create(to=number, from_=LINE, url=f"{SITE}/staff")
        world.pass_(3)
        world.sim.phone(number).answer()
        world.pass_(0.5)
        world.sim.phone(number).presses("1")
        world.pass_(2)
        assert ticks(world.sim)["emergency"] == done


def test_a_text_ticks_without_any_call(world: World, mia: Phone) -> None:
    """2, then 4."""
    mia.texts(LINE, "2")
    world.pass_(2)
    assert ticks(world.sim)["texted"] == 1
    mia.texts(LINE, "4")
    world.pass_(2)
    assert ticks(world.sim)["texted"] == 2
    assert ticks(world.sim)["answered"] == 0


# -- the cast


def test_the_command_line_names_people() -> None:
    """A number, a name, and for staff a role; anything less is refused in words."""
    assert caller_of("+16175550150=Mia") == PretendCaller(MIA, "Mia")
    assert caller_of(f"{KIM}=Kim", withheld=True).withheld
    assert member_of("+16175550101=Ana Lima:Coordinator") == PretendMember(ANA, "Ana Lima", "Coordinator")
    for wrong in ("+16175550150", "=Mia", "+16175550150="):
        with pytest.raises(ValueError, match="NUMBER=NAME"):
            caller_of(wrong)
    for wrong in ("+16175550101=Ana Lima", "Ana Lima:Coordinator"):
        with pytest.raises(ValueError, match="NUMBER=NAME:ROLE"):
            member_of(wrong)


def test_staff_stand_together_by_role() -> None:
    """Those who are alone in their role share one place."""
    lonely = (
        PretendMember("+16175550104", "Dan Reed", "Supervisor"),
        PretendMember("+16175550105", "Eve Stone", "Failsafe"),
    )
    teams = Cast(LINE, CAST.callers, (*CAST.staff, *lonely)).teams
    assert [[one.name for one in team] for team in teams] == [
        ["Ana Lima", "Ben Ortiz"],
        ["Chloe Baptiste", "Dan Reed", "Eve Stone"],
    ]


def test_only_what_the_cast_can_play_is_offered() -> None:
    """Without clinicians there is no emergency to try; names are those of the cast."""
    assert [one.name for one in tries_of(Cast(LINE, CAST.callers, CAST.staff[:1]))] == [
        "answered",
        "callback",
        "texted",
    ]
    assert "Ana’s or Ben’s" in tries_of(CAST)[0].steps[2].words
    assert tries_of(Cast(LINE, CAST.callers, ())) == ()


def test_a_text_that_came_in_several_parts_says_so(world: World, mia: Phone) -> None:
    """Each is paid for; of one part nothing is said."""
    for body in ("a" * 161, "short"):
        world.client.messages.create(to=MIA, from_=LINE, body=body)
    world.pass_(2)
    assert [(len(one["body"]), one["mark"]) for one in shown(world.sim, MIA)["texts"]] == [
        (161, "2 parts"),
        (5, ""),
    ]
