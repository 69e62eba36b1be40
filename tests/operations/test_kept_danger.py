"""What an emergency is stays what it is, whichever of two versions kept it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from hotline.model import Channel, ContactId, Danger, PhoneNumber, RoomName
from hotline.operations import flow_state
from hotline.store.cases.contacts import ContactRow
from hotline.triage.contact import Contact, ContactState

BEFORE: Final = {Danger.SUICIDE: "suicide", Danger.BY_OTHERS: "by_others"}
"""The flags of the version before."""


def row(danger: Danger) -> ContactRow:
    contact = Contact(
        Channel.TEXT, ContactState.TEXT_EMERGENCY, caller=PhoneNumber("+16175550142"), danger=danger
    )
    at = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
    return flow_state.begun(contact, "+16175550100", ContactId("c"), RoomName("r"), at)


@pytest.mark.parametrize("danger", Danger)
def test_every_danger_is_read_as_it_was_kept(danger: Danger) -> None:
    """And the version before finds its flags in it."""
    kept = row(danger)
    assert flow_state.read(kept).danger is danger
    flags = json.loads(kept.data)
    assert {flag for flag in BEFORE.values() if flags.get(flag)} == {
        BEFORE[one] for one in BEFORE if one is danger
    }


@pytest.mark.parametrize("danger", [Danger.UNSAID, *BEFORE])
def test_what_the_version_before_kept_is_read_too(danger: Danger) -> None:
    """It knows flags, and no more."""
    data = json.loads(row(Danger.UNSAID).data)
    del data["danger"]
    data |= {flag: one is danger for one, flag in BEFORE.items()}
    kept = replace(row(Danger.UNSAID), data=json.dumps(data, separators=(",", ":")))
    assert flow_state.read(kept).danger is danger
