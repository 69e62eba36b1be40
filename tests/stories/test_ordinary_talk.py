"""An hour's ordinary talk between somebody who texts and the coordinator who has the thread: nobody is paged by it.

Every line is invented. Many hold words that danger uses too.
"""

from __future__ import annotations

import pytest

from hotline.operations.texts.threads import Wrote
from hotline.store.traffic import readings
from hotline.store.traffic.readings import Did
from tests.operations.texting import FOUR_LANGUAGES, UNCLEAR, thread_of, writes
from tests.stories.conftest import Building
from tests.stories.records import emergencies
from tests.stories.test_threads import answers, claims
from tests.stories.world import ANA, World

EN = (
    ("do you take blue shield or is it only state insurance", "Both. Which one is yours?"),
    ("blue shield thru my job, they are killing me with the copay lol", "I can check that for you."),
    ("sorry my phone died on the bus, traffic was murder", "No problem."),
    ("ok I will think about it", "Take your time."),
    ("my sister did your program, she says the food is to die for", "Glad to hear it."),
    ("is the parking lot still a dead end", "Yes, come in from Elm Street side."),
    ("lol i would kill for a cup of coffee right now, this waiting room", "There is a machine by the door."),
    ("can i bring my vape or is that a no", "You can use it outside."),
    ("I have been clean 3 weeks now, feeling ok about it", "That is a lot of work. Well done."),
    ("what time do you open tomorrow", "At eight."),
    ("my boss will shoot me if i miss monday again haha", "We have evening hours too."),
    ("how long is the detox part usually", "About a week, it depends."),
    ("cool. do i need to fast before the blood test", "No, eat as usual."),
    ("ok and can my mom visit, she is hard of hearing", "Yes, on Sundays."),
    ("perfect, last question, is there a gym", "A small one."),
    ("thats all i needed, thanks a million", "Any time."),
)
ES = (
    ("buenas, cuanto dura el programa", "Unas cuatro semanas."),
    ("ah ok, me muero de risa porque mi prima dijo que seis", "Depende de cada persona."),
    ("se me murio el celular ayer, por eso no conteste", "No se preocupe."),
    ("hay que llevar ropa para toda la semana", "Si, y zapatos comodos."),
    ("mi jefe me mata si falto el lunes jaja", "Tenemos horas por la tarde."),
    ("estoy muerta de cansancio, trabaje doble turno", "Descanse, hablamos luego."),
    ("bueno y dan comida ahi", "Si, tres veces al dia."),
    ("perfecto, manana le aviso si puedo", "Muy bien."),
    ("que linda la foto de la sala azul en la pagina", "Es la sala de visitas."),
    ("mi suegra pregunta si hay estacionamiento", "Si, atras."),
    ("ya ando limpia hace un mes gracias a Dios", "Me alegra mucho."),
    ("listo, eso era todo, gracias", "A la orden."),
)
DANGER = {
    "en": "my brother took a bunch of pills and he wont wake up",
    "es": "mi hermano tomo muchas pastillas y no despierta",
}


@pytest.mark.parametrize(("talk", "danger"), [(EN, DANGER["en"]), (ES, DANGER["es"])], ids=["en", "es"])
def test_an_hour_of_ordinary_talk_pages_nobody_and_one_named_danger_does(
    building: Building, talk: tuple[tuple[str, str], ...], danger: str
) -> None:
    """Not one clinician's phone rings or buzzes, and we say nothing in between; then danger pages within seconds."""
    world = building(FOUR_LANGUAGES)
    writes(world.mia, UNCLEAR)
    claims(world, ANA)
    for number, (theirs, hers) in enumerate(talk):
        assert writes(world.mia, theirs) is None, theirs
        world.passes(minutes=30 / len(talk))
        assert answers(world, ANA, hers, f"k{number}", sure=True) == Wrote()
        world.passes(minutes=30 / len(talk))
        assert not emergencies(world), theirs
    assert not any(one.rings or one.phone.inbox for one in world.clinicians)
    assert Did.PAGED not in _came_to(world)
    writes(world.mia, danger)
    world.until(lambda: all(one.rings for one in world.clinicians), 12)
    assert len(emergencies(world)) == 1
    assert _came_to(world)[-1] is Did.PAGED


def _came_to(world: World) -> list[Did]:
    """What came of each text of hers, in order."""
    thread = thread_of(world).id
    found: list[Did] = world.look(
        lambda transaction: [one.did for one in readings.of_contact(transaction.tx, thread)]
    )
    return found


def test_a_phrase_of_the_centres_own_pages_by_text_and_on_a_call(building: Building) -> None:
    """Whatever it says to anybody else."""
    world = building(f'{FOUR_LANGUAGES}[reading]\nmust_page = ["code purple"]\n')
    writes(world.mia, "Code PURPLE in the laundry")
    world.until(lambda: all(one.rings for one in world.clinicians), 12)
    assert _came_to(world) == [Did.PAGED]
    world = building(f'{FOUR_LANGUAGES}[reading]\nmust_page = ["code purple"]\n')
    world.mia.calls().says("we have a code purple")
    world.until(lambda: all(one.rings for one in world.clinicians), 12)
