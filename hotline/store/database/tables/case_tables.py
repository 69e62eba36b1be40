"""Calls, texts and what is owed to them: contacts, callbacks, promises, escalations, pages, and what happened."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Text, false, text

from hotline.store.database.tables.columns import (
    COUNTER,
    a_flag,
    a_moment,
    a_number,
    a_text,
    an_id,
    lookup,
    maybe_a_moment,
    maybe_text,
    metadata,
    sealed,
)

contacts = Table(
    "contacts",
    metadata,
    an_id(),
    a_text("channel"),
    a_flag("outbound"),
    maybe_text("provider_sid", unique=True),  # a CallSid; a text thread has none
    sealed("caller_number", maybe=True),
    lookup("caller_lookup", "caller_number", nullable=True),
    a_text("our_number"),
    a_text("room"),
    a_text("state"),
    maybe_text("line"),
    a_text("language"),
    a_number("turn"),
    sealed("data"),
    maybe_text("stir"),
    a_moment("opened_at"),
    a_moment("last_turn_at"),
    maybe_a_moment("ended_at"),
    maybe_text("outcome"),
    maybe_text("callback_id"),
    maybe_text("escalation_id"),
    maybe_text("last_prompt"),  # a key of ours, never words
    maybe_text("ended_in"),
    maybe_a_moment("reached_at"),
    maybe_a_moment("joined_at"),
    maybe_a_moment("fetching_at"),
    maybe_a_moment("left_alone_at"),
    maybe_a_moment("dialled_at"),
    a_number("version"),
    maybe_text("said"),  # how it ended, as staff said; of talks that led to no callback
)
_said = contacts.c.said.is_not(None)
Index("ix_contacts_said", contacts.c.said, contacts.c.opened_at, sqlite_where=_said, postgresql_where=_said)
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
CAME_IN = text("NOT contacts.outbound")
NO_CALLBACK = text("contacts.callback_id IS NULL")
_found = text("ended_at IS NOT NULL AND callback_id IS NULL AND NOT outbound")
"""Of those that led to no callback: nothing that goes on moves these."""
for _name, _columns in (
    ("ix_contacts_found", "opened_at line language channel"),
    ("ix_contacts_outcome", "outcome opened_at line language"),
    ("ix_contacts_language", "language opened_at line"),
):
    _led = [contacts.c[one] for one in _columns.split()]
    Index(_name, *_led, sqlite_where=_found, postgresql_where=_found)

CALLED_IN_DANGER = text("contacts.line = 'emergency'")
_danger = text("ended_at IS NOT NULL AND callback_id IS NULL AND NOT outbound AND line = 'emergency'")
Index("ix_contacts_danger", contacts.c.opened_at, sqlite_where=_danger, postgresql_where=_danger)

turns = Table(
    "turns",
    metadata,
    Column("contact_id", Text, ForeignKey("contacts.id"), nullable=False),
    a_text("turn_key"),  # a turn's number, or a MessageSid
    sealed("answer"),
    a_moment("at"),
    PrimaryKeyConstraint("contact_id", "turn_key"),
    sqlite_with_rowid=False,
)

legs = Table(
    "legs",
    metadata,
    a_text("call_sid"),
    a_text("step"),
    sealed("answer"),
    a_moment("at"),
    PrimaryKeyConstraint("call_sid", "step"),
)

callbacks = Table(
    "callbacks",
    metadata,
    an_id(),
    a_text("contact_id", index=True),
    a_text("room"),
    sealed("number", maybe=True),
    lookup("number_lookup", "number", nullable=True),
    maybe_text("our_number"),
    a_text("line"),
    a_text("language"),
    a_text("status"),
    a_moment("opened_at"),
    maybe_a_moment("due_at"),
    a_moment("promised_at"),
    a_number("attempts"),
    maybe_text("owner"),
    maybe_a_moment("lease_until"),
    maybe_text("outcome"),
    a_number("repeats"),
    a_flag("message_safe"),
    a_flag("text_safe"),
    a_flag("wanted_now"),
    a_flag("asked_later"),
    Column("raised", Boolean, nullable=False, server_default=false()),
    Column("called_for", Text, nullable=False, server_default=text("'asked'")),
    Column("unheard", Boolean, nullable=True),  # beside "asked": programs of before know no other word
    maybe_text("call_contact_id"),  # the outgoing contact of the present attempt
    maybe_text("escalation_id"),
    a_flag("told_supervisor"),
    maybe_a_moment("closed_at"),
    a_number("version"),
)
Index("ix_callbacks_due", callbacks.c.status, callbacks.c.due_at)
Index("ix_callbacks_lease", callbacks.c.status, callbacks.c.lease_until)
Index("ix_callbacks_number", callbacks.c.number_lookup, callbacks.c.status)
Index("ix_callbacks_opened_at", callbacks.c.opened_at)
_kept = text("closed_at IS NOT NULL")
for _name, _columns in (
    ("ix_callbacks_found", "opened_at line language"),
    ("ix_callbacks_owner", "owner opened_at outcome line language"),
    ("ix_callbacks_outcome", "outcome opened_at line language"),
    ("ix_callbacks_language", "language opened_at line"),
):
    _led = [callbacks.c[one] for one in _columns.split()]
    Index(_name, *_led, sqlite_where=_kept, postgresql_where=_kept)
OWED_IN_DANGER = text("callbacks.line = 'emergency'")
_danger = text("closed_at IS NOT NULL AND line = 'emergency'")
Index("ix_callbacks_danger", callbacks.c.opened_at, sqlite_where=_danger, postgresql_where=_danger)
Index("ix_callbacks_promised", callbacks.c.status, callbacks.c.told_supervisor, callbacks.c.promised_at)

promises = Table(
    "promises",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    a_text("callback_id", index=True),
    a_text("channel"),
    a_text("line"),
    a_moment("made_at", index=True),
    a_moment("promised_at"),
    maybe_a_moment("tried_at"),
    maybe_a_moment("ended_at"),
    maybe_text("ended"),
    maybe_a_moment("stands_from"),  # what had ended it was undone: one more entry tells of it from then on
    maybe_a_moment("stands_until"),
    sqlite_autoincrement=True,
)

escalations = Table(
    "escalations",
    metadata,
    an_id(),
    a_text("subject"),
    maybe_text("contact_id", index=True),
    maybe_text("callback_id", index=True),
    a_text("room"),
    a_text("policy"),  # JSON
    a_text("status"),
    a_number("rung"),
    a_number("round"),
    maybe_a_moment("next_at"),
    a_moment("opened_at"),
    maybe_text("accepted_by"),
    maybe_a_moment("accepted_at"),
    maybe_a_moment("touched_at"),
    a_text("queue"),  # JSON
    a_text("ringing"),  # JSON
    a_text("passed_over"),  # JSON
    a_flag("nobody"),
    Column("coming", Text, nullable=False, server_default=text("'[]'")),  # JSON
    maybe_text("offered_to"),
    maybe_text("line"),
    a_text("language"),
    maybe_a_moment("closed_at"),
    a_number("version"),
    Column("knows", Text, nullable=False, server_default=text("'[]'")),  # JSON
    maybe_text("second_of", index=True),
    maybe_a_moment("not_taken_at"),
)
Index("ix_escalations_room", escalations.c.room, escalations.c.status)
Index("ix_escalations_opened_at", escalations.c.opened_at)
Index("ix_escalations_due", escalations.c.status, escalations.c.next_at)
Index("ix_escalations_touched", escalations.c.status, escalations.c.subject, escalations.c.touched_at)
_closed = escalations.c.closed_at.is_not(None)
Index("ix_escalations_closed", escalations.c.closed_at, sqlite_where=_closed, postgresql_where=_closed)
Index(
    "ix_escalations_had",
    escalations.c.accepted_by,
    escalations.c.opened_at,
    sqlite_where=_closed,
    postgresql_where=_closed,
)

pages = Table(
    "pages",
    metadata,
    an_id(),
    Column("escalation_id", Text, ForeignKey("escalations.id"), nullable=False, index=True),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    a_text("how"),
    a_text("state"),
    a_text("reference"),  # a one-time code to answer with by text
    Column("purpose", Text, nullable=False, server_default=text("'join'")),
    Column(
        "pressing", Boolean, nullable=False, server_default=false()
    ),  # about an emergency, or a key asked for
    maybe_text("regards"),  # the id of a message of theirs
    maybe_text("provider_sid", index=True),
    a_moment("placed_at"),
    maybe_a_moment("sent_at"),
    maybe_a_moment("answered_at"),
    maybe_a_moment("ended_at"),
    a_number("version"),
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
PICKED_UP = text("pages.ended_at IS NOT NULL AND pages.how = 'call' AND pages.answered_at IS NOT NULL")
_picked_up = text("ended_at IS NOT NULL AND how = 'call' AND answered_at IS NOT NULL")
Index("ix_pages_picked_up", pages.c.ended_at, sqlite_where=_picked_up, postgresql_where=_picked_up)
PRESSING_TEXT = text("texts.how = 'text' AND texts.pressing")
_pressing_text = text("how = 'text' AND pressing")
Index(
    "ix_pages_texts",
    pages.c.staff_id,
    pages.c.placed_at,
    sqlite_where=_pressing_text,
    postgresql_where=_pressing_text,
)

merges = Table(
    "merges",
    metadata,
    an_id(),
    a_text("contact_id", index=True),
    a_text("other_id", index=True),
    maybe_text("callback_id", index=True),
    maybe_text("other_callback_id"),
    a_text("moved"),  # JSON
    a_text("before"),  # JSON: what giving both back needs; no words and no numbers
    a_moment("merged_at"),
    a_text("merged_by"),
    maybe_a_moment("undone_at"),
    maybe_text("undone_by"),
    a_number("version"),
)

listeners = Table(
    "listeners",
    metadata,
    an_id(),
    a_text("room"),
    a_text("contact_id", index=True),
    a_text("staff_id"),
    a_text("let_in_by"),
    maybe_text("call_sid"),
    a_moment("asked_at"),
    maybe_a_moment("joined_at"),
    maybe_a_moment("ended_at"),
    a_number("version"),
)
LISTENS = text("listeners.ended_at IS NULL")
_listens = text("ended_at IS NULL")
Index("ix_listeners_there", listeners.c.room, sqlite_where=_listens, postgresql_where=_listens)

website_asks = Table(
    "website_asks",
    metadata,
    an_id(),  # that of the form that was sent
    a_moment("at", index=True),
    a_text("sent"),  # a keyed hash of what was sent with it
    maybe_text("origin"),  # a keyed hash of the network address, for a day
    maybe_text("told"),  # a key of ours, never words
    a_number("minutes"),
    maybe_text("contact_id", index=True),  # none: it was turned away
    maybe_text("language"),
    maybe_text("version"),
    sealed("words", maybe=True),
    sealed("name", maybe=True),
)

timeline = Table(
    "timeline",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    maybe_text("contact_id", index=True),
    maybe_text("callback_id", index=True),
    maybe_text("escalation_id", index=True),
    a_moment("at"),
    a_text("what"),
    sealed("detail", maybe=True),
    maybe_text("by_staff"),
    sqlite_autoincrement=True,
)

_counted = text("what IN ('accepted', 'claimed', 'outcome', 'opted_out', 'opted_in')")
Index("ix_timeline_counted", timeline.c.at, sqlite_where=_counted, postgresql_where=_counted)
