"""Opening the console: its routes, its guards and its words, put into the app."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from flask import Blueprint, Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from hotline import paths
from hotline.console import page_words, sign_in_wiring
from hotline.console.audit import audit_page, reached_page
from hotline.console.board import (
    board_page,
    callback_acts,
    caller_acts,
    escalation_acts,
    help_acts,
    outcome_form,
    shared_boards,
    what_follows_acts,
)
from hotline.console.checkup import checkup_page
from hotline.console.deliveries import deliveries_page
from hotline.console.directory import directory_page
from hotline.console.frame import faults, glancing, headers, page_menu, right_words, rights, signed_in
from hotline.console.frame.asking import HASHED_BY, HOUSE
from hotline.console.frame.rights import Right
from hotline.console.language import dates, language_page, speech
from hotline.console.on_call import calendar_page, fairness_page, on_call_page, policies_page, shift_acts
from hotline.console.readiness import readiness_page
from hotline.console.reports import report_routes
from hotline.console.search import search_form, search_page
from hotline.console.settings import blocked_page, sentences_page, settings_page
from hotline.console.sign_in.passwords import HASHER
from hotline.console.talk import listening_acts
from hotline.console.thread import (
    media_page,
    merge_page,
    reading_words,
    reason_page,
    reasons,
    record_page,
    record_words,
    sending_on,
    thread_page,
    timeline_words,
    told_number_page,
)
from hotline.console.thread.media_page import FETCHER
from hotline.operations.sign_in import passkey_proof
from hotline.operations.texts.attachments import Fetcher
from hotline.operations.transaction import Application
from hotline.settings.load import Settings

_FOR_STRANGERS = frozenset(
    f"console.{name}" for name in ("home", "static", "calendar", *sign_in_wiring.FOR_STRANGERS)
)
_LARGEST_FORM = 64 * 1024


def install(
    app: Flask,
    application: Application,
    fetcher: Fetcher | None = None,
    hasher: PasswordHasher = HASHER,
) -> CSRFProtect:
    """Put staff's pages into the app, and what guards them. `fetcher`: how pictures are had on a click; `hasher`: at
    what cost passwords are hashed.

    The guard against forged forms holds for every route of the app; it is returned, so that routes which
    prove in another way who is asking can be exempted from it.
    """
    https = application.settings.public_base_url.startswith("https:")
    _configure(app, application.settings, https=https)
    app.extensions[HOUSE] = application
    shared_boards.install(app)
    app.extensions[HASHED_BY] = hasher
    app.extensions[FETCHER] = fetcher
    report_routes.prepare(app)
    sign_in_wiring.add_provider(app, application)
    guard = CSRFProtect(app)
    headers.install(app, https=https)
    speech.install(app, signed_in.reads)
    faults.install(app)
    app.register_blueprint(_pages(application.settings))
    glancing.install(app, application, https=https)
    needed(app)
    return guard


def _configure(app: Flask, settings: Settings, *, https: bool) -> None:
    app.secret_key = settings.secret_key.get_secret_value()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-hotline" if https else "hotline",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session, which ends soon enough
        WTF_CSRF_SSL_STRICT=False,  # it asks for the Referer, which our pages never send
    )
    if app.config["MAX_CONTENT_LENGTH"] is None:
        app.config["MAX_CONTENT_LENGTH"] = _LARGEST_FORM


def _pages(settings: Settings) -> Blueprint:
    pages = Blueprint(
        "console",
        __name__,
        template_folder=".",
        static_folder="static",
        static_url_path="/console/static",
    )
    _routes(pages)
    _words(pages, settings)
    return pages


def _readiness_routes(pages: Blueprint) -> None:
    stray = "/readiness/strays/<stray_id>/seen"
    pages.add_url_rule(stray, "see_to_stray", readiness_page.see_to_stray, methods=["POST"])
    theirs = "/readiness/<staff_id>"
    pages.add_url_rule(f"{theirs}/test", "test_phone", readiness_page.test, methods=["POST"])
    pages.add_url_rule(f"{theirs}/walk", "walk_through", readiness_page.walk, methods=["POST"])
    pages.add_url_rule(f"{theirs}/code", "send_phone_code", readiness_page.send_code, methods=["POST"])
    pages.add_url_rule(f"{theirs}/guard", "choose_guard", readiness_page.choose_guard, methods=["POST"])
    pages.add_url_rule(f"{theirs}/pin", "choose_pin", readiness_page.choose_pin, methods=["POST"])
    pages.add_url_rule(f"{theirs}/lost", "lose_phone", readiness_page.lose_phone, methods=["POST"])
    pages.add_url_rule(f"{theirs}/verify", "use_phone_code", readiness_page.use_code, methods=["POST"])


def _routes(pages: Blueprint) -> None:
    _readiness_routes(pages)
    pages.add_url_rule("/", "home", _home)
    sign_in_wiring.add_routes(pages)
    pages.add_url_rule("/board", "board", board_page.show)
    pages.add_url_rule("/board/live", "live", board_page.live)
    thread = "/threads/<contact_id>"
    pages.add_url_rule(thread, "thread", thread_page.show)
    pages.add_url_rule(f"{thread}/live", "live_thread", thread_page.live)
    pages.add_url_rule(f"{thread}/write", "write", thread_page.write, methods=["POST"])
    pages.add_url_rule(f"{thread}/safe", "set_safe", thread_page.set_safe, methods=["POST"])
    pages.add_url_rule(f"{thread}/note", "note", thread_page.note, methods=["POST"])
    note = f"{thread}/notes/<int:note_id>"
    pages.add_url_rule(note, "change_note", thread_page.change_note, methods=["POST"])
    pages.add_url_rule(f"{thread}/clinician", "bring_clinician", sending_on.bring_clinician, methods=["POST"])
    pages.add_url_rule(f"{thread}/number", "tell_number", told_number_page.tell_number, methods=["POST"])
    heard = f"{thread}/listening"
    pages.add_url_rule(heard, "let_listen", listening_acts.let_listen, methods=["POST"])
    pages.add_url_rule(f"{heard}/end", "end_listening", listening_acts.end_listening, methods=["POST"])
    pages.add_url_rule(f"{thread}/reason", "give_reason", reason_page.give_reason, methods=["POST"])
    record = f"{thread}/record"
    pages.add_url_rule(record, "keep_record", record_page.keep_record, methods=["POST"])
    for name, act in (
        ("hand-off", sending_on.begin_hand_off),
        ("hand-off/step", sending_on.step_hand_off),
        ("hand-off/told", sending_on.say_told),
        ("silent", sending_on.say_silent),
    ):
        pages.add_url_rule(f"{thread}/{name}", act.__name__, act, methods=["POST"])
    pages.add_url_rule(f"{thread}/merge", "choose_merge", merge_page.choose_merge)
    merged = f"{thread}/merged"
    pages.add_url_rule(merged, "merge_cases", merge_page.merge_cases, methods=["POST"])
    undo = f"{merged}/<merge_id>/undo"
    pages.add_url_rule(undo, "unmerge_cases", merge_page.unmerge_cases, methods=["POST"])
    danger = f"{thread}/emergency"
    pages.add_url_rule(danger, "raise_emergency", record_page.raise_emergency, methods=["POST"])
    pages.add_url_rule(f"{thread}/messages/<message_id>/was", "judge", thread_page.judge, methods=["POST"])
    media = f"{thread}/media/<message_id>/<int:number>"
    pages.add_url_rule(media, "media", media_page.show, methods=["POST"])
    pages.add_url_rule("/deliveries", "deliveries", deliveries_page.show)
    pages.add_url_rule("/deliveries/live", "live_deliveries", deliveries_page.live)
    trouble = "/deliveries/<trouble_id>"
    for name, mend in (
        ("off", deliveries_page.take_off_list),
        ("again", deliveries_page.send_again),
        ("number", deliveries_page.correct_number),
    ):
        pages.add_url_rule(f"{trouble}/{name}", mend.__name__, mend, methods=["POST"])
    _looking_back_routes(pages)
    _on_call_routes(pages)
    _directory_routes(pages)
    _settings_routes(pages)
    report_routes.add(pages)
    checkup_page.add(pages)
    pages.add_url_rule("/readiness", "readiness", readiness_page.show)
    pages.add_url_rule("/readiness/live", "live_readiness", readiness_page.live)
    pages.add_url_rule("/readiness/card.vcf", "contact_card", readiness_page.card)
    for name, view in (
        ("callbacks/<callback_id>/claim", callback_acts.claim),
        ("callbacks/<callback_id>/call", callback_acts.call_now),
        ("callbacks/<callback_id>/put-back", callback_acts.put_back),
        ("callbacks/<callback_id>/hand-over", callback_acts.hand_callback_over),
        ("callbacks/<callback_id>/take-over", callback_acts.take_callback_over),
        ("callbacks/<callback_id>/outcome", callback_acts.set_outcome),
        ("callbacks/<callback_id>/undo", callback_acts.undo),
        ("callers/<contact_id>/answer", caller_acts.answer),
        ("callers/<contact_id>/call", caller_acts.call),
        ("callers/<contact_id>/plan", caller_acts.plan_call),
        ("callers/<contact_id>/outcome", callback_acts.set_talk_outcome),
        ("callers/<contact_id>/undo", callback_acts.undo_talk),
        ("callers/<contact_id>/block", caller_acts.block),
        ("callers/<contact_id>/unblock", caller_acts.unblock),
        ("escalations/<escalation_id>/accept", escalation_acts.accept),
        ("escalations/<escalation_id>/know", escalation_acts.know),
        ("escalations/<escalation_id>/hand-over", escalation_acts.hand_over),
        ("escalations/<escalation_id>/take-over", escalation_acts.take_over),
        ("escalations/<escalation_id>/keep", escalation_acts.keep),
        ("escalations/<escalation_id>/ring-back", escalation_acts.ring_back),
        ("escalations/<escalation_id>/write", help_acts.write_instead),
        ("escalations/<escalation_id>/close", escalation_acts.close),
        ("escalations/<escalation_id>/reopen", escalation_acts.reopen),
        ("intakes/<intake_id>/when", what_follows_acts.tell_intake),
        ("intakes/<intake_id>/came", what_follows_acts.mark_intake),
        ("intakes/<intake_id>/came-undo", what_follows_acts.unmark_intake),
        ("follow-ups/<escalation_id>/agree", what_follows_acts.agree_follow_up),
        ("follow-ups/<escalation_id>/refuse", what_follows_acts.refuse_follow_up),
        ("referrals/<referral_id>/to-whom", what_follows_acts.name_referral),
        ("escalations/<escalation_id>/help", help_acts.ask_help),
        ("escalations/<escalation_id>/help-over", help_acts.leave_help),
    ):
        pages.add_url_rule(f"/board/{name}", view.__name__, view, methods=["POST"])


def _settings_routes(pages: Blueprint) -> None:
    pages.add_url_rule("/settings", "settings", settings_page.show_settings)
    pages.add_url_rule("/settings/live", "live_settings", settings_page.live_settings)
    pages.add_url_rule("/settings/sentences", "sentences", sentences_page.show_sentences)
    pages.add_url_rule("/settings/sentences/live", "live_sentences", sentences_page.live_sentences)
    pages.add_url_rule("/blocked", "blocked", blocked_page.show_blocked)
    pages.add_url_rule("/blocked/live", "live_blocked", blocked_page.live_blocked)
    unblock = "/blocked/<block_id>/unblock"
    pages.add_url_rule(unblock, "unblock_number", blocked_page.unblock_number, methods=["POST"])


def _directory_routes(pages: Blueprint) -> None:
    pages.add_url_rule("/directory", "directory", directory_page.show_directory)
    pages.add_url_rule("/directory/live", "live_directory", directory_page.live_directory)
    pages.add_url_rule("/directory", "add_entry", directory_page.add_entry, methods=["POST"])
    entry = "/directory/<entry_id>"
    pages.add_url_rule(entry, "change_entry", directory_page.change_entry, methods=["POST"])
    pages.add_url_rule(f"{entry}/retire", "retire_entry", directory_page.retire_entry, methods=["POST"])


def _looking_back_routes(pages: Blueprint) -> None:
    pages.add_url_rule("/search", "search", search_page.show)
    pages.add_url_rule("/search/find", "find_cases", search_page.find, methods=["POST"])
    pages.add_url_rule("/search/live", "live_search", search_page.live)
    pages.add_url_rule("/search/export", "export_cases", search_page.export, methods=["POST"])
    pages.add_url_rule("/audit", "audit", audit_page.show_audit)
    pages.add_url_rule("/audit/live", "live_audit", audit_page.live_audit)
    pages.add_url_rule("/audit/verify", "verify_audit", audit_page.verify_audit, methods=["POST"])
    reached = "/audit/reached/<contact_id>"
    pages.add_url_rule(reached, "reached", reached_page.show_reached)
    pages.add_url_rule(f"{reached}/live", "live_reached", reached_page.live_reached)
    pages.add_url_rule(f"{reached}/sheet", "reached_sheet", reached_page.reached_sheet)


def _on_call_routes(pages: Blueprint) -> None:
    pages.add_url_rule("/on-call", "on_call", on_call_page.show)
    pages.add_url_rule("/on-call/live", "live_on_call", on_call_page.live)
    pages.add_url_rule("/on-call/policies", "policies", policies_page.show_policies)
    pages.add_url_rule("/on-call/policies/live", "live_policies", policies_page.live_policies)
    pages.add_url_rule("/on-call/fairness", "fairness", fairness_page.show_fairness)
    pages.add_url_rule("/on-call/fairness/live", "live_fairness", fairness_page.live_fairness)
    pages.add_url_rule("/on-call/changes", "change_shift", on_call_page.change, methods=["POST"])
    undo = "/on-call/changes/<change_id>/undo"
    pages.add_url_rule(undo, "undo_shift_change", on_call_page.undo, methods=["POST"])
    pages.add_url_rule("/on-call/calendar", "make_calendar", calendar_page.make, methods=["POST"])
    revoke = "/on-call/calendar/revoke"
    pages.add_url_rule(revoke, "revoke_calendar", calendar_page.revoke, methods=["POST"])
    pages.add_url_rule(paths.CALENDAR.rule, "calendar", calendar_page.feed)
    for name, act in (
        ("asks", shift_acts.ask),
        ("offer", shift_acts.offer),
        ("take-over", shift_acts.take_over),
        ("asks/<ask_id>/answer", shift_acts.answer),
        ("asks/<ask_id>/withdraw", shift_acts.withdraw),
    ):
        pages.add_url_rule(f"/on-call/{name}", f"shift_{act.__name__}", act, methods=["POST"])


def needed(app: Flask) -> dict[str, Right | None]:
    """The right that each of our routes needs, by endpoint; None for what strangers may use, too.

    Raises LookupError for a route that says neither: a new one must.
    """
    found: dict[str, Right | None] = {}
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith("console."):
            found[endpoint] = getattr(view, "right", None)
            if found[endpoint] is None and endpoint not in _FOR_STRANGERS:
                raise LookupError(f"{endpoint} says nobody's right")
    return found


def _words(pages: Blueprint, settings: Settings) -> None:
    zone = ZoneInfo(settings.centre.line.timezone)
    filters: dict[str, Callable[..., object]] = {
        "clock": partial(dates.clock, place=zone),
        "day_clock": partial(dates.day_clock, place=zone),
        "span": partial(dates.span, place=zone),
        "written_time": partial(page_words.written_time, zone=zone),
        "clock_in": page_words.clock_in,
        "full": partial(dates.full, place=zone),
        "written_number": partial(page_words.written_number, country=settings.centre.line.countries[0]),
        "ending": partial(page_words.ending, country=settings.centre.line.countries[0]),
        "phone": partial(page_words.phone, country=settings.centre.line.countries[0]),
        "with_commands": page_words.with_commands,
        "wait": page_words.wait,
        "left": page_words.left,
        "tone": page_words.tone,
        "doubt": page_words.doubt,
        "holding_first": page_words.holding_first,
        "callback_state": page_words.callback_state,
        "callback_news": page_words.callback_news,
        "try_ended": page_words.try_ended,
        "of_talk": page_words.of_talk,
        "block_ends": page_words.block_ends,
        "was_closed": page_words.was_closed,
        "emergency_news": page_words.emergency_news,
        "thread_news": page_words.thread_news,
        "happenings": timeline_words.lines,
        "reading_reason": reading_words.reason,
        "kind_of_file": reasons.kind_of_file,
    }
    for name, filtered in filters.items():
        pages.add_app_template_filter(filtered, name)

    def shared() -> dict[str, object]:
        return {
            "words": page_words,
            "search_words": search_form,
            "thread_words": reasons,
            "record_words": record_words,
            "not_admitted": outcome_form.REASONS,
            "judgements": reading_words.JUDGEMENTS,
            "directory_names": directory_page.names,
            "may": rights.may,
            "role_names": right_words.role_names,
            "page_menu": page_menu.menu,
            "held": signed_in.locked_or_not,
            "elsewhere": settings.centre.single_sign_on,
            "passkeys_possible": passkey_proof.site(settings) is not None,
            "Right": rights.Right,
            "language_names": language_page.NAMES,
            "line_name": settings.centre.line.name,
            "zone": settings.centre.line.timezone,
            "asked_later": page_words.lasting(settings.centre.retries.asked_later),
        }

    pages.app_context_processor(shared)


def _home() -> ResponseReturnValue:
    return redirect(url_for("console.board"), 303)
