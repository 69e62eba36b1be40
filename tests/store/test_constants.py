"""Statements into which their constants are written find what they found, and carry nothing that anybody said."""

from __future__ import annotations

from sqlalchemy import bindparam, exists, literal, select, union_all
from sqlalchemy.dialects import sqlite

from hotline.store.cases import contacts as rows_of
from hotline.store.database import Database, UtcMicros
from hotline.store.database.constants import with_constants
from hotline.store.database.tables import contacts
from tests.store.examples import NOW, SECOND, contact

_OTHERS = exists().where(contacts.c.state.in_(["holding", "in_room"]))
STATEMENT = union_all(
    select(literal("one").label("kind"), contacts.c.id.label("id"), literal(3).label("n")).where(
        contacts.c.state.in_(["checking", "holding"]),
        contacts.c.opened_at <= bindparam("now", type_=UtcMicros),
    ),
    select(literal("another"), contacts.c.id, literal(0)).where(contacts.c.last_prompt == "O'Hara", ~_OTHERS),
    select(literal("none"), contacts.c.id, literal(0)).where(contacts.c.state.in_([])),
)


def test_what_never_changes_is_in_the_text_and_the_same_is_found(database: Database) -> None:
    """On both databases, whatever the statement is made of; moments and whatever has a name stay parameters."""
    written = with_constants(STATEMENT)
    with database.write() as tx:
        rows_of.add(tx, contact("c1", state="checking"))
        rows_of.add(tx, contact("c2", state="greeting", provider_sid="CA2"))
    for now, expected in ((NOW - SECOND, []), (NOW + SECOND, [("one", "c1", 3)])):
        with database.read() as tx:
            for statement in (STATEMENT, written):
                assert [tuple(one) for one in tx.execute(statement, {"now": now})] == expected


def test_a_word_that_is_none_of_ours_stays_a_parameter() -> None:
    """No quotation mark comes into a statement."""
    words = select(literal("one"), literal("O'Hara")).where(contacts.c.state.in_(["a", "b'c"]))
    text = str(with_constants(words).compile(dialect=sqlite.dialect()))
    assert "'one'" in text
    assert "Hara" not in text
    assert "b'c" not in text
