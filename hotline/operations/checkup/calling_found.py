"""How our calls to people look and whether they leave: what networks show, countries, calls per second."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from hotline.dialling import TERRITORIES
from hotline.operations.checkup.account_seen import AccountSeen, NotSeen
from hotline.operations.checkup.finding import Finding, Topic, doubtful, good, wrong
from hotline.operations.checkup.numbers_found import unread
from hotline.settings.centre import Centre, LineTable
from hotline.triage.numbers import written
from hotline.worded import worded

SHAKEN: Final = "RN7a97559effdf62d00f4298208492a5ea"
CNAM: Final = "RNf3db3cd1fe25fcfd3c3ded065c8fea53"
"""The carrier's names for what a trust product is for; every account has the same."""
_APPROVED: Final = "twilio-approved"
_WAITED: Final = timedelta(seconds=2)
_TOGETHER: Final = {"US": frozenset({"CA", *TERRITORIES["US"]})}
"""Which countries share a permission for calls: those of one numbering plan."""


def shown(line: LineTable, account: AccountSeen) -> Iterator[Finding]:
    """What somebody's phone shows while we ring it: that the call is what it says, and no name that tells."""
    if isinstance(account.trust, NotSeen):
        yield unread("calling.trust", worded("Attestation and caller names (Trust Hub)"), account.trust)
    elif not isinstance(account.numbers, NotSeen):
        sids = {one.number: one.sid for one in account.numbers}
        for number in line.leaves_from:
            sid = sids.get(number.e164)
            if sid is None or not number.e164.startswith("+1"):
                continue
            held = {one.policy: one.status for one in account.trust if sid in one.numbers}
            yield _attested(written(number), held.get(SHAKEN))
            if CNAM in held and number in line.numbers:
                yield _named(written(number))
    if isinstance(account.rcs, NotSeen):
        yield unread("calling.rcs", worded("Senders of richer messages (RCS)"), account.rcs)
    elif account.rcs:
        yield doubtful(
            Topic.TEXTING,
            "texting.rcs",
            worded("The account has a sender of richer messages (RCS)."),
            worded(
                "Texts that it sends show a name and a picture on the phone's locked screen: others in the "
                "house may see "
                "who writes."
            ),
            worded(
                "Keep it out of the messaging service of the line's numbers, or give it a name that tells nothing."
            ),
        )


def _attested(number: str, status: str | None) -> Finding:
    if status == _APPROVED:
        return good(
            Topic.CALLING,
            "calling.attested",
            worded("Calls from %(number)s are signed in full (SHAKEN, level A).", number=number),
        )
    return doubtful(
        Topic.CALLING,
        "calling.attested",
        worded(
            "Calls from %(number)s are not signed in full (SHAKEN): the number is not signed up for it.",
            number=number,
        )
        if status is None
        else worded(
            "Calls from %(number)s are not signed in full (SHAKEN): the number stands at %(status)s.",
            number=number,
            status=status,
        ),
        worded(
            "Phones show such calls as likely spam, or don't ring: fewer callers pick up when they are rung back."
        ),
        worded(
            "At the carrier: Trust Hub: have a business profile approved, then a SHAKEN/STIR trust product with this "
            "number. It takes some days, and costs nothing."
        ),
    )


def _named(number: str) -> Finding:
    return wrong(
        Topic.CALLING,
        "calling.cnam",
        worded("Calls from %(number)s show a name (CNAM).", number=number),
        worded("Whoever holds the phone of somebody who is rung back reads that name."),
        worded(
            "At the carrier: Trust Hub, CNAM: take the number out. A name that tells nothing may stay, if "
            "the number is no "
            "caller's to be rung from: make it the paging_number."
        ),
    )


def countries(line: LineTable, staff: frozenset[str], account: AccountSeen) -> Iterator[Finding]:
    """To which countries calls may leave. `staff`: where the staff's phones are."""
    if isinstance(account.calls_to, NotSeen):
        yield unread("calling.countries", worded("To which countries calls may leave"), account.calls_to)
        return
    needed = {*line.countries, *staff}
    covered = needed.union(*(_TOGETHER.get(one, frozenset()) for one in needed))
    open_to = {country for country, one in account.calls_to.items() if one.low_risk}
    reached = open_to.union(*(_TOGETHER.get(one, frozenset()) for one in open_to))
    shut = sorted(needed - reached)
    risky = sorted(country for country, one in account.calls_to.items() if one.high_risk)
    more = sorted(open_to - covered)
    if shut:
        yield wrong(
            Topic.CALLING,
            "calling.countries_shut",
            worded("The account may not call %(shut)s.", shut=", ".join(shut)),
            worded("Callers there can't be rung back, and staff there are never paged."),
            worded("At the carrier: Voice, Settings, Geo permissions: allow their low-risk numbers."),
        )
    if risky:
        yield wrong(
            Topic.CALLING,
            "calling.countries_risky",
            worded("The account may call costly numbers in %(risky)s.", risky=few(risky)),
            worded(
                "None today; but whoever gets hold of the token can empty the account in a night, and then nobody is "
                "called."
            ),
            worded(
                "At the carrier: Voice, Settings, Geo permissions: take all high-risk numbers away, everywhere."
            ),
        )
    if more:
        yield doubtful(
            Topic.CALLING,
            "calling.countries_open",
            worded("The account may call %(more)s, where none of your callers or staff are.", more=few(more)),
            worded("None today; but a stolen token costs more."),
            worded("At the carrier: Voice, Settings, Geo permissions: take them away."),
        )
    if not shut and not risky and not more:
        yield good(
            Topic.CALLING,
            "calling.countries",
            worded("Calls may leave to %(needed)s only.", needed=", ".join(sorted(needed))),
        )


def few(several: list[str]) -> str:
    """The first of them, and how many more."""
    if len(several) <= 6:
        return ", ".join(several)
    return worded("%(some)s and %(number)s more", some=", ".join(several[:5]), number=len(several) - 5)


def pace(centre: Centre, account: AccountSeen, *, rung_at_once: int) -> Iterator[Finding]:
    """Calls per second. `rung_at_once`: how many are rung at once for an emergency."""
    set_to = centre.carrier.calls_per_second
    waited = account.longest_wait
    if isinstance(waited, NotSeen):
        yield unread("calling.pace", worded("How long our calls waited at the carrier"), waited)
        return
    if waited is not None and waited >= _WAITED:
        yield wrong(
            Topic.CALLING,
            "calling.pace",
            worded(
                "One of the last calls waited %(total_seconds)s s at the carrier before it was dialled.",
                total_seconds=f"{waited.total_seconds():.0f}",
            ),
            worded("An emergency's page waits behind ordinary calls there, where nobody can let it pass."),
            worded(
                "The account starts fewer calls in a second than [carrier] calls_per_second (%(set_to)s) says: "
                "have the account's rate raised (Voice, Settings), or lower the setting: then calls wait here, "
                "emergencies first.",
                set_to=f"{set_to:g}",
            ),
        )
    elif rung_at_once / set_to > 3:
        yield doubtful(
            Topic.CALLING,
            "calling.slow",
            worded(
                "%(rung_at_once)s phones are rung at once for an emergency, and %(set_to)s a second can be.",
                rung_at_once=rung_at_once,
                set_to=f"{set_to:g}",
            ),
            worded(
                "The last of them rings %(rung_at_once)s s after the first.",
                rung_at_once=f"{rung_at_once / set_to:.0f}",
            ),
            worded(
                "Have the account's calls per second raised at the carrier (Voice, Settings), then [carrier] "
                "calls_per_second."
            ),
        )
    else:
        yield good(
            Topic.CALLING,
            "calling.pace",
            worded(
                "Calls leave at %(set_to)s a second, and none waited at the carrier.", set_to=f"{set_to:g}"
            ),
        )
