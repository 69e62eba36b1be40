"""A warm hand-off: Mia talks with Ben, who puts her through to somebody outside and tells them first who comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.model import AuditKind, Outcome
from hotline.operations.console import earlier_contacts
from hotline.operations.conversation import handing_off
from hotline.operations.conversation.handing_off import HandOffRefusal
from hotline.operations.looking_back import disclosures
from hotline.operations.looking_back.disclosures import ReachedBy
from hotline.operations.roster import directory_load
from hotline.operations.transaction import Transaction
from hotline.referral.hand_off import HandOffEvent
from hotline.simulator import Behaviour
from hotline.store.cases import contacts, hand_offs, intakes
from hotline.store.cases.hand_offs import HandOffRow
from hotline.store.people import audit, directory
from tests.console.centre import press
from tests.stories.centre import ANA, BEN, LINE
from tests.stories.conftest import Building
from tests.stories.page_in_hand import page_of
from tests.stories.records import contact_of, emergencies, last_outcome
from tests.stories.test_staff_star import ALONE, MOMENT, WITH_OFFICE, all_talk, happened, with_ben
from tests.stories.world import Person, World

HARBOR, LIFELINE, DISPATCH = "+16175550161", "+16175550166", "+16175550167"
ENTRIES = {
    "entry": [
        {
            "name": "Harbor Detox",
            "kinds": ["detox"],
            "numbers": ["(617) 555-0161"],
            "hours": "always",
            "hand_offs": True,
        },
        {
            "name": "Sample Help Line",
            "kinds": ["helpline"],
            "numbers": ["988", "(617) 555-0166"],
            "hours": "always",
            "hand_offs": True,
            "phone_menu": True,
        },
        {
            "name": "Boston dispatch",
            "kinds": ["dispatch"],
            "numbers": ["(617) 555-0167"],
            "hours": "always",
            "towns": ["Boston"],
        },
    ]
}
HOLDS = "is telling the other side about you"
THEIR_WORDS = "One of our staff would like to speak with you"


def with_directory(world: World) -> World:
    """Somebody is in the directory, and has a telephone."""

    def load(transaction: Transaction) -> None:
        directory_load.load(transaction.tx, ENTRIES, transaction.now, transaction.settings.centre.line)

    world.change(load)
    for number in (HARBOR, LIFELINE, DISPATCH):
        world.person(number)
    return world


@pytest.fixture
def talk(world: World) -> World:
    """Mia and Ben talk, and somebody is in the directory."""
    with_ben(with_directory(world))
    return world


def harbor(world: World) -> Person:
    return world.person(HARBOR)


def rings_harbor(world: World) -> Person:
    """Ben has chosen Harbor Detox by key, and is with Mia; their telephone rings."""
    world.ben.presses("*").presses("3").hears("Harbor Detox, press 1").hears("To go back, any other key")
    world.ben.presses("1").hears("Harbor Detox is being called. Stay with the caller").meets(world.mia)
    world.until(lambda: harbor(world).rings, within=12)
    return harbor(world)


def tells_harbor(world: World) -> Person:
    """They have picked up, and Ben tells them who comes; Mia holds."""
    them = rings_harbor(world)
    them.answers().hears(THEIR_WORDS).presses("1")
    world.ben.hears("Harbor Detox is on the line. Your caller holds").meets(them)
    world.mia.hears(HOLDS)
    return them


def brings_together(world: World) -> Person:
    """All three are together."""
    them = tells_harbor(world)
    world.ben.presses("*").hears("To bring everybody together, press 1").presses("1")
    world.ben.hears("You are all together now")
    world.until(lambda: all_talk(world.mia, world.ben, them), within=12)
    return them


def handed(world: World) -> HandOffRow:
    """The hand-off as it is kept."""
    rows: list[HandOffRow] = world.look(
        lambda transaction: hand_offs.of_case(transaction.tx, contact_of(world).id)
    )
    return rows[-1]


def steps(world: World) -> list[str]:
    """What the timeline tells of it."""
    return [one.removeprefix("hand_off_") for one in happened(world) if one.startswith("hand_off_")]


# --- as it should go -----------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_mia_is_put_through_and_ben_leaves(talk: World) -> None:
    """She is with Ben until they answer, holds while they are told, and stays with them when he is gone."""
    them = brings_together(talk)
    assert not talk.mia.has_heard(ALONE)
    (call,) = talk.calls_to(HARBOR)
    assert call.from_ == LINE
    talk.ben.presses("*").presses("9").hears("How did it end").presses("5").hears("Saved")
    talk.mia.meets(them)
    talk.passes(30)
    assert not talk.mia.has_heard(ALONE)
    talk.mia.hangs_up()
    them.hears("Thank you. Goodbye")
    talk.passes(3)
    assert steps(talk) == ["called", "answered", "aside", "joined", "over"]
    row = handed(talk)
    assert None not in (row.answered_at, row.aside_at, row.joined_at, row.ended_at)
    _, (referral,) = talk.look(lambda transaction: intakes.of_case(transaction.tx, contact_of(talk).id))
    assert (referral.outcome, referral.to_whom) == (Outcome.REFERRED, "Harbor Detox")
    noted = talk.look(lambda transaction: audit.about(transaction.tx, AuditKind.CONTACT, contact_of(talk).id))
    assert {"hand off ringing", "hand off joined"} <= {one.action for one in noted}


def test_star_counts_while_he_is_told_of_it(talk: World) -> None:
    """Not only once the words are over: "then press star" is heard by somebody with the thumb on the key."""
    them = rings_harbor(talk)
    them.answers().hears(THEIR_WORDS).presses("1")
    talk.ben.hears("Harbor Detox is on the line").presses("*")
    talk.ben.hears("To bring everybody together, press 1", within=2).presses("1")
    talk.ben.hears("You are all together now").presses("*").hears("To leave the call, press 9", within=3)
    talk.ben.presses("5")
    talk.until(lambda: all_talk(talk.mia, talk.ben, them), within=12)


def test_another_key_than_star_takes_him_to_them_at_once(talk: World) -> None:
    """He has heard enough."""
    them = rings_harbor(talk)
    them.answers().hears(THEIR_WORDS).presses("1")
    talk.ben.hears("Harbor Detox is on the line").presses("5").meets(them, within=2)


def test_the_minutes_after_he_left_are_not_bens(talk: World) -> None:
    """When Mia calls again, the page says how long Ben talked with her, and not how long the other side did."""
    them = brings_together(talk)
    talk.ben.presses("*").presses("9").hears("How did it end").presses("5").hears("Saved")
    talk.mia.meets(them)
    talk.passes(minutes=10)
    talk.mia.hangs_up()
    talk.passes(minutes=5)
    first = contact_of(talk).id
    talk.mia.calls().presses("2")
    now = next(one.id for one in talk.look(lambda tx: contacts.ongoing(tx.tx)) if one.id != first)
    (told,) = talk.look(lambda transaction: earlier_contacts.look(transaction, now))
    assert told.who == "Ben Ortiz"
    assert timedelta(seconds=20) < told.talked < timedelta(minutes=4)


def test_they_hear_whose_line_it_is_and_nothing_of_mia(talk: World) -> None:
    """No name, no number, no word of what she needs: that is Ben's to say."""
    them = tells_harbor(talk)
    heard = {one.text for one in them.phone.heard if one.text}
    assert all("Care Line" in one or "Thank you" in one for one in heard)
    assert not any(digits in one for one in heard for digits in ("0142", "Mia", "treatment"))


def test_mia_stays_when_they_leave_last(talk: World) -> None:
    """Whoever is left alone hears so, and gets a person if she stays."""
    them = brings_together(talk)
    talk.ben.presses("*").presses("9").hears("How did it end").presses("1").hears("Saved")
    talk.mia.meets(them)
    them.hangs_up()
    talk.mia.hears(ALONE).hears("getting a person")
    talk.ana.answers(within=30).presses("1").meets(talk.mia)


def test_they_leave_and_ben_goes_on_with_mia(talk: World) -> None:
    """Nobody tells her that she is alone, for she isn't."""
    them = brings_together(talk)
    them.hangs_up()
    talk.passes(5)
    talk.ben.meets(talk.mia)
    assert not talk.mia.has_heard(ALONE)


# --- nobody there --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [Behaviour.BUSY, Behaviour.OFF, Behaviour.VOICEMAIL])
def test_nobody_answers_and_ben_is_told(talk: World, way: Behaviour) -> None:
    """Busy, dead, or a box: she has been with Ben all the while, and held for nothing."""
    talk.phones(way, harbor(talk))
    talk.ben.presses("*").presses("3").hears("Harbor Detox, press 1").presses("1").meets(talk.mia, within=20)
    talk.ben.hears("Harbor Detox did not answer", within=120).meets(talk.mia)
    assert not talk.mia.has_heard(HOLDS)
    assert steps(talk) == ["called", "unreached"]
    talk.phones(Behaviour.RINGS, harbor(talk))
    rings_harbor(talk)


def test_they_hang_up_before_she_is_put_through(talk: World) -> None:
    """Ben is told, and both are together again."""
    them = tells_harbor(talk)
    them.hangs_up()
    talk.ben.hears("Harbor Detox has hung up").meets(talk.mia)
    assert not talk.mia.has_heard(ALONE)
    assert steps(talk)[-1] == "left"


def test_ben_goes_back_without_them(talk: World) -> None:
    """They are thanked, and let go."""
    them = tells_harbor(talk)
    talk.ben.presses("*").presses("2").meets(talk.mia)
    them.hears("Thank you. Goodbye")
    talk.passes(2)
    assert not them.in_call


def test_another_key_goes_on_with_them(talk: World) -> None:
    """Nobody is brought in by a slip."""
    them = tells_harbor(talk)
    talk.ben.presses("*").hears("To bring everybody together").presses("7").meets(them)
    talk.mia.hears(HOLDS)


# --- the caller, who holds -------------------------------------------------------------------------------------------


def test_mia_has_ben_back_by_0(talk: World) -> None:
    """As she was told; the other side is let go."""
    them = tells_harbor(talk)
    talk.mia.hears("To have them back, press 0").presses("0")
    talk.ben.hears("Your caller wants you back").meets(talk.mia)
    them.hears("Thank you. Goodbye")


def test_an_emergency_comes_first_while_she_holds(talk: World) -> None:
    """1 is the emergency as everywhere: clinicians are paged, and Ben is with her at once."""
    tells_harbor(talk)
    talk.mia.presses("1").hears("9-1-1")
    talk.ben.hears("Your caller wants you back").meets(talk.mia, within=30)
    assert len(emergencies(talk)) == 1
    talk.cleo.answers(within=30).presses("1")
    talk.until(lambda: all_talk(talk.mia, talk.ben, talk.cleo), within=20)


def test_she_is_never_in_silence(talk: World) -> None:
    """The words come again as long as she holds."""
    tells_harbor(talk)
    before = len([one for one in talk.mia.phone.heard if HOLDS in one.text])
    talk.passes(60)
    assert len([one for one in talk.mia.phone.heard if HOLDS in one.text]) >= before + 2


def test_mia_hangs_up_while_she_holds(talk: World) -> None:
    """Ben is asked how it ended; the other side is thanked."""
    them = tells_harbor(talk)
    talk.mia.hangs_up()
    them.hears("Thank you. Goodbye")
    talk.ben.hears("How did it end").presses("1").hears("Saved")
    talk.passes(3)
    assert last_outcome(talk) is Outcome.REACHED


def test_ben_is_cut_off_while_she_holds(talk: World) -> None:
    """She hears so, and somebody is rung for her; the other side, who knows nothing of her yet, is let go."""
    them = tells_harbor(talk)
    talk.ben.hangs_up()
    talk.mia.hears(ALONE).hears("getting a person")
    them.hears("Thank you. Goodbye")
    talk.ana.answers(within=30).presses("1").meets(talk.mia)


def test_ben_is_cut_off_while_it_rings(talk: World) -> None:
    """Nobody's phone rings on for a talk that is over."""
    them = rings_harbor(talk)
    talk.ben.hangs_up()
    talk.mia.hears(ALONE)
    talk.until(lambda: not them.rings, within=12)
    assert steps(talk)[-1] == "called_off"


def test_mia_hangs_up_while_it_rings(talk: World) -> None:
    them = rings_harbor(talk)
    talk.mia.hangs_up()
    talk.ben.hears("How did it end")
    talk.until(lambda: not them.rings, within=12)


# --- whom ------------------------------------------------------------------------------------------------------------


def test_a_phone_menu_is_heard_by_ben_himself(talk: World) -> None:
    """No machine presses a key for us: he is with it at once. The ten digits are rung, never 988."""
    line = talk.person(LIFELINE)
    talk.ben.presses("*").presses("3").hears("Sample Help Line, press 2").presses("2")
    line.answers(within=20)
    talk.ben.hears("Sample Help Line is on the line").meets(line)
    assert len(talk.calls_to(LIFELINE)) == 1
    assert not any(call.to in ("988", "+988", "+1988") for call in talk.sim.calls)


def test_dispatch_is_offered_by_no_key(talk: World) -> None:
    """People dial it from their own phone."""
    talk.ben.presses("*").presses("3").hears("To go back, any other key").presses("3").meets(talk.mia)
    assert not talk.ben.has_heard("dispatch")
    assert talk.calls_to(DISPATCH) == []


def test_an_empty_directory_says_so(world: World) -> None:
    with_ben(world)
    world.ben.presses("*").presses("3").hears("Nobody in the directory fits").meets(world.mia)


def test_two_at_once_are_none(talk: World) -> None:
    """Whoever is rung already is waited for."""
    rings_harbor(talk)
    talk.ben.presses("*").presses("3").hears("Somebody is being called").meets(talk.mia)
    assert len(talk.calls_to(HARBOR)) == 1


def test_silence_after_the_names_goes_back(talk: World) -> None:
    talk.ben.presses("*").presses("3").hears("To go back, any other key")
    talk.mia.hears(MOMENT)
    talk.ben.meets(talk.mia, within=20)


def test_with_an_interpreter_she_does_not_hold_alone(building: Building) -> None:
    """They stay in the room with her."""
    world = with_directory(building(WITH_OFFICE))
    with_ben(world)
    office = world.person("+16175550177")
    world.ben.presses("*").presses("2").meets(world.mia, within=20)
    office.answers(within=20).presses("1")
    world.until(lambda: all_talk(world.mia, world.ben, office), within=12)
    world.ben.presses("*").presses("3").hears("Harbor Detox, press 1").presses("1")
    them = harbor(world).answers(within=30).presses("1")
    world.ben.hears("Harbor Detox is on the line").meets(them)
    world.mia.meets(office)
    world.ben.presses("*").presses("1")
    world.until(lambda: all_talk(world.mia, world.ben, them, office), within=20)


# --- on the page of the case -----------------------------------------------------------------------------------------


def entry(world: World, name: str) -> str:
    """Its id."""
    found: str = world.look(
        lambda transaction: next(one.id for one in directory.every(transaction.tx) if one.name == name)
    )
    return found


def begins(world: World, name: str, by: str = BEN) -> object:
    """Somebody chooses an entry on the page."""
    contact, chosen, who = contact_of(world).id, entry(world, name), world.staff_id(by)
    return world.change(lambda transaction: handing_off.begin_by_hand(transaction, contact, chosen, who))


def steps_on(world: World, event: HandOffEvent, by: str = BEN) -> object:
    """Somebody presses a button of a hand-off."""
    contact, who = contact_of(world).id, world.staff_id(by)
    return world.change(lambda transaction: handing_off.step_by_hand(transaction, contact, event, who))


def test_all_of_it_can_be_done_on_the_page(talk: World) -> None:
    """Ben's telephone follows: he need press no key."""
    assert isinstance(begins(talk, "Harbor Detox"), HandOffRow)
    them = harbor(talk).answers(within=20).presses("1")
    talk.ben.hears("Harbor Detox is on the line").meets(them)
    assert steps_on(talk, HandOffEvent.TOGETHER) is True
    talk.ben.hears("You are all together now")
    talk.until(lambda: all_talk(talk.mia, talk.ben, them), within=12)
    assert steps_on(talk, HandOffEvent.TOGETHER) is False


def test_the_page_offers_them_and_its_buttons_do_it(talk: World) -> None:
    """What the page shows is what is sent: who can be rung, then how far it has come, with the next buttons."""
    client = page_of(talk, BEN)
    here = f"/threads/{contact_of(talk).id}"
    page = client.get(here).text
    chosen = entry(talk, "Harbor Detox")
    assert f'<option value="{chosen}">Harbor Detox</option>' in page
    assert "Boston dispatch</option>" not in page
    assert f'action="{here}/hand-off"' in page
    said = press(client, f"{here}/hand-off", script=True, entry=chosen).json
    assert said == {
        "said": "Harbor Detox is being called. Stay with the caller: you speak with them first.",
        "good": True,
    }
    assert "Call it off" in client.get(here).text
    them = harbor(talk).answers(within=20).presses("1")
    talk.ben.meets(them)
    page = client.get(here).text
    assert "Bring everybody together" in page
    assert "Go back to the caller without them" in page
    said = press(client, f"{here}/hand-off/step", script=True, step="together").json
    assert said == {"said": "Done: your phone says how it goes on.", "good": True}
    talk.until(lambda: all_talk(talk.mia, talk.ben, them), within=12)
    assert "Harbor Detox" in client.get(here).text


def test_what_they_were_told_is_said_once_and_stands_in_the_account(talk: World) -> None:
    """By whoever handed over, on the page of the case, while they talk or afterwards; nobody else is asked."""
    ben, ana, contact = page_of(talk, BEN), page_of(talk, ANA), contact_of(talk).id
    here, asked = f"/threads/{contact}", "What did you tell Harbor Detox of them?"
    begins(talk, "Harbor Detox")
    assert asked not in ben.get(here).text
    harbor(talk).answers(within=20).presses("1")
    assert asked in ben.get(here).text
    (row,) = talk.look(lambda transaction: hand_offs.of_case(transaction.tx, contact))
    given = {"hand_off": row.id, "told": " heroin, six hours ago; a place tonight "}
    assert not (press(ana, f"{here}/hand-off/told", script=True, **given).json or {}).get("good")
    assert press(ben, f"{here}/hand-off/told", script=True, **given).json == {
        "said": "Written down.",
        "good": True,
    }
    assert (press(ben, f"{here}/hand-off/told", script=True, **given).json or {})["good"] is False
    page = ben.get(here).text
    assert asked not in page
    assert "Handed over: what they were told: heroin, six hours ago; a place tonight" in page
    accounted = talk.look(lambda transaction: disclosures.look(transaction, contact))
    assert accounted is not None
    (told,) = (one for one in accounted.times if one.way is ReachedBy.HANDED_OFF)
    assert (told.to, told.detail) == ("Harbor Detox", "heroin, six hours ago; a place tonight")


def test_on_the_page_he_goes_back_without_them_or_calls_it_off(talk: World) -> None:
    """Whether they have answered or not."""
    begins(talk, "Harbor Detox")
    talk.until(lambda: harbor(talk).rings, within=12)
    assert steps_on(talk, HandOffEvent.CALLED_OFF) is True
    talk.until(lambda: not harbor(talk).rings, within=12)
    talk.ben.meets(talk.mia)
    begins(talk, "Harbor Detox")
    them = harbor(talk).answers(within=20).presses("1")
    talk.ben.meets(them)
    assert steps_on(talk, HandOffEvent.CALLED_OFF) is True
    talk.ben.hears("You go back to your caller").meets(talk.mia)


def test_only_whoever_talks_with_her_hands_her_over(talk: World) -> None:
    """And nobody who can't be rung is: no dispatch centre, nobody who is retired or who takes no such calls."""
    assert begins(talk, "Harbor Detox", ANA) is HandOffRefusal.NOT_TALKING
    assert begins(talk, "Boston dispatch") is HandOffRefusal.NOT_RUNG
    chosen, who = entry(talk, "Harbor Detox"), talk.staff_id(BEN)
    talk.change(
        lambda transaction: directory_load.set_active(
            transaction.tx, chosen, transaction.now, who, active=False
        )
    )
    assert begins(talk, "Harbor Detox") is HandOffRefusal.NOT_RUNG
    assert isinstance(begins(talk, "Sample Help Line"), HandOffRow)
    assert begins(talk, "Sample Help Line") is HandOffRefusal.RUNNING
    assert steps_on(talk, HandOffEvent.CALLED_OFF, ANA) is False
    assert talk.calls_to(DISPATCH) == []


def test_a_number_outside_of_the_countries_is_given_up_at_the_door(talk: World) -> None:
    """Whatever let it into the directory: what may be rung is asked once more when it is rung."""

    def slip(transaction: Transaction) -> None:
        (one,) = [each for each in directory.every(transaction.tx) if each.name == "Harbor Detox"]
        directory.save(transaction.tx, replace(one, numbers=("+442079460123",)))

    talk.change(slip)
    assert begins(talk, "Harbor Detox") is HandOffRefusal.NOT_RUNG


def test_who_was_put_through_is_offered_as_the_outcome(talk: World) -> None:
    """On the board, of the talk that is over: whoever says "referred" need not write to whom."""
    brings_together(talk)
    talk.ben.presses("*").presses("9").hears("How did it end").hangs_up()
    talk.mia.hangs_up()
    talk.passes(3)
    (over,) = talk.board(BEN).talks
    assert talk.board(BEN).handed_to == {over.talk: "Harbor Detox"}
