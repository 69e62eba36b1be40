"""The canary: one sealed row that tells at the start whether the keys given are this database's.

Without it a Hotline with a wrong key looks well until the first caller.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from hotline.store.database import Database, Keyring, Tx, rows
from hotline.store.database.tables import SEALED, canary, metadata

_WHERE: Final = "canary.words"
_ROW: Final = "1"
_MIXED: Final = "sealed texts of both forms"
"""Some sealed texts may not be bound to their row yet."""
_BOUND: Final = "sealed texts bound to their rows"
"""Each is bound to its row: none of the older form is opened any more."""


def know_keys(database: Database) -> None:
    """Make sure that the keys given are this database's, and from now on refuse what nobody uses any more.

    Makes the canary where there is none yet. Raises Unsealable, and StoreError.
    """
    with database.read() as tx:
        words = listen(tx)
    if words is None:
        words = database.transact(_hatch)
    database.keys = Keyring(database.keys.secrets, bound_only=words == _BOUND)


def listen(tx: Tx) -> str | None:
    """The canary's words; None in a database that has none yet. Raises Unsealable if these are not its keys."""
    found: str | None = tx.execute(select(canary.c.words).where(canary.c.id == 1)).scalar()
    return None if found is None else tx.keys.open(found, _WHERE, _ROW)


def _hatch(tx: Tx) -> str:
    """In a database from before the canary, whatever it holds must open."""
    samples = _samples(tx)
    for token, where in samples:
        tx.keys.check_key(token, where)
    words = _MIXED if samples else _BOUND
    rows.add_if_new(tx, canary, {"id": 1, "words": tx.keys.seal(words, _WHERE, _ROW)})
    return listen(tx) or words


def moult(tx: Tx) -> None:
    """Everything else is sealed under the newest key and bound to its row now: so is the canary, and says so."""
    rows.change(tx, canary, [canary.c.id == 1], {"words": tx.keys.seal(_BOUND, _WHERE, _ROW)})


def _samples(tx: Tx) -> list[tuple[str, str]]:
    """One sealed text of each column, with where it is from."""
    found: list[tuple[str, str]] = []
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.info.get(SEALED) and table is not canary:
                query = select(column).where(column.is_not(None)).limit(1)
                token = tx.execute(query).scalar()
                if token:
                    found.append((token, f"{table.name}.{column.name}"))
    return found
