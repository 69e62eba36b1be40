"""Whether texts from the line's numbers arrive: registration, verification, countries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hotline.model import PhoneNumber
from hotline.operations.checkup.account_seen import AccountSeen, NotSeen, ServiceSeen, TollFreeSeen
from hotline.operations.checkup.finding import Finding, Topic, doubtful, good, wrong
from hotline.operations.checkup.numbers_found import unread
from hotline.settings.centre import LineTable
from hotline.triage.numbers import written

TOLL_FREE: Final = re.compile(r"\+18(?:00|33|44|55|66|77|88)\d{7}")
_LOCAL: Final = re.compile(r"\+1\d{10}")
_VERIFIED, _APPROVED = "VERIFIED", "TWILIO_APPROVED"
_BLOCKED: Final = (
    "Texts from it to phones in the United States are blocked by the networks (error 30034): callers who asked by text "
    "get no answer, and staff no pages by text."
)
_BLOCKED_TOLL_FREE: Final = (
    "Texts from it are blocked (error 30032): callers who asked by text get no answer."
)
_PAPERS: Final = "`hotline provision --papers` prints what the forms ask, in the line's own words."
PAGES_SINCE: Final = "2026-09-15"
"""Since then toll-free verification asks for separate pages of privacy and of terms (error 30493)."""


def registration(line: LineTable, account: AccountSeen) -> Iterator[Finding]:
    """Of each number in North America from which we text: whether the networks take texts from it."""
    if isinstance(account.numbers, NotSeen):
        return
    owned = {one.number for one in account.numbers}
    for number in line.leaves_from:
        if number.e164 not in owned:
            continue
        if TOLL_FREE.fullmatch(number.e164):
            if isinstance(account.toll_free, NotSeen):
                yield unread("texting.toll_free", "The verification of toll-free numbers", account.toll_free)
            else:
                yield _toll_free(written(number), account.toll_free.get(number.e164))
        elif _LOCAL.fullmatch(number.e164):
            if isinstance(account.services, NotSeen):
                yield unread("texting.campaign", "The registration of texts (A2P 10DLC)", account.services)
            else:
                yield _campaign(number, account.services)


def _toll_free(shown: str, seen: TollFreeSeen | None) -> Finding:
    if seen is None:
        return wrong(
            Topic.TEXTING,
            "texting.toll_free_none",
            f"{shown} is toll-free, and was never submitted for verification.",
            _BLOCKED_TOLL_FREE,
            f"At the carrier: Phone Numbers, {shown}, Regulatory: submit toll-free verification. {_PAPERS}",
        )
    if seen.status != _APPROVED:
        return wrong(
            Topic.TEXTING,
            "texting.toll_free",
            f"The toll-free verification of {shown} stands at {seen.status}{_because(seen.why)}.",
            _BLOCKED_TOLL_FREE,
            f"Wait, if it is in review: three to five days. If it was rejected, mend what it says and submit it again. "
            f"{_PAPERS}",
        )
    if not (seen.privacy and seen.terms):
        return doubtful(
            Topic.TEXTING,
            "texting.toll_free_pages",
            f"The verification of {shown} names no page of {'terms' if seen.privacy else 'privacy'}, as it must since "
            f"{PAGES_SINCE}.",
            "The next look of the carrier's may undo it (error 30493), and texts are blocked then.",
            f"Add the addresses of both pages to the verification. {_PAPERS}",
        )
    return good(Topic.TEXTING, "texting.toll_free", f"{shown} is verified for texts.")


def _campaign(number: PhoneNumber, services: tuple[ServiceSeen, ...]) -> Finding:
    shown = written(number)
    service = next((one for one in services if number.e164 in one.numbers), None)
    if service is None:
        return wrong(
            Topic.TEXTING,
            "texting.no_service",
            f"{shown} belongs to no messaging service, so that no campaign (A2P 10DLC) covers it.",
            _BLOCKED,
            f"At the carrier: register a brand and a campaign, and put the number into the campaign's service. "
            f"{_PAPERS} It takes 10 to 15 working days.",
        )
    if any(one.status == _VERIFIED for one in service.campaigns):
        return good(Topic.TEXTING, "texting.campaign", f"{shown} is covered by a verified campaign.")
    if not service.campaigns:
        return wrong(
            Topic.TEXTING,
            "texting.no_campaign",
            f"The messaging service “{service.name}” of {shown} has no campaign (A2P 10DLC).",
            _BLOCKED,
            f"Register one. {_PAPERS} It takes 10 to 15 working days.",
        )
    newest = service.campaigns[-1]
    return wrong(
        Topic.TEXTING,
        "texting.campaign",
        f"The campaign of {shown} stands at {newest.status}{_because(newest.why)}.",
        _BLOCKED,
        f"Wait, if it is in review: 10 to 15 working days. If it failed, mend what it says and submit it again. "
        f"{_PAPERS}",
    )


def _because(why: str) -> str:
    return f" ({why})" if why else ""


def countries(line: LineTable, staff: frozenset[str], account: AccountSeen) -> Iterator[Finding]:
    """To which countries texts may leave. `staff`: where the staff's phones are."""
    if isinstance(account.texts_to, NotSeen):
        yield unread("texting.countries", "To which countries texts may leave", account.texts_to)
        return
    needed = {*line.countries, *staff}
    shut = sorted(needed - account.texts_to)
    if shut:
        yield wrong(
            Topic.TEXTING,
            "texting.countries_shut",
            f"The account may not text to {', '.join(shut)}.",
            "Callers and staff with phones there get no text.",
            "At the carrier: Messaging, Settings, Geo permissions: allow them.",
        )
    more = sorted(account.texts_to - needed)
    if more:
        yield doubtful(
            Topic.TEXTING,
            "texting.countries_open",
            f"The account may text to {_few(more)}, where none of your callers or staff are.",
            "Nothing; but a stolen token, or a flood, costs more there.",
            "At the carrier: Messaging, Settings, Geo permissions: take them away.",
        )
    if not shut and not more:
        yield good(
            Topic.TEXTING, "texting.countries", f"Texts may leave to {', '.join(sorted(needed))} only."
        )


def _few(several: list[str]) -> str:
    return (
        ", ".join(several) if len(several) <= 6 else f"{', '.join(several[:5])} and {len(several) - 5} more"
    )
