"""By which name a provider vouches for a member of staff, and, once it has, which account of its that was."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy import delete, select

from hotline.model import StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import PROVIDER_NAME, provider_names

_NAME = "provider_names.name"


@dataclass(frozen=True, slots=True)
class ProviderName:
    """Somebody's."""

    staff_id: StaffId
    name: str = field(repr=False)
    """Such as an e-mail address, in small letters."""
    account: str | None = None
    """A hash of the provider's account that was let in first; nobody else is by this name, until it is given anew."""
    version: int = 0


def put(tx: Tx, staff_id: StaffId, name: str) -> None:
    """From now on they are vouched for by this name, whichever account has it there. Raises Duplicate."""
    remove(tx, staff_id)
    one = ProviderName(staff_id, name)
    rows.add(tx, provider_names, {"staff_id": staff_id, "version": 1, **_values(tx, one)})


def save(tx: Tx, one: ProviderName) -> ProviderName:
    """Save a change. Raises Stale."""
    version = rows.save(tx, provider_names, {"staff_id": one.staff_id}, one.version, _values(tx, one))
    return replace(one, version=version)


def by_name(tx: Tx, name: str) -> ProviderName | None:
    """Whose name this is, or None."""
    names = tx.keys.lookups(name, PROVIDER_NAME)
    found = rows.one(tx, select(provider_names).where(provider_names.c.name_lookup.in_(names)))
    return None if found is None else _row(tx, found)


def everybody(tx: Tx) -> dict[StaffId, ProviderName]:
    """All of them."""
    return {found.staff_id: _row(tx, found) for found in rows.many(tx, select(provider_names))}


def remove(tx: Tx, staff_id: StaffId) -> bool:
    """Nobody is vouched for as them any more; whether they had a name."""
    rows.forget(tx, provider_names)
    return tx.execute(delete(provider_names).where(provider_names.c.staff_id == staff_id)).rowcount == 1


def _values(tx: Tx, one: ProviderName) -> dict[str, object]:
    return {
        "name": tx.keys.seal(one.name, _NAME, one.staff_id),
        "name_lookup": tx.keys.lookup(one.name, PROVIDER_NAME),
        "account": one.account,
    }


def _row(tx: Tx, found: rows.Found) -> ProviderName:
    name = tx.keys.open(found.name, _NAME, found.staff_id)
    return ProviderName(found.staff_id, name, found.account, found.version)
