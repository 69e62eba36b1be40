"""The questions of ``hotline setup``: first the account, then the line, then where it runs, then who begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from hotline.commands.going_live.questions import (
    Answers,
    SetupQuestion,
    WrongAnswer,
    another_paging_number,
    database,
    environment,
    full_numbers,
    named,
    on_line,
    phone,
    public,
    several,
)

Numbers = Callable[[Answers], tuple[str, ...] | str]
"""The numbers of the account that the answers name; a text: why they can't be had."""
REFUSED: Final = ("401", "403", "404")


def questions(numbers_of: Numbers) -> tuple[SetupQuestion, ...]:
    """All of them, in their order."""

    def token(answer: str, answers: Answers) -> str:
        environment(lambda given: given.auth_token(), "TWILIO_AUTH_TOKEN")(answer, answers)
        found = numbers_of({**answers, "auth_token": answer})
        if isinstance(found, str):
            if found in REFUSED:
                raise WrongAnswer(
                    f"is refused by the carrier ({found}): copy account and token anew from the account's page"
                )
            return f"The carrier could not be asked now ({found}): `hotline doctor` looks again."
        return f"The carrier takes it. The account's numbers: {', '.join(found) or 'none yet: buy one'}."

    def numbers(answer: str, answers: Answers) -> str:
        on_line("numbers")(answer, answers)
        found = numbers_of(answers)
        strangers = [] if isinstance(found, str) else [one for one in several(answer) if one not in found]
        if strangers:
            raise WrongAnswer(
                f"{', '.join(strangers)} is none of the account's numbers ({', '.join(found) or 'it has none'})"
            )
        return ""

    return (
        SetupQuestion(
            "account_sid",
            "Account SID",
            "From the account's page at the carrier: AC and 32 letters and digits.",
            environment(lambda given: given.account_sid(), "TWILIO_ACCOUNT_SID"),
        ),
        SetupQuestion(
            "auth_token",
            "Auth token",
            "Beside it. It is kept in a file that only you can read, and not shown while you type.",
            token,
            secret=True,
        ),
        SetupQuestion(
            "numbers",
            "The line's numbers",
            "What people call and text, commas between; outside of the U.S. with country code. The first one is the "
            "one that is named.",
            numbers,
            meant=full_numbers,
        ),
        SetupQuestion(
            "name",
            "The line's name",
            "Ten letters at most. Others may read it on somebody's phone: nothing that tells what it is about.",
            on_line("name"),
        ),
        SetupQuestion(
            "registered_name",
            "The business's registered name",
            "As on its papers; forms and machines say it. May be empty.",
            on_line("registered_name"),
            optional=True,
        ),
        SetupQuestion(
            "failsafe_number",
            "Failsafe number",
            "A telephone that a person answers at any hour, and none of the line's: it rings when nothing else works.",
            on_line("failsafe_number"),
            meant=full_numbers,
        ),
        SetupQuestion(
            "paging_number",
            "Paging number",
            "Another number of the account's, from which only staff are called, so that their phones let it through at "
            "night. May be empty.",
            another_paging_number,
            optional=True,
            meant=full_numbers,
        ),
        SetupQuestion(
            "timezone", "Time zone", "Where the centre is.", on_line("timezone"), default="America/New_York"
        ),
        SetupQuestion(
            "languages",
            "Languages",
            "Of en, es, pt, ht, commas between; the first is the one to begin with.",
            on_line("languages"),
            default="en",
        ),
        SetupQuestion(
            "public_base_url",
            "Public address",
            "Where the carrier reaches this machine: https:// and a name, with something before Hotline that has a "
            "certificate (docs/deploying.md).",
            public,
        ),
        SetupQuestion(
            "database_url",
            "Database",
            "Empty: an SQLite file, which is right for one machine. Else postgresql://USER:PASSWORD@HOST/NAME.",
            database,
            optional=True,
            secret=True,
        ),
        SetupQuestion(
            "admin_name",
            "The first admin's name",
            "Who signs in first, and lets the others in.",
            named,
        ),
        SetupQuestion(
            "admin_phone",
            "Their telephone",
            "Their own: neither the failsafe number nor one of the line's. It is verified afterwards.",
            phone,
            meant=full_numbers,
        ),
    )


def by_key(numbers_of: Numbers) -> Mapping[str, SetupQuestion]:
    """The same by their names in a file of answers."""
    return {one.key: one for one in questions(numbers_of)}
