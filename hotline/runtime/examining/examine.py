"""The whole check-up: for `hotline doctor`, and for the clock, which keeps it for the console."""

from __future__ import annotations

import requests
import structlog

from hotline.operations.checkup import asked_for
from hotline.operations.checkup.finding import Finding, counted
from hotline.operations.checkup.judging import AllSeen, OfPeople, judged
from hotline.operations.transaction import Application
from hotline.runtime.examining.database_probe import database
from hotline.runtime.examining.machine_probe import machine
from hotline.store.database import StoreError
from hotline.telephony.rest.account_reading import AccountReader
from hotline.telephony.rest.pointing import wanted

_log = structlog.get_logger("hotline.examining")


def examine(application: Application, session: requests.Session | None = None) -> tuple[Finding, ...]:
    """Look everything over, and judge it: worst first. Only looks; takes seconds, up to a minute where nothing answers.

    `session`: how requests to the carrier travel. Never raises for anything that is away.
    """
    settings = application.settings
    aims = wanted(settings, application.prompts)
    stored = database(application)
    reader = AccountReader(settings, session)
    seen = AllSeen(
        settings=settings,
        wanted=aims,
        machine=machine(settings),
        database=stored,
        account=reader.read(application.clock, tuple(one.address for one in aims.bins)),
        people=_people(application) if stored.keys_fit else OfPeople(),
    )
    return judged(seen, application.clock())


def _people(application: Application) -> OfPeople:
    try:
        return application.look(asked_for.of_people)
    except StoreError:
        return OfPeople()  # what keeps us from it is found by itself


def examine_if_due(application: Application, session: requests.Session | None = None) -> bool:
    """Look everything over if it is time, or if somebody has asked, and keep what was found; whether that was done.

    Two that do this are harmless: one of them begins. Raises StoreError.
    """
    if not application.look(asked_for.is_due) or not application.change(asked_for.begin):
        return False
    found = examine(application, session)
    application.change(lambda transaction: asked_for.end(transaction, found))
    _log.info("everything was looked over", **{one.value: n for one, n in counted(found).items()})
    return True
