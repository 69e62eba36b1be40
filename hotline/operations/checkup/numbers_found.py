"""Where calls and texts to the line's numbers go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from hotline.operations.checkup.account_seen import AccountSeen, NotSeen, NumberSeen, ServiceSeen
from hotline.operations.checkup.finding import Finding, Topic, doubtful, good, wrong
from hotline.operations.checkup.number_wanted import ELSEWHERE, WantedPointing, overrides, same_place
from hotline.settings.centre import LineTable
from hotline.triage.numbers import written

_PROVISION: Final = "Run `hotline provision`: it shows what it would change, and asks."
_ADDRESSES: Final[Mapping[str, tuple[str, str]]] = {
    "voice_url": (
        "calls",
        "Whoever calls it hears something else, or that an application error has occurred.",
    ),
    "status_callback": (
        "the end of calls",
        "That somebody has hung up is noticed only when the carrier is asked, about a minute later: so is ringing them "
        "back.",
    ),
    "sms_url": ("texts", "Whoever texts it gets no answer, and nobody here ever sees it."),
    "sms_fallback_url": (
        "texts that were not answered at once",
        "Such a text goes to somebody else, or is lost.",
    ),
}
_TAGS_APART: Final = re.compile(r">\s+<")
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>\s*")


def numbers(line: LineTable, account: AccountSeen, wanted: WantedPointing) -> Iterator[Finding]:
    """Of each number of ours: whether it is the account's, can speak and text, and points here."""
    if isinstance(account.numbers, NotSeen):
        yield unread("number.list", "The account's numbers", account.numbers)
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
                f"{shown} stands in hotline.toml, and is no number of this account.",
                "Calls to it don't come here, and calls and texts that should come from it are refused.",
                "Correct [line] in hotline.toml, or take the number into this account. The account's numbers: "
                f"{', '.join(sorted(owned)) or 'none'}.",
            )
            continue
        texts = number in line.leaves_from
        found = [
            *_able(shown, seen, texts=texts),
            *_pointed(shown, seen, wanted),
            *_service(shown, seen, services),
        ]
        yield from found or [good(Topic.NUMBERS, "number", f"{shown} points here, for calls and for texts.")]


def _able(shown: str, seen: NumberSeen, *, texts: bool) -> Iterator[Finding]:
    for able, kind, what in ((seen.speaks, "voice", "calls"), (seen.texts or not texts, "texts", "texts")):
        if not able:
            yield wrong(
                Topic.NUMBERS,
                f"number.no_{kind}",
                f"{shown} can't take {what}: it was bought without.",
                f"No {what} reach this number, and none leave from it.",
                f"Buy a number that takes calls and texts, and put it into hotline.toml in place of {shown}.",
            )
    if seen.names_callers:
        yield wrong(
            Topic.NUMBERS,
            "number.names_callers",
            f"{shown} has each caller's name looked up (Caller Name Lookup).",
            "A company that has nothing to do with it is told that they called, each time, and it costs money.",
            f"At the carrier: Phone Numbers, {shown}, Caller Name Lookup: off. Nothing here uses it.",
        )


def _pointed(shown: str, seen: NumberSeen, wanted: WantedPointing) -> Iterator[Finding]:
    for name in ELSEWHERE:
        if seen.pointed.get(name):
            what = "texts" if name.startswith("sms") else "calls"
            yield wrong(
                Topic.NUMBERS,
                f"number.{name}",
                f"{shown} gives its {what} to {'a trunk' if name == 'trunk_sid' else 'an application'} of the "
                "carrier's, and looks at no address.",
                f"Its {what} don't come here.",
                _PROVISION,
            )
    for name, (what, callers) in _ADDRESSES.items():
        have, want = seen.pointed.get(name, ""), wanted.pointed[name]
        method = seen.pointed.get(name.removesuffix("_url") + "_method", "POST")
        if not same_place(have, want):
            if name == "sms_fallback_url" and not have:
                continue
            there = "there is no address" if not have else "the address is none of ours"
            yield wrong(Topic.NUMBERS, f"number.{name}", f"{shown}, {what}: {there}.", callers, _PROVISION)
        elif method != "POST":
            yield wrong(
                Topic.NUMBERS,
                f"number.{name}.method",
                f"{shown}, {what}: asked by {method} in place of POST.",
                "Each such request is refused here. " + callers,
                _PROVISION,
            )
        elif set(overrides(have)) != set(overrides(want)):
            yield doubtful(
                Topic.NUMBERS,
                f"number.{name}.overrides",
                f"{shown}, {what}: the address lacks #{'&'.join(overrides(want))} at its end.",
                "The carrier gives up at the first answer that fails or is late, where it could ask again: at each "
                "restart of ours somebody hears that an application error has occurred.",
                _PROVISION,
            )


def _service(shown: str, seen: NumberSeen, services: tuple[ServiceSeen, ...]) -> Iterator[Finding]:
    for one in services:
        if seen.number in one.numbers and not one.asks_number:
            yield wrong(
                Topic.NUMBERS,
                "number.service",
                f"{shown} is in the messaging service “{one.name}”, which sends texts "
                f"{'elsewhere' if one.address else 'nowhere'} itself.",
                _ADDRESSES["sms_url"][1],
                _PROVISION + " Or in the service's Integration: defer to sender's webhook.",
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
            f"No TwiML Bin is named for {', '.join(sorted(missing))} in [carrier].",
            "While this machine is off or being restarted, people on the telephone hear that an application error has "
            "occurred, and not the 911 sentence and the failsafe number. With several machines that don't fail "
            "together this may be meant so.",
            "docs/outages.md: `hotline twiml-bin` prints what to paste at the carrier; then put the bins' addresses "
            "into [carrier], and run `hotline provision`.",
        )


def _fallback(shown: str, have: str, wanted: WantedPointing) -> Iterator[Finding]:
    want = wanted.pointed["voice_fallback_url"]
    if not have:
        yield wrong(
            Topic.OUTAGE,
            "outage.none",
            f"{shown} has no address for when nothing of ours answers.",
            "While this machine is off, whoever calls hears that an application error has occurred.",
            _PROVISION,
        )
    elif not same_place(have, want):
        yield wrong(
            Topic.OUTAGE,
            "outage.elsewhere",
            f"{shown}: what is asked when nothing of ours answers is another address than hotline.toml says.",
            "While this machine is off, whoever calls hears what somebody once put there.",
            _PROVISION,
        )
    elif set(overrides(have)) != set(overrides(want)):
        yield doubtful(
            Topic.OUTAGE,
            "outage.overrides",
            f"{shown}: what is asked when nothing of ours answers is asked once only.",
            "A restart that takes longer than that is heard as an application error.",
            _PROVISION,
        )


def _bin(address: str, setting: str, text: str, says: str | NotSeen | None) -> Iterator[Finding]:
    if says is None or isinstance(says, NotSeen):
        why = says.why if isinstance(says, NotSeen) else "not the address of a TwiML Bin"
        yield doubtful(
            Topic.OUTAGE,
            "outage.bin_unread",
            f"What [carrier] {setting} leads to could not be read ({why}).",
            "Nobody knows what people hear there while this machine is off.",
            f"Look at the carrier, under TwiML Bins, whether it is what `{_prints(setting)}` prints.",
        )
    elif _plain(says) != _plain(text):
        yield wrong(
            Topic.OUTAGE,
            "outage.bin_old",
            f"The TwiML Bin of [carrier] {setting} says something else than it should now.",
            "While this machine is off, people hear old words, or an old failsafe number rings.",
            f"Paste what `{_prints(setting)}` prints into the bin again.",
        )
    else:
        yield good(Topic.OUTAGE, "outage.bin", f"The TwiML Bin of [carrier] {setting} says what it should.")


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
        f"{what} could not be read ({part.why}).",
        "Unknown: nobody has looked.",
        "Look again in a minute. If it stays so, the token may not read this (a key of a subaccount, say): look at the "
        "carrier's console.",
    )
