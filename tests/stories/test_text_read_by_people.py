"""What isn't plain is read by a person; loops and floods are not answered for ever."""

from __future__ import annotations

from hotline.model import Line
from hotline.operations.console import coordinator
from tests.operations.texting import MENU, UNCLEAR, UNSURE, answers_to, code_of, confirms, takes, writes
from tests.stories.centre import CENTRE
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of
from tests.stories.world import LINE, World


def test_what_we_don_t_understand_is_read_by_a_person(world: World) -> None:
    """S07; a coordinator takes it by text and key, has it on the board, and closes it with DONE and key."""
    assert (writes(world.mia, "it is about the thing from before") or "").startswith(UNSURE)
    world.ana.reads("A text needs a person. Code")
    world.ben.reads("A text needs a person")
    assert "from before" not in world.ana.last_text
    takes(world.ana)
    world.ben.reads("was taken by Ana")
    (thread,) = world.board().threads
    assert thread.accepted_by == "Ana Lima"
    assert writes(world.mia, "hello?") is None
    assert "Press 1 on it to close" in (confirms(world.ana, "DONE") or "")
    assert not world.board().threads
    assert (writes(world.mia, "hi") or "").startswith(MENU)


def test_the_second_coordinator_is_told_who_has_it(world: World) -> None:
    """The first key wins."""
    writes(world.mia, "it is about the thing from before")
    code = code_of(world.ben)
    takes(world.ana)
    assert "was taken by Ana" in (writes(world.ben, code) or "")


def test_nobody_reads_it_so_the_supervisor_is_asked(world: World) -> None:
    """After the promise of two minutes; then phones ring, too, and it begins again and again."""
    writes(world.mia, UNCLEAR)
    world.passes(100)
    assert not world.sue.phone.inbox
    assert not any(person.rings for person in world.staff)
    world.until(lambda: world.sue.rings, within=30)
    world.sue.reads("A text needs a person")
    assert world.ana.rings
    world.passes(minutes=10)
    assert sum("needs a person" in text.body for text in world.sue.phone.inbox) >= 3


def test_the_promise_is_the_centres_own(building: Building) -> None:
    """Half a minute, if they have said so."""
    world = building(f'{CENTRE}[promises]\nthread = "30s"\n')
    writes(world.mia, UNCLEAR)
    world.until(lambda: world.sue.rings, within=40)


def test_a_thread_is_taken_by_pressing_1_on_the_phone(world: World) -> None:
    """Past its promise it rings, and 1 makes it somebody's."""
    writes(world.mia, UNCLEAR)
    world.sue.answers(within=150).hears("A text needs a person").presses("1").hears("The text is yours")
    world.passes(3)
    assert world.board().threads[0].accepted_by == "Sue Hall"


def test_that_a_person_reads_it_is_said_once(world: World) -> None:
    """Whoever is in line and writes more is heard, and isn't told the same again; with a human the menu is quiet."""
    writes(world.mia, "2", "4")
    assert (writes(world.mia, UNCLEAR) or "").startswith(UNSURE)
    assert writes(world.mia, "i mean the one by the bakery") is None
    assert writes(world.mia, "status") is not None
    reader = next(one for one in (world.ana, world.ben) if one.has_read("A text needs a person"))
    (thread,) = world.board().threads
    by = world.staff_id(reader.phone.number)
    world.change(lambda transaction: coordinator.accept(transaction, thread.escalation, by))
    assert writes(world.mia, "status") is None
    assert writes(world.mia, "2") is None
    assert (writes(world.mia, "he is not breathing") or "").startswith("Call 911 now.")


def test_a_picture_is_looked_at_by_a_person(world: World) -> None:
    """Without words nobody else can tell what it means."""
    world.mia.phone.texts(LINE, "", ["picture.jpg"])
    world.passes(3)
    assert answers_to(world.mia)[-1].startswith("Care Line: We got your picture. A person will look at it.")
    world.ana.reads("A text needs a person")


def test_a_picture_with_words_that_we_understand_is_looked_at_too(world: World) -> None:
    """The words are answered as ever."""
    world.mia.phone.texts(LINE, "hi", ["picture.jpg"])
    world.passes(3)
    assert answers_to(world.mia)[-1].startswith(MENU)
    world.ana.reads("A text needs a person")


def test_the_same_text_ten_times_is_one_thread(world: World) -> None:
    """One reply each at most, one thread, one page."""
    for _ in range(10):
        writes(world.mia, "it is about the thing from before")
    assert len(answers_to(world.mia)) == 1
    assert sum("needs a person" in text.body for text in world.ana.phone.inbox) == 1


def test_replies_to_one_number_are_capped(world: World) -> None:
    """Ten an hour; what is written is kept all the same, and after the hour we answer again."""
    for number in range(13):
        world.mia.texts(f"hi{'!' * number}")
    world.passes(10)
    assert len(answers_to(world.mia)) == 10
    world.passes(minutes=61)
    assert (writes(world.mia, "hi") or "").startswith(MENU)


def test_two_machines_do_not_talk_for_ever(world: World) -> None:
    """A text from a number of our own is not answered."""
    world.sim.post_office.receive(LINE, LINE, "hi", ())
    world.passes(30)
    assert [message for message in world.sim.messages if message.direction != "inbound"] == []


def test_the_keys_that_were_offered_do_what_was_said_while_nobody_has_read_it(world: World) -> None:
    """2 asks for a call, and what was written first still waits for a person."""
    assert "Reply 1 emergency, 2 call me" in (writes(world.mia, UNCLEAR) or "")
    assert "Is it safe to call and text here?" in (writes(world.mia, "2") or "")
    assert "We will call" in (writes(world.mia, "4") or "")
    assert [row.callback.line for row in callbacks_of(world)] == [Line.ADMISSIONS]
    assert len(world.board().threads) == 1


def test_once_somebody_has_it_a_number_is_theirs_to_read(world: World) -> None:
    """It may be the answer to what they asked."""
    writes(world.mia, UNCLEAR)
    takes(world.ana)
    assert writes(world.mia, "2") is None
    assert callbacks_of(world) == []


def test_who_asks_on_in_place_of_saying_whether_a_call_is_safe_is_read_by_a_person(world: World) -> None:
    """The same words again would answer nothing; a key still does."""
    assert "Is it safe to call and text here?" in (writes(world.mia, "hi, do you take MassHealth?") or "")
    assert (writes(world.mia, "i can only text. is suboxone started the same day?") or "").startswith(UNSURE)
    assert len(world.board().threads) == 1
    assert "Is it safe to call and text here?" in (writes(world.mia, "2") or "")
