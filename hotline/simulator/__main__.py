"""`python -m hotline.simulator --port 8010 --web http://127.0.0.1:8000 --number +16175550100`"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence

from flask import Flask

from hotline.simulator.asking.web import HttpWeb
from hotline.simulator.engine import Simulator
from hotline.simulator.hand_clock import wall_clock
from hotline.simulator.page import Cast, PretendCaller, PretendMember, caller_of, member_of, pages
from hotline.simulator.papers import SHAKEN, Campaign, Service, TrustProduct
from hotline.simulator.phones.behaviour import Behaviour
from hotline.simulator.serving import Served


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m hotline.simulator", description="A pretend Twilio.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8010, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--web", required=True, help="where the application is served, without path")
    parser.add_argument("--public", help="the application's public address, if it isn't the same")
    parser.add_argument("--number", action="append", default=[], help="a number of the account; repeatable")
    parser.add_argument(
        "--phone", action="append", default=[], metavar="NUMBER[=BEHAVIOUR[:LABEL]]", help="repeatable"
    )
    parser.add_argument(
        "--caller", action="append", default=[], metavar="NUMBER=NAME", type=caller_of,
        help="who may call from the page; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--hidden-caller", action="append", default=[], metavar="NUMBER=NAME", type=_hidden,
        help="the same, with the number withheld",
    )  # fmt: skip
    parser.add_argument(
        "--staff", action="append", default=[], metavar="NUMBER=NAME:ROLE", type=member_of,
        help="whose phone is on the page beside the callers'; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--beside", action="append", dest="staff", metavar="NUMBER=NAME:ROLE", type=_beside,
        help="the same, of somebody who isn't staff: they never call the line themselves",
    )  # fmt: skip
    parser.add_argument("--console", default="", help="address of the staff's own page, for a link")
    parser.add_argument("--voice-path", default="/twilio/voice")
    parser.add_argument("--fallback-path", default="/twilio/voice/fallback")
    parser.add_argument("--status-path", default="/twilio/voice/status")
    parser.add_argument("--sms-path", default="/twilio/sms")
    parser.add_argument("--calls-per-second", type=float, default=1.0)
    parser.add_argument(
        "--papers-in-order", action="store_true",
        help="the numbers are registered for texts, and their calls signed, as the carrier asks",
    )  # fmt: skip
    return parser.parse_args(given)


def build(options: argparse.Namespace, account_sid: str, auth_token: str) -> Simulator:
    """A simulator with the numbers and telephones asked for. Raises ValueError for an unknown behaviour."""
    web = options.web.rstrip("/")
    public = (options.public or web).rstrip("/")
    reroute = {public: web} if public != web else None
    simulator = Simulator(account_sid, auth_token, wall_clock, HttpWeb(reroute))
    simulator.exchange.calls_per_second = options.calls_per_second
    for number in options.number:
        simulator.number(
            number,
            voice_url=public + options.voice_path,
            voice_fallback_url=public + options.fallback_path,
            status_callback=public + options.status_path,
            sms_url=public + options.sms_path,
        )
    if options.papers_in_order:
        papers = simulator.kernel.papers
        papers.services = [Service("Line", list(options.number), campaign=Campaign())]
        papers.trust_products = [TrustProduct(SHAKEN, "Signed calls", list(options.number))]
    for phone in options.phone:
        number, _, rest = phone.partition("=")
        behaviour, _, label = rest.partition(":")
        simulator.phone(number, Behaviour(behaviour or "rings"), label=label)
    for person in (*options.caller, *options.hidden_caller, *options.staff):
        simulator.phone(person.number, label=person.name)
    return simulator


def _hidden(given: str) -> PretendCaller:
    return caller_of(given, withheld=True)


def _beside(given: str) -> PretendMember:
    return member_of(given, calls_in=False)


def page_of(options: argparse.Namespace, simulator: Simulator) -> Flask | None:
    """The page for the people named on the command line; None without somebody to call and a number."""
    callers = (*options.caller, *options.hidden_caller)
    if not callers or not options.number:
        return None
    cast = Cast(options.number[0], callers, tuple(options.staff), options.console)
    return pages(simulator, cast)


def main() -> int:
    """Serve until SIGINT or SIGTERM; the account comes from TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."""
    options = arguments()
    account_sid, auth_token = os.environ.get("TWILIO_ACCOUNT_SID"), os.environ.get("TWILIO_AUTH_TOKEN")
    if not account_sid or not auth_token:
        print("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are needed: any values will do", file=sys.stderr)
        return 2
    ended = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda number, frame: ended.set())
    simulator = build(options, account_sid, auth_token)
    with Served(simulator, options.host, options.port, page_of(options, simulator)) as served:
        print(f"simulator listening on {served.url}", flush=True)
        ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
