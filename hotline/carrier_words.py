"""The few words of the carrier's that are kept in the database and acted upon; `telephony` alone knows all others.

They are stored as the carrier spells them, so that what staff read ("code 30006") can be looked up in its manual.
"""

from __future__ import annotations

from typing import Final

from hotline.model import KeptWord

STOPPED: Final = "21610"
"""The error of a text to somebody who has told the carrier STOP."""
LANDLINE: Final = "30006"
"""The error of a text to a landline, or by a carrier that takes no texts."""
NO_SUCH_NUMBER: Final = frozenset({"21211", "21217", "30005"})
"""The errors of a call or text to a number that nobody has."""
NOT_OUR_NUMBER: Final = frozenset({"21210", "21212", "21606", "21659"})
"""The errors of a call or text from a number that isn't the account's, or can't do it."""
NOT_RUNNING: Final = "21220"
"""The error of a redirect of a call that is over."""

UNREACHABLE: Final = frozenset(
    {
        "ConnectionError",
        "ConnectTimeout",
        "ReadTimeout",
        "Timeout",
        "SSLError",
        "ProxyError",
        "ChunkedEncodingError",
        "20003",
        "401",
    }
)
"""The errors of what was not answered by the carrier at all, or only by its door, which knows no such token: what
else of ours is to leave has the same before it."""


class CallEnd(KeptWord):
    """How a call ended. After such a status nothing more is heard of it."""

    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"


class TextStatus(KeptWord):
    """How far a text is. Reports come in any order: of two statuses the one with the higher rank holds."""

    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    READ = "read"
    RECEIVED = "received"
    """By us."""
    CANCELED = "canceled"
    """By us, before it left."""

    @property
    def rank(self) -> int:
        """0 to 9: how far along it is."""
        return _RANKS[self]


_RANKS: Final = {
    TextStatus.ACCEPTED: 0,
    TextStatus.SCHEDULED: 0,
    TextStatus.QUEUED: 1,
    TextStatus.SENDING: 2,
    TextStatus.SENT: 3,
    TextStatus.DELIVERED: 8,
    TextStatus.UNDELIVERED: 8,
    TextStatus.FAILED: 8,
    TextStatus.READ: 9,
    TextStatus.RECEIVED: 9,
    TextStatus.CANCELED: 9,
}
NOTHING_MORE: Final = 9
"""The rank of a status that we give up with: whatever is reported later is no news."""
FINAL_RANK: Final = 8
"""From this rank on, a status is a message's last one, or next to it."""
NOT_SENT: Final = (TextStatus.FAILED, TextStatus.UNDELIVERED, TextStatus.CANCELED)
"""Statuses of a text that did not, and will not, arrive."""
