"""Where calls and texts to the line's numbers go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from hotline.model import PhoneNumber
from hotline.operations.checkup.account_seen import AccountSeen, NotSeen, NumberSeen, ServiceSeen
from hotline.operations.checkup.finding import Finding, Topic, doubtful, good, wrong
from hotline.operations.checkup.number_wanted import ELSEWHERE, WantedPointing, overrides, same_place
from hotline.settings.centre import LineTable
from hotline.triage.numbers import written
from hotline.worded import worded

_PROVISION: Final = worded("Run `hotline provision`: it shows what it would change, and asks.")
_ADDRESSES: Final[Mapping[str, tuple[str, str]]] = {
    "voice_url": (
        worded("calls"),
        worded("Whoever calls it hears something else, or that an application error has occurred."),
    ),
    "status_callback": (
        worded("the end of calls"),
        worded(
            "That somebody has hung up is noticed only when the carrier is asked, about a minute later: so "
            "is ringing them "
            "back."
        ),
    ),
    "sms_url": (worded("texts"), worded("Whoever texts it gets no answer, and nobody here ever sees it.")),
    "sms_fallback_url": (
        worded("texts that were not answered at once"),
        worded("Such a text goes to somebody else, or is lost."),
    ),
}
_TAGS_APART: Final = re.compile(r">\s+<")
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>\s*")


def numbers(line: LineTable, account: AccountSeen, wanted: WantedPointing) -> Iterator[Finding]:
    """Of each number of ours: whether it is the account's, can speak and text, and points here."""
    if isinstance(account.numbers, NotSeen):
        yield unread("number.list", worded("The account's numbers"), account.numbers)
        return
    owned = {one.number: one for one in account.numbers}
    services = () if isinstance(account.services, NotSeen) else account.services
    for number in line.own:
        shown = written(number)
        seen = owned.get(number.e164)
        if seen is None:
            yield wrong(
                Topic.NUMBERS,
                "number.missing",
                worded("%(shown)s stands in hotline.toml, and is no number of this account.", shown=shown),
                worded(
                    "Calls to it don't come here, and calls and texts that should come from it are refused."
                ),
                worded(
                    "Correct [line] in hotline.toml, or take the number into this account. The account's numbers: "
                    "%(numbers)s.",
                    numbers=", ".join(sorted(owned)),
                )
                if owned
                else worded(
                    "Correct [line] in hotline.toml, or take the number into this account. The account has none."
                ),
            )
            continue
        texts = number in line.leaves_from
        found = [
            *_able(shown, seen, texts=texts),
            *_pointed(shown, seen, wanted),
            *_service(shown, seen, services),
        ]
        yield from found or [
            good(
                Topic.NUMBERS,
                "number",
                worded("%(shown)s points here, for calls and for texts.", shown=shown),
            )
        ]


NO_CANARY: Final = worded(
    "None by itself; but no canary flies, and a line that is dead is found by a caller first."
)
"""What it does to callers that she can't leave for her own number's sake..."""
HER_NUMBER: Final = worded("Correct [canary] number in hotline.toml, or take the number into this account.")
"""...and how to mend it."""


def canary(number: PhoneNumber | None, account: AccountSeen) -> Iterator[Finding]:
    """Of the number from which the line calls and texts itself, if there is one: whether it is the account's."""
    if number is None or isinstance(account.numbers, NotSeen):
        return
    shown = written(number)
    seen = next((one for one in account.numbers if one.number == number.e164), None)
    if seen is None:
        yield wrong(
            Topic.OUTAGE,
            "canary.number",
            worded("[canary] number %(shown)s is no number of this account.", shown=shown),
            NO_CANARY,
            HER_NUMBER,
        )
    elif not (seen.speaks and seen.texts):
        yield wrong(
            Topic.OUTAGE,
            "canary.number",
            worded("[canary] number %(shown)s can't both call and text.", shown=shown),
            worded("None by itself; but half of each canary fails, and supervisors are rung for it."),
            worded("Take a number that calls and texts."),
        )


def _able(shown: str, seen: NumberSeen, *, texts: bool) -> Iterator[Finding]:
    for able, kind, what in (
        (seen.speaks, "voice", worded("calls")),
        (seen.texts or not texts, "texts", worded("texts")),
    ):
        if not able:
            yield wrong(
                Topic.NUMBERS,
                f"number.no_{kind}",
                worded("%(shown)s can't take %(what)s: it was bought without.", shown=shown, what=what),
                worded("No %(what)s reach this number, and none leave from it.", what=what),
                worded(
                    "Buy a number that takes calls and texts, and put it into hotline.toml in place of %(shown)s.",
                    shown=shown,
                ),
            )
    if seen.names_callers:
        yield wrong(
            Topic.NUMBERS,
            "number.names_callers",
            worded("%(shown)s has each caller's name looked up (Caller Name Lookup).", shown=shown),
            worded(
                "A company that has nothing to do with it is told that they called, each time, and it costs money."
            ),
            worded(
                "At the carrier: Phone Numbers, %(shown)s, Caller Name Lookup: off. Nothing here uses it.",
                shown=shown,
            ),
        )


def _pointed(shown: str, seen: NumberSeen, wanted: WantedPointing) -> Iterator[Finding]:
    for name in ELSEWHERE:
        if seen.pointed.get(name):
            what = worded("texts") if name.startswith("sms") else worded("calls")
            yield wrong(
                Topic.NUMBERS,
                f"number.{name}",
                worded(
                    "%(shown)s gives its %(what)s to a trunk of the carrier's, and looks at no address.",
                    shown=shown,
                    what=what,
                )
                if name == "trunk_sid"
                else worded(
                    "%(shown)s gives its %(what)s to an application of the carrier's, and looks at no address.",
                    shown=shown,
                    what=what,
                ),
                worded("Its %(what)s don't come here.", what=what),
                _PROVISION,
            )
    for name, (what, callers) in _ADDRESSES.items():
        have, want = seen.pointed.get(name, ""), wanted.pointed[name]
        method = seen.pointed.get(name.removesuffix("_url") + "_method", "POST")
        if not same_place(have, want):
            if name == "sms_fallback_url" and not have:
                continue
            there = (
                worded("%(shown)s, %(what)s: there is no address.", shown=shown, what=what)
                if not have
                else worded("%(shown)s, %(what)s: the address is none of ours.", shown=shown, what=what)
            )
            yield wrong(Topic.NUMBERS, f"number.{name}", there, callers, _PROVISION)
        elif method != "POST":
            yield wrong(
                Topic.NUMBERS,
                f"number.{name}.method",
                worded(
                    "%(shown)s, %(what)s: asked by %(method)s in place of POST.",
                    shown=shown,
                    what=what,
                    method=method,
                ),
                worded("Each such request is refused here. %(callers)s", callers=callers),
                _PROVISION,
            )
        elif set(overrides(have)) != set(overrides(want)):
            yield doubtful(
                Topic.NUMBERS,
                f"number.{name}.overrides",
                worded(
                    "%(shown)s, %(what)s: the address lacks #%(end)s at its end.",
                    shown=shown,
                    what=what,
                    end="&".join(overrides(want)),
                ),
                worded(
                    "The carrier gives up at the first answer that fails or is late, where it could ask again: at each "
                    "restart of ours somebody hears that an application error has occurred."
                ),
                _PROVISION,
            )


def _service(shown: str, seen: NumberSeen, services: tuple[ServiceSeen, ...]) -> Iterator[Finding]:
    for one in services:
        if seen.number in one.numbers and not one.asks_number:
            yield wrong(
                Topic.NUMBERS,
                "number.service",
                worded(
                    "%(shown)s is in the messaging service “%(name)s”, which sends texts elsewhere itself.",
                    shown=shown,
                    name=one.name,
                )
                if one.address
                else worded(
                    "%(shown)s is in the messaging service “%(name)s”, which sends texts nowhere itself.",
                    shown=shown,
                    name=one.name,
                ),
                _ADDRESSES["sms_url"][1],
                worded(
                    "%(provision)s Or in the service's Integration: defer to sender's webhook.",
                    provision=_PROVISION,
                ),
            )


def outage(line: LineTable, account: AccountSeen, wanted: WantedPointing) -> Iterator[Finding]:
    """What the carrier says by itself while nothing of ours answers."""
    if isinstance(account.numbers, NotSeen):
        return
    texts = {one.address: one for one in wanted.bins}
    for seen in account.numbers:
        number = next((one for one in line.own if one.e164 == seen.number), None)
        if number is not None:
            have = seen.pointed.get("voice_fallback_url", "")
            yield from _fallback(written(number), have, wanted)
    for address, one in texts.items():
        yield from _bin(address, one.setting, one.text, account.bins.get(address))
    missing = {"calls_fallback", "called_fallback", "staff_fallback"} - {one.setting for one in wanted.bins}
    if missing:
        yield doubtful(
            Topic.OUTAGE,
            "outage.no_bin",
            worded("No TwiML Bin is named for %(missing)s in [carrier].", missing=", ".join(sorted(missing))),
            worded(
                "While this machine is off or being restarted, people on the telephone hear that an "
                "application error has "
                "occurred, and not the 911 sentence and the failsafe number. With several machines that don't fail "
                "together this may be meant so."
            ),
            worded(
                "docs/outages.md: `hotline twiml-bin` prints what to paste at the carrier; then put the "
                "bins' addresses "
                "into [carrier], and run `hotline provision`."
            ),
        )


def _fallback(shown: str, have: str, wanted: WantedPointing) -> Iterator[Finding]:
    want = wanted.pointed["voice_fallback_url"]
    if not have:
        yield wrong(
            Topic.OUTAGE,
            "outage.none",
            worded("%(shown)s has no address for when nothing of ours answers.", shown=shown),
            worded("While this machine is off, whoever calls hears that an application error has occurred."),
            _PROVISION,
        )
    elif not same_place(have, want):
        yield wrong(
            Topic.OUTAGE,
            "outage.elsewhere",
            worded(
                "%(shown)s: what is asked when nothing of ours answers is another address than hotline.toml "
                "says.",
                shown=shown,
            ),
            worded("While this machine is off, whoever calls hears what somebody once put there."),
            _PROVISION,
        )
    elif set(overrides(have)) != set(overrides(want)):
        yield doubtful(
            Topic.OUTAGE,
            "outage.overrides",
            worded("%(shown)s: what is asked when nothing of ours answers is asked once only.", shown=shown),
            worded("A restart that takes longer than that is heard as an application error."),
            _PROVISION,
        )


def _bin(address: str, setting: str, text: str, says: str | NotSeen | None) -> Iterator[Finding]:
    if says is None or isinstance(says, NotSeen):
        why = says.why if isinstance(says, NotSeen) else worded("not the address of a TwiML Bin")
        yield doubtful(
            Topic.OUTAGE,
            "outage.bin_unread",
            worded(
                "What [carrier] %(setting)s leads to could not be read (%(why)s).", setting=setting, why=why
            ),
            worded("Nobody knows what people hear there while this machine is off."),
            worded(
                "Look at the carrier, under TwiML Bins, whether it is what `%(setting)s` prints.",
                setting=_prints(setting),
            ),
        )
    elif _plain(says) != _plain(text):
        yield wrong(
            Topic.OUTAGE,
            "outage.bin_old",
            worded(
                "The TwiML Bin of [carrier] %(setting)s says something else than it should now.",
                setting=setting,
            ),
            worded("While this machine is off, people hear old words, or an old failsafe number rings."),
            worded("Paste what `%(setting)s` prints into the bin again.", setting=_prints(setting)),
        )
    else:
        yield good(
            Topic.OUTAGE,
            "outage.bin",
            worded("The TwiML Bin of [carrier] %(setting)s says what it should.", setting=setting),
        )


def _prints(setting: str) -> str:
    return f"hotline twiml-bin {setting.removesuffix('_fallback')}"


def _plain(document: str) -> str:
    """Without what makes no difference: the declaration, and space between tags."""
    return _TAGS_APART.sub("><", _DECLARATION.sub("", document)).strip()


def unread(key: str, what: str, part: NotSeen) -> Finding:
    """A part of the account that could not be looked at."""
    return doubtful(
        Topic.ACCOUNT,
        f"{key}.unread",
        worded("%(what)s could not be read (%(why)s).", what=what, why=part.why),
        worded("Unknown: nobody has looked."),
        worded(
            "Look again in a minute. If it stays so, the token may not read this (a key of a subaccount, "
            "say): look at the "
            "carrier's console."
        ),
    )
