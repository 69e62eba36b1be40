"""A pretend Twilio: strict, deterministic, with telephones that tests and people can hold.

It imports nothing of the application's, so that it can't be bent to fit the application's code.
"""

from hotline.simulator.adapter import WsgiAdapter
from hotline.simulator.asking.web import HttpWeb, Web, WebReply, WebTimeout, WebUnreachable, WsgiWeb
from hotline.simulator.calls.call import Call, CallStatus
from hotline.simulator.carrier_faults import Faults
from hotline.simulator.engine import EndlessEvents, Simulator
from hotline.simulator.hand_clock import HandClock, wall_clock
from hotline.simulator.phones.behaviour import Behaviour, NotPossible
from hotline.simulator.phones.phone import Heard, Phone, ReceivedText
from hotline.simulator.rest.rest_app import rest_app
from hotline.simulator.runner import Runner
from hotline.simulator.serving import Served
from hotline.simulator.texts.media import Attachment
from hotline.simulator.texts.message import Message

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
