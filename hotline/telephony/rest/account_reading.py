"""Reading what the carrier has of our account. Only reads; what does not answer is said so, and never raised."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.request_validator import RequestValidator

from hotline.operations.checkup.account_seen import (
    AccountSeen,
    CampaignSeen,
    DiallingSeen,
    NotSeen,
    NumberSeen,
    ServiceSeen,
    TollFreeSeen,
    TrustSeen,
)
from hotline.operations.checkup.number_wanted import FIELDS
from hotline.settings.load import Settings
from hotline.telephony.rest.carrier import connected
from hotline.telephony.rest.pointing import BIN

T = TypeVar("T")
_LIST: Final = {"limit": 400, "page_size": 50}
"""Entries of one list, and of one page of it: no API of Twilio's refuses 50."""
_LAST_CALLS: Final = 50
_BIN_HOST: Final = "handler.twilio.com"


class AccountReader:
    """Asks the carrier for everything that `hotline doctor` looks at: two dozen requests, each with its time-out."""

    def __init__(self, settings: Settings, session: requests.Session | None = None) -> None:
        """`session`: how requests travel."""
        self._settings = settings
        self._session = session or requests.Session()
        client, self._http = connected(settings, self._session)
        self._client: Any = client

    def read(self, clock: Callable[[], datetime], bins: tuple[str, ...] = ()) -> AccountSeen:
        """All of it. `clock`: our time, UTC; `bins`: addresses of TwiML Bins that are read beside those of numbers."""
        sent = clock()
        account = _read(lambda: self._client.api.accounts(self._settings.twilio_account_sid).fetch())
        if isinstance(account, NotSeen):
            return AccountSeen(account)  # whoever isn't let in needn't knock at every door
        ahead = self._ahead(sent, clock())
        numbers = _read(lambda: tuple(self._numbers()))
        known = () if isinstance(numbers, NotSeen) else numbers
        fallbacks = (one.pointed["voice_fallback_url"] for one in known)
        return AccountSeen(
            status=str(account.status),
            kind=str(account.type),
            ahead=ahead,
            numbers=numbers,
            services=_read(lambda: tuple(self._services())),
            toll_free=_read(lambda: self._toll_free(known)),
            trust=_read(lambda: tuple(self._trust())),
            rcs=_read(lambda: len(self._client.messaging.v2.channels_senders.list(channel="rcs", **_LIST))),
            calls_to=_read(self._calls_to),
            texts_to=_read(self._texts_to),
            longest_wait=_read(lambda: self._longest_wait(sent)),
            bins={at: self._bin(at) for at in dict.fromkeys((*bins, *fallbacks)) if BIN.fullmatch(at)},
        )

    def numbers(self) -> tuple[NumberSeen, ...] | NotSeen:
        """The account's numbers alone."""
        return _read(lambda: tuple(self._numbers()))

    def services(self) -> tuple[ServiceSeen, ...] | NotSeen:
        """Its messaging services alone."""
        return _read(lambda: tuple(self._services()))

    def _ahead(self, sent: datetime, received: datetime) -> timedelta | None:
        told = self._http.told_at
        if told is None:
            return None
        # It tells whole seconds: half of one lies between what it says and what it means.
        return told + timedelta(seconds=0.5) - (sent + (received - sent) / 2)

    def _numbers(self) -> Iterator[NumberSeen]:
        for one in self._client.incoming_phone_numbers.list(**_LIST):
            able = one.capabilities if isinstance(one.capabilities, dict) else {}
            yield NumberSeen(
                sid=str(one.sid),
                number=str(one.phone_number),
                pointed={name: str(getattr(one, name, None) or "") for name in FIELDS},
                speaks=bool(able.get("voice", True)),
                texts=bool(able.get("sms", True)),
                names_callers=bool(one.voice_caller_id_lookup),
            )

    def _services(self) -> Iterator[ServiceSeen]:
        for one in self._client.messaging.v1.services.list(**_LIST):
            here = self._client.messaging.v1.services(one.sid)
            campaigns = here.us_app_to_person.list(**_LIST)
            yield ServiceSeen(
                sid=str(one.sid),
                name=str(one.friendly_name),
                numbers=frozenset(str(each.phone_number) for each in here.phone_numbers.list(**_LIST)),
                asks_number=one.use_inbound_webhook_on_number is not False,
                address=str(one.inbound_request_url or ""),
                campaigns=tuple(
                    CampaignSeen(str(each.campaign_status), _why(each.errors)) for each in campaigns
                ),
            )

    def _toll_free(self, numbers: tuple[NumberSeen, ...]) -> Mapping[str, TollFreeSeen]:
        by_sid = {one.sid: one.number for one in numbers}
        return {
            by_sid[one.tollfree_phone_number_sid]: TollFreeSeen(
                status=str(one.status),
                why=" ".join(str(each) for each in (one.error_code, one.rejection_reason) if each),
                privacy=bool(one.privacy_policy_url),
                terms=bool(one.terms_and_conditions_url),
            )
            for one in self._client.messaging.v1.tollfree_verifications.list(**_LIST)
            if one.tollfree_phone_number_sid in by_sid
        }

    def _trust(self) -> Iterator[TrustSeen]:
        for one in self._client.trusthub.v1.trust_products.list(**_LIST):
            at = self._client.trusthub.v1.trust_products(one.sid)
            held = at.trust_products_channel_endpoint_assignment.list(**_LIST)
            numbers = frozenset(str(each.channel_endpoint_sid) for each in held)
            yield TrustSeen(str(one.policy_sid), str(one.status), numbers)

    def _calls_to(self) -> Mapping[str, DiallingSeen]:
        found: dict[str, DiallingSeen] = {}
        countries = self._client.voice.v1.dialing_permissions.countries
        for switch in (
            "low_risk_numbers_enabled",
            "high_risk_special_numbers_enabled",
            "high_risk_tollfraud_numbers_enabled",
        ):
            for one in countries.list(**_LIST, **{switch: True}):
                special, fraud = (
                    one.high_risk_special_numbers_enabled,
                    one.high_risk_tollfraud_numbers_enabled,
                )
                found[str(one.iso_code)] = DiallingSeen(
                    bool(one.low_risk_numbers_enabled), bool(special or fraud)
                )
        return found

    def _texts_to(self) -> frozenset[str]:
        told = self._client.accounts.v1.messaging_geopermissions.fetch().permissions
        return frozenset(str(one["country_code"]) for one in told if one["enabled"])

    def _longest_wait(self, now: datetime) -> timedelta | None:
        calls = self._client.calls.list(limit=_LAST_CALLS, start_time_after=now - timedelta(days=2))
        waits = [int(one.queue_time or 0) for one in calls if one.direction == "outbound-api"]
        return timedelta(milliseconds=max(waits)) if waits else None

    def _bin(self, address: str) -> str | NotSeen:
        """What a bin says: Twilio shows it to whoever signs as Twilio itself does."""
        asked = f"{address}?AccountSid={self._settings.twilio_account_sid}"
        signer = RequestValidator(self._settings.twilio_auth_token.get_secret_value())
        here = self._http.base_of(_BIN_HOST) + asked.removeprefix(f"https://{_BIN_HOST}")

        def fetch() -> str:
            answer = self._session.get(
                here,
                headers={"X-Twilio-Signature": signer.compute_signature(asked, {})},
                timeout=self._http.timeout,
                allow_redirects=False,
            )
            answer.raise_for_status()
            return str(answer.text)

        return _read(fetch)


def _read(ask: Callable[[], T]) -> T | NotSeen:
    """Whatever breaks is told by the name of what broke, for an answer may hold anything."""
    try:
        return ask()
    except (TwilioRestException, TwilioServiceException) as refused:
        return NotSeen(str(refused.status))
    except TwilioException as refused:  # of a list that could not be read
        status = next((one.status_code for one in refused.args if hasattr(one, "status_code")), None)
        return NotSeen(str(status) if status is not None else type(refused).__name__)
    except requests.HTTPError as refused:
        return NotSeen(str(refused.response.status_code))
    except Exception as broken:  # a proxy's page, a field of another type: never a crash of whoever looks
        return NotSeen(type(broken).__name__)


def _why(errors: object) -> str:
    """What a failed campaign was refused for, as far as it is told."""
    if not isinstance(errors, list):
        return ""
    told = (one.get("error_code") or one.get("fields") for one in errors if isinstance(one, dict))
    return ", ".join(str(one) for one in told if one)
