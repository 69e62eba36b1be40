"""The routes by which staff get in, stay in, and let others in."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Flask

from hotline import paths
from hotline.console.account import account_page, passkeys_page
from hotline.console.language import language_page
from hotline.console.lock import lock_page
from hotline.console.people import people_page
from hotline.console.sign_in import invited_page, passkey_page, second_step_page, sign_in_page
from hotline.console.single_sign_on import sso_page
from hotline.console.single_sign_on.provider import Provider
from hotline.console.single_sign_on.sso_page import PROVIDER
from hotline.operations.transaction import Application

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
        "ask_passkey",
        "use_passkey",
        "sign_out",
        "unlock",
        "ask_to_unlock",
        "single_sign_on",
        "come_back",
        "farewell",
        "unlock_elsewhere",
        "unlock_with_passkey",
        "choose_language",
    }
)
"""What needs nobody to be signed in, or proves by itself who it is."""


def add_provider(app: Flask, application: Application) -> None:
    """The centre's provider of single sign-on, if it has one: nothing is asked of it until somebody signs in."""
    settings = application.settings
    table = settings.centre.single_sign_on
    back = f"{settings.public_base_url}{paths.SINGLE_SIGN_ON_BACK}"
    secret, clock = settings.single_sign_on_secret, application.clock
    app.extensions[PROVIDER] = Provider(table, secret, back, clock) if table.is_on else None


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
    for rule, endpoint, view in (
        ("/sign-in/passkey/options", "ask_passkey", passkey_page.ask),
        ("/sign-in/passkey", "use_passkey", passkey_page.enter),
        ("/unlock/passkey/options", "ask_to_unlock", passkey_page.ask_to_unlock),
        ("/unlock/passkey", "unlock_with_passkey", passkey_page.unlock),
    ):
        pages.add_url_rule(rule, endpoint, view, methods=["POST"])
    for rule, endpoint, view in (
        (paths.SINGLE_SIGN_ON, "single_sign_on", sso_page.start),
        (paths.SINGLE_SIGN_ON_BACK, "come_back", sso_page.come_back),
        (f"{paths.SINGLE_SIGN_ON}/farewell", "farewell", sso_page.farewell),
        ("/unlock/single", "unlock_elsewhere", sso_page.start_to_unlock),
    ):
        pages.add_url_rule(rule, endpoint, view)
    pages.add_url_rule("/account", "account", account_page.show)
    for name, change in (
        ("second-step/begin", account_page.begin_second_step),
        ("second-step/confirm", account_page.confirm_second_step),
        ("second-step/codes", account_page.renew_codes),
        ("second-step/end", account_page.end_second_step),
        ("password", account_page.set_password),
        ("sign-out-elsewhere", account_page.leave_elsewhere),
        ("passkeys/options", passkeys_page.ask_to_register),
        ("passkeys", passkeys_page.register_passkey),
        ("passkeys/<passkey_id>/remove", passkeys_page.remove_passkey),
    ):
        pages.add_url_rule(f"/account/{name}", change.__name__, change, methods=["POST"])
    pages.add_url_rule("/language", "choose_language", language_page.choose_language, methods=["POST"])
    _people(pages)


def _people(pages: Blueprint) -> None:
    pages.add_url_rule("/people", "people", people_page.show)
    pages.add_url_rule("/people/live", "live_people", people_page.live)
    pages.add_url_rule("/people/add", "add_person", people_page.add_person, methods=["POST"])
    theirs = "/people/<staff_id>"
    pages.add_url_rule(f"{theirs}/tried", "person_history", people_page.history)
    for name, endpoint, view in (
        ("change", "change_person", people_page.change),
        ("put-off", "put_off_person", people_page.put_off_person),
        ("put-on", "put_on_person", people_page.put_on_person),
        ("invite", "invite", people_page.invite),
        ("reset", "reset_password", people_page.reset),
        ("revoke", "revoke_link", people_page.revoke),
        ("sign-out", "sign_out_person", people_page.sign_out_person),
        ("provider-name", "name_at_provider", people_page.name_at_provider),
        ("second-step-off", "end_second_step_of", people_page.end_second_step_of),
    ):
        pages.add_url_rule(f"{theirs}/{name}", endpoint, view, methods=["POST"])
