"""Things to try: short scripts whose steps tick themselves off as they happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hotline.simulator.page.cast import Cast
from hotline.simulator.page.story import Question, Story, stories

COORDINATOR, CLINICIAN = "coordinator", "clinician"


@dataclass(frozen=True)
class Step:
    """What to do, and how to tell from a story that it was done."""

    words: str
    done: Question


@dataclass(frozen=True)
class Try:
    """A script; it is for casts that have somebody with its `role`."""

    name: str
    title: str
    role: str
    steps: tuple[Step, ...]


def _called(story: Story) -> bool:
    return story.call is not None


def _hung_up(story: Story) -> bool:
    return story.call is not None and story.call["ended_at"] is not None


TRIES = (
    Try(
        "answered",
        "Reach a person",
        COORDINATOR,
        (
            Step("Press “Call the hotline”.", _called),
            Step("Press 2, for treatment.", lambda story: story.pressed("2")),
            Step("Answer {whose} phone.", lambda story: story.live.answered(COORDINATOR)),
            Step("Press 1 there, as it says.", lambda story: story.live.accepted(COORDINATOR)),
            Step("Talk: type a few words.", lambda story: story.live.talked(COORDINATOR)),
        ),
    ),
    Try(
        "callback",
        "Nobody answers",
        COORDINATOR,
        (
            Step("Call, and press 2.", lambda story: story.pressed("2")),
            Step("Let {whose} phone ring.", lambda story: story.live.went_unanswered(COORDINATOR)),
            Step("Answer: 4 is yes, 5 is no.", lambda story: story.pressed("45")),
            Step("Hang up, and wait.", _hung_up),
            Step("Answer {whose} phone, press 1.", lambda story: story.accepted(COORDINATOR)),
            Step("Answer the caller’s phone, press 1.", Story.called_back),
        ),
    ),
    Try(
        "emergency",
        "An emergency",
        CLINICIAN,
        (
            Step("Call, and press 1 at any time.", lambda story: story.pressed("1")),
            Step("Clinicians are called and texted.", lambda story: story.rang(CLINICIAN)),
            Step("Answer {whose} phone.", lambda story: story.answered(CLINICIAN)),
            Step("Press 1 there.", lambda story: story.accepted(CLINICIAN)),
            Step("Talk: type a few words.", lambda story: story.talked(CLINICIAN)),
        ),
    ),
    Try(
        "texted",
        "Text instead",
        COORDINATOR,
        (
            Step("Open Texts on the caller’s phone, send 2.", lambda story: story.texted("2", "two")),
            Step("Is it safe to call? Send 4 for yes.", lambda story: story.texted("4", "yes")),
            Step("Answer {whose} phone, press 1.", lambda story: story.accepted(COORDINATOR)),
            Step("Answer the caller’s phone, press 1.", Story.called_back),
        ),
    ),
)


def tries_of(cast: Cast) -> tuple[Try, ...]:
    """Those that this cast can play, with its people's names."""
    return tuple(
        replace(one, steps=tuple(_named(step, cast.first_names(one.role)) for step in one.steps))
        for one in TRIES
        if cast.numbers(one.role)
    )


def _named(step: Step, whose: str) -> Step:
    return replace(step, words=step.words.format(whose=whose))


def progress(state: Mapping[str, Any], cast: Cast, since: str) -> dict[str, int]:
    """How many steps of each are done, by the story that got furthest; a step needs those before it."""
    told = stories(state, cast, since)
    return {one.name: max((_steps_done(one, story) for story in told), default=0) for one in tries_of(cast)}


def _steps_done(script: Try, story: Story) -> int:
    done = 0
    for step in script.steps:
        if not step.done(story):
            break
        done += 1
    return done
