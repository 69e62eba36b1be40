"""Whether texts from the line's numbers arrive: registration, verification, countries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hotline.model import PhoneNumber
from hotline.operations.checkup.account_seen import AccountSeen, NotSeen, ServiceSeen, TollFreeSeen
from hotline.operations.checkup.calling_found import few
from hotline.operations.checkup.finding import Finding, Topic, doubtful, good, wrong
from hotline.operations.checkup.numbers_found import unread
from hotline.settings.centre import LineTable
from hotline.triage.numbers import written
from hotline.worded import worded

TOLL_FREE: Final = re.compile(r"\+18(?:00|33|44|55|66|77|88)\d{7}")
_LOCAL: Final = re.compile(r"\+1\d{10}")
_VERIFIED, _APPROVED = "VERIFIED", "TWILIO_APPROVED"
_BLOCKED: Final = worded(
    "Texts from it to phones in the United States are blocked by the networks (error 30034): callers who asked by text "
    "get no answer, and staff no pages by text."
)
_BLOCKED_TOLL_FREE: Final = worded(
    "Texts from it are blocked (error 30032): callers who asked by text get no answer."
)
_PAPERS: Final = worded("`hotline provision --papers` prints what the forms ask, in the line's own words.")
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
                yield unread(
                    "texting.toll_free", worded("The verification of toll-free numbers"), account.toll_free
                )
            else:
                yield _toll_free(written(number), account.toll_free.get(number.e164))
        elif _LOCAL.fullmatch(number.e164):
            if isinstance(account.services, NotSeen):
                yield unread(
                    "texting.campaign", worded("The registration of texts (A2P 10DLC)"), account.services
                )
            else:
                yield _campaign(number, account.services)


def _toll_free(shown: str, seen: TollFreeSeen | None) -> Finding:
    if seen is None:
        return wrong(
            Topic.TEXTING,
            "texting.toll_free_none",
            worded("%(shown)s is toll-free, and was never submitted for verification.", shown=shown),
            _BLOCKED_TOLL_FREE,
            worded(
                "At the carrier: Phone Numbers, %(shown)s, Regulatory: submit toll-free verification. %(papers)s",
                shown=shown,
                papers=_PAPERS,
            ),
        )
    if seen.status != _APPROVED:
        return wrong(
            Topic.TEXTING,
            "texting.toll_free",
            worded(
                "The toll-free verification of %(shown)s stands at %(status)s%(why)s.",
                shown=shown,
                status=seen.status,
                why=_because(seen.why),
            ),
            _BLOCKED_TOLL_FREE,
            worded(
                "Wait, if it is in review: three to five days. If it was rejected, mend what it says and submit "
                "it again. %(papers)s",
                papers=_PAPERS,
            ),
        )
    if not (seen.privacy and seen.terms):
        return doubtful(
            Topic.TEXTING,
            "texting.toll_free_pages",
            worded(
                "The verification of %(shown)s names no page of terms, as it must since %(since)s.",
                shown=shown,
                since=PAGES_SINCE,
            )
            if seen.privacy
            else worded(
                "The verification of %(shown)s names no page of privacy, as it must since %(since)s.",
                shown=shown,
                since=PAGES_SINCE,
            ),
            worded("The next look of the carrier's may undo it (error 30493), and texts are blocked then."),
            worded("Add the addresses of both pages to the verification. %(papers)s", papers=_PAPERS),
        )
    return good(Topic.TEXTING, "texting.toll_free", worded("%(shown)s is verified for texts.", shown=shown))


def _campaign(number: PhoneNumber, services: tuple[ServiceSeen, ...]) -> Finding:
    shown = written(number)
    service = next((one for one in services if number.e164 in one.numbers), None)
    if service is None:
        return wrong(
            Topic.TEXTING,
            "texting.no_service",
            worded(
                "%(shown)s belongs to no messaging service, so that no campaign (A2P 10DLC) covers it.",
                shown=shown,
            ),
            _BLOCKED,
            worded(
                "At the carrier: register a brand and a campaign, and put the number into the campaign's "
                "service. %(papers)s It takes 10 to 15 working days.",
                papers=_PAPERS,
            ),
        )
    if any(one.status == _VERIFIED for one in service.campaigns):
        return good(
            Topic.TEXTING,
            "texting.campaign",
            worded("%(shown)s is covered by a verified campaign.", shown=shown),
        )
    if not service.campaigns:
        return wrong(
            Topic.TEXTING,
            "texting.no_campaign",
            worded(
                "The messaging service “%(name)s” of %(shown)s has no campaign (A2P 10DLC).",
                name=service.name,
                shown=shown,
            ),
            _BLOCKED,
            worded("Register one. %(papers)s It takes 10 to 15 working days.", papers=_PAPERS),
        )
    newest = service.campaigns[-1]
    return wrong(
        Topic.TEXTING,
        "texting.campaign",
        worded(
            "The campaign of %(shown)s stands at %(status)s%(why)s.",
            shown=shown,
            status=newest.status,
            why=_because(newest.why),
        ),
        _BLOCKED,
        worded(
            "Wait, if it is in review: 10 to 15 working days. If it failed, mend what it says and submit it "
            "again. %(papers)s",
            papers=_PAPERS,
        ),
    )


def _because(why: str) -> str:
    return f" ({why})" if why else ""


def countries(line: LineTable, staff: frozenset[str], account: AccountSeen) -> Iterator[Finding]:
    """To which countries texts may leave. `staff`: where the staff's phones are."""
    if isinstance(account.texts_to, NotSeen):
        yield unread("texting.countries", worded("To which countries texts may leave"), account.texts_to)
        return
    needed = {*line.countries, *staff}
    shut = sorted(needed - account.texts_to)
    if shut:
        yield wrong(
            Topic.TEXTING,
            "texting.countries_shut",
            worded("The account may not text to %(shut)s.", shut=", ".join(shut)),
            worded("Callers and staff with phones there get no text."),
            worded("At the carrier: Messaging, Settings, Geo permissions: allow them."),
        )
    more = sorted(account.texts_to - needed)
    if more:
        yield doubtful(
            Topic.TEXTING,
            "texting.countries_open",
            worded(
                "The account may text to %(more)s, where none of your callers or staff are.", more=few(more)
            ),
            worded("Nothing; but a stolen token, or a flood, costs more there."),
            worded("At the carrier: Messaging, Settings, Geo permissions: take them away."),
        )
    if not shut and not more:
        yield good(
            Topic.TEXTING,
            "texting.countries",
            worded("Texts may leave to %(needed)s only.", needed=", ".join(sorted(needed))),
        )
