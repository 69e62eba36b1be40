"""Our door, and somebody who knocks: the real application over a real database, without a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
from flask import Flask
from werkzeug.test import TestResponse

from hotline.operations import roster
from hotline.operations.transaction import Transaction
from hotline.runtime.app import create_app
from hotline.runtime.wiring import Wiring, open_application
from hotline.settings.load import Settings
from hotline.simulator import HandClock
from hotline.simulator.asking.signing import sign
from hotline.store.traffic.outbox import WakeUp
from tests import databases
from tests.stories.centre import CENTRE, LINE, MIA, SITE, STAFF, TOKEN, settings_for

AFTERNOON = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"


@dataclass
class CountedWakeUps:
    """A wake-up queue that nobody hears, and that remembers what it was rung for."""

    rung: list[WakeUp] = field(default_factory=list)
    is_quiet: bool = False

    def ring(self, waiting: Sequence[WakeUp]) -> None:
        self.rung.extend(waiting)


@dataclass
class Doorstep:
    """The application, and a carrier's hand that knocks at it."""

    here: Wiring
    app: Flask
    clock: HandClock
    wake_up: CountedWakeUps
    settings: Settings

    def post(
        self,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        token: str = TOKEN,
        site: str = SITE,
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """A webhook, signed as the carrier signs."""
        given = dict(form or {})
        signed = {"X-Twilio-Signature": sign(token, f"{site}{path}", given), **(headers or {})}
        return self.knock(path, urlencode(given), signed)

    def knock(
        self,
        path: str,
        body: str | bytes = "",
        headers: Mapping[str, str] | None = None,
        *,
        method: str = "POST",
        content_type: str = FORM,
    ) -> TestResponse:
        """A request as it stands."""
        return self.app.test_client().open(
            path, method=method, data=body, headers=dict(headers or {}), content_type=content_type
        )

    def calls(self, sid: str = "CA1", caller: str = MIA, **more: str) -> str:
        """Somebody calls: the TwiML that answers."""
        form = {"CallSid": sid, "From": caller, "To": LINE, "CallStatus": "ringing", **more}
        return self.post("/twilio/voice", form).text

    def texts(self, body: str, sid: str = "SM1", caller: str = MIA, **more: str) -> str:
        """Somebody texts: the TwiML that answers."""
        form = {"MessageSid": sid, "From": caller, "To": LINE, "Body": body, **more}
        return self.post("/twilio/sms", form).text

    def look(self, work: Callable[[Transaction], Any]) -> Any:
        """Read the database."""
        return self.here.application.look(work)


def build(
    home: Path,
    *,
    patience: float = 0.2,
    at_most: float | None = None,
    session: requests.Session | None = None,
    database: str | None = None,
    centre: str = CENTRE,
    **changed: Any,
) -> Doorstep:
    """A staffed house at three in the afternoon in Boston. `changed`: settings that are other than usual."""
    home.mkdir(exist_ok=True)
    usual = settings_for(home, database or databases.sqlite(home), f"unix://{home}/no-redis.sock", centre)
    settings = replace(usual, **changed)
    clock, wake_up = HandClock(AFTERNOON), CountedWakeUps()
    here = open_application(
        settings,
        patience=timedelta(seconds=patience),
        at_most=timedelta(seconds=at_most) if at_most is not None else None,
        wake_ups=wake_up,
        clock=clock,
        session=session,
    )
    here.application.database.transact(lambda tx: roster.load(tx, STAFF, clock()))
    return Doorstep(here, create_app(here), clock, wake_up, settings)
