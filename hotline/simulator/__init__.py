"""A pretend Twilio: strict, deterministic, with telephones that tests and people can hold.

It imports nothing of the application's, so that it can't be bent to fit the application's code.
"""

from .adapter import WsgiAdapter
from .behaviour import Behaviour, NotPossible
from .calls import Call, CallStatus
from .clock import HandClock, wall_clock
from .engine import EndlessEvents, Simulator
from .faults import Faults
from .media import Attachment
from .message import Message
from .phones import Heard, Phone, ReceivedText
from .rest import rest_app
from .runner import Runner
from .serving import Served
from .web import HttpWeb, Web, WebReply, WebTimeout, WebUnreachable, WsgiWeb

__all__ = [
    "Attachment",
    "Behaviour",
    "Call",
    "CallStatus",
    "EndlessEvents",
    "Faults",
    "HandClock",
    "Heard",
    "HttpWeb",
    "Message",
    "NotPossible",
    "Phone",
    "ReceivedText",
    "Runner",
    "Served",
    "Simulator",
    "Web",
    "WebReply",
    "WebTimeout",
    "WebUnreachable",
    "WsgiAdapter",
    "WsgiWeb",
    "rest_app",
    "wall_clock",
]
