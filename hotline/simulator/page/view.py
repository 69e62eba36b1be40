"""What each telephone shows, made from the simulator's state: plain data, without the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from hotline.simulator.page.cast import CALLER, LINE, STAFF, Cast, PretendCaller, PretendMember, shown
from hotline.simulator.page.things_to_try import progress
from hotline.simulator.texts.message import segments

State = Mapping[str, Any]
LINES, TEXTS, WEBHOOKS = 40, 40, 40
"""How much of the newest is shown."""
NOBODY = {"voicemail": "; the voicemail box will answer", "ignores": ", and nobody hears it"}


def view(state: State, cast: Cast, since: str = "") -> dict[str, object]:
    """JSON-able. What happened before `since` (ISO 8601) doesn't count for the things to try."""
    return {
        "now": state["now"],
        "handsets": {one.number: _handset(state, cast, one) for one in cast.handsets},
        "tries": progress(state, cast, since),
        "log": [_log_line(state, cast, webhook) for webhook in reversed(state["webhooks"][-WEBHOOKS:])],
        "posted": state["counts"]["webhooks"],
        "broken_rules": [
            {"at": one["at"], "where": _path(one["where"]), "what": one["what"]}
            for one in state["violations"][-WEBHOOKS:]
        ],
    }


def _handset(state: State, cast: Cast, owner: PretendCaller | PretendMember) -> dict[str, object]:
    phone = next((one for one in state["phones"] if one["number"] == owner.number), None)
    if phone is None:
        return {
            "mode": "gone",
            "status": "Not in service",
            "behaviour": "off",
            "company": [],
            "lines": [],
            "texts": [],
        }
    lines = _lines(state, cast, phone)
    mode = _mode(phone)
    return {
        "mode": mode,
        "status": _status(cast, phone, mode),
        "company": [cast.kind(number) for number in phone["talking_with"]],
        "since": phone["since"] if mode == "talking" else None,
        "behaviour": phone["behaviour"],
        "held": phone["behaviour"] == "rings",
        "machine": mode == "talking" and _by_machine(state, phone),
        "hears": phone["hears_now"],
        "lines": lines,
        "texts": _texts(state, cast, phone),
        "sms": phone["sms"],
        "blocked": any(person == phone["number"] for person, _ in state["blocked"]),
        "recorded": phone["recorded"],
    }


def _mode(phone: State) -> str:
    if phone["ringing"]:
        return "ringing"
    if phone["in_call"]:
        return "talking"
    return "dialling" if phone["call_sid"] else "idle"


def _status(cast: Cast, phone: State, mode: str) -> str:
    if mode == "ringing":
        return f"{_from(cast, phone['shows'])} is calling{NOBODY.get(phone['behaviour'], '')}"
    if mode == "talking" and phone["talking_with"]:
        names = [cast.name(number) for number in phone["talking_with"]]
        return f"Talking with {' and '.join(names)}"
    if mode == "talking":
        return "On the line with the hotline"
    return "Calling the hotline" if mode == "dialling" else ""


def _by_machine(state: State, phone: State) -> bool:
    """A voicemail box is on the line, and not its owner, who may always call out."""
    if phone["behaviour"] != "voicemail":
        return False
    return any(call["sid"] == phone["call_sid"] and call["direction"] != "inbound" for call in state["calls"])


def _from(cast: Cast, number: str) -> str:
    """Who a telephone says is calling: it knows numbers, not people."""
    return "The hotline" if number == cast.line else shown(number)


def _lines(state: State, cast: Cast, phone: State) -> list[dict[str, str]]:
    """The present call's words and keys, or the last call's, in the order of happening."""
    if not phone["call_log"]:
        return []
    sid = phone["call_log"][-1]
    began = next((call["created_at"] for call in state["calls"] if call["sid"] == sid), "")
    heard = [
        {"at": one["at"], "who": _speaker(cast, one["by"]), "kind": cast.kind(one["by"] or cast.line),
         "text": one["text"], "language": one["language"]}
        for one in phone["heard"]
    ]  # fmt: skip
    lines = [*heard, *_own_words(state, phone["number"]), *_own_keys(state, sid)]
    newest = sorted((line for line in lines if line["at"] >= began), key=lambda line: line["at"])
    return _numbered(newest)[-LINES:]


def _speaker(cast: Cast, number: str) -> str:
    return cast.name(number) if number else "Hotline"


def _own_words(state: State, number: str) -> list[dict[str, str]]:
    """What this person said and another one heard, once even where several did."""
    said = {
        (heard["at"], heard["text"])
        for phone in state["phones"]
        for heard in phone["heard"]
        if heard["by"] == number
    }
    return [{"at": at, "who": "You", "kind": "own", "text": text} for at, text in said]


def _own_keys(state: State, sid: str) -> list[dict[str, str]]:
    """The keys and words that this call's machine has taken in."""
    lines = []
    for webhook in state["webhooks"]:
        if webhook["sid"] != sid or webhook["copy"] or webhook["attempt"] > 1 or webhook["kind"] != "voice":
            continue
        keys, words = webhook["params"].get("Digits"), webhook["params"].get("SpeechResult")
        if keys:
            lines.append({"at": webhook["at"], "who": "You", "kind": "pressed", "text": keys})
        elif words:
            lines.append({"at": webhook["at"], "who": "You", "kind": "own", "text": words})
    return lines


def _texts(state: State, cast: Cast, phone: State) -> list[dict[str, str]]:
    """The thread with the line: what arrived, what was sent from here, and what never got here."""
    number = phone["number"]
    received = [
        {"at": one["at"], "way": "in", "body": _words(one),
         "mark": "From the phone company" if one["by_provider"] else _parts(one)}
        for one in phone["inbox"]
    ]  # fmt: skip
    sent = [
        {"at": one["created_at"], "way": "out", "body": _words(one), "mark": _mark(state, one)}
        for one in state["messages"]
        if one["direction"] == "inbound" and one["from"] == number
    ]
    lost = [
        {"at": one["created_at"], "way": "lost", "body": _words(one),
         "mark": f"Never arrived here: {one['status']}, {one['error_code'] or 'no code'}"}
        for one in state["messages"]
        if one["direction"] != "inbound" and one["to"] == number and one["status"] in ("failed", "undelivered")
    ]  # fmt: skip
    return _numbered(sorted([*received, *sent, *lost], key=lambda text: text["at"]))[-TEXTS:]


def _parts(message: State) -> str:
    """In how many parts the phone company has sent it, if in several: each is paid for."""
    parts = segments(message["body"])
    return f"{parts} parts" if parts > 1 else ""


def _words(message: State) -> str:
    """A text's words, and a line for each file that came with it."""
    return "\n".join(filter(None, [message["body"], *(["[picture]"] * len(message["media"]))]))


def _mark(state: State, message: State) -> str:
    """What became of a text to the line: handed over is delivered, and only then."""
    posted = [one for one in state["webhooks"] if one["sid"] == message["sid"] and one["kind"] == "sms"]
    if not posted:
        return "Sent"
    delivered = any(one["status"] is not None and one["status"] < 400 for one in posted)
    return "Delivered" if delivered else "Not answered"


def _numbered(entries: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Each with an id that stays its own when older ones are dropped or others come."""
    counts: dict[str, int] = {}
    numbered = []
    for entry in entries:
        key = "|".join(entry[name] for name in sorted(entry) if name != "mark")
        counts[key] = counts.get(key, 0) + 1
        numbered.append({"id": f"{counts[key]}|{key}", **entry})
    return numbered


def _log_line(state: State, cast: Cast, webhook: State) -> dict[str, object]:
    return {
        "id": f"{webhook['token']}|{webhook['attempt']}|{webhook['at']}",
        "at": webhook["at"],
        "kind": webhook["kind"],
        "about": _about(state, cast, webhook),
        "path": _path(webhook["url"]),
        "status": webhook["status"],
        "error": webhook["error"] or "",
        "copy": webhook["copy"],
        "milliseconds": round(webhook["latency"] * 1000),
    }


def _about(state: State, cast: Cast, webhook: State) -> str:
    """Whose call or text it is about, and what happened."""
    params = webhook["params"]
    number = next((call["handset"] for call in state["calls"] if call["sid"] == webhook["sid"]), "")
    who = [params.get("From", ""), params.get("To", "")] if not number else [number]
    people = [cast.name(one) for one in who if cast.kind(one) in (CALLER, STAFF)]
    event = params.get("StatusCallbackEvent") or params.get("MessageStatus") or params.get("CallStatus", "")
    keys = params.get("Digits")
    return ", ".join(filter(None, [*people[:1], f"key {keys}" if keys else event]))


def _path(url: str) -> str:
    return urlsplit(url).path or LINE
