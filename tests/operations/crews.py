"""Staff for a test, as many as it needs."""

from __future__ import annotations

from hotline.model import Language, PhoneNumber, Role, StaffId
from hotline.operations.transaction import Transaction
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow


def employ(transaction: Transaction, role: Role, many: int) -> tuple[StaffId, ...]:
    """So many people of this role, verified, who speak English."""
    crew = tuple(StaffId(f"{role}{number}") for number in range(many))
    for number, person in enumerate(crew):
        row = StaffRow(
            id=person,
            name=f"{role} {number}",
            phone=PhoneNumber(f"+1617556{3000 + number}"),
            verified=True,
            roles=frozenset({role}),
            languages=(Language.EN,),
        )
        staff.add(transaction.tx, row)
    return crew
