"""Members of staff."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pydantic import TypeAdapter
from sqlalchemy import or_, select

from hotline.lettering import folded_name
from hotline.model import Language, PhoneNumber, Role, StaffId, as_kept
from hotline.store.database import Duplicate, Keyring, Tx, rows
from hotline.store.database.tables import NAME, PHONE, staff
from hotline.store.people import sessions

_NAME, _PHONE = NAME, "staff.phone"
_NOBODY = "+000"
_ROLES = TypeAdapter(list[Role])
_LANGUAGES = TypeAdapter(list[Language])


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff."""

    id: StaffId
    name: str = field(repr=False)
    """Unique, whatever its capitals and spaces."""
    phone: PhoneNumber
    verified: bool
    roles: frozenset[Role]
    languages: tuple[Language, ...]
    """The best spoken first."""
    password_hash: str | None = field(default=None, repr=False)
    active: bool = True
    session_epoch: int = 0
    """Counted up to end every open session of theirs."""
    version: int = 0
    """0 until it is added."""
    every_page: bool = False
    """They want to be rung at night however often they were already."""
    listens: bool = False
    """A trainee who may be called into talks, to hear them."""
    page_language: Language | None = None
    """In which they read the console; None: as their browser asks."""

    @property
    def is_trainee(self) -> bool:
        """They look on: they may be on a schedule, and are never rung for what waits."""
        return Role.TRAINEE in self.roles

    @property
    def may_listen(self) -> bool:
        """While they are on the staff: called into the talk of somebody whom they shadow, and heard by nobody."""
        return self.verified and self.is_trainee and self.listens

    @property
    def can_be_rung(self) -> bool:
        """While they are on the staff."""
        return self.verified and not self.is_trainee

    @property
    def has_left(self) -> bool:
        """They were removed; only their name is kept, with what they did."""
        return self.phone.e164.startswith(_NOBODY)


def add(tx: Tx, row: StaffRow) -> StaffRow:
    """Add somebody. Raises Duplicate if the id, the name or the phone is somebody's already."""
    # The unique columns can't see a clash with what was stored under an older key.
    if by_name(tx, row.name) or by_phone(tx, row.phone):
        raise Duplicate("staff")
    rows.add(tx, staff, {"id": row.id, "version": 1, **_values(tx, row)})
    tx.board_changed = True
    return replace(row, version=1)


def save(tx: Tx, row: StaffRow) -> StaffRow:
    """Save a change. Whoever loses their account, gets other roles or another epoch is signed out everywhere.

    Raises Stale, or Duplicate if the new name or phone is somebody else's.
    """
    before = get(tx, row.id)
    same = (by_name(tx, row.name), by_phone(tx, row.phone))
    if any(other and other.id != row.id for other in same):
        raise Duplicate("staff")
    version = rows.save(tx, staff, {"id": row.id}, row.version, _values(tx, row))
    if before is not None and _entitlement(before) != _entitlement(row):
        sessions.end_all(tx, row.id)
    tx.board_changed = True
    return replace(row, version=version)


def get(tx: Tx, staff_id: StaffId) -> StaffRow | None:
    """Who has this id, or None."""
    found = rows.by_id(tx, staff, staff_id)
    return None if found is None else of_row(tx, found)


def by_phone(tx: Tx, phone: PhoneNumber) -> StaffRow | None:
    """Whose phone this is, or None."""
    which = rows.has_number(tx, staff.c.phone_lookup, phone)
    return rows.once(tx, (staff,), ("phone", phone), lambda: _one(tx, which))


def by_name(tx: Tx, name: str) -> StaffRow | None:
    """Who has this name, whatever its capitals and spaces, or None."""
    return _one(tx, staff.c.name_lookup.in_(tx.keys.lookups(folded_name(name), _NAME)))


def everyone(tx: Tx) -> list[StaffRow]:
    """Everybody who ever was on the staff, by name."""
    return _many(tx)


def active(tx: Tx) -> list[StaffRow]:
    """Everybody who is on the staff, by name."""
    return rows.once(tx, (staff,), "active", lambda: _many(tx, staff.c.active.is_(True)))


def matching(tx: Tx, name_or_phone: str) -> StaffRow | None:
    """Who signs in with this name, or this phone in E.164; or None."""
    given = name_or_phone.strip()
    names, phones = tx.keys.lookups(folded_name(given), _NAME), tx.keys.lookups(given, PHONE)
    return _one(tx, or_(staff.c.name_lookup.in_(names), staff.c.phone_lookup.in_(phones)))


def no_phone(staff_id: StaffId) -> PhoneNumber:
    """What stands for the phone of somebody who has left: no number, and each a different one."""
    return PhoneNumber(f"{_NOBODY}{int(hashlib.sha256(staff_id.encode()).hexdigest(), 16) % 10**11:011}")


def _entitlement(row: StaffRow) -> object:
    """What a session was opened on the strength of."""
    return row.active, row.roles, row.session_epoch


@lru_cache(maxsize=1024)
def _opened(keys: Keyring, staff_id: str, name: str, phone: str) -> tuple[str, PhoneNumber]:
    """Opened once in a process that has the keys: whom to ring is asked with nearly every turn."""
    return keys.open(name, _NAME, staff_id), PhoneNumber(keys.open(phone, _PHONE, staff_id))


def _values(tx: Tx, row: StaffRow) -> dict[str, object]:
    return {
        "name": tx.keys.seal(row.name, _NAME, row.id),
        "name_lookup": tx.keys.lookup(folded_name(row.name), _NAME),
        "phone": tx.keys.seal(row.phone.e164, _PHONE, row.id),
        "phone_lookup": rows.lookup(tx, row.phone),
        "verified": row.verified,
        "roles": rows.written(_ROLES, sorted(row.roles)),
        "languages": rows.written(_LANGUAGES, list(row.languages)),
        "password_hash": row.password_hash,
        "active": row.active,
        "session_epoch": row.session_epoch,
        "every_page": row.every_page,
        "listens": row.listens,
        "page_language": row.page_language,
    }


def _one(tx: Tx, where: rows.Condition) -> StaffRow | None:
    found = rows.one(tx, select(staff).where(where))
    return None if found is None else of_row(tx, found)


def _many(tx: Tx, *where: rows.Condition) -> list[StaffRow]:
    found = [of_row(tx, one) for one in rows.many(tx, select(staff).where(*where))]
    return by_their_names(found)


def by_their_names(several: Iterable[StaffRow]) -> list[StaffRow]:
    """In the order in which they are shown."""
    return sorted(several, key=lambda row: (folded_name(row.name), row.id))


def of_row(tx: Tx, found: rows.Found) -> StaffRow:
    """A member of staff as they were found: for the other modules of this floor."""
    name, phone = _opened(tx.keys, found.id, found.name, found.phone)
    roles: list[Role] = rows.read_as(_ROLES, found.roles)
    languages: list[Language] = rows.read_as(_LANGUAGES, found.languages)
    return StaffRow(
        id=found.id,
        name=name,
        phone=phone,
        verified=found.verified,
        roles=frozenset(roles),
        languages=tuple(languages),
        password_hash=found.password_hash,
        active=found.active,
        session_epoch=found.session_epoch,
        version=found.version,
        every_page=found.every_page,
        listens=found.listens,
        page_language=as_kept(Language, found.page_language) if found.page_language else None,
    )
