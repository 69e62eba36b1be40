"""The routes by which staff get in, stay in, and let others in."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from hotline import paths
from hotline.console.account import account_page
from hotline.console.lock import lock_page
from hotline.console.people import people_page
from hotline.console.sign_in import invited_page, second_step_page, sign_in_page

FOR_STRANGERS: Final = frozenset(
    {
        "sign_in",
        "enter",
        "show_code",
        "use_code",
        "welcome",
        "choose_password",
        "second_step",
        "take_second_step",
        "sign_out",
        "unlock",
    }
)
"""What needs nobody to be signed in, or proves by itself who it is."""


def add_routes(pages: Blueprint) -> None:
    """Put them among the console's."""
    pages.add_url_rule("/sign-in", "sign_in", sign_in_page.show)
    pages.add_url_rule("/sign-in", "enter", sign_in_page.enter, methods=["POST"])
    pages.add_url_rule(paths.ONE_TIME_LINK, "show_code", invited_page.show_code)
    pages.add_url_rule(paths.ONE_TIME_LINK, "use_code", invited_page.use_code, methods=["POST"])
    pages.add_url_rule("/sign-in/welcome", "welcome", invited_page.welcome)
    pages.add_url_rule("/sign-in/welcome", "choose_password", invited_page.choose_password, methods=["POST"])
    pages.add_url_rule("/sign-in/second", "second_step", second_step_page.show)
    pages.add_url_rule("/sign-in/second", "take_second_step", second_step_page.enter, methods=["POST"])
    pages.add_url_rule("/sign-out", "sign_out", sign_in_page.leave, methods=["POST"])
    pages.add_url_rule("/unlock", "unlock", lock_page.unlock, methods=["POST"])
    pages.add_url_rule("/account", "account", account_page.show)
    for name, change in (
        ("second-step/begin", account_page.begin_second_step),
        ("second-step/confirm", account_page.confirm_second_step),
        ("second-step/codes", account_page.renew_codes),
        ("second-step/end", account_page.end_second_step),
        ("password", account_page.set_password),
        ("sign-out-elsewhere", account_page.leave_elsewhere),
    ):
        pages.add_url_rule(f"/account/{name}", change.__name__, change, methods=["POST"])
    _people(pages)


def _people(pages: Blueprint) -> None:
    pages.add_url_rule("/people", "people", people_page.show)
    pages.add_url_rule("/people/live", "live_people", people_page.live)
    theirs = "/people/<staff_id>"
    pages.add_url_rule(f"{theirs}/tried", "person_history", people_page.history)
    for name, endpoint, view in (
        ("invite", "invite", people_page.invite),
        ("reset", "reset_password", people_page.reset),
        ("revoke", "revoke_link", people_page.revoke),
        ("sign-out", "sign_out_person", people_page.sign_out_person),
        ("second-step-off", "end_second_step_of", people_page.end_second_step_of),
    ):
        pages.add_url_rule(f"{theirs}/{name}", endpoint, view, methods=["POST"])
