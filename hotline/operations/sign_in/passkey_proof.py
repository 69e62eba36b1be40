"""Passkeys (WebAuthn): proof by a key that a device keeps, and gives to no page but ours.

Whoever uses one has shown their device that it is them (user verification), so that it signs in alone. A challenge is
made here, answered in the browser that it was given to, within five minutes, and once. Nothing of what a stranger asks
for is written down: the challenge goes along with the browser, signed, and what is kept is that it was used.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hotline.lettering import tidy
from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.transaction import Transaction, new_id
from hotline.settings.load import Settings
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow
from hotline.store.sign_in import passkeys
from hotline.store.sign_in.passkeys import Passkey
from hotline.worded import worded

LASTS: Final = timedelta(minutes=5)
AT_MOST: Final = 10
"""Passkeys of one person."""
LONGEST_NAME: Final = 60
_LONGEST_ANSWER: Final = 16_000


class PasskeyRefusal(StrEnum):
    """Why an answer proves nothing."""

    WRONG = "wrong"
    """Not ours, not theirs, not in time, not for this page, or not signed by it."""
    COPIED = "copied"
    """It has signed less often than before: there may be a copy of it. It opens nothing from now on."""
    ELSEWHERE = "elsewhere"
    """Their role must sign in by the centre's provider."""
    STOPPED = "stopped"
    """So it was found before."""


class CannotRegister(ValueError):
    """No passkey is kept; the message, for its owner, says why and what to do."""


@dataclass(frozen=True, slots=True)
class PasskeyAsked:
    """What a browser is asked, and the challenge in it."""

    challenge: str
    """Base64url."""
    options: str
    """JSON, as browsers take it."""


@dataclass(frozen=True, slots=True)
class Site:
    """To whom passkeys belong: the name of our address, and the whole of where our pages come from."""

    id: str
    origin: str


def site(settings: Settings) -> Site | None:
    """Ours, by PUBLIC_BASE_URL; None where that has no name: passkeys can't belong to a number."""
    parts = urlsplit(settings.public_base_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return Site(host, f"{parts.scheme}://{parts.netloc}")
    return None


def ask_to_register(transaction: Transaction, row: StaffRow) -> PasskeyAsked:
    """What makes a new passkey for them. Raises CannotRegister."""
    ours = _ours(transaction)
    theirs = passkeys.of(transaction.tx, row.id)
    if len(theirs) >= AT_MOST:
        raise CannotRegister(
            worded("You have %(at_most)s passkeys: remove one that you don't use.", at_most=AT_MOST)
        )
    options = webauthn.generate_registration_options(
        rp_id=ours.id,
        rp_name=transaction.settings.centre.line.name,
        user_id=row.id.encode(),
        user_name=row.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_described(theirs),
    )
    return PasskeyAsked(bytes_to_base64url(options.challenge), webauthn.options_to_json(options))


def register(transaction: Transaction, person: StaffId, called: str, challenge: str, answer: str) -> Passkey:
    """Keep the passkey with which a device has answered. Raises CannotRegister; Duplicate."""
    ours = _ours(transaction)
    try:
        made = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=webauthn.base64url_to_bytes(challenge),
            expected_rp_id=ours.id,
            expected_origin=ours.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        raise CannotRegister(
            worded("Your device's answer could not be used. Try again, or use another device.")
        ) from None
    if not _spend(transaction, challenge):
        raise CannotRegister(worded("That was done already."))
    credential = bytes_to_base64url(made.credential_id)
    if passkeys.by_credential(transaction.tx, credential) is not None:
        raise CannotRegister(worded("This passkey is registered already."))
    one = Passkey(
        id=new_id(),
        staff_id=person,
        credential=credential,
        public_key=bytes_to_base64url(made.credential_public_key),
        name=tidy(called)[:LONGEST_NAME] or "A passkey",
        sign_count=made.sign_count,
        created_at=transaction.now,
    )
    passkeys.add(transaction.tx, one)
    transaction.audit(AuditAction.PASSKEY_ADDED, AuditKind.STAFF, person, by=person)
    return one


def ask_to_prove(transaction: Transaction, person: StaffId | None) -> PasskeyAsked | None:
    """What a passkey answers: one of this person's, or of whoever is there. None: they have none that opens anything,
    or passkeys can't be used at this address."""
    ours = site(transaction.settings)
    theirs = [one for one in passkeys.of(transaction.tx, person) if not one.stopped_at] if person else []
    if ours is None or (person and not theirs):
        return None
    options = webauthn.generate_authentication_options(
        rp_id=ours.id,
        allow_credentials=_described(theirs),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return PasskeyAsked(bytes_to_base64url(options.challenge), webauthn.options_to_json(options))


def is_known(transaction: Transaction, answer: str) -> bool:
    """Whether this comes from a passkey that somebody has registered; proves nothing."""
    return passkeys.by_credential(transaction.tx, str(_read_or_nothing(answer).get("id", ""))) is not None


def holds_any(transaction: Transaction, person: StaffId) -> bool:
    """Whether they have a passkey that opens something here."""
    ours = site(transaction.settings)
    return ours is not None and any(not one.stopped_at for one in passkeys.of(transaction.tx, person))


def proves(
    transaction: Transaction, challenge: str, answer: str, person: StaffId | None
) -> StaffRow | tuple[PasskeyRefusal, StaffId | None]:
    """Whose passkey has answered: this person's, or anybody's who is on the staff; else why it proves nothing, and
    whose it is, if that is known."""
    ours, given = site(transaction.settings), _read_or_nothing(answer)
    one = passkeys.by_credential(transaction.tx, str(given.get("id", "")))
    if ours is None or one is None or (person is not None and one.staff_id != person):
        return PasskeyRefusal.WRONG, None
    row = staff.get(transaction.tx, one.staff_id)
    try:
        proof = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=webauthn.base64url_to_bytes(challenge),
            expected_rp_id=ours.id,
            expected_origin=ours.origin,
            credential_public_key=webauthn.base64url_to_bytes(one.public_key),
            credential_current_sign_count=0,  # compared below: a copy is more than a wrong answer
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        return PasskeyRefusal.WRONG, one.staff_id
    if row is None or not row.active or not _spend(transaction, challenge):
        return PasskeyRefusal.WRONG, one.staff_id
    if one.stopped_at is not None:
        return PasskeyRefusal.STOPPED, one.staff_id
    if (proof.new_sign_count or one.sign_count) and proof.new_sign_count <= one.sign_count:
        passkeys.save(transaction.tx, replace(one, stopped_at=transaction.now))
        transaction.audit(AuditAction.PASSKEY_COPIED, AuditKind.STAFF, one.staff_id)
        return PasskeyRefusal.COPIED, one.staff_id
    passkeys.save(transaction.tx, replace(one, sign_count=proof.new_sign_count, used_at=transaction.now))
    return row


def _ours(transaction: Transaction) -> Site:
    ours = site(transaction.settings)
    if ours is None:
        raise CannotRegister(worded("Passkeys need an address with a name: PUBLIC_BASE_URL is a number."))
    return ours


def _spend(transaction: Transaction, challenge: str) -> bool:
    hashed = hashlib.sha256(challenge.encode()).hexdigest()
    return passkeys.spend(transaction.tx, hashed, transaction.now, 2 * LASTS)


def _described(several: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(one.credential)) for one in several]


def _read(answer: str) -> dict[str, object]:
    """A browser's answer. Raises ValueError."""
    found = json.loads(answer) if len(answer) <= _LONGEST_ANSWER else None
    if not isinstance(found, dict):
        raise ValueError("an answer is an object")
    return found


def _read_or_nothing(answer: str) -> dict[str, object]:
    try:
        return _read(answer)
    except ValueError:
        return {}
