"""One text message, and what it is charged as."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from hotline.simulator.kernel import new_sid

MessageDirection = Literal["inbound", "outbound-api", "outbound-reply"]
FINAL = frozenset({"delivered", "undelivered", "failed", "received"})
_GSM7 = re.compile(
    r"[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\f^{}\\\[~\]|€]*"
)
_GSM7_DOUBLE = frozenset("\f^{}\\[~]|€")


@dataclass(eq=False)
class Message:
    """One text. `status` in Twilio's words; `error_code` says why it didn't arrive."""

    direction: MessageDirection
    from_: str
    to: str
    body: str
    created_at: datetime
    media: tuple[str, ...] = ()
    status_callback: str = ""
    status: str = "queued"
    error_code: int | None = None
    sent_at: datetime | None = None
    updated_at: datetime | None = None
    deleted: bool = False
    sid: str = field(default="")

    def __post_init__(self) -> None:
        self.sid = self.sid or new_sid("MM" if self.media else "SM")

    @property
    def created_by(self) -> Literal["rest", "twiml", "phone"]:
        if self.direction == "outbound-api":
            return "rest"
        return "twiml" if self.direction == "outbound-reply" else "phone"

    @property
    def segments(self) -> int:
        return segments(self.body)


def segments(body: str) -> int:
    """How many parts a text is charged as: 160 or 153 GSM-7 characters, 70 or 67 in UCS-2.

    What takes two places is never cut in half, so a part may be left one short.
    """
    if _GSM7.fullmatch(body):
        sizes, one, many = [2 if sign in _GSM7_DOUBLE else 1 for sign in body], 160, 153
    else:
        sizes, one, many = [len(sign.encode("utf-16-le")) // 2 for sign in body], 70, 67
    if sum(sizes) <= one:
        return 1
    parts, left = 1, many
    for size in sizes:
        if size > left:
            parts, left = parts + 1, many
        left -= size
    return parts
