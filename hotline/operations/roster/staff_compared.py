"""The staff of a document beside those who are kept."""

from __future__ import annotations

from dataclasses import replace

from hotline.lettering import folded_name
from hotline.model import StaffId
from hotline.operations.roster.phone_on_paper import phone
from hotline.operations.roster.roster_comparison import Comparison
from hotline.operations.roster.roster_document import Member
from hotline.operations.transaction import new_id
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow


def changed_members(beside: Comparison) -> tuple[tuple[StaffRow | None, StaffRow], ...]:
    """Everybody who is new or changed."""
    named = [_take(beside, position, member) for position, member in enumerate(beside.given.staff)]
    for position, person in enumerate(named):
        if person is not None:
            _apart(beside, position, person, [one for one in named if one is not None])
    beside.by_name = {folded_name(row.name): row.id for row in beside.after.values()}
    changed = [row for row in beside.after.values() if row != beside.kept.get(row.id)]
    for row in changed:
        beside.told.append(_change(beside.kept.get(row.id), row))
    return tuple((beside.kept.get(row.id), row) for row in changed)


def _take(beside: Comparison, position: int, member: Member) -> StaffId | None:
    """Who that is, with what is written of them; None if it can't be taken."""
    if beside.told_already("staff", position, "name"):
        return None
    try:
        number = phone(member.phone, beside.line) if member.phone else None
    except ValueError as wrong:
        beside.wrong("staff", position, "phone", str(wrong), member.name)
        return None
    known = _known(beside, member)
    before = beside.kept.get(known) if known else None
    if before is None and number is None:
        beside.wrong("staff", position, "phone", "is missing: add it", member.name)
        return None
    own = StaffId(new_id()) if before is None else before.id
    row = before or StaffRow(own, member.name, number or staff.no_phone(own), False, frozenset(), ())
    verified = bool(member.verified)
    if before is not None:
        # What the file says may be so of another phone: of somebody who is known, only a code shows whose it is.
        same = number in (None, before.phone)
        verified = before.verified and same and member.verified is not False
    beside.after[row.id] = replace(
        row,
        name=member.name,
        phone=number or row.phone,
        verified=verified,
        roles=frozenset(member.roles),
        languages=member.languages,
        active=member.active,
        every_page=row.every_page if member.every_page is None else member.every_page,
        listens=row.listens if member.listens is None else member.listens,
    )
    return row.id


def _known(beside: Comparison, member: Member) -> StaffId | None:
    was = beside.by_name.get(folded_name(member.was)) if member.was else None
    return was or beside.by_name.get(folded_name(member.name))


def _apart(beside: Comparison, position: int, person: StaffId, named: list[StaffId]) -> None:
    """Nobody else may have their name, or their phone; who is off the staff gives theirs up."""
    row = beside.after[person]
    for other in [one for one in beside.after.values() if one.id != person]:
        if folded_name(other.name) == folded_name(row.name):
            beside.wrong("staff", position, "name", f'"{row.name}" is somebody else already', row.name)
        if other.phone != row.phone:
            continue
        if not other.active:
            beside.after[other.id] = replace(other, phone=staff.no_phone(other.id), verified=False)
        elif not row.active:
            beside.after[row.id] = row = replace(row, phone=staff.no_phone(row.id), verified=False)
        elif other.id in named:
            # Told once, at the later of the two.
            if named.index(other.id) < position:
                beside.wrong("staff", position, "phone", _shared(other), row.name)
        else:
            beside.wrong("staff", position, "phone", _somebodys(other), row.name)


def _shared(other: StaffRow) -> str:
    return (
        f"it is also {other.name}'s: a phone is one member of staff's. If two share a duty phone, make it a member of "
        'its own, such as "Duty phone", and put that on the schedule'
    )


def _somebodys(other: StaffRow) -> str:
    return (
        f'it is {other.name}\'s. If they are the same person, write was = "{other.name}" here; if {other.name} has '
        "left, list them, too, with active = false"
    )


def _change(before: StaffRow | None, after: StaffRow) -> str:
    """What becomes of somebody, in a few words; no number is shown."""
    if before is None:
        return f"{after.name}: new, {', '.join(sorted(after.roles))}"
    said = []
    if before.name != after.name:
        said.append(f"was {before.name}")
    if before.phone != after.phone:
        said.append("gives up the phone" if after.phone.is_nobodys else "another phone")
    if before.active != after.active:
        said.append("on the staff again" if after.active else "off the staff")
    if before.roles != after.roles:
        said.append(f"is now {', '.join(sorted(after.roles))}")
    if before.languages != after.languages:
        said.append(f"speaks {', '.join(after.languages)}")
    moved = before.phone != after.phone and not after.phone.is_nobodys
    if before.verified != after.verified or (moved and not after.verified):
        mend = f'phone not verified: `hotline staff verify "{after.name}"` sends a code to it'
        said.append("phone verified" if after.verified else mend)
    if before.every_page != after.every_page:
        said.append("rung at night however often" if after.every_page else "let sleep if others are there")
    if before.listens != after.listens:
        said.append("may listen to talks" if after.listens else "listens to no talks")
    return f"{after.name}: {'; '.join(said)}"
