"""The tables. What a person could be known by is in columns marked *sealed*; see `sealed`.

All ids are opaque texts given by the caller. Rows that two actors may change carry a `version`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    false,
    text,
)

from hotline.store.database.utc_micros import UtcMicros

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
PHONE = "phone"
"""One look-up space for all telephone numbers, so that a caller is found in every table."""
NAME = "staff.name"
"""The look-up space of staff's names."""
SEALED, LOOKUP = "sealed", "lookup"
"""What a column's `info` says of it; `resealing` goes by that."""
_Counter = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database counts up by itself."""


def _id() -> Column[Any]:
    return Column("id", Text, primary_key=True)


def _text(name: str, *, unique: bool = False, index: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=False, unique=unique, index=index)


def _maybe(name: str, *, unique: bool = False, index: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=True, unique=unique, index=index)


def _sealed(name: str, *, maybe: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=maybe, info={SEALED: True})


def _lookup(name: str, of: str, **how: Any) -> Column[Any]:
    """The keyed hash of what is sealed in the column `of`: by default of a telephone number."""
    space = how.pop("space", PHONE)
    return Column(name, Text, info={LOOKUP: (of, space)}, **{"nullable": False, **how})


def _number(name: str) -> Column[Any]:
    return Column(name, Integer, nullable=False)


def _flag(name: str) -> Column[Any]:
    return Column(name, Boolean, nullable=False)


def _at(name: str, *, index: bool = False) -> Column[Any]:
    return Column(name, UtcMicros, nullable=False, index=index)


def _maybe_at(name: str, *, index: bool = False) -> Column[Any]:
    return Column(name, UtcMicros, nullable=True, index=index)


contacts = Table(
    "contacts",
    metadata,
    _id(),
    _text("channel"),
    _flag("outbound"),
    _maybe("provider_sid", unique=True),  # a CallSid; a text thread has none
    _sealed("caller_number", maybe=True),
    _lookup("caller_lookup", "caller_number", nullable=True),
    _text("our_number"),
    _text("room"),
    _text("state"),
    _maybe("line"),
    _text("language"),
    _number("turn"),
    _sealed("data"),
    _maybe("stir"),
    _at("opened_at"),
    _at("last_turn_at"),
    _maybe_at("ended_at"),
    _maybe("outcome"),
    _maybe("callback_id"),
    _maybe("escalation_id"),
    _maybe("last_prompt"),  # a key of ours, never words
    _maybe("ended_in"),
    _maybe_at("reached_at"),
    _maybe_at("joined_at"),
    _maybe_at("fetching_at"),
    _maybe_at("left_alone_at"),
    _maybe_at("dialled_at"),
    _number("version"),
)
_ongoing = contacts.c.ended_at.is_(None)
Index("ix_contacts_caller", contacts.c.caller_lookup, contacts.c.channel, contacts.c.ended_at)
Index("ix_contacts_calls_from", contacts.c.caller_lookup, contacts.c.opened_at)
Index(
    "ix_contacts_ongoing",
    contacts.c.channel,  # not the last turn: few are ongoing, and every turn would move its entry
    sqlite_where=_ongoing,
    postgresql_where=_ongoing,
)
_quiet = text("ended_at IS NULL AND channel = 'text'")
Index(
    "ix_contacts_quiet",
    contacts.c.state,
    contacts.c.last_turn_at,
    sqlite_where=_quiet,
    postgresql_where=_quiet,
)
_ours = text("outbound")
Index("ix_contacts_callback", contacts.c.callback_id, sqlite_where=_ours, postgresql_where=_ours)
Index("ix_contacts_room", contacts.c.room, contacts.c.ended_at)
Index("ix_contacts_opened_at", contacts.c.opened_at)
Index(
    "ix_contacts_outbound",
    contacts.c.opened_at,
    sqlite_where=contacts.c.outbound,
    postgresql_where=contacts.c.outbound,
)
OUTBOUND = text("contacts.outbound")
_reached = contacts.c.reached_at.is_not(None)
Index("ix_contacts_reached_at", contacts.c.reached_at, sqlite_where=_reached, postgresql_where=_reached)

turns = Table(
    "turns",
    metadata,
    Column("contact_id", Text, ForeignKey("contacts.id"), nullable=False),
    _text("turn_key"),  # a turn's number, or a MessageSid
    _sealed("answer"),
    _at("at"),
    PrimaryKeyConstraint("contact_id", "turn_key"),
    sqlite_with_rowid=False,
)

legs = Table(
    "legs",
    metadata,
    _text("call_sid"),
    _text("step"),
    _sealed("answer"),
    _at("at"),
    PrimaryKeyConstraint("call_sid", "step"),
)

callbacks = Table(
    "callbacks",
    metadata,
    _id(),
    _text("contact_id", index=True),
    _text("room"),
    _sealed("number", maybe=True),
    _lookup("number_lookup", "number", nullable=True),
    _maybe("our_number"),
    _text("line"),
    _text("language"),
    _text("status"),
    _at("opened_at"),
    _maybe_at("due_at"),
    _at("promised_at"),
    _number("attempts"),
    _maybe("owner"),
    _maybe_at("lease_until"),
    _maybe("outcome"),
    _number("repeats"),
    _flag("message_safe"),
    _flag("text_safe"),
    _flag("wanted_now"),
    _flag("asked_later"),
    _maybe("call_contact_id"),  # the outgoing contact of the present attempt
    _maybe("escalation_id"),
    _flag("told_supervisor"),
    _maybe_at("closed_at"),
    _number("version"),
)
Index("ix_callbacks_due", callbacks.c.status, callbacks.c.due_at)
Index("ix_callbacks_lease", callbacks.c.status, callbacks.c.lease_until)
Index("ix_callbacks_number", callbacks.c.number_lookup, callbacks.c.status)
Index("ix_callbacks_opened_at", callbacks.c.opened_at)
Index("ix_callbacks_promised", callbacks.c.status, callbacks.c.told_supervisor, callbacks.c.promised_at)

promises = Table(
    "promises",
    metadata,
    Column("id", _Counter, primary_key=True, autoincrement=True),
    _text("callback_id", index=True),
    _text("channel"),
    _text("line"),
    _at("made_at", index=True),
    _at("promised_at"),
    _maybe_at("tried_at"),
    _maybe_at("ended_at"),
    _maybe("ended"),
    sqlite_autoincrement=True,
)

escalations = Table(
    "escalations",
    metadata,
    _id(),
    _text("subject"),
    _maybe("contact_id", index=True),
    _maybe("callback_id", index=True),
    _text("room"),
    _text("policy"),  # JSON
    _text("status"),
    _number("rung"),
    _number("round"),
    _maybe_at("next_at"),
    _at("opened_at"),
    _maybe("accepted_by"),
    _maybe_at("accepted_at"),
    _maybe_at("touched_at"),
    _text("queue"),  # JSON
    _text("ringing"),  # JSON
    _text("passed_over"),  # JSON
    _flag("nobody"),
    Column("coming", Text, nullable=False, server_default=text("'[]'")),  # JSON
    _maybe("offered_to"),
    _maybe("line"),
    _text("language"),
    _maybe_at("closed_at"),
    _number("version"),
)
Index("ix_escalations_room", escalations.c.room, escalations.c.status)
Index("ix_escalations_opened_at", escalations.c.opened_at)
Index("ix_escalations_due", escalations.c.status, escalations.c.next_at)
Index("ix_escalations_touched", escalations.c.status, escalations.c.subject, escalations.c.touched_at)
_closed = escalations.c.closed_at.is_not(None)
Index("ix_escalations_closed", escalations.c.closed_at, sqlite_where=_closed, postgresql_where=_closed)

staff = Table(
    "staff",
    metadata,
    _id(),
    _sealed("name"),
    _lookup("name_lookup", "name", space=NAME, unique=True),
    _sealed("phone"),
    _lookup("phone_lookup", "phone", unique=True),
    _flag("verified"),
    _text("roles"),  # JSON
    _text("languages"),  # JSON
    _maybe("password_hash"),
    _flag("active"),
    _number("session_epoch"),
    _maybe("reset_code"),  # a hash
    _maybe_at("reset_until"),
    _number("version"),
    Column("every_page", Boolean, nullable=False, server_default=false()),
)

sessions = Table(
    "sessions",
    metadata,
    _id(),  # a hash of what the browser holds
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False, index=True),
    _at("begun_at"),
    _at("touched_at", index=True),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("id", Text, ForeignKey("staff.id"), primary_key=True),
    _sealed("secret"),
    _at("begun_at"),
    _maybe_at("confirmed_at"),
    _number("last_step"),
    _number("version"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    _text("code"),  # a hash
    _maybe_at("used_at"),
    PrimaryKeyConstraint("staff_id", "code"),
)

sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("key", Text, primary_key=True),  # a keyed hash of whom, and from where
    _number("failures"),
    _at("last_at", index=True),
)

pages = Table(
    "pages",
    metadata,
    _id(),
    Column("escalation_id", Text, ForeignKey("escalations.id"), nullable=False, index=True),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    _text("how"),
    _text("state"),
    _text("reference"),  # a one-time code to answer with by text
    Column("purpose", Text, nullable=False, server_default=text("'join'")),
    Column(
        "pressing", Boolean, nullable=False, server_default=false()
    ),  # about an emergency, or a key asked for
    _maybe("regards"),  # the id of a message of theirs
    _maybe("provider_sid", index=True),
    _at("placed_at"),
    _maybe_at("sent_at"),
    _maybe_at("answered_at"),
    _maybe_at("ended_at"),
    _number("version"),
)
Index("ix_pages_staff", pages.c.staff_id, pages.c.ended_at)
Index("ix_pages_placed_at", pages.c.placed_at)
Index("ix_pages_reference", pages.c.reference, pages.c.staff_id)
LINE_OPEN = text("pages.ended_at IS NULL AND pages.how = 'call' AND pages.state <> 'covered'")
"""Written out, as every condition of a partial index: SQLite can't match a bound value with it."""
_line = text("ended_at IS NULL AND how = 'call' AND state <> 'covered'")
Index("ix_pages_lines", pages.c.placed_at, sqlite_where=_line, postgresql_where=_line)
COVERED = text("pages.ended_at IS NULL AND pages.state = 'covered'")
_covered = text("ended_at IS NULL AND state = 'covered'")
Index(
    "ix_pages_covered",
    pages.c.staff_id,
    pages.c.how,
    pages.c.pressing,
    pages.c.purpose,
    pages.c.sent_at,
    sqlite_where=_covered,
    postgresql_where=_covered,
)
COVERED_LESS = text(
    "pages.ended_at IS NULL AND pages.state = 'covered' AND (NOT pages.pressing OR pages.purpose <> 'join')"
)
_less = text("ended_at IS NULL AND state = 'covered' AND (NOT pressing OR purpose <> 'join')")
Index("ix_pages_less", pages.c.placed_at, sqlite_where=_less, postgresql_where=_less)
_over = pages.c.ended_at.is_not(None)
Index("ix_pages_ended", pages.c.ended_at, sqlite_where=_over, postgresql_where=_over)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _text("kind"),
    _text("urgency"),
    _sealed("body"),
    _text("status"),
    _at("due_at"),
    _maybe_at("lease_until"),
    _number("claims"),
    _maybe("provider_sid", index=True),
    _maybe("error"),
    _text("subject_kind"),
    _text("subject_id", index=True),
    _flag("to_caller"),
    _at("created_at"),
    _maybe_at("claimed_at"),
    _maybe_at("settled_at"),
)
Index("ix_outbox_due", outbox.c.status, outbox.c.due_at)
Index("ix_outbox_lease", outbox.c.status, outbox.c.lease_until)
OF_INTERPRETERS = text("outbox.subject_kind = 'interpreter' AND outbox.status = 'sent'")
_interpreters = text("subject_kind = 'interpreter' AND status = 'sent'")
Index(
    "ix_outbox_interpreters", outbox.c.subject_id, sqlite_where=_interpreters, postgresql_where=_interpreters
)
_troubled = outbox.c.error.is_not(None)
Index("ix_outbox_troubled", outbox.c.created_at, sqlite_where=_troubled, postgresql_where=_troubled)

messages = Table(
    "messages",
    metadata,
    _id(),
    _maybe("contact_id", index=True),
    _text("direction"),
    _maybe("provider_sid", unique=True),
    _sealed("number"),
    _lookup("number_lookup", "number"),
    _sealed("body"),
    _text("status"),
    _number("status_rank"),
    _maybe("error"),
    _at("at"),
    _maybe("outbox_id", index=True),
    _maybe("by_staff"),
    _sealed("media", maybe=True),
)
BY_ITSELF = text(
    "messages.direction = 'out' AND messages.contact_id IS NOT NULL AND messages.by_staff IS NULL"
)
"""A text that we wrote by ourselves."""
_by_itself = text("direction = 'out' AND contact_id IS NOT NULL AND by_staff IS NULL")
Index("ix_messages_by_itself", messages.c.at, sqlite_where=_by_itself, postgresql_where=_by_itself)
_failed = text("status IN ('failed', 'undelivered', 'canceled')")
Index("ix_messages_failed", messages.c.at, sqlite_where=_failed, postgresql_where=_failed)
Index("ix_messages_number", messages.c.number_lookup, messages.c.at)
Index("ix_messages_at", messages.c.at)

readings = Table(
    "readings",
    metadata,
    Column("message_id", Text, primary_key=True),
    _text("contact_id", index=True),
    _at("at", index=True),
    _text("language"),
    _text("label"),
    _flag("named"),
    _text("did"),
    _sealed("why"),  # JSON; it quotes the message
    _maybe("judged"),
    _maybe("judged_by"),
    _maybe_at("judged_at"),
)

callers = Table(
    "callers",
    metadata,
    _lookup("number_lookup", "number", primary_key=True),
    _sealed("number", maybe=True),  # of those who were kept before this column was, only the look-up is known
    _maybe_at("opted_out_at"),
    _maybe("stopped"),  # JSON: numbers of ours
    _maybe("started"),  # JSON: numbers of ours
    _maybe("language"),
    _number("replies"),
    _maybe_at("replies_since"),
    _number("version"),
)

blocks = Table(
    "blocks",
    metadata,
    _id(),
    _sealed("number"),
    _lookup("number_lookup", "number", index=True),
    _sealed("reason"),
    _maybe("by_staff"),
    _at("created_at"),
    _maybe_at("expires_at"),
)

schedules = Table(
    "schedules",
    metadata,
    Column("name", Text, primary_key=True),
    _text("timezone"),
    _text("always"),  # JSON
    Column("plan", Text, nullable=False, server_default="{}"),  # JSON: rotations and holidays
)

shift_changes = Table(
    "shift_changes",
    metadata,
    _id(),
    _maybe("schedule"),  # of every schedule, if none
    _text("kind"),
    _text("person"),
    _maybe("instead_of"),
    _at("starts_at"),
    _at("ends_at"),
    _maybe("made_by"),
    _at("made_at"),
    _maybe("undone_by"),
    _maybe_at("undone_at"),
    _flag("counts"),  # neither undone nor long over
    _maybe("ask", index=True),  # what has come of it
    _sealed("overruled", maybe=True),  # why it may break a limit
)
_counts = text("counts")
Index("ix_shift_changes_counts", shift_changes.c.made_at, sqlite_where=_counts, postgresql_where=_counts)

shift_asks = Table(
    "shift_asks",
    metadata,
    _id(),
    _text("kind"),
    _text("schedule"),
    _maybe("person"),
    _at("starts_at"),
    _at("ends_at"),
    _maybe("colleague"),
    _maybe("back_schedule"),
    _maybe_at("back_starts_at"),
    _maybe_at("back_ends_at"),
    _maybe("need"),
    _maybe("asked_by"),
    _at("asked_at"),
    _text("state"),
    _maybe("decided_by"),
    _maybe_at("decided_at"),
    _number("version"),
)
Index("ix_shift_asks_state", shift_asks.c.state, shift_asks.c.starts_at)

shift_ask_codes = Table(
    "shift_ask_codes",
    metadata,
    Column("ask_id", Text, ForeignKey("shift_asks.id"), nullable=False),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    _text("code"),  # a one-time code to answer with by text
    _maybe("answer"),
    _maybe_at("answered_at"),
    PrimaryKeyConstraint("ask_id", "staff_id"),
)
Index("ix_shift_ask_codes_code", shift_ask_codes.c.staff_id, shift_ask_codes.c.code)

calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    _id(),  # a hash of what the address holds
    Column("owner", Text, ForeignKey("staff.id"), nullable=False, index=True),
    _maybe("schedule"),  # their own shifts on all of them, if none
    _maybe("made_by"),
    _at("made_at"),
)

duty_stretches = Table(
    "duty_stretches",
    metadata,
    _text("schedule"),
    _text("person"),
    _at("starts_at"),
    _at("ends_at", index=True),
    PrimaryKeyConstraint("schedule", "person", "starts_at"),
)

duty_noted = Table(
    "duty_noted",
    metadata,
    Column("schedule", Text, primary_key=True),
    _at("since"),
    _at("until"),
)

holes_told = Table(
    "holes_told",
    metadata,
    Column("key", Text, primary_key=True),
    _at("told_at"),
)

needs = Table(
    "needs",
    metadata,
    Column("name", Text, primary_key=True),
    _text("need"),  # JSON
)

phone_codes = Table(
    "phone_codes",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), primary_key=True),
    _sealed("code"),  # the number that it went to, a space, and the code
    _at("sent_at"),
    _at("until_at"),
    _number("tries"),
    _number("sent"),  # since `sent_since`
    _at("sent_since"),
)

staff_pins = Table(
    "staff_pins",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), primary_key=True),
    _sealed("pin"),
    _number("tries"),
    _maybe_at("tries_since"),
)

phone_tests = Table(
    "phone_tests",
    metadata,
    _id(),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    _text("kind"),
    _maybe("escalation_id", index=True),
    _at("begun_at"),
    _maybe_at("ended_at"),
    _maybe("result"),
    _maybe_at("shift_starts_at"),
    _maybe_at("shift_ends_at"),
    _flag("watched"),  # something follows from it still: at once, or at the end of the shift
    _maybe_at("dealt_at"),
)
Index("ix_phone_tests_staff", phone_tests.c.staff_id, phone_tests.c.begun_at)
_watched = text("watched")
Index("ix_phone_tests_watched", phone_tests.c.begun_at, sqlite_where=_watched, postgresql_where=_watched)

policies = Table(
    "policies",
    metadata,
    Column("subject", Text, primary_key=True),
    _text("policy"),  # JSON
)

timeline = Table(
    "timeline",
    metadata,
    Column("id", _Counter, primary_key=True, autoincrement=True),
    _maybe("contact_id", index=True),
    _maybe("callback_id", index=True),
    _maybe("escalation_id", index=True),
    _at("at"),
    _text("what"),
    _sealed("detail", maybe=True),
    _maybe("by_staff"),
    sqlite_autoincrement=True,
)

_counted = text("what IN ('accepted', 'claimed', 'outcome', 'opted_out', 'opted_in')")
Index("ix_timeline_counted", timeline.c.at, sqlite_where=_counted, postgresql_where=_counted)

audit = Table(
    "audit",
    metadata,
    Column("id", _Counter, primary_key=True, autoincrement=True),
    _at("at", index=True),
    _maybe("staff_id"),
    _text("action"),
    _text("subject_kind"),
    _text("subject_id"),
    sqlite_autoincrement=True,
)
Index("ix_audit_subject", audit.c.subject_id)
Index("ix_audit_staff", audit.c.staff_id, audit.c.subject_kind, audit.c.id)

beats = Table(
    "beats",
    metadata,
    Column("name", Text, primary_key=True),
    _at("at"),
    _maybe("key_id"),  # the public name of the key that this process seals with
)

warned = Table("warned", metadata, Column("key", Text, primary_key=True), _at("at"))

pace = Table("pace", metadata, Column("name", Text, primary_key=True), _at("next_at"))

refusals = Table(
    "refusals",
    metadata,
    Column("cause", Text, primary_key=True),
    _number("times"),
    _at("at"),
)

journal_read = Table("journal_read", metadata, Column("entry_id", Text, primary_key=True), _at("at"))

calls_seen = Table(
    "calls_seen",
    metadata,
    Column("call_sid", Text, primary_key=True),
    _maybe("contact_id"),
    _maybe("page_id"),
    _number("last_sequence"),
    _maybe("final_status"),
    _at("at"),
    _maybe_at("asked_at"),
)

tallies = Table(
    "tallies",
    metadata,
    Column("name", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
)

canary = Table(
    "canary",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    _sealed("words"),
)

revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False, server_default=text("0")),
)
